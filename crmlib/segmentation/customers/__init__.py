"""Who the customers are: scores, segments, stages, and how they moved between them."""

from crmlib.segmentation.customers.migration import show_migration
from crmlib.segmentation.customers.profile import show_concentration, show_segments
from crmlib.segmentation.customers.stages import show_lifecycle

PARTS = (show_segments, show_concentration, show_lifecycle, show_migration)
"""What the page shows of it, in this order."""

__all__ = ["PARTS", "show_concentration", "show_lifecycle", "show_migration", "show_segments"]
