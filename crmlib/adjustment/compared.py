"""Groups of customers and what they bought in the horizon after a moment: as observed, and at equal history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crmlib.adjustment.doubly_robust import Standardised, standardise
from crmlib.adjustment.history import FEWEST, affordable, history
from crmlib.adjustment.weighting import Weighting, weigh
from crmlib.privacy.rules import largest_part
from crmlib.stats import Estimate
from crmlib.stats.comparisons import proportion_difference
from crmlib.stats.skewed import mean_difference, mean_limits

if TYPE_CHECKING:
    from crmlib.stats.skewed import Floats


@dataclass(frozen=True, slots=True)
class Contrast:
    """By how much one group exceeds another: as observed, and between customers of equal history.

    Whoever bought often before is likelier to be asked, to be satisfied and to buy again.
    """

    raw: Estimate
    adjusted: Estimate


@dataclass(frozen=True, slots=True)
class Compared:
    """Customers in groups, one row each in `names, around`; the models are `None` where too few or too unlike."""

    names: pd.Series
    around: pd.DataFrame
    weighting: Weighting | None
    bought: Standardised | None
    spent: Standardised | None

    @property
    def held(self) -> Floats:
        """What was held equal, one column each; none where nothing could be."""
        return np.empty((len(self.names), 0)) if self.weighting is None else self.weighting.history.to_numpy()

    @property
    def cells(self) -> np.ndarray:
        """Count by group (row) those who did not buy again and those who did."""
        groups = len(self.names.cat.categories)
        return np.bincount(2 * self.names.cat.codes + _returned(self.around), minlength=2 * groups).reshape(groups, 2)

    @property
    def is_large(self) -> bool:
        """Whether every one of several groups holds enough customers who bought again and enough who did not."""
        return len(self.cells) > 1 and bool(self.cells.min() >= FEWEST)

    def oftener(self, group: str, other: str) -> Contrast:
        """Compare the shares that bought again."""
        hits, sizes = (self._by_group(_returned(self.around)).agg(how) for how in ("sum", "size"))
        raw = proportion_difference(int(hits[group]), int(sizes[group]), int(hits[other]), int(sizes[other]))
        return Contrast(raw, self._adjusted(self.bought, group, other))

    def more(self, group: str, other: str) -> Contrast:
        """Compare what a customer spent."""
        money = self._by_group(self.around["spend_after"])
        raw = mean_difference(*(money.get_group(name).to_numpy() for name in (group, other)))
        return Contrast(raw, self._adjusted(self.spent, group, other))

    def rows(self) -> pd.DataFrame:
        """Give one row a group: `group, people, returned, spend, largest`, and `adjusted, adjusted_spend` at once."""
        rows = []
        for group, money in self._by_group(self.around["spend_after"]):
            amounts = money.to_numpy()
            low, high = (float(ends[0]) for ends in mean_limits(amounts[:, None]))
            share, spend = (
                Estimate.unknown() if model is None else model.mean(str(group), most=most)
                for model, most in ((self.bought, 1.0), (self.spent, np.inf))
            )
            rows.append({
                "group": group, "people": len(money), "returned": int(_returned(self.around)[money.index].sum()),
                "spend": float(amounts.mean()), "spend_low": low, "spend_high": high, "largest": largest_part(amounts),
                "adjusted": share.value, "adjusted_low": share.low, "adjusted_high": share.high,
                "adjusted_spend": spend.value, "adjusted_spend_low": spend.low, "adjusted_spend_high": spend.high,
            })  # fmt: skip
        return pd.DataFrame(rows)

    def _by_group(self, values: pd.Series) -> pd.api.typing.SeriesGroupBy:
        return values.groupby(self.names, observed=True)

    def _adjusted(self, model: Standardised | None, group: str, other: str) -> Estimate:
        return Estimate.unknown(len(self.names)) if model is None else model.difference(group, other)


def compare(names: pd.Series, around: pd.DataFrame) -> Compared:
    """Compare groups (categorical) of customers by what they bought around a moment (`purchases_around`)."""
    names = names.cat.remove_unused_categories()
    found = Compared(names, around, None, None, None)
    if not found.is_large:
        return found
    smallest = min(int(found.cells.sum(axis=axis).min()) for axis in (0, 1))
    held = affordable(history(around), smallest)
    weighting = weigh(names, held)
    if weighting is None or not weighting.overlaps:
        return Compared(names, around, weighting, None, None)
    bought, spend = (column.to_numpy(dtype=float) for column in (_returned(around), around["spend_after"]))
    return Compared(
        names,
        around,
        weighting,
        standardise(weighting, bought, held),
        standardise(weighting, spend, held, money=True),
    )


def _returned(around: pd.DataFrame) -> pd.Series:
    return around["days_after"] > 0
