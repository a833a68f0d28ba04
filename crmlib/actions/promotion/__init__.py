"""What promotions added and what they gave away, and who buys on promotion alone."""
