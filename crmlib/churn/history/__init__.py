"""What gone means, and what was known of customers at each cutoff."""
