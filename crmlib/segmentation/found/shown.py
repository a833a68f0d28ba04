"""Segments found in the data, as the page shows them."""

from typing import Any

from crmlib.reporting import Shown, insufficient
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.words import _
from crmlib.workspace import Run


def show_found_segments(base: CustomerBase, transactions: Any, run: Run) -> Shown:
    """Show the segments found in the data, how they were chosen and whether they matter."""
    del base, transactions, run
    return insufficient(
        needed=_("known customers with purchases"), found=_("too few"), therefore=_("Nothing is shown here yet.")
    )
