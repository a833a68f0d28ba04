"""What goes with what: small baskets by hand, the demo's planted pairs found again, and nothing in shuffled baskets."""

from dataclasses import replace
from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.demo.canonical import perfect_tables
from crmlib.demo.chain import simulate
from crmlib.demo.plan import Plan
from crmlib.demo.truth import truth_of
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation import show_affinities, study
from crmlib.segmentation.affinity import pairs as pairs_module
from crmlib.segmentation.affinity.baskets import basket_items
from crmlib.segmentation.affinity.chance import (
    design_effect,
    expected_meetings,
    found_by_chance,
    pulls,
    surplus,
    times_chance,
)
from crmlib.segmentation.affinity.page import finding, gated_pairs, left_out, pair_tables
from crmlib.segmentation.affinity.pairs import affinities

SECTION = SegmentationSection(basket_orders=20)
AS_OF = date(2026, 11, 1)


def rows_of(baskets, days, customers=40):
    """Give one line for each article of each basket, the days in turn."""
    start = pd.Timestamp("2026-01-01")
    return [
        (
            f"k{number % customers:05d}",
            str(number),
            start + pd.Timedelta(days=number % days),
            item,
            1,
            10.0,
            False,
            True,
        )
        for number, items in enumerate(baskets)
        for item in items
    ]


def drawn_baskets(seed, count=3000, articles=40):
    """Draw baskets of very different sizes from articles of very different popularity, without any affinity."""
    rng = np.random.default_rng(seed)
    popular = 1 / np.arange(2, articles + 2)
    sizes = rng.choice([1, 2, 3, 5, 12], count, p=[0.3, 0.3, 0.2, 0.15, 0.05])
    return [
        [f"p{item:02d}" for item in rng.choice(articles, size, replace=False, p=popular / popular.sum())]
        for size in sizes
    ]


def test_baskets_are_orders_and_customer_days_without_order_numbers(lines_of):
    lines = lines_of([
        ("a", "1", "2026-01-02 10:00", "p", 1, 10.0, False, True),
        ("a", "1", "2026-01-02 10:00", "p", 1, 5.0, False, True),
        ("a", "1", "2026-01-02 10:00", "q", 1, 5.0, False, True),
        ("b", None, "2026-01-02 10:00", "p", 1, 5.0, False, True),
        ("b", None, "2026-01-02 17:00", "q", 1, 5.0, False, True),
        (None, None, "2026-01-02 17:00", "q", 1, 5.0, False, True),
        ("b", "R", "2026-01-03 17:00", "q", -1, -5.0, True, True),
        ("a", "2", "2026-11-01 00:00", "q", 1, 5.0, False, True),
    ])  # fmt: skip
    entries = basket_items(lines, AS_OF).to_pandas().sort_values(["basket", "item"])
    assert entries[["basket", "item"]].to_numpy().tolist() == [
        ["1", "p"], ["1", "q"], ["b/2026-01-02", "p"], ["b/2026-01-02", "q"],
    ]  # fmt: skip
    assert entries["money"].astype(float).tolist() == [15.0, 5.0, 5.0, 5.0]
    assert entries["size"].tolist() == [2, 2, 2, 2]


def test_support_confidence_and_lift_by_hand(lines_of):
    baskets = [["p", "q"]] * 60 + [["p", "r"]] * 20 + [["q", "s"]] * 20 + [["r", "s"]] * 90 + [["r"]] * 10
    rng = np.random.default_rng(3)
    found = affinities(lines_of(rows_of([baskets[i] for i in rng.permutation(200)], 100)), date(2026, 4, 11), SECTION)
    assert (found.baskets, found.shared, found.items, found.compared) == (200, 190, 4, 6)
    row = found.pairs.set_index(["first", "second"]).loc[("p", "q")]
    assert row["orders"] == 60
    assert row["support"] == pytest.approx(60 / 200)
    assert row["confidence_first"] == row["confidence_second"] == pytest.approx(60 / 80)
    assert row["lift"] == pytest.approx(60 * 200 / (80 * 80))
    assert row["money"] == 1200.0
    assert row["early"] + row["late"] == 60
    assert found.split == date(2026, 3, 17)
    met = [frozenset(pair) for pair in zip(found.pairs["first"], found.pairs["second"], strict=True)]
    assert len(met) == len(set(met)) == found.found


