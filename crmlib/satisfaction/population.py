"""Who the answers should stand for: the customers who bought in the last year, with what is known of each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import known_purchases
from crmlib.satisfaction.weighting import Raked, rake

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.satisfaction.survey import Survey
    from crmlib.workspace import Run

YEAR: Final = 365
SHOWN_DAYS: Final = 396
"""Answers that the chapter shows: thirteen months."""
_BANDS: Final = (0, 1, 3, 6, float("inf"))
_BAND_NAMES: Final = ("1", "2-3", "4-6", "7+")


def buyers(transactions: Table, as_of: date, days: int = YEAR) -> Table:
    """Describe the customers who bought in the last so many days: orders, main channel and main store.

    `customer_id, orders, channel, store_id`; the main one has the most orders, the first in the alphabet on a tie.
    """
    seen = known_purchases(transactions, as_of)
    recent = seen.filter(seen.ordered_at >= ibis.timestamp((as_of - timedelta(days=days)).isoformat()))
    counted = recent.group_by("customer_id").agg(orders=recent.order_id.nunique())
    channel, store = (_main(recent, name) for name in ("channel", "store_id"))
    joined = counted.left_join(channel, "customer_id").drop("customer_id_right")
    return joined.left_join(store, "customer_id").drop("customer_id_right")


def _main(recent: Table, name: str) -> Table:
    counted = recent.filter(recent[name].notnull()).group_by(["customer_id", name]).agg(n=recent.order_id.nunique())
    place = ibis.row_number().over(group_by=counted.customer_id, order_by=[counted.n.desc(), counted[name].asc()])
    return counted.mutate(place=place).filter(lambda t: t.place == 0).select("customer_id", name)


def population(run: Run, as_of: date) -> pd.DataFrame:
    """Describe every customer who bought in the year before a date, for weighting.

    `customer_id, orders` (a band, as text), `channel, store` and the columns of `customers` that the parameters weight
    by, from today's extract at every `as_of`: they say whom an answer stands for, not what comes.
    """
    base: pd.DataFrame = buyers(run.table("transactions"), as_of).to_pandas()
    bands = pd.cut(base["orders"], _BANDS, labels=list(_BAND_NAMES)).astype("string")
    base = base.assign(orders=bands).rename(columns={"store_id": "store"})
    if not run.has("customers"):
        return base
    customers = run.table("customers")
    known = [n for n in run.params.satisfaction.weight_by if n in customers.columns and n not in base.columns]
    return base.merge(customers.select("customer_id", *known).to_pandas(), on="customer_id", how="left")


def weigh(survey: Survey, customers: pd.DataFrame, by: list[str]) -> tuple[Survey, Raked]:
    """Weight the last thirteen months' answers to the customer base; those from outside it keep the mean weight."""
    answers = survey.answers(SHOWN_DAYS)[["customer_id"]]
    known = answers.reset_index().merge(customers, on="customer_id", how="inner").set_index("index").sort_index()
    raked = rake(known, customers, by)
    return survey.weighted(raked.weights), raked
