"""Orders and customers' days are the lines, added up exactly, whatever lines an order is made of."""

from datetime import date
from decimal import Decimal

import ibis
import pandas as pd
import pyarrow.parquet as pq
import pytest

from crmlib.features import FEATURES, customer_features, next_purchases, purchase_summary
from crmlib.orders import as_days, as_orders, complete_orders, count_orders, customer_days, in_columns, order_rows
from crmlib.tables import DERIVED

COLUMNS = ["customer_id", "order_id", "ordered_at", "store_id", "amount", "quantity", "is_return", "is_product"]
ROWS = [
    # an ordinary order, postage on it
    ("a", "1", "2026-01-02 10:00", "s", 10.0, 1, False, True),
    ("a", "1", "2026-01-02 10:05", "s", 5.25, 2, False, True),
    ("a", "1", "2026-01-02 10:00", "s", 3.0, 1, False, False),
    # lines of two customers, two stores, two days, past midnight at the month's end, and one who is not known
    ("a", "2", "2026-01-31 23:50", "s", 1.0, 1, False, True),
    ("b", "2", "2026-01-31 23:50", "t", 2.0, 1, False, True),
    ("b", "2", "2026-02-01 00:10", "t", 4.0, None, False, True),
    (None, "2", "2026-01-31 23:50", "s", 8.0, 1, False, True),
    # a return among purchases, and one alone, before the customer ever bought
    ("a", "3", "2026-02-03 09:00", "s", -5.25, -2, True, True),
    ("a", "3", "2026-02-03 09:30", "s", 7.5, 1, False, True),
    ("c", "C4", "2026-01-01 08:00", "s", -2.0, -1, True, True),
    ("c", "5", "2026-02-20 08:00", None, 0.0, 1, False, True),
    ("c", "6", "2026-02-21 08:00", None, 9.0, 1, False, True),
    # sales without a number: of a customer, and of nobody known
    ("a", None, "2026-02-05 12:00", "s", 6.0, 1, False, True),
    (None, None, "2026-02-05 12:00", "s", 6.0, 1, False, True),
]  # fmt: skip


def lines_of(rows):
    frame = pd.DataFrame(rows, columns=COLUMNS).assign(product_id="p", channel="web", discount=None, cost=None)
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"])
    frame["is_purchase"] = frame["is_product"] & ~frame["is_return"] & (frame["amount"] > 0)
    kinds = dict.fromkeys(("customer_id", "order_id", "store_id", "channel", "product_id"), "string")
    kinds |= dict.fromkeys(("amount", "quantity", "discount", "cost"), "float64")
    table = ibis.memtable(frame.astype(dict.fromkeys(("discount", "cost", "quantity"), "float64")), schema={
        "customer_id": "string", "order_id": "string", "ordered_at": "timestamp(6)", "store_id": "string",
        "amount": "float64", "quantity": "float64", "is_return": "boolean", "is_product": "boolean",
        "product_id": "string", "channel": "string", "discount": "float64", "cost": "float64",
        "is_purchase": "boolean",
    })  # fmt: skip
    return table.mutate(**{name: table[name].cast("decimal(18, 4)") for name in ("amount", "quantity")})


@pytest.fixture
def lines():
    return lines_of(ROWS)


@pytest.mark.parametrize("as_of", [date(2026, 2, 1), date(2026, 3, 1), date(2026, 1, 1)])
def test_features_of_orders_and_days_are_those_of_lines(lines, as_of):
    orders, days = as_orders(lines), as_days(lines)
    wanted = [name for name in FEATURES if name != "products"]

    def sorted_of(table):
        return table.to_pandas().sort_values("customer_id", ignore_index=True)

    pd.testing.assert_frame_equal(
        sorted_of(customer_features(orders, as_of, wanted)), sorted_of(customer_features(lines, as_of, wanted))
    )
    for ask in (lambda t: purchase_summary(t, as_of, gaps=True), lambda t: next_purchases(t, as_of, 20)):
        by_lines = sorted_of(ask(lines))
        pd.testing.assert_frame_equal(sorted_of(ask(orders)), by_lines)
        pd.testing.assert_frame_equal(sorted_of(ask(days)), by_lines)


