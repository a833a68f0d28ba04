"""Personas: indices with honest intervals, chance held back, and nobody to be seen."""

import re
from datetime import date
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib import segmentation
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.personas.cards import (
    ON_A_CARD,
    alike,
    comparisons,
    covered,
    on_a_card,
    persona_label,
    reading,
    show_personas,
)
from crmlib.segmentation.personas.comparison import (
    FOUND,
    NAMED,
    persona_groups,
    ratio_indices,
    segment_counts,
    segment_indices,
    telling,
    with_rounded_people,
)
from crmlib.segmentation.personas.dimensions import described

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
    nobody = found.loc[("store", "A")]
    assert (nobody["index"], nobody["low"]) == (0.0, 0.0)
    # 100 orders, of which 40 were to be expected, two of one customer being worth one
    assert nobody["high"] == pytest.approx(100 * 3.6889 / 20, rel=1e-4)
    assert nobody["p"] == pytest.approx(2 * np.exp(-20))
    assert nobody["found"]


def test_none_of_few_orders_is_no_finding():
    yes = pd.Series([40.0, 0.0, 960.0, 10.0])
    whole = pd.Series([1000.0, 10.0] * 2)
    counted = pd.DataFrame({
        "dimension": "channel", "value": ["web", "web", "store", "store"], "segment": list("ABAB"), "units": yes,
        "squares": yes, "products": yes, "people": yes, "all_units": whole, "all_squares": whole, "customers": whole,
    })  # fmt: skip
    web = segment_indices(counted).set_index(["value", "segment"]).loc[("web", "B")]
    # 0.4 orders were expected
    assert web["p"] == 1.0
    assert not web["found"]


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


def test_equal_prices_are_of_the_same_level(lines_of):
    prices = {"a": 1, "b": 5, "c": 5, "d": 5, "e": 9, "f": 9, "g": 2}
    rows = [(f"k{p}", p, "2026-01-02", p, 3, 3.0 * price, False, True) for p, price in prices.items()]
    rows += [(f"k{p}", p, "2026-01-02", p, 1, 7.0, False, True) for p in "xyz"]
    kinds = {p: "one price" if p in "xyz" else "tea" for p in [*prices, *"xyz"]}
    products = pd.DataFrame({"product_id": list(kinds), "category": list(kinds.values())}).assign(brand="b")
    described_rows = described(lines_of(rows), date(2026, 2, 1), {"products": ibis.memtable(products)}).to_pandas()
    level = described_rows[described_rows["dimension"] == "price_level"].set_index("unit")["value"].to_dict()
    assert level == {
        "a": "low", "g": "low", "b": "middle", "c": "middle", "d": "middle", "e": "high", "f": "high",
        "x": "middle", "y": "middle", "z": "middle",
    }  # fmt: skip


@pytest.mark.parametrize("tiers", [True, False])
def test_how_a_card_is_read_and_whose_tier_it_is(tiers):
    said = reading(tiers=tiers)
    assert "index 100 is as all customers" in said
    assert ("tier is the one of the extract" in said) == tiers


@pytest.mark.parametrize(("found", "words"), [(40, "40 show a difference"), (1, "1 shows a difference")])
def test_it_is_said_what_chance_may_do(run_of, shop, found, words):
    compared = pd.DataFrame({"found": [True] * found + [False] * (100 - found)})
    said = comparisons(1, compared, run_of(shop, date(2026, 4, 1)))
    assert f"Of 100 comparisons {words} (about 5 % of these may be chance), 1 surely" in said


def test_two_ways_of_grouping_are_counted_in_one_pass():
    rows, groups = simulated_rows(np.random.default_rng(1), 0.5, 0.2)
    other = groups.assign(segment=np.where(np.arange(len(groups)) < 150, "X", "Y"))
    both = pd.concat([groups.assign(kind=NAMED), other.assign(kind=FOUND)])
    counted = segment_counts(ibis.memtable(rows), both)
    for kind, each in ((NAMED, groups), (FOUND, other)):
        part = counted[counted["kind"] == kind].drop(columns="kind").reset_index(drop=True)
        pd.testing.assert_frame_equal(part, segment_counts(ibis.memtable(rows), each))


