"""Customers by when they were won: who comes back, how soon, and what they bring."""

from crmlib.segmentation.cohorts.retention import show_cohorts
from crmlib.segmentation.cohorts.returning import show_return

PARTS = (show_cohorts, show_return)
"""What the page shows of it, in this order."""

__all__ = ["PARTS", "show_cohorts", "show_return"]
