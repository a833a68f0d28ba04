"""Intervals, bootstrap, ranks, multiple testing."""
