"""What is bought together, and what a customer may try next."""

from crmlib.segmentation.affinity.together import show_affinities

__all__ = ["show_affinities"]
