"""Personas: indices with honest intervals, chance held back, and nobody to be seen."""

import re
from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.personas.cards import ON_A_CARD, on_a_card
from crmlib.segmentation.personas.dimensions import described
from crmlib.segmentation.personas.index import segment_counts, segment_indices
from crmlib.segmentation.personas.sentences import alike, card_note
from crmlib.segmentation.personas.shown import persona_groups, show_personas, telling

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
def test_the_note_says_what_chance_may_do_and_whose_tier_it_is(tiers):
    traits = pd.DataFrame({"dimension": ["age", "tier" if tiers else "city"]})
    said = card_note(traits, pd.DataFrame({"found": [True] * 40 + [False] * 60}))
    assert "Of 100 comparisons 40 show a difference (about 5 % of these may be chance), 2 surely" in said
    assert ("tier is the one of the extract" in said) == tiers


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
    assert "Champions (200 customers)" in shown.text
    # two traits stand on the cards; a picture and a list would but repeat them
    assert "<svg" not in shown.html
    assert "&lt;b&gt;store" in shown.html
    assert not PSEUDONYM.search(shown.html)
    assert shown.html == show_personas(base, run.table("transactions"), run).html


@pytest.mark.parametrize(
    ("proven", "names"), [(True, ["A: online", "B: offline"]), (False, ["Champions", "Hibernating"])]
)
def test_found_segments_come_first_where_they_are_proven(run_of, simulated_lines, proven, names):
    run, base = run_and_base(run_of, simulated_lines)
    table = base.now[["customer_id"]].assign(
        found_segment="A", found_name=np.where(base.now["segment"] == "champions", "A: online", "B: offline"),
        proven=proven,
    )  # fmt: skip
    run.write("found_segments", table, by=["customer_id"])
    assert persona_groups(base, run)["segment"].unique().tolist() == names
    shown = show_personas(base, run.table("transactions"), run)
    assert all(f"{name} (" in shown.text for name in names)


def test_a_card_has_the_share_the_index_and_its_interval(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    lines = show_personas(base, run.table("transactions"), run).text.splitlines()
    assert "Trait | Of these | Of all | Index" in lines
    web = next(line for line in lines if line.startswith("How: Channel web"))
    # the even half orders by web alone: the index is one over the web's share of all orders
    share, everybody, index = web.replace("\u00a0", " ").split(" | ")[1:]
    assert share == "100.0 %"
    value, low, high = (int(number) for number in re.findall(r"\d+", index))
    assert value == pytest.approx(100 / (float(everybody.removesuffix(" %")) / 100), abs=1)
    assert low < value < high


def test_many_traits_have_a_picture_and_a_list(run_of, simulated_lines, monkeypatch):
    monkeypatch.setattr("crmlib.segmentation.personas.shown.FEW", 0)
    run, base = run_and_base(run_of, simulated_lines)
    shown = show_personas(base, run.table("transactions"), run)
    assert "Champions: Channel web in 100" in shown.text
    assert "an index is no cause" in shown.html
    assert "The strongest traits of each segment" in shown.text


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
    compared = pd.DataFrame({"low": [low], "high": [high], "found": [True], "people": [100]})
    assert len(telling(compared, run_of(shop, date(2026, 4, 1)))) == kept


def test_what_does_not_differ_is_said_once():
    groups = pd.DataFrame({"customer_id": ["a", "b", "c"], "segment": ["Champions", "Loyal", "New"]})
    traits = pd.DataFrame({"segment": ["New"], "dimension": ["weekday"]})
    assert alike(traits, groups, ["weekday", "daypart", "channel"]) == [
        "Without a card, since nothing surely differs by a tenth or more from all customers: “Champions” and “Loyal”.",
        "No segment surely differs by a tenth or more in: time of day, channel.",
        "These data do not tell: who, what, where.",
    ]
    assert alike(traits, groups[groups["segment"] == "New"], ["weekday"])[0].startswith("These data do not tell")


@pytest.mark.parametrize("columns", [[], ["customer_id", "segment"]])
def test_no_known_customer_has_no_persona_and_no_error(run_of, simulated_lines, columns):
    lines, as_of = simulated_lines
    run = run_of(lines.mutate(customer_id=ibis.null("string")), as_of)
    nobody = CustomerBase(pd.DataFrame(columns=columns), pd.DataFrame(), None, None, None)
    assert show_personas(nobody, run.table("transactions"), run).kind == "insufficient"


def test_one_segment_or_no_difference_has_no_persona(run_of, simulated_lines):
    run, base = run_and_base(run_of, simulated_lines)
    one = CustomerBase(base.now.assign(segment="new"), pd.DataFrame(), None, None, None)
    assert show_personas(one, run.table("transactions"), run).kind == "insufficient"
    rng = np.random.default_rng(1)
    lots = base.now.assign(segment=rng.choice(["champions", "new"], len(base.now)))
    drawn = show_personas(CustomerBase(lots, pd.DataFrame(), None, None, None), run.table("transactions"), run)
    assert drawn.kind == "insufficient"
    assert "not chance" in drawn.text
