"""How the membership grows, comes to life, ends, and what its points are worth."""