def test_a_mean_is_compared_by_the_same_ratio():
    rng = np.random.default_rng(6)
    truth, covered_by = 100 * 60 / 45, 0
    for _replication in range(200):
        spend = [rng.gamma(2, mean / 2, 150) for mean in (60, 30)]
        frame = pd.DataFrame({
            "dimension": "", "value": "spend", "segment": ["A", "B"], "units": [each.sum() for each in spend],
            "squares": [(each**2).sum() for each in spend], "products": [each.sum() for each in spend],
            "people": 150.0, "all_units": 150.0, "all_squares": 150.0, "customers": 150.0,
        })  # fmt: skip
        row = ratio_indices(frame).iloc[0]
        covered_by += row["low"] <= truth <= row["high"]
    # 200 replications of a 95 % interval: two in a thousand lie below 0.90
    assert covered_by / 200 >= 0.90


def run_and_base(run_of, simulated_lines, columns=("channel",)):
    """Give a run in which even and odd customers differ in these columns, and the customers named by it."""
    lines, as_of = simulated_lines
    number = lines.customer_id.substr(1).cast("int64")
    halves = ibis.ifelse(number % 2 == 0, ibis.literal("web"), ibis.literal("<b>store"))
    marked = lines.mutate(**dict.fromkeys(columns, halves))
    run = run_of(marked, as_of)
    who = run.table("transactions").select("customer_id").distinct().to_pandas()["customer_id"].sort_values()
    even = who.str[1:].astype(int) % 2 == 0
    base = pd.DataFrame({"customer_id": who, "segment": np.where(even, "champions", "hibernating")})
    return run, CustomerBase(base, pd.DataFrame(), None, None, None)


def page_of(run, base, found=None):
    """Show the personas of these named segments, and of segments found in the data."""
    study = segmentation.study(run)
    study.base, study.found_segments = base, found
    return show_personas(study, run)


