"""What customers are worth, and how far the models can be believed."""
