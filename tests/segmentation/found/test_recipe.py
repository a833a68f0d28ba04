"""Features: transforms with their reasons, habits apart from chance, and equal customers placed alike."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.found.behaviour import Behaviour
from crmlib.segmentation.found.naming import part_label
from crmlib.segmentation.found.page import feature_rows
from crmlib.segmentation.found.recipe import Feature, chosen_amount, make_recipe, skewness, transformed
from crmlib.stats.sampling import sampled


def simulated_behaviour(customers=800, seed=2):
    rng = np.random.default_rng(seed)
    orders = rng.poisson(8, customers) + 1.0
    value = np.exp(rng.normal(3, 1, customers))
    frame = pd.DataFrame({
        "customer_id": [f"k{n:05d}" for n in range(customers)],
        "days_since_last": rng.integers(0, 300, customers).astype(float),
        "days_since_first": rng.integers(300, 700, customers).astype(float),
        "orders": orders, "purchase_days": orders, "lines": orders * 2, "spend": orders * value,
        "promotion": rng.binomial(orders.astype(int), 0.3).astype(float),
        "order_value": value, "lines_per_order": rng.gamma(4, 0.5, customers) + 1, "line_value": value / 2,
    })  # fmt: skip
    faithful = rng.random(customers) < 0.5
    store = np.where(faithful, orders, 0.0)
    pays = rng.binomial(orders.astype(int), 0.6).astype(float)
    parts = {
        "channel": pd.DataFrame({"store": store, "web": orders - store}),
        "payment_method": pd.DataFrame({"card": pays, "cash": orders - pays}),
    }
    return Behaviour(frame, parts), faithful


def test_habits_are_told_from_chance():
    seen, _faithful = simulated_behaviour()
    kept = {feature.name: feature for feature in make_recipe(seen).features}
    assert kept["channel: store"].dropped == ""
    assert kept["channel: store"].habit > 0.9
    assert kept["payment_method: card"].dropped == "chance"
    assert kept["promotion"].dropped == "chance"


def test_what_says_the_same_twice_is_left_out():
    seen, _faithful = simulated_behaviour()
    dropped = {feature.name: feature.dropped for feature in make_recipe(seen).features}
    assert dropped["line_value"] == "order_value"
    assert dropped["days_since_last"] == ""


@pytest.mark.parametrize(
    ("values", "transform"),
    [
        (np.linspace(0, 1, 200), "none"),
        (np.exp(np.linspace(0, 8, 200)), "log"),
        (np.append(np.ones(190), np.exp(np.linspace(0, 30, 10))), "rank"),
    ],
)
def test_the_transform_follows_the_skewness(values, transform):
    assert chosen_amount(values, "spend", "basket").transform == transform


def test_ranks_keep_equal_values_equal_and_the_order():
    feature = Feature(
        "spend", "basket", "rank", 0, 0, knots=tuple(np.quantile([1, 1, 1, 2, 3, 9], np.linspace(0, 1, 101)))
    )
    scores = transformed(np.array([1.0, 1.0, 2.0, 3.0, 9.0, 100.0]), feature)
    assert scores[0] == scores[1]
    assert (np.diff(scores[1:]) >= 0).all()
    assert np.isfinite(scores).all()


def test_a_constant_feature_does_not_enter():
    seen, _faithful = simulated_behaviour()
    flat = Behaviour(seen.customers.assign(lines_per_order=2.0), seen.parts)
    assert {f.name: f.dropped for f in make_recipe(flat).features}["lines_per_order"] == "constant"


def test_equal_customers_stand_in_the_same_place_whoever_else_is_there():
    seen, _faithful = simulated_behaviour()
    recipe = make_recipe(seen)
    whole = recipe.components(seen)
    few = recipe.components(
        Behaviour(seen.customers.iloc[[5, 7]], {name: part.iloc[[5, 7]] for name, part in seen.parts.items()})
    )
    np.testing.assert_allclose(few, whole[[5, 7]], rtol=0, atol=1e-12)


def test_a_value_that_has_gone_counts_none():
    seen, _faithful = simulated_behaviour()
    recipe = make_recipe(seen)
    later = Behaviour(seen.customers, {"channel": seen.parts["channel"][["web"]].rename(columns={"web": "kiosk"})})
    assert np.isfinite(recipe.components(later)).all()


def test_main_values_stand_for_mixed_types():
    seen, faithful = simulated_behaviour()
    mains = seen.mains({"channel"})
    assert mains.parts["channel"]["store"].eq(faithful.astype(float)).all()
    recipe = make_recipe(mains)
    assert {"channel: store", "channel: web"} <= {feature.name for feature in recipe.entering}
    assert np.isfinite(recipe.components(mains)).all()


def test_features_with_the_same_reason_share_a_row(run_of, shop):
    seen, _faithful = simulated_behaviour()
    rows = feature_rows(make_recipe(seen).features, run_of(shop, date(2026, 4, 1)))
    assert rows["feature"].is_unique
    assert not rows.duplicated(["transform", "why"]).any()
    said = rows.set_index("feature")["why"]
    assert said["Paid by card, cash"].startswith("left out: customers differ in it hardly more than by chance")
    assert "reliability" in said["Channel store, web"]
    assert said["Money per line, Spend so far"] == "left out: says the same as “Order value”"
    # seven amounts, two parts of two values each and a habit
    assert len(rows) == 6


def test_what_is_even_is_not_skewed():
    assert skewness(np.array([1.0, 2.0, 3.0])) == 0.0
    assert skewness(np.ones(3)) == 0.0


def test_values_of_a_part_are_named_together():
    assert part_label(["channel: web", "channel: mini_program"]) == "Channel web, mini program"


def test_a_sample_keeps_each_customers_own_rows(monkeypatch):
    seen, _faithful = simulated_behaviour()
    assert seen.sampled() is seen
    monkeypatch.setattr("crmlib.segmentation.found.behaviour.sampled", lambda rows: sampled(rows, most=100))
    some = seen.sampled()
    rows = seen.customers["customer_id"].isin(some.customers["customer_id"]).to_numpy()
    assert len(some) == rows.sum() == 100
    np.testing.assert_array_equal(some.parts["channel"], seen.parts["channel"][rows])
    assert some.customers.index.equals(some.parts["channel"].index)
