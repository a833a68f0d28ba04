"""A simulated retail chain with planted truths."""
