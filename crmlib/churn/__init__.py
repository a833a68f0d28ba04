"""Chapter 03: who is about to leave."""