def test_orders_too_large_to_say_anything_are_left_out_and_told(lines_of, saying):
    large = [f"x{n}" for n in range(60)]
    lines = lines_of(rows_of([["p", "q"]] * 90 + [large], 100))
    found = affinities(lines, date(2026, 4, 11), SECTION.model_copy(update={"largest_basket": 50}))
    assert (found.baskets, found.left_out) == (90, 1)
    assert found.left_out_share == pytest.approx(60 / 240)
    assert ": 1 order with 25\u00a0% of the revenue" in left_out(found, saying)
    assert ": 2 orders with" in left_out(replace(found, left_out=2), saying)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_baskets_of_all_sizes_give_about_no_discovery(lines_of, seed):
    found = affinities(lines_of(rows_of(drawn_baskets(seed), 300)), AS_OF, SECTION)
    assert found.compared > 300
    # at a false discovery rate of 5 % all is chance here: in most draws nothing, a stray pair now and then
    assert found.found <= 1


def test_plain_lift_would_have_been_fooled_by_large_baskets(lines_of):
    lines = lines_of(rows_of(drawn_baskets(1), 300))
    kept = basket_items(lines, AS_OF).to_pandas()
    met = kept.merge(kept, on="basket").query("item_x < item_y").groupby(["item_x", "item_y"]).size()
    orders = kept["item"].value_counts()
    a, b = (orders.reindex(met.index.get_level_values(n)).to_numpy() for n in (0, 1))
    _p, q = found_by_chance(met.to_numpy(), a * b / kept["basket"].nunique(), len(met))
    assert (q < 0.05).sum() > 50


def test_a_planted_pair_stands_out_and_holds_later(lines_of):
    rng = np.random.default_rng(5)
    baskets = [
        [*items, "companion"] if items[0] == "p03" and rng.random() < 0.4 else items for items in drawn_baskets(9, 6000)
    ]
    found = affinities(lines_of(rows_of(baskets, 300, customers=2000)), AS_OF, SECTION)
    best = found.pairs.iloc[0]
    assert {best["first"], best["second"]} == {"p03", "companion"}
    assert best["later_low"] > 1
    assert best["q"] < 1e-6


def test_margins_are_kept_within_every_stratum():
    rng = np.random.default_rng(2)
    met = rng.integers(1, 20, (6, 6))
    met = np.triu(met, 1) + np.triu(met, 1).T
    margins = pd.DataFrame({"code": range(6), "stratum": 7, "partners": met.sum(axis=1)})
    pull = pulls(margins, 6)[:, 0]
    fitted = np.outer(pull, pull)
    np.fill_diagonal(fitted, 0)
    # the fitting stops after a fixed number of rounds
    np.testing.assert_allclose(fitted.sum(axis=1), met.sum(axis=1), rtol=1e-6)
    a, b = np.array([0, 2]), np.array([1, 5])
    np.testing.assert_allclose(expected_meetings(pull[:, None], a, b), fitted[a, b])


def test_meetings_by_chance_by_hand():
    alike = pd.DataFrame({"code": [0, 1, 2], "stratum": 1, "partners": [10.0, 10.0, 10.0]})
    pull = pulls(alike, 3)[:, 0]
    assert pull[0] * pull[1] == pytest.approx(5.0, abs=1e-6)
    strata = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert expected_meetings(strata, np.array([0]), np.array([1])).tolist() == [11.0]
    p, q = found_by_chance(np.array([12, 3]), np.array([3.0, 3.0]), compared=100)
    assert p.round(5).tolist() == [7e-05, 0.57681]
    assert q.round(5).tolist() == [0.00714, 1.0]
    assert design_effect(np.array([20.0, 20.0]), np.array([20.0, 100.0])).tolist() == [1.0, 5.0]
    times = times_chance(np.array([20.0]), np.array([5.0]), np.array([20.0])).round(2)
    assert times.to_dict("records") == [{"times": 4.0, "low": 2.44, "high": 6.18}]
    extra = surplus(pd.Series([100.0]), pd.DataFrame({"times": [4.0], "low": [2.0], "high": [5.0]}))
    assert extra.to_numpy().tolist() == [[75.0, 25.0, 100.0]]


