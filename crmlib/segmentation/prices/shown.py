"""Price sensitivity, as the page shows it."""

from typing import Any

from crmlib.reporting import Shown, insufficient
from crmlib.words import _
from crmlib.workspace import Run


def show_price_sensitivity(transactions: Any, run: Run) -> Shown:
    """Show how much is bought on promotion, and how demand answers to prices."""
    del transactions, run
    return insufficient(
        needed=_("known customers with purchases"), found=_("too few"), therefore=_("Nothing is shown here yet.")
    )
