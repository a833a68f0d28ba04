"""How each store stands beside the others, figure by figure: what is beyond chance, its rank, the one thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats as distributions

from crmlib.stats.comparisons import benjamini_hochberg
from crmlib.stats.shrinkage import drawn_together, rank_ranges

if TYPE_CHECKING:
    from collections.abc import Callable

SALES: Final = "sales"
LEAVING: Final = "leaving"
NEW: Final = "new"
NPS: Final = "nps"
MEAN: Final = "mean"
COMPLAINTS: Final = "complaints"
FALSE_DISCOVERIES: Final = 0.05
EXPECTED: Final = 5  # so many on either side make the normal distribution good enough (Cochran 1954)
WORSE: Final = "worse"
BETTER: Final = "better"
ALIKE: Final = "alike"
COLUMNS: Final = (
    "item", "figure", "people", "value", "error", "others", "z", "size", "p", "q", "stands", "drawn", "rank",
    "rank_low", "rank_high",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that stores are compared by: whether much of it is good, the people it rests on, how it is compared."""

    code: str
    sign: int
    people: str
    compare: Callable[[pd.DataFrame], pd.DataFrame]


def compare_stores(rows: pd.DataFrame, fewest: int = 0) -> pd.DataFrame:
    """Hold each store's figures against those of the others (:data:`COLUMNS`), one row a store and figure.

    Parameters
    ----------
    rows
        See :func:`crmlib.actions.stores.gathering.put_together`.
    fewest
        A figure that rests on fewer people is not compared.

    Returns
    -------
    pandas.DataFrame
        ``value`` with its standard ``error``; ``others`` is the value of all others together; ``z`` how many standard
        errors better than these, ``size`` what the difference comes to in customers, complaints or money (missing where
        it cannot be sized); ``q`` over all stores and figures; ``stands`` worse, better or alike; ``drawn`` the value
        drawn together with the others' and by it ``rank`` (1 is best) with the range that holds 95 % of it.
    """
    if rows.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    found = [_of_figure(figure, rows, fewest) for figure in FIGURES]
    told = pd.concat([each for each in found if len(each) > 1] or [found[0].iloc[:0]], ignore_index=True)
    p = 2 * distributions.norm.sf(told["z"].abs().to_numpy(dtype="float64"))
    q = benjamini_hochberg(p)
    stands = np.where(q < FALSE_DISCOVERIES, np.where(told["z"] < 0, WORSE, BETTER), ALIKE)
    return told.assign(p=p, q=q, stands=stands)[list(COLUMNS)]


def one_thing(compared: pd.DataFrame) -> pd.DataFrame:
    """Choose of each store the figure on which it stands furthest below the others; none where nothing is."""
    worse = compared[compared["stands"] == WORSE].sort_values(["z", "item"], kind="stable")
    return worse.drop_duplicates("item").reset_index(drop=True)


def _of_figure(figure: Figure, rows: pd.DataFrame, fewest: int) -> pd.DataFrame:
    made = figure.compare(rows).assign(item=rows["item"], figure=figure.code, people=rows[figure.people])
    told = made[["value", "error", "z"]].notna().all(axis=1) & (made["error"] > 0) & (made["people"] >= fewest)
    made = made[told].reset_index(drop=True)
    made["z"] *= figure.sign
    drawn, spread = drawn_together(made["value"], made["error"])
    ranks = rank_ranges(figure.sign * drawn, spread)
    return made.assign(drawn=drawn, rank=ranks[:, 0], rank_low=ranks[:, 1], rank_high=ranks[:, 2])


def _sales(rows: pd.DataFrame) -> pd.DataFrame:
    """Compare the change of sales on a year ago; the size is the money that the others' change would have brought."""
    known = rows["change"].notna() & (rows["net"] > 0) & (rows["net_then"] > 0)
    net, then, error = (rows[name].where(known) for name in ("net", "net_then", "sales_error"))
    value = np.log(net / then)
    all_net, all_then = net.sum() - net, then.sum() - then
    others = np.log(all_net / all_then)
    variance = (net * error) ** 2
    # of a sum of independent sales
    other_error = (variance.sum() - variance) ** 0.5 / all_net
    z = (value - others) / (error**2 + other_error**2) ** 0.5
    return pd.DataFrame({"value": value, "error": error, "others": others, "z": z,
                         "size": (net - then * np.exp(others)).abs()})  # fmt: skip


def _leaving(rows: pd.DataFrame) -> pd.DataFrame:
    return _shares(rows["likely"], rows["customers"], rows["other_likely"], rows["other_customers"])


def _new(rows: pd.DataFrame) -> pd.DataFrame:
    new, active = rows["new"], rows["active"]
    return _shares(new, active, new.sum() - new, active.sum() - active)


def _shares(k: pd.Series, n: pd.Series, others_k: pd.Series, others_n: pd.Series) -> pd.DataFrame:
    """Compare shares of customers by the score test; the size is how many customers the difference comes to."""
    value, others = k / n, others_k / others_n
    pooled = (k + others_k) / (n + others_n)
    spread = pooled * (1 - pooled)
    enough = np.minimum(n, others_n) * np.minimum(pooled, 1 - pooled) >= EXPECTED
    z = (value - others) / (spread * (1 / n + 1 / others_n)) ** 0.5
    return pd.DataFrame({"value": value, "error": (spread / n) ** 0.5, "others": others, "z": z.where(enough),
                         "size": ((value - others) * n).abs()})  # fmt: skip


def _score(rows: pd.DataFrame, scored: str) -> pd.DataFrame:
    """Take the comparison of chapter 04: the score against that of the others."""
    gap, value = rows["score_gap"], rows["score"].where(rows["scored"] == scored)
    z = np.sign(gap) * distributions.norm.isf(rows["score_p"].clip(lower=1e-300) / 2)
    return pd.DataFrame({"value": value, "error": (rows["score_high"] - rows["score_low"]) / (2 * 1.96),
                         "others": value - gap, "z": z, "size": np.nan})  # fmt: skip


def _complaints(rows: pd.DataFrame) -> pd.DataFrame:
    """Take the comparison of chapter 04: complaints per 1,000 orders against the limits of chance."""
    made, orders = (rows[name].astype("float64").where(rows["complaint_orders"] > 0)
                    for name in ("complaints", "complaint_orders"))  # fmt: skip
    others = 1000 * (made.sum() - made) / (orders.sum() - orders)
    error = 1000 * (made.sum() / (orders.sum() or np.nan) / orders) ** 0.5
    return pd.DataFrame({"value": rows["rate"], "error": error, "others": others, "z": rows["complaint_z"],
                         "size": (made - orders * others / 1000).abs()})  # fmt: skip


FIGURES: Final = (
    Figure(SALES, 1, "change_people", _sales),
    Figure(LEAVING, -1, "customers", _leaving),
    Figure(NEW, 1, "active", _new),
    Figure(NPS, 1, "answerers", partial(_score, scored=NPS)),
    Figure(MEAN, 1, "answerers", partial(_score, scored=MEAN)),
    Figure(COMPLAINTS, -1, "complainers", _complaints),
)
