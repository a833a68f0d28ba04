"""What was not delivered, in one box: which data, and what the page would show with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.features import returns_known
from crmlib.reporting import Shown, note, nothing
from crmlib.satisfaction.evidence import Gap
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run


def show_missing(found: Study, run: Run) -> Shown:
    """Name the data that were not delivered and what would be seen with each of them; nothing where all were."""
    wanted = not_delivered(found, run)
    if not wanted:
        return nothing(_("everything was delivered"))
    words = _("With {data} this page shows {seen}.")
    return note(*(words.format(data=data, seen=seen) for data, seen in wanted))


def not_delivered(found: Study, run: Run) -> list[tuple[str, str]]:
    """Give what is missing, as the data and what would be seen with them."""
    wanted = []
    if _lacks(found.delivered):
        seen = _("how satisfied customers are and where, whether it moves, what to fix first, and whether it matters")
        wanted.append((_("a survey (the table surveys, with an overall or a recommendation score)"), seen))
    elif found.now.survey is not None and _lacks(found.drivers):
        wanted.append((_("scores of single matters, such as staff, price and quality"), _("what to fix first")))
    if _lacks(found.comments):
        wanted.append((_("comments or texts of complaints"), _("what customers write about, and in what mood")))
    if _lacks(found.complaints):
        seen = _("where complaints come from, how long they wait and who is still waiting")
        wanted.append((_("customers' contacts (the table interactions, with complaints in it)"), seen))
    if not returns_known(run):
        wanted.append((_("returns"), _("how much is taken back, of what, and who buys again after it")))
    return wanted


def _lacks(found: object) -> bool:
    return isinstance(found, Gap) and not found.delivered
