"""What was not delivered, in one box: which data, and what the page would show with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.reporting import Shown, note, nothing
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.actions.study import Study
    from crmlib.workspace import Run


def show_missing(found: Study, _run: Run) -> Shown:
    """Name the data that were not delivered and what would be seen with each of them; nothing where all were."""
    wanted = not_delivered(found)
    if not wanted:
        return nothing(_("everything was delivered"))
    words = _("With {data} this page shows {seen}.")
    return note(*(words.format(data=data, seen=seen) for data, seen in wanted))


def not_delivered(found: Study) -> list[tuple[str, str]]:
    """Give what is missing, as the data and what would be seen with them."""
    wanted = []
    if found.campaigns is None:
        wanted.append((
            _("the contacts of campaigns (the table contacts, with who was left out)"),
            _("what each brought beyond what would have come anyway, and whom a contact wins over"),
        ))  # fmt: skip
    return wanted
