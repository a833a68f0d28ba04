"""What is bought together, and what a customer may try next."""
