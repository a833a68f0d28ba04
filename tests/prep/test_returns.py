"""Returns find the purchase they undo: against a slow implementation, on planted truth, and where there is none."""

from decimal import Decimal

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crmlib.params.cleaning import ReturnsRules
from crmlib.prep.returns import match_returns
from crmlib.prep.staging import stage

PLACE = ("source", "file", "line")
PURCHASE = tuple(f"purchase_{name}" for name in PLACE)


def lines(rows):
    """Make clean lines from ``order, day, customer, product, quantity[, returned order]``; ten apiece."""
    made = []
    for number, (order, day, customer, product, quantity, *undone) in enumerate(rows, start=1):
        made.append({
            "source": "till", "file": "a.csv", "line": number, "order_id": order,
            "ordered_at": pd.Timestamp("2026-01-01") + pd.Timedelta(days=day), "customer_id": customer,
            "product_id": product, "quantity": Decimal(quantity), "amount": Decimal(quantity) * 10,
            "is_return": quantity < 0, "is_product": True, "returned_order_id": undone[0] if undone else None,
        })  # fmt: skip
    return pd.DataFrame(made)


TEXT, NUMBER = pa.string(), pa.decimal128(18, 4)
SCHEMA = pa.schema({
    "source": TEXT, "file": TEXT, "line": pa.int64(), "order_id": TEXT, "ordered_at": pa.timestamp("us"),
    "customer_id": TEXT, "product_id": TEXT, "quantity": NUMBER, "amount": NUMBER, "is_return": pa.bool_(),
    "is_product": pa.bool_(), "returned_order_id": TEXT,
})  # fmt: skip


@pytest.fixture
def match(tmp_path):
    """Give a function that matches the returns of some lines, in any order of theirs."""
    con = ibis.duckdb.connect()
    count = iter(range(1_000))

    def matched(frame, prefix=None):
        folder = tmp_path / str(next(count))
        folder.mkdir()
        table = pa.Table.from_pandas(frame[SCHEMA.names], SCHEMA, preserve_index=False)
        pq.write_table(table, folder / "lines.parquet")
        rows = con.read_parquet(str(folder / "lines.parquet"), table_name="lines")
        found = match_returns(rows, ReturnsRules(order_id_prefix=prefix), lambda e, name: stage(con, e, folder, name))
        return found.to_pandas().sort_values([*PLACE, *PURCHASE], ignore_index=True)

    return matched


def told(found):
    """Write matches as ``return line, purchase line, quantity, how``."""
    rows = found[["line", "purchase_line", "quantity", "matched_by"]].astype(object)
    return [(int(a), None if pd.isna(b) else int(b), int(q), how) for a, b, q, how in rows.itertuples(index=False)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [("1", 0, "a", "x", 2), ("2", 1, "a", "x", 2), ("R", 2, "a", "x", -2)], [(3, 2, 2, "customer")],
            id="the nearest earlier purchase"),
        pytest.param(
            [("1", 0, "a", "x", 5), ("2", 1, "a", "x", 1), ("R", 2, "a", "x", -3)], [(3, 1, 3, "customer")],
            id="the nearest that has enough"),
        pytest.param(
            [("1", 0, "a", "x", 2), ("2", 1, "a", "x", 2), ("R", 2, "a", "x", -3)],
            [(3, 1, 1, "customer"), (3, 2, 2, "customer")], id="several together where none has enough"),
        pytest.param(
            [("1", 0, "a", "x", 2), ("R", 1, "a", "x", -1), ("Q", 2, "a", "x", -2)],
            [(2, 1, 1, "customer"), (3, 1, 1, "customer"), (3, None, 1, "none")], id="no unit is undone twice"),
        pytest.param(
            [("1", 3, "a", "x", 2), ("R", 2, "a", "x", -2)], [(2, None, 2, "none")], id="nothing later is undone"),
        pytest.param(
            [("1", 0, "a", "x", 2), ("2", 1, "a", "x", 2), ("R", 2, "b", "x", -2, "1")], [(3, 1, 2, "order")],
            id="the order it names, whoever brings it"),
        pytest.param(
            [("1", 0, "a", "y", 2), ("2", 1, "a", "x", 2), ("R", 2, "a", "x", -2, "1")], [(3, 2, 2, "customer")],
            id="else by customer, where the named order has no such product"),
        pytest.param(
            [("1", 0, "a", "x", 1), ("2", 1, "a", "x", 2), ("R", 2, "a", "x", -3, "1")],
            [(3, 1, 1, "order"), (3, None, 2, "none")], id="no more than the named order sold"),
        pytest.param(
            [("7", 0, "a", "x", 2), ("8", 1, "a", "x", 2), ("C7", 2, "a", "x", -2)], [(3, 1, 2, "cancelled_order")],
            id="the order behind the prefix"),
        pytest.param(
            [("1", 0, None, "x", 2), ("R", 2, None, "x", -2)], [(2, None, 2, "none")], id="nobody's return"),
        pytest.param(
            [("1", 0, "a", "x", 2), ("R", 2, "b", "x", -2)], [(2, None, 2, "none")], id="another customer's purchase"),
        pytest.param([("1", 0, "a", "x", 2)], [], id="no return"),
    ],
)  # fmt: skip
def test_a_return_undoes(match, rows, expected):
    assert told(match(lines(rows), prefix="C")) == expected


