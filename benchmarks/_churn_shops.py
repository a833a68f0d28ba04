"""Chapter 03 on three shops: UCI Online Retail and CDNOW, with the least cleaning that it needs, and the demo chain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import pandas as pd

from crmlib.churn.known import Known
from crmlib.churn.study import Study
from crmlib.demo.canonical import perfect_tables
from crmlib.demo.chain import simulate
from crmlib.demo.plan import Plan
from crmlib.engine import connect
from crmlib.params.sections import ChurnSection

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ONLINE_RETAIL = """
    create table online_retail as
    select nullif(split_part(CustomerID, '.', 1), '') as customer_id, InvoiceNo as order_id,
           InvoiceDate::timestamp as ordered_at, StockCode as product_id, Quantity::decimal(18, 4) as quantity,
           (Quantity::decimal(18, 4) * UnitPrice::decimal(18, 4))::decimal(18, 4) as amount,
           cast(null as varchar) as channel, cast(null as varchar) as store_id,
           InvoiceNo like 'C%' as is_return, regexp_matches(StockCode, '^[0-9]{{5}}') as is_product
    from read_csv('{files}', all_varchar = true)
"""


@dataclass(frozen=True)
class Shop:
    """A chapter of one shop at one horizon, and what is wanted of it."""

    name: str
    horizon_days: int
    study: Study


def shops() -> Iterator[Shop]:
    """Open the shops, one after another; those whose data are not beside the project are left out."""
    if (DATA / "online_retail").is_dir():
        backend = connect()
        backend.con.execute(ONLINE_RETAIL.format(files=DATA / "online_retail" / "by-day" / "*.csv"))
        yield from _at("Online Retail", backend.table("online_retail"), date(2011, 12, 1), (30, 60, 90))
    if (DATA / "cdnow").is_dir():
        yield from _at("CDNOW", _cdnow(), date(1998, 7, 1), (30, 60, 90))
    yield demo()


def demo() -> Shop:
    """Open the demo chain, its contacts and answers among what is known."""
    plan = Plan()
    tables = perfect_tables(simulate(plan))
    answers = tables["surveys"].rename(columns={"score_satisfaction": "score"})
    events = {
        "interactions": ibis.memtable(tables["interactions"][["customer_id", "at", "kind", "resolved_at"]]),
        "surveys": ibis.memtable(answers[["response_id", "customer_id", "answered_at", "score"]]),
    }
    lines = ibis.memtable(tables["transactions"])
    exact = lines.mutate(amount=lines.amount.cast("decimal(18, 4)"))
    return Shop("demo", 90, Study(exact, plan.as_of, ChurnSection(horizon_days=90), known=Known(events=events)))


def _at(name: str, lines: ibis.Table, as_of: date, horizons: tuple[int, ...]) -> Iterator[Shop]:
    for horizon in horizons:
        yield Shop(name, horizon, Study(lines, as_of, ChurnSection(horizon_days=horizon)))


def _cdnow() -> ibis.Table:
    names = ["master", "sample", "day", "units", "amount"]
    raw = pd.read_fwf(DATA / "cdnow" / "CDNOW_sample.txt", names=names, dtype={"day": str})
    # a free disc is a purchase in the literature's counts
    lines = ibis.memtable(raw.assign(amount=raw["amount"].clip(lower=0.01), number=range(len(raw))))
    return lines.select(
        customer_id=lines["sample"].cast("string"), order_id=lines.number.cast("string"),
        ordered_at=lines.day.as_timestamp("%Y%m%d").cast("timestamp(6)"), product_id=ibis.literal("disc"),
        quantity=lines.units.cast("decimal(18, 4)"), amount=lines.amount.round(2).cast("decimal(18, 4)"),
        channel=ibis.literal("web"), store_id=ibis.null("string"), is_return=ibis.literal(value=False),
        is_product=ibis.literal(value=True),
    )  # fmt: skip
