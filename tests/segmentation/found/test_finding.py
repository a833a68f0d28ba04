"""Segments from the lines to the page: kept from month to month, the same twice, and planted ones found again."""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from crmlib import segmentation
from crmlib.demo.canonical import perfect_tables
from crmlib.demo.chain import simulate
from crmlib.demo.plan import Plan
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.found.advice import advice
from crmlib.segmentation.found.behaviour import behaviour
from crmlib.segmentation.found.finding import FILE, choosers, found_segments, look, read_segments
from crmlib.segmentation.found.naming import Mark, segment_name
from crmlib.segmentation.found.page import what_was_found
from crmlib.segmentation.found.partitions import WARD
from crmlib.segmentation.found.profile import sizes, sizes_shown
from crmlib.segmentation.found.proof import afterwards

PSEUDONYM = re.compile(r"\b(k\d{5}|c[0-9a-f]{16})\b")
AS_OF = date(2026, 6, 1)
FEW = {"found": {"groups": (2, 4)}}


def two_kinds(alike=False, customers=500, seed=4):
    """Give the lines of a shop with two kinds of customers, small ones by day and large ones at night, or one kind."""
    rng = np.random.default_rng(seed)
    rows, order = [], 0
    for number in range(customers):
        large = number % 2 == 0 and not alike
        for day in np.sort(rng.choice(360, size=10 if large else 5, replace=False)):
            at = pd.Timestamp("2025-06-01") + pd.Timedelta(
                days=int(day), hours=23 if large else int(rng.integers(9, 21))
            )
            for line in range(4 if large else 1 + int(rng.integers(0, 3))):
                money = float(np.round(np.exp(rng.normal(4.5 if large else 3.0, 0.3)), 2))
                rows.append((f"k{number:05d}", str(order), at, f"p{(order + line) % 5}", 1, money, False, True))
            order += 1
    return rows


@pytest.fixture(scope="module")
def kinds_run(tmp_path_factory, lines_of_session, run_in):
    return run_in(tmp_path_factory.mktemp("kinds"), lines_of_session(two_kinds()), AS_OF, **FEW)


