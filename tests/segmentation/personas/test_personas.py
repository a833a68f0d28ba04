"""Personas: indices with honest intervals, chance held back, and nobody to be seen."""

import re
from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.personas.dimensions import described
from crmlib.segmentation.personas.index import segment_counts, segment_indices
from crmlib.segmentation.personas.shown import show_personas

PSEUDONYM = re.compile(r"\b(k\d{5}|c[0-9a-f]{16})\b")


def simulated_rows(rng, share_a=0.3, share_b=0.3, customers=400, orders=6):
    """Give rows of customer, order and value for two segments; customers have shares of their own."""
    own = rng.beta(4, 4 * (1 / np.where(np.arange(customers) % 2 == 0, share_a, share_b) - 1))
    number = rng.poisson(orders, customers) + 1
    who = np.repeat(np.arange(customers), number)
    yes = rng.random(len(who)) < own[who]
    rows = pd.DataFrame({
        "dimension": "channel", "customer_id": [f"k{n:05d}" for n in who],
        "unit": [str(n) for n in range(len(who))], "value": np.where(yes, "web", "store"),
    })  # fmt: skip
    groups = pd.DataFrame({
        "customer_id": [f"k{n:05d}" for n in range(customers)],
        "segment": np.where(np.arange(customers) % 2 == 0, "A", "B"),
    })  # fmt: skip
    return rows, groups


def indices(rows, groups):
    return segment_indices(segment_counts(ibis.memtable(rows), groups)).set_index(["value", "segment"])


def many_indices(replications, rng, *shares):
    """Compare many simulated shops in one go, each a dimension of its own."""
    drawn = [simulated_rows(rng, *shares) for _replication in range(replications)]
    rows = pd.concat([rows.assign(dimension=f"d{n:03d}") for n, (rows, _groups) in enumerate(drawn)])
    counted = segment_counts(ibis.memtable(rows), drawn[0][1])
    return [segment_indices(part) for _dimension, part in counted.groupby("dimension")]


def test_counts_and_index_by_hand():
    rows = pd.DataFrame({
        "dimension": "channel", "customer_id": [f"k{n // 2:05d}" for n in range(200)],
        "unit": [str(n) for n in range(200)], "value": ["web" if n < 120 else "store" for n in range(200)],
    })  # fmt: skip
    groups = pd.DataFrame({"customer_id": [f"k{n:05d}" for n in range(100)], "segment": ["A"] * 50 + ["B"] * 50})
    found = indices(rows, groups)
    assert found.loc[("web", "A"), "share"] == 1.0
    assert found.loc[("web", "A"), "share_all"] == 0.6
    assert found.loc[("web", "A"), "index"] == pytest.approx(100 / 0.6)
    assert found.loc[("web", "B"), "people"] == 10
    assert found.loc[("store", "A"), "people"] == 0
    assert np.isnan(found.loc[("store", "A"), "index"])


def test_intervals_cover_the_true_ratio():
    truth = 100 * 0.45 / ((0.45 + 0.25) / 2)
    shops = many_indices(150, np.random.default_rng(4), 0.45, 0.25)
    rows = pd.concat([shop[(shop["value"] == "web") & (shop["segment"] == "A")] for shop in shops])
    # 150 replications: two in a thousand of a 95 % interval lie below 0.89
    assert ((rows["low"] <= truth) & (truth <= rows["high"])).mean() >= 0.89


def test_chance_is_held_back():
    false = sum(shop["found"].any() for shop in many_indices(100, np.random.default_rng(5)))
    # without any difference a finding is expected in at most one case of twenty; more than 12 of 100 is one in 1,000
    assert false <= 12


def test_an_attribute_is_counted_by_customer(shop):
    customers = ibis.memtable(pd.DataFrame({
        "customer_id": ["a", "b", "c"], "gender": ["f", "m", None], "birth_year": [1990, 2030, 1900],
        "city": ["x", "x", "y"], "tier": ["gold", "gold", None],
        "joined_at": pd.to_datetime(["2025-12-20", "2024-01-01", "2027-01-01"]),
    }))  # fmt: skip
    rows = described(shop, date(2026, 4, 1), {"customers": customers}).to_pandas()
    known = rows[rows["customer_id"] == "a"].set_index("dimension")["value"]
    assert known["age"] == "35-44"
    assert known["tenure"] == "<6"
    # a year of birth that cannot be true and a date in the future say nothing
    assert set(rows.loc[rows["dimension"] == "age", "customer_id"]) == {"a"}
    assert "c" not in set(rows.loc[rows["dimension"] == "tenure", "customer_id"])
    assert not rows.duplicated().any()


def test_orders_are_counted_once_whatever_is_in_them(shop):
    rows = described(shop, date(2026, 4, 1), {}).to_pandas()
    morning = rows[(rows["dimension"] == "daypart") & (rows["customer_id"] == "a")]
    assert sorted(morning["unit"]) == ["1", "2", "3"]
    assert set(rows["dimension"]) == {"daypart", "promotion", "weekday"}


def run_and_base(run_of, simulated_lines):
    lines, as_of = simulated_lines
    number = lines.customer_id.substr(1).cast("int64")
    marked = lines.mutate(channel=ibis.ifelse(number % 2 == 0, ibis.literal("web"), ibis.literal("<b>store")))
    run = run_of(marked, as_of)
    who = run.table("transactions").select("customer_id").distinct().to_pandas()["customer_id"].sort_values()
    even = who.str[1:].astype(int) % 2 == 0
    base = pd.DataFrame({"customer_id": who, "segment": np.where(even, "champions", "hibernating")})
    return run, CustomerBase(base, pd.DataFrame(), None, None, None)


def test_cards_of_the_named_segments(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    shown = show_personas(base, run.table("transactions"), run)
    assert "Champions: Channel web" in shown.text
    assert "&lt;b&gt;store" in shown.html
    assert not PSEUDONYM.search(shown.html)
    assert shown.html == show_personas(base, run.table("transactions"), run).html


def test_found_segments_come_first(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    table = base.now[["customer_id"]].assign(
        found_segment="A", found_name=np.where(base.now["segment"] == "champions", "A: online", "B: offline")
    )
    run.write("found_segments", table, by=["customer_id"])
    assert "A: online: Channel web" in show_personas(base, run.table("transactions"), run).text


def test_one_segment_or_no_difference_has_no_persona(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    one = CustomerBase(base.now.assign(segment="new"), pd.DataFrame(), None, None, None)
    assert show_personas(one, run.table("transactions"), run).kind == "insufficient"
    rng = np.random.default_rng(1)
    lots = base.now.assign(segment=rng.choice(["champions", "new"], len(base.now)))
    drawn = show_personas(CustomerBase(lots, pd.DataFrame(), None, None, None), run.table("transactions"), run)
    assert drawn.kind == "insufficient"
    assert "not chance" in drawn.text
