"""Complementary suppression: which further cells are hidden so that no hidden one can be computed back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]
Rows = np.ndarray[Any, np.dtype[np.intp]]


def partitions(frame: pd.DataFrame, labels: Sequence[str]) -> list[Rows]:
    """Give the rows of every sum a reader could see: all rows, and the rows alike in all labels but one."""
    everything = [np.arange(len(frame))]
    if len(labels) <= 1:  # no margins but the total
        return everything
    margins = [[other for other in labels if other != label] for label in labels]
    keys = [frame.groupby(list(margin), dropna=False, sort=False).ngroup().to_numpy() for margin in margins]
    return everything + [np.flatnonzero(key == group) for key in keys for group in np.unique(key)]


def protect(people: Numbers, hidden: Mask, sums: Sequence[Rows], threshold: float) -> Mask:
    """Hide the smallest shown cells until no hidden person can be told apart by subtraction from a sum.

    In every sum that hides somebody, at least two cells are hidden, and the people in them are together at least the
    threshold. Empty cells have nobody to protect. Equal cells are hidden in their order.
    """
    hidden = hidden.copy()
    changed = True
    while changed:
        changed = False
        for rows in sums:
            inside, numbers = hidden[rows], people[rows]
            someone = bool((inside & (numbers != 0)).any())
            open_rows = rows[~inside & ~np.isnan(numbers)]
            if someone and len(open_rows) and (inside.sum() == 1 or np.nansum(numbers[inside]) < threshold):
                hidden[open_rows[np.argmin(people[open_rows])]] = True
                changed = True
    return hidden
