"""What each group of features adds to a customer's probability: exact Shapley values, which sum to it.

A coalition is a set of groups whose columns are the customer's own, while the others come from customers of a
background; its worth is the mean prediction over that background. A group's value is what it adds to a coalition,
averaged over the orders in which groups can join (Shapley 1953; of predictions Štrumbelj & Kononenko, Journal of
Machine Learning Research 11, 2010; against a background as Janzing, Minorics & Blöbaum, AISTATS 2020, argue). Groups
are few, so that all coalitions are counted out and nothing is sampled but the background.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import factorial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Predict = Callable[[pd.DataFrame], NDArray[np.float64]]
Groups = Mapping[str, Sequence[str]]
"""Names of groups, and the columns that each changes together."""

AT_ONCE: Final = 200_000
"""Rows predicted in one call: enough to make calls rare, few enough to stay in little memory."""
MOST_GROUPS: Final = 10


@dataclass(frozen=True, slots=True)
class Attribution:
    """What each group adds to each customer's probability.

    `base` is the mean prediction of the background, `score` each customer's own, and `values` have a row a customer, a
    column a group: ``base + values.sum(axis=1) == score``.
    """

    base: float
    score: NDArray[np.float64]
    values: pd.DataFrame


def attribute(predict: Predict, customers: pd.DataFrame, background: pd.DataFrame, groups: Groups) -> Attribution:
    """Attribute the predictions of customers to groups of features, against a background of customers.

    Parameters
    ----------
    predict
        Gives one number a row, whatever the other rows are.
    customers, background
        Rows with the columns of all groups.
    groups
        Columns by group; columns that only make sense together belong to one group, or customers are asked for who
        cannot be.

    Raises
    ------
    ValueError
        If there are too many groups to count all coalitions out, a column is in two groups, or nobody to compare with.

    Examples
    --------
    >>> people = pd.DataFrame({"silence": [10.0, 50.0], "complaints": [0.0, 2.0]})
    >>> found = attribute(
    ...     lambda rows: (rows.silence / 100 + rows.complaints / 10).to_numpy(),
    ...     people, people, {"rhythm": ["silence"], "service": ["complaints"]},
    ... )
    >>> round(found.base, 6), found.values.round(6).to_numpy().tolist()
    (0.4, [[-0.2, -0.1], [0.2, 0.1]])
    """
    _check(background, groups)
    coalitions = _coalitions(len(groups))
    at_once = max(AT_ONCE // (len(coalitions) * len(background)), 1)
    parts = [
        _worths(predict, customers.iloc[start : start + at_once], background, groups, coalitions)
        for start in range(0, len(customers), at_once)
    ]
    worths = np.concatenate(parts, axis=1) if parts else np.empty((len(coalitions), 0))
    base = float(np.mean(predict(background)))
    return Attribution(base, worths[-1], pd.DataFrame(_shapley(worths, coalitions), list(groups)).T)


def _check(background: pd.DataFrame, groups: Groups) -> None:
    columns = [column for names in groups.values() for column in names]
    if len(groups) > MOST_GROUPS:
        raise ValueError(
            f"{len(groups)} groups have {2 ** len(groups):,} coalitions; put them into {MOST_GROUPS} groups"
        )
    if len(set(columns)) < len(columns):
        raise ValueError("a column stands in two groups, or twice in one: each belongs to one")
    if background.empty:
        raise ValueError("there is nobody to compare customers with: give a background of at least one")


def _coalitions(groups: int) -> NDArray[np.bool_]:
    """List every set of groups, one row each, from nobody to all."""
    return (np.arange(2**groups)[:, None] >> np.arange(groups) & 1).astype(bool)


def _worths(
    predict: Predict, customers: pd.DataFrame, background: pd.DataFrame, groups: Groups, coalitions: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Give the mean prediction of every coalition (rows) for every customer (columns)."""
    shape = (len(coalitions), len(customers), len(background))
    mixed = {}
    for own, names in zip(coalitions.T, groups.values(), strict=True):
        for name in names:
            theirs, others = customers[name].to_numpy()[None, :, None], background[name].to_numpy()[None, None, :]
            mixed[name] = np.where(own[:, None, None], theirs, others)
    rows = pd.DataFrame({name: np.broadcast_to(cells, shape).reshape(-1) for name, cells in mixed.items()}, copy=False)
    return np.asarray(predict(rows), dtype=float).reshape(shape).mean(axis=2)


def _shapley(worths: NDArray[np.float64], coalitions: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Average what each group adds over the orders in which the groups can join: groups by customers."""
    n = coalitions.shape[1]
    orders = np.array([factorial(size) * factorial(n - size - 1) / factorial(n) for size in range(n)])
    values = np.empty((n, worths.shape[1]))
    for group in range(n):
        without = np.flatnonzero(~coalitions[:, group])
        weight = orders[coalitions[without].sum(axis=1)]
        values[group] = weight @ (worths[without | 1 << group] - worths[without])
    return values
