"""What campaigns brought beyond what would have come anyway, and whether to repeat them."""
