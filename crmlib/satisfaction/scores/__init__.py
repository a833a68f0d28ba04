"""How satisfied customers are, whether it moves, and where."""
