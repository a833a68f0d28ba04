"""Order lines dated years ahead, or given back then: a few single ones, a year and more beyond all the others."""

from datetime import date
from typing import Any, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.params import Parameters
from crmlib.prep.contracts import REASONS, WARNINGS, Rule
from crmlib.prep.logic import surely
from crmlib.prep.refunds import latest_time

FAR_AHEAD: Final = "far_ahead"
_UNLESS_SAID: Final = "quarantine"
A_YEAR: Final = 365
"""Days without a line, from which on a few lines behind them do not belong to the extract."""
_FEW: Final = 3
_MOST: Final = 0.01
"""So many lines, or such a part of all, may be dated years ahead; more are sales after a hole."""
_FEWEST_BEFORE: Final = 20
"""So many lines before stand for each line ahead, at the least."""
_TIMES_AS_LONG: Final = 3
"""The stretch is so many times nineteen in twenty of the gaps before it."""


def with_far_ahead(rows: Any, position: int, params: Parameters) -> tuple[Any, Rule]:
    """Mark the order lines that are dated years ahead, as reasons or as the parameters say."""
    severity = params.cleaning.severity.get(FAR_AHEAD, _UNLESS_SAID)
    good = rows.filter((rows[REASONS] == 0) & rows.ordered_at.notnull())
    counted = good.group_by(day=latest_time(good).date()).agg(lines=good.count()).to_pandas()
    first = first_far_ahead(counted.sort_values("day", ignore_index=True), params.as_of)
    if first is None:
        return rows, Rule(FAR_AHEAD, severity, None)
    ahead = surely(latest_time(rows) >= ibis.timestamp(first.isoformat()))
    bits = WARNINGS if severity == "warn" else REASONS
    bit = ibis.ifelse(ahead, ibis.literal(1 << position, "int64"), ibis.literal(0, "int64"))
    return rows.mutate(**{bits: rows[bits] + bit}), Rule(FAR_AHEAD, severity, ahead)


def first_far_ahead(days: pd.DataFrame, as_of: date | None) -> date | None:
    """Give the first day that lies years ahead of all others, by the rhythm of the days themselves; None where none.

    ``days`` has ``day, lines`` in order; a day before ``as_of`` is not ahead.
    """
    day = np.array([pd.Timestamp(each).toordinal() for each in days["day"]], dtype="int64")
    gaps, before = np.diff(day), days["lines"].to_numpy(dtype="int64").cumsum()
    for place in np.flatnonzero(gaps >= A_YEAR):
        here, left = int(before[place]), int(before[-1] - before[place])
        if as_of is not None and day[place + 1] < as_of.toordinal():
            continue
        usual = int(np.quantile(gaps[:place], 0.95, method="inverted_cdf")) if place else 0
        few = left <= max(_FEW, _MOST * here) and left * _FEWEST_BEFORE <= here
        if few and gaps[place] > _TIMES_AS_LONG * usual:
            return date.fromordinal(int(day[place + 1]))
    return None
