"""Order lines for the tests of chapter 03: a simulated shop with a known process, CDNOW and Online Retail."""

from datetime import date
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.privacy.rules import DisclosureRules
from crmlib.words.saying import Speaker

FIRST = date(2025, 1, 1)
UNTIL = date(2026, 1, 1)


@pytest.fixture(scope="session")
def engine():
    return ibis.duckdb.connect()


@pytest.fixture(scope="session")
def speaker():
    """Stand in for a run: what sentences need of one."""
    rules = DisclosureRules()
    return SimpleNamespace(rules=rules, say=lambda sentence, **values: Speaker(rules, "EUR").say(sentence, values))


@pytest.fixture(scope="session")
def as_lines():
    """Turn customer_id, ordered_at, amount into the canonical columns that features read (an Ibis table)."""

    def build(orders):
        full = pd.DataFrame(
            {
                "customer_id": orders["customer_id"],
                "order_id": [str(number) for number in range(len(orders))],
                "ordered_at": pd.to_datetime(orders["ordered_at"], format="ISO8601"),
                "product_id": "p",
                "quantity": 1,
                "amount": orders["amount"].round(2),
                "channel": "store",
                "store_id": "s",
                "is_return": orders.get("is_return", False),
                "is_product": True,
            }
        )
        table = ibis.memtable(full)
        return table.mutate(
            ordered_at=table.ordered_at.cast("timestamp(6)"),
            quantity=table.quantity.cast("decimal(18, 4)"),
            amount=table.amount.cast("decimal(18, 4)"),
            is_return=table.is_return.cast("boolean"),
        )

    return build


def simulate_orders(seed, customers=1_500, first=FIRST, until=UNTIL):
    """Simulate BG/NBD (r 1.2, alpha 4 weeks, a 1, b 6): the orders, and each customer's rate, dropout and last day."""
    rng = np.random.default_rng(seed)
    days = (until - first).days
    rate = rng.gamma(1.2, 1 / 4, customers) / 7
    dropout = rng.beta(1, 6, customers)
    rows, alive_until = [], []
    for who in range(customers):
        day = rng.uniform(0, days * 0.6)
        left = False
        rows.append((who, day))
        while not left:
            day += rng.exponential(1 / rate[who])
            if day >= days:
                break
            rows.append((who, day))
            left = rng.random() < dropout[who]
        alive_until.append(day if left else np.inf)
    orders = pd.DataFrame(rows, columns=["who", "day"])
    orders["customer_id"] = "c" + orders["who"].astype(str).str.zfill(5)
    orders["ordered_at"] = pd.Timestamp(first) + pd.to_timedelta(orders["day"], unit="D").dt.floor("s")
    orders["amount"] = rng.gamma(4, 10, len(orders)) + 1
    truth = pd.DataFrame(
        {
            "customer_id": "c" + pd.Series(range(customers)).astype(str).str.zfill(5),
            "rate": rate,
            "dropout": dropout,
            "alive_until": alive_until,
        }
    )
    return orders.sort_values(["ordered_at", "customer_id"]).reset_index(drop=True), truth


@pytest.fixture(scope="session")
def shop_orders():
    return simulate_orders(seed=7)[0]


@pytest.fixture(scope="session")
def shop(as_lines, shop_orders):
    return as_lines(shop_orders)


@pytest.fixture(scope="session")
def cdnow(shared_data, as_lines):
    names = ["master", "sample", "day", "units", "amount"]
    raw = pd.read_fwf(shared_data / "cdnow" / "CDNOW_sample.txt", names=names, dtype={"day": str})
    orders = pd.DataFrame({"customer_id": raw["sample"].astype(str), "ordered_at": raw["day"], "amount": raw["amount"]})
    orders["ordered_at"] = pd.to_datetime(orders["ordered_at"], format="%Y%m%d")
    # a free disc is a purchase in the literature's counts
    orders["amount"] = orders["amount"].clip(lower=0.01)
    return as_lines(orders)


@pytest.fixture(scope="session")
def online_retail(shared_data, engine):
    """Online Retail with the least cleaning that features need."""
    files = str(shared_data / "online_retail" / "by-day" / "*.csv")
    engine.con.execute(
        f"""create or replace table online_retail as
        select nullif(split_part(CustomerID, '.', 1), '') as customer_id, InvoiceNo as order_id,
               InvoiceDate::timestamp as ordered_at, StockCode as product_id,
               Quantity::decimal(18, 4) as quantity,
               (Quantity::decimal(18, 4) * UnitPrice::decimal(18, 4))::decimal(18, 4) as amount,
               cast(null as varchar) as channel, cast(null as varchar) as store_id,
               InvoiceNo like 'C%' as is_return, regexp_matches(StockCode, '^[0-9]{{5}}') as is_product
        from read_csv('{files}', all_varchar = true)"""
    )
    return engine.table("online_retail")
