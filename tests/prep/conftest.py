"""A little shop in a temporary folder: any files, any parameters, prepared."""

from functools import partial
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml

from crmlib.prep import prepare
from crmlib.workspace import open_run

COLUMNS = {
    "order_id": "no",
    "ordered_at": "at",
    "product_id": "sku",
    "quantity": "qty",
    "unit_price": "price",
    "customer_id": "who",
}


@pytest.fixture(scope="session")
def prepare_shop():
    """Give a function that writes files and parameters into a folder, prepares them, and gives the run and its account.

    A module prepares a shop once in a folder of its own where its tests only read.
    """
    return _prepared


@pytest.fixture
def shop(tmp_path):
    """Give the same in the test's own folder."""
    return partial(_prepared, tmp_path)


def _prepared(home, files, *, cleaning=None, source=None, sources=None, more=None):
    for name, content in files.items():
        path = home / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    transactions = {"path": "../data/*.csv", "columns": COLUMNS} | (source or {})
    params = {
        "series": "shop",
        "title": "A shop",
        "as_of": "2026-03-01",
        "sources": {"transactions": transactions} | (sources or {}),
        "cleaning": cleaning or {},
        "privacy": {"demo_key": True},
    } | (more or {})
    (home / "params").mkdir(exist_ok=True)
    file = home / "params" / "shop.yaml"
    file.write_text(yaml.safe_dump(params, allow_unicode=True), encoding="utf-8")
    run = open_run(file)
    return run, prepare(run)


def _matched_by_hand(frame, prefix=None):
    """Follow the rule by hand, one return after the other: ``line, purchase_line, quantity, file, purchase_file``."""
    goods = frame[frame["is_product"]].sort_values(["ordered_at", "source", "file", "line"]).to_dict("records")
    bought = [line | {"left": line["quantity"]} for line in goods if not line["is_return"] and line["quantity"] > 0]
    returns = [line for line in goods if line["is_return"]]
    found = []
    unnamed = [back for back in returns if not _serve(back, bought, "order_id", _named(back, prefix), found)]
    for back in unnamed:
        _serve(back, bought, "customer_id", back["customer_id"], found)
    return sorted(found)


def _named(back, prefix):
    if isinstance(back["returned_order_id"], str):
        return back["returned_order_id"]
    return back["order_id"][len(prefix) :] if prefix and back["order_id"].startswith(prefix) else None


def _serve(back, bought, key, value, found):
    """Serve one return from the purchases of an order or of a customer; say whether there were any."""
    able = [
        line
        for line in reversed(bought)
        if isinstance(value, str) and line[key] == value and line["product_id"] == back["product_id"]
        and line["ordered_at"] <= back["ordered_at"]
    ]  # fmt: skip
    wanted = -back["quantity"]
    for line in [each for each in able if each["left"] >= wanted][:1] or able:
        take = min(line["left"], wanted)
        if take:
            line["left"] -= take
            wanted -= take
            found.append((back["line"], line["line"], take, back["file"], line["file"]))
    return bool(able)


def _told_of_matches(found):
    """Write matches as the slow implementation does."""
    matched = found[found["matched_by"] != "none"]
    columns = ["line", "purchase_line", "quantity", "file", "purchase_file"]
    return sorted((int(a), int(b), q, f, g) for a, b, q, f, g in matched[columns].itertuples(index=False))


@pytest.fixture(scope="session")
def by_hand():
    """Give the rule of matching returns done by hand, and a way to write the engine's matches alike."""
    return SimpleNamespace(matched=_matched_by_hand, told=_told_of_matches)


def _orders_equal_lines(run):
    """Hold orders and customers' days to the lines: counts, sums, by customer, and by day and store."""
    lines = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    orders = pd.read_parquet(run.run_dir / "clean" / "orders.parquet")
    days = pd.read_parquet(run.run_dir / "clean" / "customer_days.parquet")
    bought, back = lines[lines["is_purchase"]], lines[lines["is_return"] & lines["is_product"]]
    assert set(orders["order_id"]) == set(lines["order_id"])
    assert orders.groupby("order_id").size().eq(orders.set_index("order_id")["parts"].groupby("order_id").first()).all()
    for name, theirs in {"amount": bought["amount"], "returned": -back["amount"], "units": bought["quantity"]}.items():
        assert sum(orders[name].dropna()) == sum(theirs.dropna()), name
    assert (orders["lines"].sum(), orders["returned_lines"].sum()) == (len(bought), len(back))
    known = bought.dropna(subset=["customer_id"])
    kept = orders[(orders["lines"] > 0) & orders["customer_id"].notna()]
    for keys in (["customer_id"], ["customer_id", "day"], ["day", "store_id", "channel"]):
        one, other = (
            frame.assign(day=frame["ordered_at"].dt.date).groupby(keys, dropna=False).agg(**sums)
            for frame, sums in (
                (kept, {"amount": ("amount", "sum"), "orders": ("order_id", "nunique"), "lines": ("lines", "sum")}),
                (known, {"amount": ("amount", "sum"), "orders": ("order_id", "nunique"), "lines": ("amount", "size")}),
            )
        )
        pd.testing.assert_frame_equal(one, other, check_dtype=False)
        if keys == ["customer_id", "day"]:
            told = days.assign(day=pd.to_datetime(days["day"]).dt.date).set_index(keys)[["amount", "orders", "lines"]]
            pd.testing.assert_frame_equal(told.sort_index(), other, check_dtype=False)
    firsts = known.groupby("customer_id")["ordered_at"].min()
    assert orders.loc[kept.index, "first_at"].eq(kept["customer_id"].map(firsts)).all()
    gaps = days.sort_values(["customer_id", "day"])
    stepped = pd.to_datetime(gaps["day"]).groupby(gaps["customer_id"]).diff().dt.days
    pd.testing.assert_series_equal(gaps["gap"].astype("float64"), stepped, check_names=False)
    return orders


@pytest.fixture(scope="session")
def orders_equal_lines():
    """Give what holds a run's orders and customers' days to its lines, and gives the orders."""
    return _orders_equal_lines
