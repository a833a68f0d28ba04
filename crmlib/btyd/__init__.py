"""Buy-till-you-die models of purchase and spend."""
