"""Chapter 05: whom to contact, and why."""