def test_lines_without_a_quantity_are_matched_by_their_money(match):
    frame = lines([("1", 0, "a", "x", 2), ("2", 1, "a", "x", 3), ("R", 2, "a", "x", -1)]).assign(quantity=None)
    found = match(frame)
    assert found[["purchase_line", "quantity", "amount"]].values.tolist() == [[2, Decimal(10), Decimal(10)]]
    assert found["whole_line"].tolist() == [False]


def test_money_of_a_torn_return_adds_up(match):
    frame = lines([("1", 0, "a", "x", 1), ("2", 1, "a", "x", 1), ("R", 2, "a", "x", -3)])
    frame.loc[2, "amount"] = Decimal("-10.0001")
    found = match(frame)
    assert found["amount"].sum() == Decimal("10.0001")
    assert sorted(found["matched_by"]) == ["customer", "customer", "none"]


def random_lines(seed, size=260):
    """Make a crowded shop: few customers and products, many returns at equal times."""
    dice = np.random.default_rng(seed)
    rows = []
    for number in range(size):
        back = dice.random() < 0.4
        undone = [str(dice.integers(number + 1))] if back and dice.random() < 0.4 else []
        order = f"C{dice.integers(number + 1)}" if back else str(number)
        quantity = int(dice.choice([1, 1, 2, 3, 6, 12]))
        customer = "abc"[dice.integers(3)] if dice.random() < 0.9 else None
        product = "xyz"[dice.integers(3)]
        rows.append((order, int(dice.integers(40)), customer, product, -quantity if back else quantity, *undone))
    return lines(rows)


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_would_be_done_by_hand(match, by_hand, seed):
    frame = random_lines(seed)
    assert by_hand.told(match(frame, prefix="C")) == by_hand.matched(frame, prefix="C")


def test_the_order_of_the_lines_does_not_matter(match):
    frame = random_lines(11)
    first = match(frame, prefix="C")
    pd.testing.assert_frame_equal(match(frame.sample(frac=1, random_state=3), prefix="C"), first)


def test_no_unit_is_undone_twice_and_every_return_is_told_of_whole(match):
    frame = random_lines(12)
    found = match(frame, prefix="C")
    undone = found.dropna(subset=["purchase_line"]).groupby("purchase_line")["quantity"].sum()
    sold = frame.set_index("line")["quantity"]
    assert (undone <= sold.reindex(undone.index)).all()
    back = frame[frame["is_return"]].set_index("line")
    assert found.groupby("line")["quantity"].sum().to_dict() == (-back["quantity"]).to_dict()
    assert found.groupby("line")["amount"].sum().to_dict() == (-back["amount"]).to_dict()


def test_an_earlier_reader_would_have_found_the_same(match):
    frame = random_lines(13).assign(returned_order_id=None)
    day = pd.Timestamp("2026-01-20")
    later = match(frame)
    earlier = match(frame[frame["ordered_at"] < day])
    pd.testing.assert_frame_equal(later[later["returned_at"] < day].reset_index(drop=True), earlier)
