"""How the prediction moves with a group of features, everything else left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmlib.churn.why.shapley import Predict

PARTS: Final = 10
GIVERS: Final = 20
"""So many customers of each part lend their values."""
TAKERS: Final = 200
"""So many customers take them."""


def partial_dependence(
    predict: Predict, customers: pd.DataFrame, columns: Sequence[str], lead: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Give customers the values that others have in some columns, and say what is predicted of them then on average.

    Friedman, Annals of Statistics 29, 2001, with the columns of a group moved together: what nobody can be, such as
    silent for longer than known, is never asked. Others are taken part by part, in the order of one of the columns.

    Parameters
    ----------
    predict
        Gives one number a row.
    customers
        Givers and takers are drawn of these.
    columns, lead
        What is moved, and the one of it that orders the customers: tenths, equal values together.

    Returns
    -------
    pandas.DataFrame
        ``at`` (median of the lead in a part), ``predicted``, ``customers`` (in the part).

    Examples
    --------
    >>> people = pd.DataFrame({"silence": np.arange(100.0), "spend": 1.0})
    >>> found = partial_dependence(
    ...     lambda rows: rows["silence"].to_numpy() / 100, people, ["silence"], "silence", np.random.default_rng(1)
    ... )
    >>> len(found), bool(found["predicted"].is_monotonic_increasing), int(found["customers"].sum())
    (10, True, 100)
    """
    part = pd.qcut(customers[lead], PARTS, labels=False, duplicates="drop")
    takers = _drawn(customers, TAKERS, rng)
    rows = []
    for _place, there in customers.groupby(part.fillna(0).to_numpy()):
        givers = _drawn(there, GIVERS, rng)
        lent = givers[list(columns)].loc[givers.index.repeat(len(takers))].reset_index(drop=True)
        taking = pd.concat([takers] * len(givers), ignore_index=True).assign(**{name: lent[name] for name in columns})
        rows.append((float(there[lead].median()), float(np.mean(predict(taking))), len(there)))
    return pd.DataFrame(rows, columns=["at", "predicted", "customers"])


def _drawn(customers: pd.DataFrame, most: int, rng: np.random.Generator) -> pd.DataFrame:
    if len(customers) <= most:
        return customers
    return customers.iloc[np.sort(rng.choice(len(customers), most, replace=False))]
