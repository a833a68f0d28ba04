"""The words around movement between segments."""

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.customers.segments import BEST
from crmlib.segmentation.wording import Words, people, share, source_of
from crmlib.words import _
from crmlib.workspace import Run


def migration(moved: pd.DataFrame, pairs: pd.DataFrame, reference: str, run: Run) -> Words:
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
        "limits": _(
            "The cut points are those kept from {day}, so that only customers move; bands of few people are not drawn."
        ).format(day=formats.day(reference)),
        "source": source_of(run, len(moved), "customers"),
    }


def _entered(moved: pd.DataFrame) -> pd.Series:

    return moved["now"].isin(BEST) & ~moved["was"].isin(BEST)