def test_fewer_comparisons_than_pairs_are_refused():
    with pytest.raises(ValueError, match="more than the 1 compared"):
        found_by_chance(np.array([3, 4]), np.array([1.0, 1.0]), 1)


def test_customers_who_repeat_themselves_widen_the_interval():
    twenty, five = np.array([20.0]), np.array([5.0])
    alone = times_chance(twenty, five, np.array([20.0])).iloc[0]
    habit = times_chance(twenty, five, np.array([100.0])).iloc[0]
    assert habit["times"] == alone["times"] == 4
    assert habit["low"] < alone["low"] < alone["high"] < habit["high"]
    never = times_chance(np.array([0.0]), five, np.array([0.0])).iloc[0]
    assert (never["times"], never["low"]) == (0, 0)
    # Garwood's upper limit of a count of none is -ln(0.025)
    assert never["high"] == pytest.approx(3.689 / 5, abs=1e-3)
    assert times_chance(twenty, np.array([0.0]), twenty).isna().all(axis=None)


def test_customers_who_repeat_themselves_are_no_discovery():
    met, expected = np.array([12]), np.array([3.0])
    alone, _q = found_by_chance(met, expected, 1)
    # the exact Poisson tail of 12 or more where 3 are expected
    assert alone[0] == pytest.approx(7.14e-5, rel=1e-2)
    assert found_by_chance(met, expected, 1, np.array([1.0]))[0][0] == alone[0]
    habit, _q = found_by_chance(met, expected, 1, np.array([6.0]))
    # two meetings where a half is expected: 1 - 1.5 exp(-0.5)
    assert habit[0] == pytest.approx(1 - 1.5 * np.exp(-0.5))


def habits_of(seed, customers=60, baskets=40, articles=30):
    """Give baskets of customers who each have favourites of their own, drawn without any affinity of articles."""
    rng = np.random.default_rng(seed)
    rows = []
    for who in range(customers):
        taste = np.minimum(rng.uniform(0.03, 0.08, articles) * rng.gamma(0.2, 5.0, articles), 0.95)
        for number in range(baskets):
            day = pd.Timestamp("2026-01-01") + pd.Timedelta(days=int(rng.integers(0, 300)))
            held = np.flatnonzero(rng.random(articles) < taste)
            rows += [(f"k{who:05d}", f"{who}-{number}", day, f"p{i:02d}", 1, 10.0, False, True) for i in held]
    return rows


def test_favourites_of_few_customers_are_fewer_findings_than_by_counting_baskets(lines_of, monkeypatch):
    lines = lines_of(habits_of(1))
    allowed = affinities(lines, AS_OF, SECTION)
    monkeypatch.setattr(pairs_module, "design_effect", lambda met, _squares: np.ones_like(met))
    plain = affinities(lines, AS_OF, SECTION)
    assert plain.compared == allowed.compared
    assert allowed.found < 0.5 * plain.found


def test_the_planted_pairs_of_the_demo_are_found_again():
    chain = simulate(Plan(seed=11, members=3000))
    planted = truth_of(chain).affinities
    sales = perfect_tables(chain)["transactions"]
    columns = ["customer_id", "order_id", "ordered_at", "product_id", "amount", "is_purchase"]
    found = affinities(ibis.memtable(sales[columns]), chain.plan.as_of, SECTION)
    pairs = found.pairs.assign(
        pair=[frozenset(p) for p in zip(found.pairs["first"], found.pairs["second"], strict=True)]
    )
    wanted = {frozenset(pair) for pair in zip(planted["anchor"], planted["companion"], strict=True)}
    assert wanted <= set(pairs["pair"])
    again = pairs[pairs["pair"].isin(wanted)]
    assert (again["later_low"] > 1).all()
    # what is planted brings most: at most two strangers among the first eight
    assert wanted <= set(pairs["pair"].head(len(wanted) + 2))


