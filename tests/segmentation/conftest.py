"""A small shop whose every figure can be computed by hand, and larger simulated ones."""

import json
from dataclasses import replace
from datetime import date
from functools import partial
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.engine import connect
from crmlib.privacy.rules import DisclosureRules
from crmlib.segmentation.customers.lifecycle import lifecycle_limits
from crmlib.segmentation.series_state import keep
from crmlib.words.saying import Speaker
from crmlib.workspace import open_run

DECIMALS = ("quantity", "unit_price", "amount", "discount", "cost", "points_redeemed")
TEXTS = ("customer_id", "order_id", "line_id", "product_id", "description", "channel", "store_id", "promotion_id",
         "payment_method", "returned_order_id", "source", "file")  # fmt: skip


def _lines(rows):
    """Turn (customer, order, day, product, quantity, amount, is_return, is_product) into a clean Ibis table."""
    names = ["customer_id", "order_id", "ordered_at", "product_id", "quantity", "amount", "is_return", "is_product"]
    frame = pd.DataFrame(rows, columns=names)
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"])
    for name in (*TEXTS, *DECIMALS):
        if name not in frame:
            frame[name] = None
    frame["line_id"] = [str(n) for n in range(len(frame))]
    frame["is_purchase"] = frame["is_product"] & ~frame["is_return"] & (frame["amount"] > 0)
    kinds = dict.fromkeys(TEXTS, "string") | dict.fromkeys(DECIMALS, "float64")
    table = ibis.memtable(frame.astype(dict.fromkeys(TEXTS, "object")), schema={
        **kinds, "ordered_at": "timestamp(6)",
        **dict.fromkeys(("is_return", "is_product", "is_purchase"), "boolean"),
    })  # fmt: skip
    return table.mutate(**{name: table[name].cast("decimal(18, 4)") for name in DECIMALS})


@pytest.fixture
def lines_of():
    """Give the function that turns rows into a clean table."""
    return _lines


@pytest.fixture
def shop():
    """Three known customers and one anonymous sale over three months."""
    return _lines([
        ("a", "1", "2026-01-02 10:00", "p", 2, 20.0, False, True),
        ("a", "1", "2026-01-02 10:00", "q", 1, 5.0, False, True),
        ("a", "2", "2026-02-03 10:00", "p", 1, 10.0, False, True),
        ("a", "3", "2026-03-04 10:00", "p", 1, 10.0, False, True),
        ("b", "4", "2026-01-20 10:00", "q", 4, 20.0, False, True),
        ("b", "C4", "2026-02-20 10:00", "q", -4, -20.0, True, True),
        ("b", "5", "2026-03-20 10:00", "q", 2, 10.0, False, True),
        ("c", "6", "2026-03-05 10:00", "p", 3, 30.0, False, True),
        (None, "7", "2026-02-05 10:00", "p", 1, 40.0, False, True),
        ("c", "6", "2026-03-05 10:00", "POST", 1, 7.0, False, False),
        ("a", "8", "2026-04-01 00:00", "p", 9, 90.0, False, True),
    ])  # fmt: skip


def simulated(customers=400, weeks=80, seed=7, rate=0.12):
    """Simulate customers who buy at their own rate until they leave (BG/NBD): one line an order."""
    rng = np.random.default_rng(seed)
    rows, order = [], 0
    start = pd.Timestamp("2025-01-06")
    for number in range(customers):
        day = start + pd.Timedelta(days=int(rng.integers(0, weeks * 7 // 2)))
        own, dropout = rng.gamma(1.5, rate / 1.5), rng.beta(0.8, 6)
        while day < start + pd.Timedelta(weeks=weeks):
            amount = float(np.round(rng.gamma(4, 10), 2) + 1)
            rows.append((f"k{number:05d}", str(order), day, f"p{order % 7}", 1, amount, False, True))
            order += 1
            if rng.random() < dropout:
                break
            day = day + pd.Timedelta(days=max(1, int(rng.exponential(7 / own))))
    return rows


@pytest.fixture(scope="session")
def simulated_lines(tmp_path_factory):
    """Give the simulated customers' lines and the day after the last one seen."""
    file = tmp_path_factory.mktemp("lines") / "lines.parquet"
    _lines(simulated()).to_parquet(file)
    return connect().read_parquet(file), date(2026, 7, 20)


def _run_in(folder, lines, as_of, **knobs):
    file = folder / "shop.yaml"
    file.write_text(
        # in the file, as a run has them: other ones would be an experiment
        f"series: shop\ntitle: A shop\ncurrency: EUR\nsegmentation: {json.dumps(knobs)}\nsources:\n"
        "  transactions: {path: lines.csv, columns: {ordered_at: at, amount: money}}\n"
    )
    run_dir = folder / "work" / "shop" / as_of.isoformat()
    (run_dir / "clean").mkdir(parents=True)
    lines.to_parquet(run_dir / "clean" / "transactions.parquet")
    return open_run(file, as_of, run_dir)


@pytest.fixture(scope="session")
def run_in():
    """Give the function that opens a run on clean lines in a folder."""
    return _run_in


def _keep_limits(run):
    limits = lifecycle_limits(run.table("transactions"), run.as_of)
    keep(replace(limits, observed=10_000.0), run.state_dir / "lifecycle_limits_0.8_0.9_0.97.json")
    return run


@pytest.fixture(scope="session")
def keep_limits():
    """Give the function that keeps the limits of a run's stages, as a history of years would have them kept."""
    return _keep_limits


@pytest.fixture
def run_of(tmp_path):
    """Give the function that opens a run on clean lines in this test's folder."""
    return partial(_run_in, tmp_path)


@pytest.fixture(scope="session")
def saying():
    """Stand in for a run that only puts numbers into words."""
    speaker = Speaker(DisclosureRules(), "EUR")
    return SimpleNamespace(rules=speaker.rules, say=lambda sentence, **values: speaker.say(sentence, values))
