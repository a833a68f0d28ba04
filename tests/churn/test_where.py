"""Groups that stand apart are found, and where all are alike none is."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.who import where
from crmlib.churn.who.where import COLUMNS, compare_groups, more_of_customers, more_than_others
from crmlib.stats.parts import compare_parts
from crmlib.workspace import open_run

PARAMS = """
series: groups
title: Groups
as_of: 2026-01-01
currency: EUR
sources:
  transactions: {path: none.csv, columns: {ordered_at: at, amount: amount}}
  customers: {path: none.csv, columns: {customer_id: id}}
  products: {path: none.csv, columns: {product_id: id}}
"""


def customers(seed, odds=(0.4, 0.4, 0.4, 0.4)):
    """Draw 4,000 active customers of four stores, of each a share likely to leave, and of segments that say nothing."""
    rng = np.random.default_rng(seed)
    store = rng.integers(0, 4, 4_000)
    likely = rng.random(4_000) < np.array(odds)[store]
    return pd.DataFrame({
        "main_store": np.char.add("S", store.astype(str)),
        "segment": rng.choice(list("abcdefgh"), 4_000),
        "main_channel": None,
        "likely": likely,
        "churn_probability": np.where(likely, 0.8, 0.2),
        "usual_spend": 10.0,
        "value_ahead": rng.lognormal(3, 1, 4_000),
    })  # fmt: skip


def test_a_store_whose_dearest_leave_is_found_by_value_alone():
    shop = customers(4)
    dear = shop["value_ahead"] > shop["value_ahead"].median()
    inside = (shop["main_store"] == "S1").to_numpy()
    rng = np.random.default_rng(5)
    # as many leavers as elsewhere, but of the dearer half 60 % and of the other 20 %
    shop.loc[inside, "likely"] = rng.random(inside.sum()) < np.where(dear[inside], 0.6, 0.2)
    groups = compare_groups(shop, 1)
    more = more_than_others(groups).set_axis(groups["name"])
    assert more.loc["S1"].to_list() == [False, True]
    assert more.drop("S1").to_numpy().sum() == 0
    row = groups.set_index("name").loc["S1"]
    own, likely = shop["value_ahead"][inside], shop["likely"][inside]
    assert row["part"] == pytest.approx(own[likely].sum() / own.sum())


def test_the_store_with_more_leaving_is_found_and_stands_first():
    groups = compare_groups(customers(1, odds=(0.4, 0.4, 0.5, 0.4)), 1)
    found = groups[groups["q"] < 0.05]
    assert found["name"].iloc[0] == "S2"
    assert set(found["kind"]) == {"main_store"}
    first = groups.iloc[0]
    assert (first["customers"] + first["other_customers"], first["kind"]) == (4_000, "main_store")
    leavers = first["likely"]
    assert first["at_risk"] == pytest.approx(10 * (0.8 * leavers + 0.2 * (first["customers"] - leavers)))


def test_where_all_are_alike_hardly_anything_is_found(monkeypatch):
    # of value see the test of parts: dealt out anew 2,000 times in each of 40 shops it would take long
    monkeypatch.setattr(where, "compare_parts", partial(compare_parts, draws=19))
    # of 40 families of 12 groups, at most one in twenty has a false discovery: 6 or more of 40 is beyond 97 in 100
    wrong = sum((compare_groups(customers(seed), seed)["q"] < 0.05).any() for seed in range(40))
    assert wrong < 6


def test_a_group_too_small_to_test_is_not_tested():
    few = customers(2)
    few.loc[few.index[:3], "main_store"] = "tiny"
    groups = compare_groups(few, 1).set_index("name")
    assert np.isnan(groups.loc["tiny", "q"])
    assert groups.loc["S0", "q"] > 0


def test_without_groups_there_is_nothing_to_compare():
    alike = customers(3).assign(main_store="S0", segment=None)
    assert compare_groups(alike, 1).empty
    assert tuple(compare_groups(alike, 1).columns) == COLUMNS


def test_a_tier_counts_from_the_day_it_was_known_and_the_main_category_is_that_of_most_orders(tmp_path, as_lines):
    (tmp_path / "groups.yaml").write_text(PARAMS)
    run = open_run(tmp_path / "groups.yaml", run_dir=tmp_path / "run")
    (clean := run.run_dir / "clean").mkdir(parents=True)
    bought = [("a", "p"), ("a", "q"), ("a", "q"), ("b", "p"), ("c", "none")]
    orders = pd.DataFrame({"customer_id": [who for who, _what in bought], "ordered_at": "2025-11-05", "amount": 9.0})
    lines = as_lines(orders).to_pandas().assign(product_id=[what for _who, what in bought])
    later = {"customer_id": "b", "order_id": "9", "ordered_at": pd.Timestamp("2026-01-02"), "product_id": "q"}
    lines = pd.concat([lines, pd.DataFrame([lines.iloc[3].to_dict() | later])], ignore_index=True)
    lines.to_parquet(clean / "transactions.parquet")
    products = pd.DataFrame({"product_id": ["p", "q"], "category": ["Tea", "Toys"], "unit_cost": [1.0, 1.0]})
    products.to_parquet(clean / "products.parquet")
    known = pd.to_datetime(["2025-12-01", "2026-01-05", None])
    members = pd.DataFrame({"customer_id": ["a", "b", "c"], "tier": ["gold", "silver", "gold"], "known_at": known})
    members.to_parquet(clean / "customers.parquet")
    found = more_of_customers(run).set_index("customer_id")
    assert found["tier"].dropna().to_dict() == {"a": "gold"}
    assert found["category"].to_dict() == {"a": "Toys", "b": "Tea"}
