"""What customers complain about and bring back, and how it is settled."""