def test_the_surplus_is_that_of_the_orders_beyond_chance():
    times = pd.DataFrame({"times": [5.0, 1.2], "low": [3.0, 0.9], "high": [8.0, 1.6]})
    extra = surplus(pd.Series([200.0, 600.0]), times)
    # 200 in five times the orders of chance: 40 each time, four times beyond it; two to seven at the ends
    assert extra.to_numpy().round(9).tolist() == [[160.0, 80.0, 280.0], [100.0, 0.0, 300.0]]


def test_a_pair_of_few_orders_does_not_stand_before_a_solid_one(lines_of):
    baskets = [["solid", "sure"]] * 320 + [["few", "rare"]] * 16
    for item, times in (("solid", 400), ("sure", 400), ("few", 40), ("rare", 40), ("common", 1200)):
        baskets += [[item, f"f{n % 30:02d}"] for n in range(times)]
    baskets = [baskets[n] for n in np.random.default_rng(2).permutation(len(baskets))]
    rows = rows_of(baskets, 300, customers=len(baskets))
    # the few orders are dear, so that their money beyond chance alone would put them first
    dear = {str(n) for n, items in enumerate(baskets) if items == ["few", "rare"]}
    rows = [(*row[:5], 130.0 if row[1] in dear else row[5], *row[6:]) for row in rows]
    pairs = affinities(lines_of(rows), AS_OF, SECTION).pairs
    assert pairs["extra_low"].is_monotonic_decreasing
    assert (pairs["extra_low"] < pairs["extra_money"]).all()
    assert (pairs["extra_money"] < pairs["extra_high"]).all()
    together = [frozenset(pair) for pair in zip(pairs["first"], pairs["second"], strict=True)]
    solid, few = (pairs.iloc[together.index(frozenset(pair))] for pair in (("solid", "sure"), ("few", "rare")))
    assert few["extra_money"] > solid["extra_money"]
    assert few["extra_low"] < solid["extra_low"]


def test_pairs_of_few_customers_or_of_one_who_pays_most_are_not_shown(run_of, lines_of):
    run = run_of(lines_of(rows_of([["p"]] * 20, 30)), AS_OF)
    pairs = pd.concat([pairs_of(customers=[9, 10]), pairs_of(largest=[0.6, 0.5], first=["tea", "egg"])])
    pairs = pairs.reset_index(drop=True)
    assert gated_pairs(pairs, {"jam": "Jam"}, run).frame["pair"].tolist() == ["Jam + bread", "egg + bread"]
    many = gated_pairs(pd.concat([pairs_of()] * 6, ignore_index=True), {}, run)
    assert len(many) == 10
    assert many.frame["customers"].eq(90).all()


def pairs_of(**columns):
    base = {"first": ["tea", "jam"], "second": ["milk", "bread"], "orders": [700, 300], "support": 0.02,
            "confidence_first": [0.774, 0.3], "confidence_second": 0.4, "lift": [1.8, 1.2], "times": [2.0, 1.4],
            "later": [17.6, 1.1], "later_low": [15.1, 0.9], "later_high": [20.3, 1.3], "extra_money": [9000.0, 800.0],
            "extra_low": [8000.0, 700.0], "extra_high": [9900.0, 950.0], "customers": 90, "largest": 0.1}  # fmt: skip
    return pd.DataFrame(base | columns)


