"""What contacting customers would pay, and the experiment that tells."""
