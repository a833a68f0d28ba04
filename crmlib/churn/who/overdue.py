"""Who of the likely to leave is due for a contact now and worth one, and who has just become overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.churn.who.candidates import OVERDUE
from crmlib.reporting import Shown, insufficient, note
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.churn.study import Study
    from crmlib.workspace import Run


def show_overdue(found: Study, run: Run) -> Shown:
    """Say how the likely to leave become those put forward now, and how many have just become overdue."""
    leaving = found.leaving
    if leaving["limit_at_risk"].isna().all():
        return insufficient(
            needed=_("each customer's own rhythm, from chapter 02"),
            found=_("none"),
            therefore=_("Who is due for a contact, and who has just become overdue, is not shown."),
        )
    said = _due(found, run) if leaving["likely"].any() else []
    crossed, late = leaving["crossed"] & ~leaving["likely"], found.candidates["reason"] == OVERDUE
    words = _(
        "{n:people} others have become overdue since a month ago, away for longer than {share:share0} of the absences "
        "of their rhythm that end; a contact is expected to pay with {late:people} of them."
    )
    quantile = run.params.segmentation.lifecycle_quantiles[0]
    return note(*said, run.say(words, n=int(crossed.sum()), share=quantile, late=int(late.sum())))


def _due(found: Study, run: Run) -> list[str]:
    """Say who of the likely to leave is silent for longer than usual, and with how many of these a contact pays."""
    likely = found.leaving["likely"]
    due = likely & found.leaving["due"]
    listed = int((found.candidates["reason"] != OVERDUE).sum())
    words = _(
        "Of the {likely:people} likely to leave {due:people} have been away for longer than their own usual gap and "
        "are due now; for the others it is too early. A contact is expected to pay with {listed:people} of those due: "
        "they are put forward."
    )
    return [run.say(words, likely=int(likely.sum()), due=int(due.sum()), listed=listed)]
