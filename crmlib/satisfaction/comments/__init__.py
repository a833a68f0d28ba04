"""What customers write."""
