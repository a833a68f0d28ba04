"""What a list changed: contacted against left out by the arm drawn, within the strata of the draw, plain and CUPED."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.actions.experiments.arms import CONTACT, CONTROL
from crmlib.stats import Estimate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

FEWEST: Final = 5
"""Customers of each arm that a cell needs: of fewer all may buy or all not, as if by no chance at all."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference a customer contacted, its standard error, degrees of freedom, and how many were contacted."""

    value: float
    error: float
    degrees: float
    contacted: int
    n: int

    @property
    def p(self) -> float:
        """The two-sided p-value of no difference."""
        if not self.error > 0:
            return nan
        return float(2 * distributions.t.sf(abs(self.value) / self.error, self.degrees))

    def estimate(self) -> Estimate:
        """Give the difference a customer contacted with its 95 % interval."""
        if np.isnan(self.value):
            return Estimate.unknown(self.n)
        reach = self.error * float(distributions.t.ppf(0.975, self.degrees))
        return Estimate(self.value, self.value - reach, self.value + reach, self.n)

    def total(self, factor: float = 1.0, less: float = 0.0) -> Estimate:
        """Give the difference over all contacted, in another unit, less what it cost."""
        each = self.estimate().scaled(self.contacted * factor)
        return Estimate(each.value - less, each.low - less, each.high - less, each.n)


def cells_of(rows: pd.DataFrame) -> pd.Series:
    """Name the cell within which arms are compared: the stratum of the draw, or its action where an arm lacks people.

    Missing where the action lacks them too: of such rows nothing is told.
    """
    fine = rows["period"].astype("str") + " / " + rows["stratum"]
    coarse = rows["period"].astype("str") + " / " + rows["action"]
    whole = (~_enough(rows, fine)).groupby(coarse).transform("any")
    cells = fine.where(~whole, coarse)
    return cells.where(_enough(rows, cells))


def _enough(rows: pd.DataFrame, cells: pd.Series) -> pd.Series:
    arms = [(rows["arm"] == arm).groupby(cells).transform("sum") for arm in (CONTACT, CONTROL)]
    return (arms[0] >= FEWEST) & (arms[1] >= FEWEST)


def difference(outcome: ArrayLike, contacted: pd.Series, cells: pd.Series) -> Effect:
    """Compare contacted with left out within cells, each with the weight of its contacted customers.

    So it is the effect on those contacted. Neyman's variance, degrees of freedom after Satterthwaite (Imbens & Rubin
    2015, Causal Inference, chapter 9).
    """
    values = pd.Series(np.asarray(outcome, dtype=float), index=contacted.index)
    told = values.groupby([cells, contacted]).agg(["mean", "var", "size"]).unstack()  # rows without a cell fall away
    if told.empty:
        return Effect(nan, nan, inf, 0, 0)
    sizes = told["size"].to_numpy()  # left out, contacted
    weight = sizes[:, 1] / sizes[:, 1].sum()
    parts = (weight[:, None] ** 2) * told["var"].to_numpy() / sizes
    variance = float(parts.sum())
    degrees = variance**2 / float((parts**2 / (sizes - 1)).sum()) if variance > 0 else inf
    value = float((weight * (told["mean"].to_numpy() @ [-1, 1])).sum())
    return Effect(value, variance**0.5, degrees, int(sizes[:, 1].sum()), int(sizes.sum()))


def explained_before(outcome: pd.Series, before: pd.Series, cells: pd.Series, contacted: pd.Series) -> pd.Series:
    """Give what is left of an outcome once what a measure from before explains of it is taken away (CUPED).

    One slope, fitted within arms and cells (Deng et al. 2013, eq. 4).
    """
    by = [cells, contacted]
    off, x = (column.astype("float64") - column.astype("float64").groupby(by).transform("mean")
              for column in (outcome, before))  # fmt: skip
    spread = float((x**2).sum())
    slope = float((off * x).sum()) / spread if spread > 0 else 0.0
    return outcome - slope * before


def correlation_before(outcome: pd.Series, before: pd.Series, cells: pd.Series, contacted: pd.Series) -> float:
    """Give the correlation of before and after within arms and cells, 0 where there is none."""
    by = [cells, contacted]
    y, x = (column.astype("float64") - column.astype("float64").groupby(by).transform("mean")
            for column in (outcome, before))  # fmt: skip
    spread = float((x**2).sum()) * float((y**2).sum())
    return float((x * y).sum()) / spread**0.5 if spread > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What lists changed: share who bought, spend a customer plain and CUPED, what it all brought net of cost.

    `expected` is what the contacts of the arm were expected to bring; `lists` of so many periods.
    """

    bought: Effect
    spend: Effect
    cuped: Effect
    correlation: float
    gain: Estimate
    plain_gain: Estimate
    expected: Estimate
    lists: int

    @property
    def p(self) -> float:
        """The two-sided p-value of no gain net of cost, by the width of its interval."""
        half = (self.gain.high - self.gain.low) / 2
        error = half / float(distributions.t.ppf(0.975, self.cuped.degrees)) if half > 0 else nan
        return (
            nan if np.isnan(error) else float(2 * distributions.t.sf(abs(self.gain.value) / error, self.cuped.degrees))
        )


def expected_of(contacted: pd.DataFrame) -> Estimate:
    """Add up what contacts were expected to bring net of cost, ends and all; unknown where no customer had a value."""
    low, likely, high = (contacted[name].sum(min_count=1) for name in ("gain_low", "expected_gain", "gain_high"))
    if np.isnan(likely) or not low <= high:
        return Estimate.unknown(len(contacted))
    return Estimate(float(likely), float(low), float(high), len(contacted))


def measure(rows: pd.DataFrame, margin: float) -> Measured:
    """Measure lists (rows drawn, with their outcomes) as a whole: intention to treat, on those contacted."""
    cells = cells_of(rows)
    told = rows[cells.notna()]
    cells, contacted = cells[cells.notna()], told["arm"] == CONTACT
    around = (told["spend"], told["spend_before"], cells, contacted)
    spend, cuped = (difference(values, contacted, cells) for values in (told["spend"], explained_before(*around)))
    paid = float(told.loc[contacted, "cost"].fillna(0.0).sum())
    return Measured(
        difference(told["bought"], contacted, cells), spend, cuped, correlation_before(*around),
        cuped.total(margin, paid), spend.total(margin, paid), expected_of(told[contacted]), told["period"].nunique(),
    )  # fmt: skip
