"""Features see only what lies before the date, and equal what a hand counts."""

from datetime import date
from decimal import Decimal

import ibis
import pandas as pd
import pytest

from crmlib.btyd import customer_summary
from crmlib.features import FEATURES, before, customer_features, next_purchases, purchase_summary, purchases


def lines(*rows):
    columns = ["customer_id", "order_id", "ordered_at", "product_id", "quantity", "amount", "is_return", "is_product"]
    frame = pd.DataFrame(rows, columns=columns).assign(store_id="s", channel="web")
    frame["is_purchase"] = frame.is_product & ~frame.is_return & (frame.amount > 0)
    frame["ordered_at"] = pd.to_datetime(frame.ordered_at)
    money = {"quantity": "decimal(18, 4)", "amount": "decimal(18, 4)"}
    return ibis.memtable(frame).cast(money)


@pytest.fixture
def transactions():
    return lines(
        ("a", "1", "2026-01-01 10:00", "p", 1, 10.0, False, True),
        ("a", "1", "2026-01-01 10:00", "q", 2, 5.0, False, True),
        ("a", "2", "2026-01-01 18:00", "p", 1, 10.0, False, True),
        ("a", "3", "2026-01-15 09:00", "p", 1, 8.0, False, True),
        ("a", "4", "2026-01-20 09:00", "p", -1, -8.0, True, True),
        ("a", "5", "2026-02-01 00:00", "p", 1, 99.0, False, True),
        ("b", "6", "2026-01-31 23:59", "p", 1, 7.0, False, True),
        ("b", "6", "2026-01-31 23:59", "POST", 1, 3.0, False, False),
        (None, "7", "2026-01-10 12:00", "p", 1, 4.0, False, True),
        ("c", "8", "2026-01-10 12:00", "p", 1, 0.0, False, True),
    )


def test_features_equal_a_count_by_hand(transactions):
    got = customer_features(transactions, date(2026, 2, 1)).to_pandas().set_index("customer_id").sort_index()
    assert got.index.tolist() == ["a", "b"]
    a = got.loc["a"]
    assert (a.orders, a.purchase_days, a["lines"], a.products) == (3, 2, 4, 2)
    assert (a.spend, a.returned, a.net_spend) == (Decimal(33), Decimal(8), Decimal(25))
    assert (a.days_since_first, a.days_since_last) == (30, 16)
    assert a.average_order_value == pytest.approx(11.0)
    assert got.loc["b", ["days_since_last", "spend", "returned"]].tolist() == [0, Decimal(7), Decimal(0)]


def test_what_lies_at_or_after_the_date_changes_nothing(transactions):
    as_of = date(2026, 2, 1)
    whole = customer_features(transactions, as_of).order_by("customer_id").to_pandas()
    cut = customer_features(before(transactions, as_of), as_of).order_by("customer_id").to_pandas()
    pd.testing.assert_frame_equal(whole, cut)


def test_the_main_store_has_most_orders_and_of_equally_many_the_latest():
    bought = lines(
        ("a", "1", "2026-01-01", "p", 1, 1.0, False, True),
        ("a", "1", "2026-01-01", "q", 1, 1.0, False, True),
        ("a", "2", "2026-01-02", "p", 1, 1.0, False, True),
        ("a", "3", "2026-01-03", "p", 1, 1.0, False, True),
        ("b", "4", "2026-01-01", "p", 9, 9.0, False, True),
        ("b", "5", "2026-01-02", "p", 1, 1.0, False, True),
        ("c", "6", "2026-01-02", "p", 1, 1.0, False, True),
        ("c", "7", "2026-02-02", "p", 1, 1.0, False, True),
    )
    # a: one order of two lines at x, two at y; b: one each, the latest at z; c: nothing told before February
    at = {"1": "x", "2": "y", "3": "y", "4": "x", "5": "z", "7": "x"}
    store = bought.order_id.cases(*at.items(), else_=ibis.null("string"))
    got = customer_features(bought.mutate(store_id=store), date(2026, 2, 1), ("main_store", "main_channel", "orders"))
    got = got.to_pandas().set_index("customer_id")
    assert got["main_store"].dropna().to_dict() == {"a": "y", "b": "z"}
    assert got["main_channel"].to_dict() == dict.fromkeys("abc", "web")
    assert got["orders"].to_dict() == {"a": 3, "b": 2, "c": 1}


@pytest.mark.parametrize("columns", [("days_since_last", "orders", "spend"), ("net_spend",), FEATURES[::-2]])
def test_features_asked_for_alone_are_those_of_the_whole(transactions, columns):
    as_of = date(2026, 2, 1)
    whole = customer_features(transactions, as_of).order_by("customer_id").to_pandas()
    some = customer_features(transactions, as_of, columns).order_by("customer_id").to_pandas()
    assert set(some) == {"customer_id", *columns}
    pd.testing.assert_frame_equal(some, whole[list(some)])
    with pytest.raises(ValueError, match="no customer feature age"):
        customer_features(transactions, as_of, ("orders", "age"))


def test_purchases_are_products_kept_with_an_amount(transactions):
    assert purchases(transactions).count().to_pandas() == 7
    assert purchases(transactions.drop("is_purchase")).count().to_pandas() == 7


def test_next_purchases_counts_days_of_the_half_open_window(transactions):
    got = next_purchases(transactions, date(2026, 1, 15), 17).to_pandas().set_index("customer_id").sort_index()
    assert got.purchase_days.to_dict() == {"a": 1, "b": 1}
    assert got.spend.to_dict() == {"a": Decimal(8), "b": Decimal(7)}


def test_the_summary_of_the_engine_is_the_twin_of_the_pandas_one(transactions):
    as_of = date(2026, 2, 1)
    engine = purchase_summary(transactions, as_of, gaps=True).to_pandas().set_index("customer_id").sort_index()
    orders = purchases(transactions).filter(lambda t: t.customer_id.notnull()).to_pandas()
    orders["amount"] = orders.amount.astype("float64")
    frame = customer_summary(orders[["customer_id", "ordered_at", "amount"]], date(2026, 1, 31), gaps=True)
    columns = ["frequency", "recency", "T", "monetary_value", "log_gaps"]
    pd.testing.assert_frame_equal(engine[columns], frame[columns], check_dtype=False, check_index_type=False)


def test_the_twins_agree_on_cdnow(shared_data):
    """The real thing: 2,357 customers, 2,457 repeat purchases in the fit window, 1,411 without any."""
    text = (shared_data / "cdnow" / "CDNOW_sample.txt").read_text().splitlines()
    rows = [(t[:6].strip(), t[12:20], float(t[23:])) for t in text]
    frame = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])
    frame["ordered_at"] = pd.to_datetime(frame.ordered_at, format="%Y%m%d")
    table = ibis.memtable(frame.assign(is_purchase=True)).cast({"amount": "decimal(18, 4)"})
    engine = purchase_summary(table, date(1997, 10, 1), gaps=True).to_pandas().set_index("customer_id").sort_index()
    pandas = customer_summary(frame, date(1997, 9, 30), gaps=True).sort_index()
    assert (len(engine), engine.frequency.sum(), (engine.frequency == 0).sum()) == (2357, 2457, 1411)
    columns = ["frequency", "recency", "T", "monetary_value", "log_gaps"]
    pd.testing.assert_frame_equal(engine[columns], pandas[columns], check_dtype=False, check_index_type=False)
