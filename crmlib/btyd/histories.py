"""Purchase histories checked at the door and counted once where customers share them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

DAY_GRID = 7
"""Cells a week into which times given in days fall exactly."""

ROUNDING = 1e-6
"""Days by which a time may miss the grid, and weeks by which a recency typed with few decimals may exceed the age."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Numbers of which many are equal: the distinct ones, on which dear functions are evaluated, and where each is."""

    levels: Array
    code: Indices

    @classmethod
    def of(cls, values: Array) -> "Levels":
        """Find the distinct values."""
        return cls(*np.unique(values, return_inverse=True))

    def map(self, function: Callable[..., Array], *params: Array) -> Array:
        """Evaluate ``function(values, *params)`` at each place; once a level where parameters are single numbers."""
        if any(param.size > 1 for param in params):
            return function(self.levels[self.code], *params)
        return function(self.levels, *params)[..., self.code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Histories:
    """Distinct purchase histories with the number of customers who have each.

    Attributes
    ----------
    counts, recencies, ages : Levels, one place a distinct history
        Repeat purchases, age at the last one and age now, in weeks; ``x``, ``t_x`` and ``T`` as plain arrays.
    count : array
        Customers with this history.
    group : array of integers
        Which row of ``covariates`` applies.
    covariates : array, groups by covariates
        Distinct covariate values; one row of none without covariates.
    back : array of integers
        For each customer, its history: ``values[back]`` spreads results to customers.
    """

    counts: Levels
    recencies: Levels
    ages: Levels
    count: Array
    group: Indices
    covariates: Array
    back: Indices

    @classmethod
    def of(cls, summary: pd.DataFrame, covariates: Sequence[str] = ()) -> "Histories":
        """Check a customer summary and condense it to distinct histories, apart by covariates."""
        x, t_x, T = _checked(summary)
        values = _covariate_values(summary, covariates)
        group, rows = distinct_rows(values)
        key = packed(group, x, whole_numbers(t_x), whole_numbers(T))
        first, back, count = distinct(key)
        return cls(
            counts=Levels.of(x[first]),
            recencies=Levels.of(t_x[first]),
            ages=Levels.of(T[first]),
            count=count,
            group=group[first],
            covariates=rows,
            back=back,
        )

    def coarse(self, cells: int = 40) -> "Histories":
        """Round times to a fortieth of the longest age: nearly the same likelihood, far fewer histories."""
        step = self.T.max() / cells
        if step == 0:
            return self
        # A repeat purchase stays after the first one, and not after today.
        t_code = np.maximum(np.rint(self.t_x / step), self.x > 0)
        age_code = np.maximum(np.rint(self.T / step), t_code)
        first, back, _ = distinct(packed(self.group, self.x, t_code, age_code))
        count = np.bincount(back, weights=self.count).astype(np.float64)
        return Histories(
            counts=Levels.of(self.x[first]),
            recencies=Levels.of(t_code[first] * step),
            ages=Levels.of(age_code[first] * step),
            count=count,
            group=self.group[first],
            covariates=self.covariates,
            back=back,
        )

    def distinct_counts_and_ages(self) -> tuple[Indices, Indices]:
        """Find the distinct (x, T, group): the first place of each, and for each place which it has."""
        key = packed(self.group, self.counts.code.astype(np.float64), self.ages.code.astype(np.float64))
        first, back, _ = distinct(key)
        return first, back

    def take(self, places: Indices) -> "Histories":
        """Keep some histories, in the order given; customers no longer find back."""
        return replace(
            self,
            counts=Levels(self.counts.levels, self.counts.code[places]),
            recencies=Levels(self.recencies.levels, self.recencies.code[places]),
            ages=Levels(self.ages.levels, self.ages.code[places]),
            count=self.count[places],
            group=self.group[places],
            back=np.arange(len(places)),
        )

    @property
    def x(self) -> Array:
        """Repeat purchases of each history."""
        return self.counts.levels[self.counts.code]

    @property
    def t_x(self) -> Array:
        """Weeks from first to last purchase of each history."""
        return self.recencies.levels[self.recencies.code]

    @property
    def T(self) -> Array:  # noqa: N802 - the literature's name
        """Weeks from first purchase to now of each history."""
        return self.ages.levels[self.ages.code]


def _checked(summary: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Give x, t_x and T as floats, or say which customers cannot be."""
    missing = [column for column in ("frequency", "recency", "T") if column not in summary.columns]
    if missing:
        raise ValueError(f"the summary lacks {missing}; found {list(summary.columns)}; see customer_summary")
    if len(summary) == 0:
        raise ValueError("the summary has no customer")
    x, t_x, T = (summary[column].to_numpy(dtype=np.float64) for column in ("frequency", "recency", "T"))
    problems = {
        "a missing or infinite frequency, recency or T": ~np.isfinite(x + t_x + T),
        "a frequency that is negative or not a whole number": (x < 0) | (x != np.rint(x)),
        "a recency below 0": t_x < 0,
        "a recency above T": t_x > T + ROUNDING,
        "a recency but no repeat purchase": (x == 0) & (t_x > 0),
    }
    for problem, where in problems.items():
        if where.any():
            raise ValueError(f"{int(where.sum())} of {len(summary)} customers have {problem}")
    return x, t_x, np.maximum(T, t_x)


def _covariate_values(summary: pd.DataFrame, covariates: Sequence[str]) -> Array:
    """Give customers by covariates, or say which column is missing or not a number."""
    missing = [column for column in covariates if column not in summary.columns]
    if missing:
        raise ValueError(f"the summary lacks the covariates {missing}; found {list(summary.columns)}")
    values = summary[list(covariates)].to_numpy(dtype=np.float64)
    if not np.isfinite(values).all():
        raise ValueError("a covariate is missing or infinite for some customers: fill it or leave it out")
    return values


def distinct_rows(values: Array) -> tuple[Indices, Array]:
    """Give each row the number of its values among the distinct ones, and those."""
    if values.shape[1] == 0:
        return np.zeros(len(values), dtype=np.intp), values[:1]
    rows, number = np.unique(values, axis=0, return_inverse=True)
    return number.reshape(-1).astype(np.intp), rows


def whole_numbers(weeks: Array) -> Array:
    """Give whole numbers that are equal where times are: days where they are days, ranks otherwise."""
    days = np.rint(weeks * DAY_GRID)
    if np.allclose(weeks * DAY_GRID, days, rtol=0, atol=ROUNDING):
        return days
    return np.unique(weeks, return_inverse=True)[1].astype(np.float64)


def packed(group: Indices, *codes: Array) -> npt.NDArray[np.int64]:
    """Pack whole numbers into one integer that sorts as they do."""
    key = group.astype(np.int64)
    size = float(key.max() + 1)
    for code in codes:
        width = int(code.max()) + 1
        size *= width
        if size > 2**62:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            size = float(key.max() + 1) * width
        key = key * width + code.astype(np.int64)
    return key


def distinct(key: npt.NDArray[np.int64]) -> tuple[Indices, Indices, Array]:
    """Give each distinct key's first place, each place's distinct key, and the counts, in the keys' order."""
    # hashing first and sorting the distinct keys only is several times faster than np.unique on a million
    code, keys = pd.factorize(key)
    order = np.argsort(keys)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    back = rank[code]
    first = np.empty(len(keys), dtype=np.intp)
    first[back[::-1]] = np.arange(len(key) - 1, -1, -1)
    return first, back, np.bincount(back).astype(np.float64)
