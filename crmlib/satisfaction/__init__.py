"""Chapter 04: how satisfied the customers are, and why."""
