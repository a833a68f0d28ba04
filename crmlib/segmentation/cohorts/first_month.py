"""Who was won while the data were looking: the first month also holds customers from before the data begin."""

from dataclasses import dataclass

import pandas as pd

from crmlib.words import _, formats


@dataclass(frozen=True, slots=True)
class Won:
    """The customers of whom the first purchase is known to be the first.

    Attributes
    ----------
    waits
        Their rows of :func:`crmlib.segmentation.cohorts.second_purchase.second_purchases`.
    left_out
        First day of the month that was left out; ``None`` where all customers are kept.
    """

    waits: pd.DataFrame
    left_out: pd.Timestamp | None


def won_since(waits: pd.DataFrame, at_least: int = 1) -> Won:
    """Leave out the customers first seen in the month in which the data begin: they may have bought before it.

    Parameters
    ----------
    waits
        From :func:`crmlib.segmentation.cohorts.second_purchase.second_purchases`.
    at_least
        Where fewer customers than this would be left, or none who came back, all are kept.

    Examples
    --------
    >>> first = pd.to_datetime(["2026-01-09", "2026-01-30", "2026-02-03", "2026-03-01"])
    >>> waits = pd.DataFrame({"first_day": first, "again": [True, True, False, True]})
    >>> won = won_since(waits)
    >>> len(won.waits), won.left_out
    (2, Timestamp('2026-01-01 00:00:00'))
    """
    months = pd.to_datetime(waits["first_day"]).dt.to_period("M")
    later = waits[months > months.min()]
    if len(later) < at_least or not later["again"].any():
        return Won(waits, None)
    return Won(later, months.min().to_timestamp())


def first_month_note(won: Won) -> str:
    """Say which customers are left out and why, or that customers from before the data begin are among them."""
    if won.left_out is None:
        return _("Customers from before the data begin may be among them and count as won.")
    words = _("Customers first seen in {month}, in which the data begin, are left out: they may have bought before.")
    return words.format(month=formats.month(won.left_out))
