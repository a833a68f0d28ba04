"""Segments found in the data: features, methods, the choice among them, and the proof."""