@pytest.mark.parametrize(("lift", "small"), [([1.8, 0.6], True), ([1.8, 1.2], False)])
def test_plain_lift_is_folded_with_its_own_words(run_of, lines_of, lift, small):
    run = run_of(lines_of(rows_of([["p"]] * 20, 30)), AS_OF)
    shown = pair_tables(gated_pairs(pairs_of(lift=lift), {}, run), date(2026, 5, 2), run, categories=False)
    open_part, folded = shown.html.split("Support and plain lift")
    assert "ift" not in open_part
    assert "Plain lift takes every order for the same size" in folded
    assert ("bought in small baskets" in folded) == small
    assert "Revenue of the surplus orders" in open_part
    assert "that chance would not have brought; not extra sales" in open_part
    assert "what both articles cost in the orders up to" in open_part
    of_categories = pair_tables(gated_pairs(pairs_of(), {}, run), date(2026, 5, 2), run, categories=True)
    assert "what both categories cost" in of_categories.text + of_categories.html


@pytest.mark.parametrize(("rows", "words"), [(1, "together: the pair with"), (2, "together: the 2 pairs with")])
def test_one_pair_is_told_of_in_the_singular(run_of, lines_of, rows, words):
    run = run_of(lines_of(rows_of([["p"]] * 20, 30)), AS_OF)
    shown = pair_tables(gated_pairs(pairs_of().head(rows), {}, run), date(2026, 5, 2), run, categories=False)
    assert words in shown.text


@pytest.mark.parametrize(
    ("columns", "counts", "words"),
    [
        (
            {},
            {"found": 2},
            (
                "77 % of orders with tea also hold milk. After 2 May 2026 they met 18 times as often (15 "
                "to 20) as by chance in baskets as large.|Of 28 pairs compared, 2 were found up to 2 May "
                "2026; of these, 1 met more often than by chance afterwards too."
            ),
        ),
        (
            {"later_low": [0.5, 0.9]},
            {"found": 30},
            (
                "No pair shown met more often than by chance in the later part too.|Of 28 pairs compared,"
                " 30 were found up to 2 May 2026; of the 2 that stand first, none met more often than by "
                "chance afterwards too."
            ),
        ),
        ({"later_low": [0.5, 0.9]}, {"found": 1}, "|Of 28 pairs compared, 1 was found up to"),
    ],
)
def test_the_finding_in_words(lines_of, saying, columns, counts, words):
    none = affinities(lines_of(rows_of([["p"]] * 20, 30)), AS_OF, SECTION)
    affinity = replace(none, pairs=pairs_of(**columns), compared=28, split=date(2026, 5, 3), **counts)
    said = "|".join(finding(affinity, affinity.pairs, saying)).replace("\u00a0", " ")
    assert said.startswith(words) if words[0] != "|" else words in said


def test_pairs_on_a_page(run_of, lines_of):
    rng = np.random.default_rng(5)
    baskets = [[*i, "<b>x"] if i[0] == "p03" and rng.random() < 0.4 else i for i in drawn_baskets(9, 6000)]
    run = run_of(lines_of(rows_of(baskets, 300, customers=2000)), AS_OF, basket_orders=20)
    shown = show_affinities(study(run), run)
    assert shown.kind == "group"
    assert "&lt;b&gt;x + p03" in shown.html or "p03 + &lt;b&gt;x" in shown.html
    assert "<b>x" not in shown.html
    assert "k000" not in shown.html
    assert "NaN" not in shown.html


def test_a_pair_of_few_customers_is_not_shown(run_of, lines_of):
    rng = np.random.default_rng(5)
    baskets = [[*i, "odd"] if i[0] == "p03" and rng.random() < 0.4 else i for i in drawn_baskets(9, 6000)]
    run = run_of(lines_of(rows_of(baskets, 300, customers=9)), AS_OF, basket_orders=20)
    shown = show_affinities(study(run), run)
    assert shown.kind == "insufficient"
    assert "odd" not in shown.text


@pytest.mark.parametrize("items", [[["p"]], [[None]]])
def test_no_basket_with_two_articles_is_said(run_of, lines_of, items):
    run = run_of(lines_of(rows_of(items * 100, 300)), AS_OF)
    shown = show_affinities(study(run), run)
    assert shown.kind == "insufficient"
    assert "Nothing is said about what is bought together" in shown.text
