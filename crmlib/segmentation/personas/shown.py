"""Personas, as cards that a store manager reads."""

from typing import Any

from crmlib.reporting import Shown, insufficient
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.words import _
from crmlib.workspace import Run


def show_personas(base: CustomerBase, transactions: Any, run: Run) -> Shown:
    """Show what sets the customers of each segment apart from all customers."""
    del base, transactions, run
    return insufficient(
        needed=_("known customers with purchases"), found=_("too few"), therefore=_("Nothing is shown here yet.")
    )
