"""What promotions added: a planted lift is found again, none is none, and chance makes nobody a bargain hunter."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.actions.promotion.added import Promotions, alone, by_article, by_category
from crmlib.actions.promotion.page import alone_words, promotion_title
from crmlib.actions.promotion.weeks import LEAST_WEEKS, article_weeks, beside_usual
from crmlib.stats import Estimate
from crmlib.workspace import open_run


def weeks_of(rng, lift=0.0, pulled=0.0, articles=40, weeks=60):
    """Simulate articles with levels of their own in a season, now and then on promotion at a fifth off."""
    level, season = rng.gamma(4.0, 5.0, (articles, 1)), 1 + 0.3 * np.sin(np.arange(weeks) / 8)
    on = rng.random((articles, weeks)) < 0.12
    after = np.roll(on, 1, axis=1) & ~on
    after[:, 0] = False
    units = rng.poisson(level * season * (1 + lift * on - pulled * after))
    names, dates = np.meshgrid([f"a{n:02d}" for n in range(articles)], range(weeks), indexing="ij")
    frame = pd.DataFrame({
        "category": "c", "product_id": names.ravel(), "units": units.ravel().astype(float),
        "week": (pd.Timestamp("2025-01-06") + pd.to_timedelta(7 * dates.ravel(), unit="D")).astype("datetime64[us]"),
    })  # fmt: skip
    offered = on.ravel() * frame["units"]
    money = {"promoted": offered, "amount": 10 * frame["units"] - 2 * offered, "discount": 2 * offered}
    frame = frame.assign(**money, cost=6 * frame["units"], costed=frame["units"])
    return frame[frame["units"] > 0].reset_index(drop=True)


def found(**planted):
    return by_category(by_article(beside_usual(weeks_of(np.random.default_rng(7), **planted)))).iloc[0]


def near(row, name, truth):
    assert abs(row[name] - truth) < 4 * (row[f"{name}_high"] - row[f"{name}_low"]) / 3.92, (row[name], truth)


def test_a_planted_lift_and_what_is_pulled_forward_are_found():
    row = found(lift=0.6, pulled=0.2)
    near(row, "lift", 0.6)
    near(row, "after", -0.2)
    assert row["after_high"] < 0
    assert row["q"] < 0.001


def test_without_an_effect_none_is_found_and_the_discount_is_a_loss():
    row = found()
    assert row["lift_low"] < 0 < row["lift_high"]
    assert row["q"] > 0.05
    # of ten, at a fifth off, six are cost: all that is on promotion loses its discount of two
    assert row["net_high"] < 0
    assert row["net"] == pytest.approx(-0.25 * row["sales"], rel=0.1)


def test_the_money_of_slow_sellers_without_an_effect_is_the_discount():
    rng, nets = np.random.default_rng(11), []
    for _ in range(20):
        units = rng.poisson(10, 300).astype(float)
        told = pd.DataFrame({
            "category": "c", "product_id": [f"a{n}" for n in range(300)], "kind": "on", "units": units, "usual": 10.0,
            "amount": 8 * units, "discount": 2 * units, "cost": 6 * units, "costed": units,
        })  # fmt: skip
        nets.append(by_category(by_article(told[units > 0])).iloc[0])
    assert np.mean([row["net"] for row in nets]) == pytest.approx(-6_000, rel=0.02)
    assert all(row["net_low"] < -6_000 < row["net_high"] for row in nets)


def test_the_money_by_hand():
    told = pd.DataFrame({
        "category": "c", "product_id": "a", "kind": ["on", "after"], "units": [30.0, 8.0], "usual": [20.0, 10.0],
        "amount": [240.0, 80.0], "discount": [60.0, 0.0], "cost": [180.0, 48.0], "costed": [30.0, 8.0],
    })  # fmt: skip
    row = by_article(told).iloc[0]
    assert row["given"] == 40  # two off each of twenty
    assert row["net"] == -20  # ten more at a margin of two, less two off each of twenty
    assert np.isnan(by_article(told.assign(costed=0.0)).iloc[0]["net"])


def test_an_article_that_is_hardly_ever_off_promotion_has_no_usual_level():
    rows = weeks_of(np.random.default_rng(1), articles=12, weeks=LEAST_WEEKS)
    assert beside_usual(rows).empty


def test_weeks_in_which_all_is_on_promotion_tell_nothing():
    rows = weeks_of(np.random.default_rng(2), lift=0.5)
    sale = rows["week"] == rows["week"].unique()[30]
    told = beside_usual(rows.assign(promoted=rows["promoted"].mask(sale, rows["units"])))
    assert not (told["week"] == rows["week"].unique()[30]).any()
    assert told["usual"].notna().all()


def test_weeks_are_summed_from_lines_and_costs_from_articles_where_lines_have_none():
    lines = pd.DataFrame({
        "product_id": "p", "ordered_at": pd.to_datetime(["2026-01-05", "2026-01-11", "2026-01-12"]),
        "quantity": [1.0, 2.0, 1.0], "amount": [10.0, 16.0, 10.0], "discount": [0.0, 4.0, None],
        "promotion_id": pd.Series([None, "x", None], dtype="str"), "cost": [6.0, None, None], "is_return": False,
        "is_product": True,
    })  # fmt: skip
    products = ibis.memtable(pd.DataFrame({"product_id": ["p"], "category": ["c"], "unit_cost": [5.0]}))
    weeks = article_weeks(ibis.memtable(lines), date(2026, 1, 15), products)
    assert len(weeks) == 1  # the second week is not over
    assert weeks.iloc[0][["units", "promoted", "discount", "cost", "costed"]].tolist() == [3, 2, 4, 16, 3]


def test_two_orders_on_promotion_prove_little():
    shares = pd.DataFrame({"orders": [2] * 900 + [10] * 100, "promoted": [0] * 600 + [1] * 200 + [2] * 100 + [3] * 100})
    only, chance, several = alone(shares)
    assert (only, several) == (100, 1000)
    assert chance == pytest.approx(900 * (700 / 2800) ** 2, rel=0.01)
    assert alone(shares.assign(orders=1)) == (0, 0.0, 0)


@pytest.mark.parametrize(
    ("net", "said"),
    [
        (
            Estimate(-500.0, -800.0, -200.0, 40),
            "their margin was ¥500 (¥200 to ¥800) less than without the promotion",
        ),
        (Estimate(500.0, -200.0, 800.0, 40), "whether that paid for the discount is open"),
        (Estimate.unknown(), "the discount on what would have sold anyway was ¥900"),
    ],
)
def test_the_title_claims_what_the_intervals_allow(project, net, said):
    run = open_run(project / "params" / "demo.yaml")
    lift = Estimate(0.5, 0.4, 0.6, 40)
    told = Promotions(pd.DataFrame(), lift, Estimate(-0.1, -0.2, 0.05, 40), net, 900.0, 3, 2.2, 1_000)
    assert promotion_title(told, run).replace("\xa0", " ").endswith(said)
    assert alone_words(told, run)[0].startswith("Hardly any of 1,000 customers")
    none = Promotions(pd.DataFrame(), Estimate(0.1, -0.1, 0.3, 40), lift, net, 900.0, 30, 2.2, 1_000)
    assert "no more than usual beyond chance" in promotion_title(none, run)
