"""A campaign that left nobody out: what can be said of it from who else there was, or why nothing can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import pandas as pd

from crmlib.adjustment.around import purchases_around
from crmlib.adjustment.compared import Compared, compare
from crmlib.features import days_bought
from crmlib.stats import Estimate
from crmlib.stats.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ibis import Table

Refusal = Literal["few", "overlap", "placebo"]
CONTACTED, OTHERS = "contacted", "others"


@dataclass(frozen=True, slots=True)
class Observed:
    """By how much the contacted bought more often than others of equal behaviour before; or why that is not told.

    `placebo` is the same difference in the window before the contact, where a contact can have done nothing: where it
    excludes 0 the groups differ in what is not recorded, and the estimate is refused.
    """

    won: Estimate
    placebo: Estimate
    refused: Refusal | None


def observe(contacted: pd.Series, day: date, orders: Table, as_of: date, window_days: int) -> Observed:
    """Compare the contacted with everybody else who had bought by that day, doubly robust.

    Parameters
    ----------
    contacted
        Their pseudonyms.
    day
        The day of the contact; what was bought on it counts as before.
    orders
        The orders of the report.
    as_of, window_days
        The report's date and the days after the contact in which purchases count; the window has to be over.
    """
    known = days_bought(orders, day + timedelta(days=1)).select("customer_id").distinct().to_pandas()
    people = sampled(known.sort_values("customer_id", ignore_index=True))["customer_id"].astype("str")
    groups = people.isin(set(contacted)).map({True: CONTACTED, False: OTHERS})

    def at(moment: date) -> Compared:
        moments = pd.DataFrame({"customer_id": people, "at": pd.Timestamp(moment)})
        around = purchases_around(orders, moments, as_of, window_days)
        return compare(groups.set_axis(people).astype("category"), around)

    return judge(at(day + timedelta(days=1)), lambda: at(day - timedelta(days=window_days)))


def judge(after: Compared, before: Callable[[], Compared]) -> Observed:
    """Tell what the window after the contact says, unless the groups cannot be compared or differed before it too."""
    unknown = Estimate.unknown(len(after.names))
    if not after.is_large:
        return Observed(unknown, unknown, "few")
    if after.weighting is None or not after.weighting.overlaps:
        return Observed(unknown, unknown, "overlap")
    placebo = before().oftener(CONTACTED, OTHERS).adjusted
    won = after.oftener(CONTACTED, OTHERS).adjusted
    if not won.is_known or not placebo.is_known:
        return Observed(unknown, placebo, "few")
    return Observed(won, placebo, "placebo" if placebo.excludes(0) else None)
