"""The part of money that marked customers have, group by group, each compared with that of all others.

A few large customers decide such a part, so that its linearised error is uncertain and a normal limit calls too much a
finding. The difference in units of its error is therefore held against the same after the groups are dealt out anew by
chance (a studentised permutation; Janssen, Statistics & Probability Letters 36, 1997): exact where the group has
nothing to do with money or mark, and right in large samples where the groups differ in their money alone.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as distributions

ENOUGH: Final = 20
"""So many customers must be marked, and so many not, in a group and outside it."""
DRAWS: Final = 1_999
MOST: Final = 10_000
"""Of more customers the normal limit is taken: the largest of so many decides little."""


def compare_parts(
    values: ArrayLike, marked: ArrayLike, groups: ArrayLike, rng: np.random.Generator, draws: int = DRAWS
) -> pd.DataFrame:
    """Compare the part of money that marked customers have in each group with their part of all others' money.

    Parameters
    ----------
    values
        Money a customer, not negative.
    marked
        Whether a customer is marked.
    groups
        The group of each, one or another; none is missing.
    rng
        Deals the groups out anew.
    draws
        How often.

    Returns
    -------
    pandas.DataFrame
        By group, sorted: ``part`` in it, ``other_part`` and the two-sided ``p`` of their difference, missing where
        fewer than :data:`ENOUGH` are marked or are not on either side.

    Examples
    --------
    >>> found = compare_parts([10, 30, 60], [True, False, True], ["a", "a", "b"], np.random.default_rng(1))
    >>> found.loc["a"].to_list()
    [0.25, 1.0, nan]
    """
    money, which = np.asarray(values, dtype=float), np.asarray(marked, dtype=bool)
    codes, names = pd.factorize(np.asarray(groups), sort=True)
    moments = (money, money * which, money**2, money**2 * which)
    part, other, distance = _distances(moments, codes, len(names))
    if len(money) > MOST:
        p = 2 * distributions.norm.sf(np.abs(distance))
    else:
        beyond = np.zeros(len(names))
        for _draw in range(draws):
            dealt = np.abs(_distances(moments, rng.permutation(codes), len(names))[2])
            beyond += dealt >= np.abs(distance) * (1 - 1e-12)
        p = (1 + beyond) / (1 + draws)
    counts = np.array([np.bincount(codes[of], minlength=len(names)) for of in (which, ~which)])
    least = np.minimum(counts, counts.sum(axis=1, keepdims=True) - counts).min(axis=0)
    told = (least >= ENOUGH) & np.isfinite(distance)
    return pd.DataFrame({"part": part, "other_part": other, "p": np.where(told, p, np.nan)}, index=names)


def _distances(
    moments: tuple[NDArray[np.float64], ...], codes: NDArray[np.intp], groups: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give the part in each group and outside it, and their difference in units of its linearised error."""
    own = np.array([np.bincount(codes, moment, groups) for moment in moments])
    with np.errstate(divide="ignore", invalid="ignore"):
        part, error = _part(own)
        other, other_error = _part(own.sum(axis=1, keepdims=True) - own)
        return part, other, (part - other) / np.sqrt(error + other_error)


def _part(sums: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the marked customers' part of the money, and the square of its linearised error."""
    total, of_marked, squares, squares_of_marked = sums
    part = of_marked / total
    return part, (squares_of_marked * (1 - 2 * part) + part**2 * squares) / total**2
