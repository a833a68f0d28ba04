"""The commands of ``crm``, one module each; they import what they need when they are called, so that help is quick."""
