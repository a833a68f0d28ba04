"""The vocabulary: the canonical tables."""
