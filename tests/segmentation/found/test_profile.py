"""The grid of indices: one trait has one index, on the page's cards and here, and chance is muted."""

from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from crmlib.reporting import palette
from crmlib.segmentation.found.behaviour import AMOUNTS, OTHER, Behaviour, behaviour
from crmlib.segmentation.found.profile import _draw, indices, indices_shown
from crmlib.segmentation.found.recipe import make_recipe
from crmlib.segmentation.personas.comparison import segment_counts, segment_indices
from crmlib.segmentation.personas.dimensions import described

CUSTOMERS = 300
AS_OF = pd.Timestamp("2026-06-01").date()


def tea_and_milk(seed=1):
    """Give orders of one to three categories; the even customers have a taste for tea, and some lines have no category.

    Returns rows of the clean table, and products.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(CUSTOMERS):
        for order in range(8):
            taste = 0.95 if number % 2 == 0 else 0.1
            held = ["tea"] if rng.random() < taste else []
            held += [
                name for name, chance in (("milk", 0.4), ("bread", 0.3), ("nameless", 0.2)) if rng.random() < chance
            ]
            day = pd.Timestamp("2025-06-01") + pd.Timedelta(days=int(rng.integers(0, 360)), hours=10)
            rows += [
                (f"k{number:05d}", f"{number}-{order}", day, name, 1, float(rng.integers(5, 50)), False, True)
                for name in held or ["nameless"]
            ]
    names = ["tea", "milk", "bread"]
    products = pd.DataFrame({"product_id": [*names, "nameless"], "category": [*names, None]}).assign(brand=None)
    return rows, ibis.memtable(products, schema=dict.fromkeys(products.columns, "string"))


@pytest.fixture
def shop_and_seen(lines_of):
    rows, products = tea_and_milk()
    lines = lines_of(rows)
    return lines, products, behaviour(lines, AS_OF, products)


def test_one_trait_has_one_index_on_the_grid_and_on_the_cards(shop_and_seen):
    lines, products, seen = shop_and_seen
    labels = np.arange(CUSTOMERS) % 2
    grid = indices(make_recipe(seen), seen, labels).set_index(["feature", "group"]).loc["category: tea"]
    groups = seen.customers[["customer_id"]].assign(segment=np.where(labels == 0, "0", "1"))
    counted = segment_counts(described(lines, AS_OF, {"products": products}), groups)
    cards = segment_indices(counted).set_index(["dimension", "value", "segment"]).loc[("category", "tea")]
    for name in ("share", "share_all", "index", "low", "high", "people"):
        np.testing.assert_allclose(grid[name].to_numpy(float), cards[name].to_numpy(float))
    assert grid["found"].all()


def test_a_share_is_one_of_orders_whatever_else_they_hold(shop_and_seen):
    _lines, _products, seen = shop_and_seen
    # an order with tea, milk and bread is one order, and one without any category is none
    assert (seen.known_orders["category"] <= seen.customers["orders"]).all()
    assert (seen.known_orders["category"] < seen.parts["category"].sum(axis=1)).any()
    assert (seen.known_orders["category"] < seen.customers["orders"]).any()
    mains = seen.mains(["category"])
    assert {name: len(orders) for name, orders in mains.known_orders.items()} == {"category": CUSTOMERS}
    assert seen.mains([]).known_orders == {}


def test_means_of_amounts_and_main_values(shop_and_seen):
    _lines, _products, seen = shop_and_seen
    labels = np.arange(CUSTOMERS) % 2
    compared = indices(make_recipe(seen), seen, labels).set_index(["feature", "group"])
    amount = next(name for name in compared.index.get_level_values("feature") if name in AMOUNTS)
    own = seen.customers[amount].groupby(labels).mean()
    expected = 100 * own / seen.customers[amount].mean()
    np.testing.assert_allclose(compared.loc[amount, "index"].to_numpy(float), expected)
    mains = seen.mains()
    of_mains = indices(make_recipe(mains), mains, labels).set_index(["feature", "group"]).loc["category: tea"]
    has_tea = mains.parts["category"]["tea"]
    np.testing.assert_allclose(of_mains["share"].to_numpy(float), has_tea.groupby(labels).mean())


def test_segments_by_chance_differ_in_hardly_anything(shop_and_seen):
    _lines, _products, seen = shop_and_seen
    rng = np.random.default_rng(5)
    recipe = make_recipe(seen)
    drawn = [indices(recipe, seen, rng.integers(0, 3, CUSTOMERS))["found"].any() for _draw in range(20)]
    # at a false discovery rate of 5 % a draw in twenty holds any; five or more of twenty are one in 300
    assert sum(drawn) <= 4


def test_what_is_pooled_as_other_is_not_compared_nor_a_value_nobody_has_any_more(shop_and_seen):
    _lines, _products, seen = shop_and_seen
    recipe = make_recipe(seen)
    gone = Behaviour(
        seen.customers,
        {"category": seen.parts["category"].rename(columns={"tea": OTHER})},
        known_orders=seen.known_orders,
    )
    labels = np.arange(CUSTOMERS) % 2
    assert "category: tea" not in set(indices(recipe, gone, labels)["feature"])
    assert f"category: {OTHER}" not in set(indices(make_recipe(gone), gone, labels)["feature"])


def grid_of(**columns):
    base = {"feature": ["category: tea", "spend"], "group": [0, 0], "people": [90, 100], "share": [0.501, 90.0],
            "share_all": [0.087, 60.0], "index": [579.0, 150.0], "low": [500.0, 120.0], "high": [650.0, 180.0],
            "found": [True, True]}  # fmt: skip
    return pd.DataFrame(base | columns)


@pytest.fixture
def shown_of(run_of, shop):
    """Give the function that shows a grid as the page does."""

    def show(frame, *, mixed=False):
        found = SimpleNamespace(customers=range(100), segments=SimpleNamespace(mixed=mixed))
        return indices_shown(frame, found, run)

    run = run_of(shop, pd.Timestamp("2026-04-01").date())
    return show


@pytest.mark.parametrize(
    ("columns", "mixed", "words"),
    [
        ({}, False, "tea is in 50 % of segment A's orders, in 8.7 % of all (index 579)"),
        ({}, True, "Category tea: the main one for 50 % of segment A, for 8.7 % of all customers (index 579)"),
        (
            {"feature": ["channel: web", "spend"]},
            False,
            "Channel web: 50 % of segment A's orders, 8.7 % of all (index 579)",
        ),
        (
            {"found": [False, True]},
            False,
            "Spend so far: segment A has 1.5 times the mean of all customers (index 150)",
        ),
        ({"found": [False, False]}, False, "No segment surely differs from all customers in a single feature"),
    ],
)
def test_the_title_says_what_the_index_is_of(shown_of, columns, mixed, words):
    title, _alt, read, limits = shown_of(grid_of(**columns), mixed=mixed).words
    assert title.replace("\u00a0", " ") == words
    assert ("Pale" in limits) == (False in columns.get("found", []))
    assert ("main value" in read) == mixed


def test_pale_and_blank_cells_are_explained_where_there_are_any(shown_of):
    _title, alt, _read, limits = shown_of(grid_of(people=[90, 3])).words
    assert "Blank: too few customers" in limits
    assert "Pale" not in limits
    assert alt.endswith("Furthest from 100 in each: A: Category tea 579.")


def test_what_is_not_sure_is_muted_in_the_picture(run_of, shop):
    axes = Figure().subplots()
    frame = pd.concat([grid_of(found=[True, False]), grid_of(index=[20.0, np.nan])])
    run = run_of(shop, pd.Timestamp("2026-04-01").date())
    _draw(axes, frame.assign(name=["A", "A", "B", "B"]), run)
    written = {text.get_text(): text.get_color() for text in axes.texts}
    assert set(written) == {"579", "150", "20"}
    assert written["150"] == palette.MUTED
    assert palette.MUTED not in {written["579"], written["20"]}
    values = axes.collections[0].get_array()
    # rows are features, columns segments: the cell that is not sure has the colour of the middle
    assert values[1, 0] == 0
    assert values[0, 0] > 0 > values[0, 1]


def test_a_main_value_is_the_first_of_a_tie_and_nobody_s_who_has_none():
    channels = pd.DataFrame({"store": [3.0, 1.0, 0.0], "web": [1.0, 1.0, 0.0]})
    mains = Behaviour(pd.DataFrame({"orders": [4.0, 2.0, 1.0]}), {"channel": channels}).mains()
    assert mains.parts["channel"].to_numpy().tolist() == [[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]]