def test_articles_are_not_told_of_orders(lines):
    with pytest.raises(ValueError, match="products"):
        customer_features(as_orders(lines), date(2026, 2, 1))


def test_an_order_is_one_row_where_its_lines_agree(lines):
    orders = as_orders(lines).to_pandas()
    one = orders[orders["order_id"] == "1"].iloc[0]
    assert (one["lines"], one["amount"], one["units"], one["parts"]) == (2, Decimal("15.25"), Decimal(3), 1)
    assert (one["ordered_at"], one["last_at"]) == (pd.Timestamp("2026-01-02 10:00"), pd.Timestamp("2026-01-02 10:05"))
    assert one["first_at"] == one["ordered_at"]
    assert orders.loc[orders["order_id"] == "2", "parts"].tolist() == [4] * 4
    mixed = orders[orders["order_id"] == "3"].iloc[0]
    assert (mixed["amount"], mixed["returned"], mixed["returned_lines"]) == (Decimal("7.5"), Decimal("5.25"), 1)
    assert (mixed["ordered_at"].hour, mixed["ordered_at"].minute, mixed["returned_at"].minute) == (9, 30, 0)
    back = orders[orders["order_id"] == "C4"].iloc[0]
    assert (back["lines"], back["amount"], back["returned"]) == (0, Decimal(0), Decimal(2))
    # the customer bought later: whoever reads first_at asks whether it lies before the date
    assert back["first_at"] == pd.Timestamp("2026-02-21 08:00")


def test_orders_are_counted_as_lines_count_them(lines):
    rows = complete_orders(order_rows(lines))
    counted = rows.group_by("customer_id").agg(orders=count_orders(rows, where=rows.lines > 0)).to_pandas()
    bought = lines.filter(lines.is_purchase)
    by_lines = bought.group_by("customer_id").agg(orders=bought.order_id.nunique()).to_pandas()
    for frame in (counted, by_lines):
        frame["customer_id"] = frame["customer_id"].fillna("nobody")
    pd.testing.assert_frame_equal(*(f.sort_values("customer_id", ignore_index=True) for f in (counted, by_lines)))


def test_costs_come_from_the_products_where_a_line_says_none(lines):
    products = ibis.memtable({"product_id": ["p"], "unit_cost": [2.0]})
    products = products.mutate(unit_cost=products.unit_cost.cast("decimal(18, 4)"))
    orders = complete_orders(order_rows(lines, products)).to_pandas().set_index("order_id")
    assert (orders.loc["1", "cost"], orders.loc["1", "costed"]) == (Decimal(6), Decimal("15.25"))
    # one of the lines does not say how many: its cost is not known
    part = orders.loc["2"].query("customer_id == 'b' and lines_without_units == 1").iloc[0]
    assert part[["cost", "costed"]].isna().all()


def test_days_tell_the_gap_to_the_one_before(lines):
    days = customer_days(as_orders(lines)).to_pandas().sort_values(["customer_id", "day"], ignore_index=True)
    assert days["customer_id"].tolist() == ["a"] * 4 + ["b"] * 2 + ["c"]
    assert days["gap"].astype("Int64").tolist() == [pd.NA, 29, 3, 2, pd.NA, 1, pd.NA]
    # a sale without a number is no order of its own to count by, as for the lines
    assert days["orders"].tolist() == [1, 1, 1, 0, 1, 1, 1]
    assert days["amount"].sum() == Decimal("44.75")


def test_counts_are_whole_numbers_in_a_file(lines, tmp_path):
    orders, days = as_orders(lines), as_days(lines)
    for name, rows in {"orders": orders, "customer_days": days}.items():
        in_columns(rows, DERIVED[name]).to_parquet(tmp_path / "rows.parquet")
        kinds = pq.read_schema(tmp_path / "rows.parquet")
        whole = [column.name for column in DERIVED[name].clean if column.kind == "integer"]
        assert {str(kinds.field(column).type) for column in whole} == {"int64"}
