"""The words around movement between segments."""

from typing import Final

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.segments import BEST
from crmlib.segmentation.wording import Words, people, share, source_of
from crmlib.words import _
from crmlib.workspace import Run

AGED: Final = 0.2
"""Cut points that would name so many customers otherwise are said to be due."""


def moved_answer(moved: pd.DataFrame, run: Run) -> str:
    """Say how many left and entered the best segments since the last period."""
    return _("Since the last period {left} fell out of the best segments and {came} came in.").format(
        left=people(run, moved["left_best"].sum()), came=people(run, _entered(moved).sum())
    )


def migration(moved: pd.DataFrame, pairs: pd.DataFrame, base: CustomerBase, run: Run) -> Words:
    """Give the words around the flow between segments."""
    left, came = moved["left_best"], _entered(moved)
    title = _("{left} fell out of the best segments, {came} came in").format(
        left=people(run, left.sum()), came=people(run, came.sum())
    )
    stayed = (pairs["was"].astype("str") == pairs["now"].astype("str")).to_numpy()
    staying = pairs.loc[stayed, "customers"].sum() / max(pairs.loc[pairs["was"] != "not_yet", "customers"].sum(), 1)
    return {
        "title": title,
        "alt": _("Flow from the segments of the last period to those of this one; {share} stayed. {title}.").format(
            share=share(staying), title=title
        ),
        "read": _(
            "The thickness of a band is the number of customers; red left the best segments, green entered them, pale "
            "bands stayed."
        ),
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


def _entered(moved: pd.DataFrame) -> pd.Series:
    return moved["now"].isin(BEST) & ~moved["was"].isin(BEST)
