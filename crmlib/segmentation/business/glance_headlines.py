"""The headline numbers of the glance, each beside what it was a month ago."""

from typing import Final

import pandas as pd

from crmlib.segmentation.business.at_a_glance import Glance
from crmlib.segmentation.business.dictionary import Figure, dictionary
from crmlib.segmentation.business.glance import ALL
from crmlib.segmentation.headlines import Headline

RECORDED: Final = {
    "reactivated": "reactivated_customers",
    "lost": "newly_lost_customers",
    "identified_share": "identified_share",
    "price_per_unit": "price_per_unit",
    "discount_share": "discount_share",
    "points": "points_redeemed",
}
"""Figures that are recorded for ``results.json``, and their names there; the others are recorded with the answer."""


def glance_headlines(glance: Glance) -> list[Headline]:
    """Collect the headline numbers of the glance that the data tell.

    Parameters
    ----------
    glance
        From :func:`crmlib.segmentation.business.at_a_glance.at_a_glance`.
    """
    figures = glance.figures
    whole = figures[figures["part"] == ALL].set_index("window")
    if "period" not in whole.index:
        return []
    return [
        Headline(
            RECORDED[each.code], each.label, _value(whole, "period", each.code), each.unit, each.definition,
            people=_people(whole, "period", each), previous=_value(whole, "before", each.code),
            previous_people=_people(whole, "before", each),
        )
        for each in dictionary(glance.lost_after)
        if each.code in RECORDED and _value(whole, "period", each.code) is not None
    ]  # fmt: skip


def _people(whole: pd.DataFrame, window: str, figure: Figure) -> int | None:
    """Count whom a figure rests on; the share of known customers rests on these alone."""
    if figure.unit == "people" or window not in whole.index:
        return None
    return int(whole.loc[window, "active" if figure.code == "identified_share" else "buyers"])


def _value(whole: pd.DataFrame, window: str, code: str) -> float | None:
    if window not in whole.index or pd.isna(whole.loc[window, code]):
        return None
    return float(whole.loc[window, code])
