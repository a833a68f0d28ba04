"""The words around movement between segments."""

from math import isnan
from typing import Final

import pandas as pd

from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.migration import NOT_YET
from crmlib.segmentation.customers.segments import BEST, FURTHER, segment_label
from crmlib.segmentation.wording import Words, listed, people, rounded_share, share, source_of
from crmlib.words import _, formats
from crmlib.workspace import Run

AGED: Final = 0.2
"""Cut points that would name so many customers otherwise are said to be due."""


def moved_answer(moved: pd.DataFrame, run: Run) -> str:
    """Say how many left and entered the best segment within a month."""
    words = _("Within a month {left} fell out of the {best} and {came} came in.")
    return words.format(best=_best(), left=people(run, moved["left_best"].sum()), came=people(run, _entered(moved)))


def migration(moved: pd.DataFrame, base: CustomerBase, run: Run) -> Words:
    """Give the words around the flow between segments."""
    left, were = int(moved["left_best"].sum()), int(moved["was"].isin(BEST).sum())
    part = "" if run.rules.hides(left) else _(" ({share} of them)").format(share=share(rounded_share(left, were, run)))
    title = _("{left} fell out of the {best}{part}, {came} came in").format(
        best=_best(), left=people(run, left), part=part, came=people(run, _entered(moved))
    )
    before = moved[moved["was"] != NOT_YET]
    stayed = rounded_share((before["was"].astype("str") == before["now"].astype("str")).sum(), len(before), run)
    return {
        "title": title,
        "alt": _("Flow from the segments of a month earlier to those of now{stayed}. {title}.").format(
            stayed="" if isnan(stayed) else _("; {share} stayed").format(share=share(stayed)), title=title
        ),
        "read": _(
            "The thickness of a band is the number of customers; red fell out of the {best} or went on from {cooling} "
            "to {unseen}, green came up to the {best}, pale bands stayed."
        ).format(best=_best(), cooling=segment_label(FURTHER[0]), unseen=segment_label(FURTHER[1])),
        "limits": f"{_yardstick(base)} {_('Bands of few people are not drawn.')}",
        "source": source_of(run, len(moved), "customers"),
    }


def _yardstick(base: CustomerBase) -> str:
    """Say of when the cut points are, and how far they have aged."""
    if base.measure is None:
        return ""
    day = formats.day(base.measure.cuts.reference)
    if base.renamed is None:
        return _("Both dates are measured with the cut points of {day}, so that only customers move.").format(day=day)
    words = _(
        "Both dates are measured with the cut points of {day}, so that only customers move; set anew today, they would "
        "put {share} of customers into another segment."
    ).format(day=day, share=share(base.renamed))
    return words if base.renamed < AGED else f"{words} {_('It is time to set them anew (see the operating guide).')}"


def _best() -> str:
    return listed([segment_label(code) for code in BEST])


def _entered(moved: pd.DataFrame) -> int:
    return int((moved["now"].isin(BEST) & ~moved["was"].isin(BEST)).sum())