def test_a_grid_and_a_line_each_stand_before_the_cards_of_the_named_segments(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    shown = page_of(run, base)
    open_part, cards = shown.html.split("Trait by trait")
    assert open_part.count("<svg") == 1
    assert "Channel web: 100 % of the orders of Champions, 48 % of all orders" in shown.words[0].replace("\xa0", " ")
    lines = shown.data["table"].frame.set_index("segment")
    assert lines.loc["Champions", "common"] == "Channel web"
    assert lines.loc["Champions", "approach"].startswith("thank them")
    assert "Champions (200\u00a0customers)" in cards.replace("(200 customers)", "(200\u00a0customers)")
    assert "<svg" not in cards
    assert "Further traits" not in shown.html
    assert "&lt;b&gt;store" in shown.html
    assert not PSEUDONYM.search(shown.html)
    assert shown.html == page_of(run, base).html


def found_in(base, *, proven=True, alone=False):
    """Give segments found in the data; they split customers as the named ones do, or have them all as one."""
    names = np.where(base.now["segment"] == "champions", "A: online", "B: offline")
    customers = base.now[["customer_id"]].assign(found_segment="A", found_name="A: all" if alone else names)
    return SimpleNamespace(customers=customers, proven=proven)


@pytest.mark.parametrize("proven", [True, False])
def test_named_segments_always_have_cards_and_found_ones_behind_them_where_proven(run_of, simulated_lines, proven):
    run, base = run_and_base(run_of, simulated_lines)
    found = found_in(base, proven=proven)
    groups = persona_groups(base, found)
    assert groups["kind"].unique().tolist() == ([NAMED, FOUND] if proven else [NAMED])
    assert not groups.duplicated(["kind", "customer_id"]).any()
    shown = page_of(run, base, found)
    head, *folds = shown.html.split("<details")
    assert "Champions" in head
    assert "A: online" not in head
    assert "Champions (" in folds[0]
    assert any("A: online (" in fold for fold in folds[1:]) == proven
    # how a card is read is said once
    assert shown.text.count("index 100 is as all customers") == 1


def test_the_table_for_machines_holds_both_kinds_each_a_family_of_its_own(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    page_of(run, base)
    alone = run.frame("personas")
    page_of(run, base, found_in(base))
    both = run.frame("personas")
    assert both.columns[0] == "kind"
    named = both[both["kind"] == NAMED].reset_index(drop=True)
    pd.testing.assert_frame_equal(named, alone[alone["kind"] == NAMED].reset_index(drop=True))
    # the found ones split customers as the named ones do: the same numbers under other names
    numbers = ["people", "share", "index", "low", "high", "q"]
    names = {"A: online": "Champions", "B: offline": "Hibernating"}
    found = both[both["kind"] == FOUND].assign(segment=lambda t: t["segment"].map(names))
    keys = ["segment", "dimension", "value"]
    merged = named.merge(found, on=keys, suffixes=("", "_found"), validate="one_to_one")
    assert len(merged) == len(named) == len(found)
    for name in numbers:
        np.testing.assert_allclose(merged[name], merged[f"{name}_found"])


def test_where_only_the_found_segments_are_several_the_grid_is_theirs(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    one = CustomerBase(base.now.assign(segment="hibernating"), pd.DataFrame(), None, None, None)
    shown = page_of(run, one, found_in(base))
    open_part, cards = shown.html.split("Trait by trait")
    assert "A: online" in open_part
    assert "A: online (" in cards
    assert "Hibernating (" not in shown.text
    assert "index 100 is as all customers" in shown.text


def test_a_single_found_segment_has_no_card(run_of, simulated_lines):
    _run, base = run_and_base(run_of, simulated_lines)
    assert persona_groups(base, found_in(base, alone=True))["kind"].unique().tolist() == [NAMED]


def test_named_segments_without_a_trait_are_told_of_before_the_found_ones(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    rng = np.random.default_rng(1)
    lots = base.now.assign(segment=rng.choice(["champions", "hibernating"], len(base.now)))
    drawn = CustomerBase(lots, pd.DataFrame(), None, None, None)
    shown = page_of(run, drawn, found_in(base))
    assert shown.text.startswith("No card: no named segment clearly differs")
    assert "A: online (" in shown.html.split("<details", 1)[1]


def test_a_card_has_the_share_the_index_and_its_interval(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    lines = page_of(run, base).text.splitlines()
    assert "Trait | Of these | Of all | Index" in lines
    web = next(line for line in lines if line.startswith("How: Channel web"))
    # the even half orders by web alone: the index is one over the web's share of all orders
    share, everybody, index = web.replace("\u00a0", " ").split(" | ")[1:]
    assert share == "100.0 %"
    value, low, high = (int(number) for number in re.findall(r"\d+", index))
    assert value == pytest.approx(100 / (float(everybody.removesuffix(" %")) / 100), abs=1)
    assert low < value < high


def test_traits_without_room_on_a_card_are_listed_and_no_other(run_of, simulated_lines, monkeypatch):
    run, base = run_and_base(run_of, simulated_lines, ("channel", "store_id", "payment_method"))
    traits = r"^(?:\w+: )?((?:Channel|Store|Paid by) .*?) \| "
    whole = page_of(run, base).text
    every = re.findall(traits, whole, re.MULTILINE)
    assert len(every) == 6
    monkeypatch.setattr("crmlib.segmentation.personas.cards.ON_A_CARD", 1)
    shown = page_of(run, base)
    cards, listed = (re.findall(traits, part, re.MULTILINE) for part in shown.text.split("Further traits, the"))
    assert (len(cards), len(listed)) == (2, 4)
    assert sorted([*cards, *listed]) == sorted(every)
    assert "Further traits" not in shown.html.split("<details")[0]


def test_a_card_takes_each_aspect_s_strongest_and_says_first_what_is_common():
    traits = pd.DataFrame({
        "aspect": ["what"] * 5 + ["who", "when", "how", "how"],
        "dimension": ["category"] * 4 + ["brand", "age", "weekday", "channel", "channel"],
        "above": [False, True, True, True, True, True, False, True, False], "label": list("abcdefghi"),
    })  # fmt: skip
    card = on_a_card(traits)
    # the aspects in their order: the strongest of each, then b's next; what is rarer last
    assert card["label"].tolist() == ["f", "b", "c", "e", "g", "h"]
    assert len(card) == ON_A_CARD


@pytest.mark.parametrize(("low", "high", "kept"), [(108, 131, 0), (111, 131, 1), (70, 92, 0), (70, 90, 1)])
def test_what_may_be_less_than_a_tenth_is_left_out(run_of, shop, low, high, kept):
    compared = pd.DataFrame({"low": [low], "high": [high], "found": [True], "people": [100], "customers": 300,
                             "dimension": "gender"})  # fmt: skip
    assert len(telling(compared, run_of(shop, date(2026, 4, 1)))) == kept


def test_what_does_not_differ_is_said_once(run_of, shop):
    run = run_of(shop, date(2026, 4, 1))
    groups = pd.DataFrame({"customer_id": ["a", "b", "c"], "segment": ["Champions", "Promising", "Hibernating"]})
    traits = pd.DataFrame({"segment": ["Hibernating"], "dimension": ["weekday"]})
    assert alike(traits, groups, ["weekday", "daypart", "channel"], run) == [
        "No card for “Champions” and “Promising”: nothing clearly sets them apart from all customers.",
        "Segments do not clearly differ in the time of day and the channel.",
    ]
    assert alike(traits, groups[groups["segment"] == "Hibernating"], ["weekday"], run) == []
    assert alike(traits, groups.head(1), ["weekday"], run)[0].startswith(
        "No card for “Champions”: nothing clearly sets it"
    )


@pytest.mark.parametrize(
    ("dimensions", "words"),
    [
        (
            ["weekday"],
            (
                "customer attributes, categories, stores or channels to compare, so the cards cover only "
                "when customers buy."
            ),
        ),
        (
            ["age", "brand", "weekday", "promotion"],
            "stores to compare, so the cards cover only who customers are and what, when and how they buy.",
        ),
        (["age"], "categories, dates, stores or channels to compare, so the cards cover only who customers are."),
    ],
)
def test_what_the_data_do_not_hold_is_said_in_words(run_of, shop, dimensions, words):
    assert covered(dimensions, run_of(shop, date(2026, 4, 1))) == [f"The data hold no {words}"]


def test_nothing_is_said_to_lack_where_the_data_hold_all(run_of, shop):
    assert covered(["age", "brand", "weekday", "store", "channel"], run_of(shop, date(2026, 4, 1))) == []


@pytest.mark.parametrize(
    ("dimension", "value", "words"),
    [("weekday", "monday", "Mondays"), ("channel", "mini_program", "Channel mini program")],
)
def test_our_own_values_have_words_and_the_data_s_their_own(dimension, value, words):
    assert persona_label(dimension, value) == words


@pytest.mark.parametrize("columns", [[], ["customer_id", "segment"]])
def test_no_known_customer_has_no_persona_and_no_error(run_of, simulated_lines, columns):
    lines, as_of = simulated_lines
    run = run_of(lines.mutate(customer_id=ibis.null("string")), as_of)
    nobody = CustomerBase(pd.DataFrame(columns=columns), pd.DataFrame(), None, None, None)
    assert page_of(run, nobody).kind == "insufficient"


def test_one_segment_or_no_difference_has_no_persona(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    one = CustomerBase(base.now.assign(segment="champions"), pd.DataFrame(), None, None, None)
    assert page_of(run, one).kind == "insufficient"
    rng = np.random.default_rng(1)
    lots = base.now.assign(segment=rng.choice(["champions", "hibernating"], len(base.now)))
    drawn = page_of(run, CustomerBase(lots, pd.DataFrame(), None, None, None))
    assert drawn.kind == "insufficient"
    assert "not chance" in drawn.text


def test_an_attribute_that_all_but_a_few_have_tells_of_nobody(run_of, shop):
    run = run_of(shop, date(2026, 4, 1))
    traits = pd.DataFrame({
        "dimension": ["gender", "gender", "category"], "value": ["f", "f", "tea"], "segment": ["a", "b", "a"],
        "people": [39.0, 33.0, 39.0], "customers": [40.0, 43.0, 40.0], "share": [39 / 40, 33 / 43, 0.5],
        "share_all": 0.4, "index": 200.0, "low": 150.0, "high": 260.0, "found": True,
    })  # fmt: skip
    assert telling(traits, run)[["dimension", "segment"]].to_numpy().tolist() == [["gender", "b"], ["category", "a"]]
    rounded = with_rounded_people(traits, run)
    assert rounded["share"].tolist() == [1.0, 35 / 45, 0.5]
    assert rounded["index"].tolist() == pytest.approx([200 * 40 / 39, 200 * (35 / 45) / (33 / 43), 200])


def test_ratios_of_two_segments_by_hand():
    spend = pd.DataFrame({
        "dimension": "", "value": "spend", "segment": ["A", "B"], "units": [300.0, 100.0], "squares": [1000.0, 150.0],
        "products": [300.0, 100.0], "people": 100.0, "all_units": 100.0, "all_squares": 100.0, "customers": 100.0,
    })  # fmt: skip
    assert ratio_indices(spend)[["share", "share_all", "index"]].values.tolist() == [[3, 2, 150], [1, 2, 50]]
