"""What is bought together, and what a customer may try next."""

from crmlib.segmentation.affinity.together import show_affinities

PARTS = (show_affinities,)
"""What the page shows of what is bought together."""

__all__ = ["PARTS", "show_affinities"]
