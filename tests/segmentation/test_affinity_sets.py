"""Sets of three and four: counted as by hand, found where planted, and not made of pairs that share an item."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from crmlib import segmentation
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.affinity.baskets import codes_of
from crmlib.segmentation.affinity.chance import meetings_tail, times_subsets
from crmlib.segmentation.affinity.page import sets_finding, show_sets
from crmlib.segmentation.affinity.pairs import affinities
from crmlib.segmentation.affinity.sets import joined_candidates
from crmlib.segmentation.affinity.together import COLUMNS, affinities_table

SECTION = SegmentationSection(basket_orders=20)
AS_OF = date(2026, 11, 1)


def rows_of(baskets, days=300, customers=60):
    start = pd.Timestamp("2026-01-01")
    return [
        (f"k{n % customers:05d}", str(n), start + pd.Timedelta(days=n % days), item, 1, 10.0, False, True)
        for n, items in enumerate(baskets)
        for item in sorted(items)
    ]


def background(rng, count, articles=30):
    return [
        {f"p{item:02d}" for item in rng.choice(articles, size, replace=False)}
        for size in rng.choice([1, 2, 3, 4], count, p=[0.3, 0.3, 0.25, 0.15])
    ]


@pytest.fixture(scope="module")
def planted():
    """A set of three, one of four, and a chain of two pairs that share an article without being a set."""
    rng = np.random.default_rng(4)
    baskets = background(rng, 4000)
    fours = ["b1", "b2", "b3", "b4"]
    for basket in baskets:
        draw = rng.random()
        if draw < 0.05:
            basket.update({"a1", "a2", "a3"})
        elif draw < 0.10:
            basket.update(fours)
        elif draw < 0.18:
            basket.update(rng.choice(fours, 2, replace=False))
        elif draw < 0.30:
            basket.update({"c2"} | {item for item in ("c1", "c3") if rng.random() < 0.5})
        elif draw < 0.38:
            basket.add(rng.choice(["a1", "a2", "a3", "c1", "c3"]))
    return baskets


@pytest.fixture(scope="module")
def found(planted):
    import importlib.util
    from pathlib import Path

    place = importlib.util.spec_from_file_location("rows", Path(__file__).with_name("conftest.py"))
    conftest = importlib.util.module_from_spec(place)
    place.loader.exec_module(conftest)
    return affinities(conftest._lines(rows_of(planted)), AS_OF, SECTION)


def items_of(row):
    return {item for item in row[["first", "second", "third", "fourth"]] if isinstance(item, str)}


def test_planted_sets_are_found_and_a_chain_of_pairs_is_not_a_set(found):
    sets = [items_of(row) for _index, row in found.larger.sets.iterrows()]
    assert {"a1", "a2", "a3"} in sets
    assert {"b1", "b2", "b3", "b4"} in sets
    assert not any({"c1", "c3"} <= each for each in sets)
    pairs = [{row.first, row.second} for row in found.pairs.itertuples()]
    assert {"c1", "c2"} in pairs
    assert {"c2", "c3"} in pairs
    # the later quarter holds some fifty of either set: one of the two intervals may still reach 1
    assert found.larger.held >= 1
    assert found.larger.found <= found.larger.compared


def test_every_number_of_a_set_is_what_counting_by_hand_gives(found, planted):
    row = next(row for _index, row in found.larger.sets.iterrows() if items_of(row) == {"a1", "a2", "a3"})
    held = [(n, basket) for n, basket in enumerate(planted) if {"a1", "a2", "a3"} <= basket]
    assert row["orders"] == len(held)
    assert row["support"] == pytest.approx(len(held) / len(planted))
    *others, last = (row[name] for name in ("first", "second", "third"))
    with_others = sum(set(others) <= basket for basket in planted)
    assert row["confidence"] == pytest.approx(len(held) / with_others)
    best = max(len(held) / sum(set(two) <= basket for basket in planted) for two in combinations(["a1", "a2", "a3"], 2))
    assert row["confidence"] == pytest.approx(best)
    assert last not in others
    alone = np.prod([sum(item in basket for basket in planted) / len(planted) for item in ("a1", "a2", "a3")])
    assert row["lift"] == pytest.approx(len(held) / len(planted) / alone)
    assert row["money"] == pytest.approx(30.0 * len(held))
    assert row["customers"] == len({n % 60 for n, _basket in held})


def test_nothing_is_found_where_nothing_is_planted(lines_of):
    rng = np.random.default_rng(8)
    none = affinities(lines_of(rows_of(background(rng, 4000))), AS_OF, SECTION)
    assert none.larger.found == 0
    assert none.larger.sets.empty


def test_candidates_need_every_subset():
    pairs = np.array([[0, 1], [0, 2], [1, 2], [0, 3], [1, 3]])
    assert joined_candidates(pairs).tolist() == [[0, 1, 2], [0, 1, 3]]
    triples = np.array([list(each) for each in combinations(range(4), 3)])
    assert joined_candidates(triples).tolist() == [[0, 1, 2, 3]]
    assert joined_candidates(triples[:3]).tolist() == []
    assert joined_candidates(np.array([[0, 1], [0, 2], [1, 2], [1, 3]])).tolist() == [[0, 1, 2]]
    assert codes_of(3) == ["c1", "c2", "c3"]


def test_the_tail_of_more_meetings_than_expected():
    moments = np.array([12.0]), np.array([5.09]), np.array([0.42])
    assert meetings_tail(np.array([18.0]), *moments).round(4).tolist() == [0.008]


@pytest.mark.parametrize(("whole", "first", "second"), [(100, 30, 40), (400, 60, 50), (60, 12, 10), (2000, 30, 40)])
def test_the_tail_errs_towards_no_finding_beside_the_exact_one(whole, first, second):
    mean = first * second / whole
    variance = mean * (whole - first) * (whole - second) / (whole * (whole - 1))
    met = np.arange(int(mean) + 2, int(mean + 5 * np.sqrt(variance)) + 1)
    exact = distributions.hypergeom.sf(met - 1, whole, first, second)
    third = variance * (whole - 2 * first) * (whole - 2 * second) / (whole * (whole - 2))
    ours = meetings_tail(met.astype(float), *(np.full(len(met), moment) for moment in (mean, variance, third)))
    near = exact > 1e-4
    # three moments of a discrete tail, down to one in ten thousand: never below, at most three times as much
    np.testing.assert_array_less(0.99 * exact[near], ours[near])
    np.testing.assert_array_less(ours[near], 3 * exact[near])


def test_the_later_interval_allows_for_customers_who_repeat_themselves():
    one = times_subsets(np.array([40.0]), np.array([20.0]), np.array([12.0]), np.array([40.0]))
    same = times_subsets(np.array([40.0]), np.array([20.0]), np.array([12.0]), np.array([160.0]))
    assert one.loc[0, "times"] == same.loc[0, "times"] == 2.0
    assert same.loc[0, "high"] - same.loc[0, "low"] > 1.9 * (one.loc[0, "high"] - one.loc[0, "low"])
    unknown = times_subsets(np.array([0.0]), np.array([0.0]), np.array([0.0]), np.array([0.0]))
    assert unknown.isna().all(axis=None)


def test_the_table_for_machines_holds_pairs_and_sets(found):
    table = affinities_table({"article": found})
    assert tuple(table.columns) == COLUMNS
    assert set(table["size"]) == {2, 3, 4}
    assert not table.duplicated(["kind", "size", "place"]).any()
    assert table.loc[table["size"] < 4, "fourth"].isna().all()
    assert affinities_table({}).empty


def test_the_page_the_table_and_the_results(run_of, lines_of, planted):
    run = run_of(lines_of(rows_of(planted)), AS_OF, basket_orders=20)
    shown = segmentation.show_affinities(segmentation.study(run), run)
    assert "b1 + b2 + b3 + b4" in shown.text or "Larger sets" in shown.text
    assert "sold together more than their parts explain in the earlier part" in shown.text
    results = {each.name: each for each in run.results("02_segmentation")}
    assert results["affinity_sets_found"].value >= 2
    assert results["affinity_pairs_found"].value >= results["affinity_pairs_held"].value
    told = shown.text.replace("\u00a0", " ")
    assert run.say("{n:count} were found up to", n=results["affinity_pairs_found"].value) in told
    assert run.say("{n:count} met more often than by chance", n=results["affinity_pairs_held"].value) in told
    assert run.say("{n:count} sold together more", n=results["affinity_sets_found"].value) in told
    assert len(run.frame("affinities")) > 5


def affinity_with(found, low, *, compared=42, number=None):
    """Give an affinity with sets whose later intervals begin so."""
    few = found.larger.sets.head(1)
    sets = pd.concat([few] * len(low), ignore_index=True).assign(later_low=low) if low else few.head(0)
    larger = replace(found.larger, sets=sets, compared=compared, found=len(low) if number is None else number)
    return replace(found, larger=larger)


@pytest.mark.parametrize(
    ("low", "others", "words"),
    [
        ([], {}, "None of the 42 sets of three or four articles sells together more than its parts already explain."),
        (
            [],
            {"compared": 1},
            "of three or four articles compared does not sell together more than its parts already explain.",
        ),
        ([], {"compared": 0}, "No three articles met pairwise often enough to be compared as a set."),
        ([1.1, 0.9, 0.8], {}, "of these, 1 held afterwards: take larger sets as unproven."),
        ([0.9, 0.8], {}, "of these, none held afterwards: take larger sets as unproven."),
        ([1.1, 1.2, 0.8], {}, "more than their parts explain in the earlier part; of these, 2 held afterwards."),
        ([1.1, 1.2], {"number": 70}, "of the 2 that stand first, 2 held afterwards."),
    ],
)
def test_sets_that_do_not_hold_are_called_unproven(found, saying, low, others, words):
    affinity = affinity_with(found, low, **others)
    assert sets_finding(affinity.larger, 1, saying, categories=False).endswith(words)


@pytest.mark.parametrize(("low", "folded"), [([1.1, 0.9, 0.8], True), ([1.1, 1.2, 0.8], False)])
def test_the_table_of_the_few_that_held_is_folded(run_of, lines_of, found, low, folded):
    run = run_of(lines_of(rows_of([{"p"}] * 20)), AS_OF)
    html = show_sets(affinity_with(found, low).larger, {}, run).html
    assert html.count("<table") == 1
    assert ("<table" in html.split("<details")[0]) != folded


def test_sets_stand_in_the_order_of_what_is_sure(found):
    sets = found.larger.sets
    assert sets["extra_low"].is_monotonic_decreasing
    assert (sets["extra_low"] <= sets["extra_money"]).all()
    assert (sets["extra_money"] <= sets["extra_high"]).all()
