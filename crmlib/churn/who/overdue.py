"""Who has been silent for longer than usual since last month, and is still worth a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.churn.who.candidates import OVERDUE
from crmlib.reporting import Shown, insufficient, largest_part, note
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.churn.study import Study
    from crmlib.workspace import Run


def show_overdue(found: Study, run: Run) -> Shown:
    """Say how many active customers crossed their own limit since last month, and how many of them are put forward."""
    leaving = found.leaving
    if leaving["limit_at_risk"].isna().all():
        return insufficient(
            needed=_("each customer's own rhythm, from chapter 02"),
            found=_("none"),
            therefore=_("Who has just become overdue is not shown."),
        )
    crossed, late = leaving["crossed"], found.candidates[found.candidates["reason"] == OVERDUE]
    words = _(
        "{n:people} active customers have crossed their own limit since a month ago: longer away than {share:share0} "
        "of the absences of their rhythm that end."
    )
    said = [run.say(words, n=int(crossed.sum()), share=run.params.segmentation.lifecycle_quantiles[0])]
    if not run.too_few(len(late)):
        words = _("{n:people} of them are not yet likely to leave: a message comes in time")
        if not run.too_few(len(late), largest=largest_part(late["value_ahead"])):
            words += _(" ({money:money} ahead)")
        said.append(run.say(words, n=len(late), money=late["value_ahead"].sum()) + ".")
    return note(*said)