@pytest.fixture(scope="module")
def lines_of_session():
    from importlib.util import module_from_spec, spec_from_file_location
    from pathlib import Path

    spec = spec_from_file_location("lines", Path(__file__).parents[1] / "conftest.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module._lines


def page_of(run, found=None):
    """Show the segments found in a run: these, or those looked for now."""
    study = segmentation.study(run)
    if found is not None:
        study.found_segments = found
    return segmentation.show_found_segments(study, run)


@pytest.fixture(scope="module")
def found(kinds_run):
    return found_segments(kinds_run.table("transactions"), kinds_run)


def test_planted_kinds_are_found_named_and_proven(found):
    large = found.customers["customer_id"].str[1:].astype(int) % 2 == 0
    share = large.groupby(found.customers["found_segment"]).mean()
    # a kind may be divided further, but no segment mixes the two
    assert 2 <= len(share) <= 3
    assert ((share < 0.03) | (share > 0.97)).all()
    names = " ".join(found.customers["found_name"].unique())
    assert re.search("large orders|full baskets|frequent|night", names)
    assert found.segments.cutoff == AS_OF - timedelta(days=found.horizon_days)
    # customers who choose are no proof
    assert found.proof.customers == (~choosers(found.customers["customer_id"])).sum()
    assert found.proof.row("spend", "found")["low"] > 0


def test_what_is_kept_gives_the_same_answer(kinds_run, found):
    again = found_segments(kinds_run.table("transactions"), kinds_run)
    assert again.segments == found.segments
    pd.testing.assert_frame_equal(again.customers, found.customers)
    pd.testing.assert_frame_equal(again.proof.table, found.proof.table)


def test_the_page_and_the_table_are_the_same_twice(kinds_run):
    first = page_of(kinds_run)
    written = (kinds_run.run_dir / "tables" / "found_segments.parquet").read_bytes()
    (kinds_run.state_dir / FILE).unlink()
    second = page_of(kinds_run)
    assert second.html == first.html
    assert (kinds_run.run_dir / "tables" / "found_segments.parquet").read_bytes() == written
    assert not PSEUDONYM.search(first.html)
    assert "NaN" not in first.html
    table = kinds_run.frame("found_segments")
    assert list(table.columns) == ["customer_id", "found_segment", "found_name", "proven"]
    assert table["proven"].all()
    assert table["customer_id"].is_monotonic_increasing


def test_segments_without_a_proof_are_not_sold(kinds_run, found, monkeypatch):
    monkeypatch.setattr("crmlib.segmentation.found.proof.Proof.ahead_of_rfm", [])
    shown = page_of(kinds_run, found)
    first, second = shown.text.splitlines()[:2]
    assert "Keep to the named segments" in first
    assert second.startswith("The groups that were found")
    assert "<table" not in shown.html.split("<details", 1)[0]
    assert not kinds_run.frame("found_segments")["proven"].any()


def test_shares_of_revenue_have_intervals_and_add_up(found):
    profile = sizes(found.customers)
    assert profile["spend_share"].sum() == pytest.approx(1)
    assert (profile["spend_low"] < profile["spend_share"]).all()
    assert (profile["spend_share"] < profile["spend_high"]).all()


def test_the_largest_segment_of_today_stands_first(found, kinds_run):
    sizes_now = found.customers["found_name"].value_counts()
    shown = page_of(kinds_run, found)
    rows = [line for line in shown.text.splitlines() if line.split(" | ")[0] in set(sizes_now.index)]
    numbers = [int(row.split(" | ")[1].replace(",", "")) for row in rows]
    assert numbers == sorted(numbers, reverse=True)
    # a hidden number gives nothing away by its place
    known = dict.fromkeys(["orders", "order_value", "days_since_last"], 9.0)
    known |= dict.fromkeys(["spend_share", "spend_low", "spend_high", "largest"], 0.1)
    profile = pd.DataFrame({"found_name": list("ABCD"), "customers": [4, 20, 30, 25]}).assign(**known)
    gated = sizes_shown(SimpleNamespace(sizes=profile), kinds_run).data["table"]
    assert gated.frame["found_name"].tolist() == ["C", "D", "A", "B"]
    assert gated.frame["customers"].isna().tolist() == [False, False, True, True]


def test_what_to_use_them_for_comes_first_and_the_numbers_are_folded(kinds_run, found):
    html = page_of(kinds_run, found).html
    before, numbers = html.split("What each explains, in numbers")
    assert advice(found.proof, kinds_run) in unescape(before.split("<details", 1)[0])
    assert "of the differences between customers" not in before
    assert "of the differences between customers" in numbers
    assert "RFM" not in before


def test_jargon_stays_in_the_folded_part(kinds_run, found):
    html = page_of(kinds_run, found).html
    before, method = html.split("How they were looked for")
    assert not re.search("Gaussian|Rand index|silhouette|k-means|resamples", before)
    assert "adjusted Rand index" in method


def test_segments_hold_still_in_the_next_month(tmp_path, lines_of, run_in):
    rows = two_kinds()
    run = run_in(tmp_path, lines_of(rows), date(2026, 5, 1), **FEW)
    first = found_segments(run.table("transactions"), run)
    (tmp_path / "later").mkdir()
    moved = run_in(tmp_path / "later", lines_of(rows), AS_OF, **FEW)
    (moved.state_dir / FILE).write_bytes((run.state_dir / FILE).read_bytes())
    later = found_segments(moved.table("transactions"), moved)
    assert later.segments == first.segments
    assert later.proof_from > first.segments.cutoff


def test_segments_of_the_future_are_neither_used_nor_lost(tmp_path, lines_of, run_in, kinds_run, found):
    run = run_in(tmp_path, lines_of(two_kinds()), date(2026, 4, 1), **FEW)
    file = run.state_dir / FILE
    file.write_bytes((kinds_run.state_dir / FILE).read_bytes())
    earlier = found_segments(run.table("transactions"), run)
    assert earlier.segments.cutoff < found.segments.cutoff
    assert read_segments(file) == found.segments


def test_other_rules_set_the_segments_anew(tmp_path, lines_of, run_in, kinds_run, found):
    run = run_in(tmp_path, lines_of(two_kinds()), AS_OF, found={**FEW["found"], "smallest": 0.05})
    file = run.state_dir / FILE
    file.write_bytes((kinds_run.state_dir / FILE).read_bytes())
    found_segments(run.table("transactions"), run)
    assert read_segments(file).settings["rules"]["smallest"] == 0.05
    assert found.segments.settings["rules"]["smallest"] == 0.03


def test_mixed_types_reach_the_page_too(tmp_path, lines_of, run_in, monkeypatch):
    monkeypatch.setattr("crmlib.segmentation.found.choosing.METHODS", (WARD,))
    run = run_in(tmp_path, lines_of(two_kinds()), AS_OF, **FEW)
    found = found_segments(run.table("transactions"), run)
    assert found.segments.choice.partition.method == WARD
    assert read_segments(run.state_dir / FILE) == found.segments
    shown = page_of(run, found)
    assert "main value of each customer" in shown.text
    assert "Ward's tree" in shown.text
    assert "NaN" not in shown.html


def test_customers_of_one_kind_have_no_segments(tmp_path, lines_of, run_in):
    run = run_in(tmp_path, lines_of(two_kinds(alike=True)), AS_OF, **FEW)
    found = found_segments(run.table("transactions"), run)
    shown = page_of(run, found)
    assert found.segments.groups == 1
    assert found.proof is None
    assert "No stable segments" in shown.text
    assert run.frame("found_segments").empty
    with pytest.raises(ValueError, match="no stable segments"):
        found.segments.assign(found.seen)


def test_too_few_customers(tmp_path, lines_of, run_in):
    run = run_in(tmp_path, lines_of(two_kinds(customers=60)), AS_OF)
    shown = page_of(run)
    assert shown.kind == "insufficient"
    assert run.frame("found_segments").empty


def test_nothing_after_the_cutoff_forms_the_segments(lines_of):
    rows = two_kinds(customers=300)
    late = [(*row[:2], pd.Timestamp("2026-05-30"), *row[3:]) for row in rows[:200]]
    before = behaviour(lines_of(rows), date(2026, 3, 1))
    with_later = behaviour(lines_of([*rows, *late]), date(2026, 3, 1))
    pd.testing.assert_frame_equal(before.customers, with_later.customers)


def test_the_planted_segments_of_the_demo_are_found_again():
    chain = simulate(Plan(seed=11, members=3000))
    tables = perfect_tables(chain)
    cutoff = chain.plan.as_of - timedelta(days=90)
    columns = ["customer_id", "order_id", "ordered_at", "product_id", "quantity", "amount", "discount", "channel",
               "store_id", "payment_method", "promotion_id", "is_purchase"]  # fmt: skip
    lines = ibis.memtable(tables["transactions"][columns])
    products = ibis.memtable(tables["products"][["product_id", "category", "brand"]])
    earlier = behaviour(lines, cutoff, products)
    later = afterwards(lines, earlier.customers["customer_id"], cutoff, 90, products)
    segments = look(earlier, later, cutoff, SegmentationSection(), {})
    planted = pd.Series(chain.people["segment"].to_numpy(), index=tables["customers"]["customer_id"])
    known = earlier.customers["orders"].to_numpy() >= 5
    truth = planted.reindex(earlier.customers["customer_id"]).to_numpy(float)
    known &= ~np.isnan(truth)
    # five planted kinds that overlap; 0 is chance. Whoever bought less than five times shows too little of theirs
    assert adjusted_rand_score(segments.assign(earlier)[known], truth[known].astype(int)) > 0.3
    dropped = {feature.name: feature.dropped for feature in segments.recipe.features}
    # nothing planted makes customers differ in how they pay or on which days
    assert dropped["payment_method: card"] == dropped["weekend"] == "chance"


def test_products_without_categories_are_no_part(lines_of_session):
    lines = lines_of_session(two_kinds(customers=20))
    products = ibis.memtable(pd.DataFrame({"product_id": ["p0", "p1"]})).mutate(
        category=ibis.null("string"), brand=ibis.null("string")
    )  # fmt: skip
    seen = behaviour(lines, AS_OF, products)
    assert "category" not in seen.parts
    assert seen.mains().nominal


def test_a_group_without_a_customer_today_is_told_of(kinds_run, found, monkeypatch):
    assert "no customer today" not in what_was_found(found, kinds_run)
    left = replace(found, customers=found.customers[found.customers["found_segment"] == "A"])
    empty = found.segments.groups - 1
    assert f"{empty} of them ha" in what_was_found(left, kinds_run)
    monkeypatch.setattr("crmlib.segmentation.found.proof.Proof.ahead_of_rfm", [])
    assert "they tell nothing of the" in what_was_found(left, kinds_run)
    assert "no customer today" in what_was_found(left, kinds_run)


@pytest.mark.parametrize(
    ("group", "named", "words"),
    [
        (1, (Mark("channel: web", above=True, deviations=1.2), Mark("order_value", above=False, deviations=-0.6)),
         "B: web, small orders"),
        (0, (), "A: like all customers"),
    ],
)  # fmt: skip
def test_a_segment_is_named_after_what_sets_it_apart(group, named, words):
    assert segment_name(group, named) == words


def test_one_customer_in_three_chooses():
    assert choosers(pd.Series([f"k{n}" for n in range(3000)])).mean() == pytest.approx(1 / 3, abs=0.04)
