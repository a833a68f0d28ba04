"""Who the customers are: scores, segments, stages, and how they moved between them."""
