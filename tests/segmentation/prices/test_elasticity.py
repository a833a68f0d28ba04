"""Elasticities: the planted one is covered, and where prices hardly vary nothing is said."""

import re
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib import segmentation
from crmlib.segmentation.prices.answers import PriceAnswers
from crmlib.segmentation.prices.elasticity import (
    MOST_SILENT,
    OrderSize,
    elasticities,
    order_size,
    regular_articles,
    silent_share,
    weekly_prices,
)
from crmlib.segmentation.prices.poisson import cells_of, within

UNRELATED = OrderSize(1000, 0.01, 0.0)


def page_of(categories, run, size=UNRELATED, sold=30):
    """Show these elasticities as the page does."""
    described = {"reason": "", "spread": 0.1, "silent": 0.01, "units_a_week": 9.0, "weeks": 90}
    missing = {name: value for name, value in described.items() if name not in categories}
    answers = PriceAnswers(categories.assign(**missing), sold, size)
    return segmentation.show_elasticity(SimpleNamespace(prices=answers), run)


def simulated_weeks(elasticity, rng, *, articles=25, weeks=40, spread=0.12, units=60, noise=0.0):
    """Simulate articles of their own size whose weeks move together; luck of an article lasts, noise does not."""
    price = np.exp(rng.normal(2, 0.5, (articles, 1)) + spread * rng.standard_normal((articles, weeks)))
    season = 0.3 * rng.standard_normal(weeks)
    luck = 0.15 * rng.standard_normal((articles, 1)) * np.sign(np.arange(weeks) - weeks / 2)
    relative = np.log(price) - np.log(price).mean(axis=1, keepdims=True)
    mean = units * np.exp(rng.normal(0, 0.5, (articles, 1)) + season + luck + elasticity * relative)
    if noise:
        mean *= rng.gamma(1 / noise**2, noise**2, mean.shape)
    sold = rng.poisson(mean)
    frame = pd.DataFrame({
        "category": "tea", "product_id": np.repeat([f"p{n:03d}" for n in range(articles)], weeks),
        "week": np.tile(np.arange(weeks), articles), "units": sold.ravel().astype(float), "price": price.ravel(),
        "lines": sold.ravel(),
    })  # fmt: skip
    return frame[frame["units"] > 0]


def test_intervals_cover_the_planted_elasticity():
    rng = np.random.default_rng(8)
    found = pd.concat([elasticities(simulated_weeks(-1.8, rng)) for _replication in range(100)])
    covered = ((found["low"] <= -1.8) & (found["high"] >= -1.8)).mean()
    # 100 replications of a 95 % interval: two in a thousand lie below 0.88
    assert covered >= 0.88
    assert found["elasticity"].mean() == pytest.approx(-1.8, abs=0.05)


def least_squares_of_logs(weeks):
    article, week = (pd.factorize(weeks[name])[0] for name in ("product_id", "week"))
    taken = within(np.log(weeks[["price", "units"]].to_numpy()), cells_of(article, week), np.ones(len(weeks)))
    return (taken[:, 0] * taken[:, 1]).sum() / (taken[:, 0] ** 2).sum()


@pytest.mark.parametrize("units", [15, 25])
def test_the_luck_of_small_counts_does_not_move_it(units):
    rng = np.random.default_rng(4)
    drawn = [simulated_weeks(-1.8, rng, articles=60, units=units, noise=0.4) for _replication in range(15)]
    found = np.mean([elasticities(weeks)["elasticity"].iloc[0] for weeks in drawn])
    # the standard error of a mean of 15 is 0.02
    assert found == pytest.approx(-1.8, abs=0.04)
    logs = np.mean([least_squares_of_logs(weeks) for weeks in drawn])
    assert abs(logs + 1.8) > 0.05
    assert logs < found


def test_units_and_prices_have_no_scale():
    weeks = simulated_weeks(-2.0, np.random.default_rng(3), articles=12, weeks=15)
    weeks = weeks[(weeks.index % 15 != 0) | (weeks.index > 60)]
    own = weeks["product_id"].str[1:].astype(int)
    columns = ["elasticity", "low", "high", "spread"]
    first = elasticities(weeks)[columns].to_numpy()
    grams = weeks.assign(units=1000 * weeks["units"], price=weeks["price"] / 1000)
    assert elasticities(grams)[columns].to_numpy() == pytest.approx(first, abs=1e-7)
    packs = weeks.assign(price=weeks["price"] * 2.0**own)
    assert elasticities(packs)[columns].to_numpy() == pytest.approx(first, abs=1e-7)


def test_articles_that_mostly_sell_nothing_are_not_compared():
    rng = np.random.default_rng(5)
    often = simulated_weeks(-1.8, rng)
    rare = simulated_weeks(-1.8, rng, units=0.7)
    together = pd.concat([often, rare.assign(product_id="r" + rare["product_id"])])
    alone, both = elasticities(often).iloc[0], elasticities(together).iloc[0]
    assert both["articles"] == 25
    assert both["silent"] < 0.01
    assert both["elasticity"] == alone["elasticity"]


def test_too_many_weeks_without_a_sale_say_nothing(run_of, shop):
    categories = elasticities(simulated_weeks(-1.8, np.random.default_rng(5), units=1.5))
    found = categories.iloc[0]
    assert found["reason"] == "silent"
    assert np.isnan(found["elasticity"])
    assert found["articles"] == 25
    assert found["silent"] > 0.15
    assert "Found: too many weeks without a sale" in page_of(categories, run_of(shop, date(2026, 4, 1))).text


def test_prices_that_hardly_vary_say_nothing():
    found = elasticities(simulated_weeks(-2.0, np.random.default_rng(1), spread=0.001)).iloc[0]
    assert found["reason"] == "flat"
    assert np.isnan(found["elasticity"])


def test_few_articles_say_nothing():
    found = elasticities(simulated_weeks(-2.0, np.random.default_rng(1), articles=9)).iloc[0]
    assert found["reason"] == "few"
    assert elasticities(simulated_weeks(-2.0, np.random.default_rng(1)).head(0)).empty


def test_a_price_that_moves_with_the_week_alone_says_nothing():
    rng = np.random.default_rng(2)
    weeks = simulated_weeks(0.0, rng)
    together = np.exp(0.2 * rng.standard_normal(40))
    found = elasticities(weeks.assign(price=10 * together[weeks["week"].to_numpy()])).iloc[0]
    assert found["reason"] == "flat"


def test_weeks_are_summed_in_the_engine(shop):
    weeks = weekly_prices(shop, date(2026, 4, 1))
    first = weeks[(weeks["product_id"] == "p")].iloc[0]
    assert (first["units"], first["price"], first["lines"]) == (2.0, 10.0, 1)
    assert first["week"] == pd.Timestamp("2025-12-29")
    # the anonymous sale counts, the return, the postage and what comes later do not
    assert weeks.loc[weeks["product_id"] == "p", "units"].sum() == 8
    assert "POST" not in set(weeks["product_id"])


def test_the_demo_s_price_sensitivity_is_found_again():
    """Where those who mind prices buy most, the elasticity is largest."""
    import ibis

    from crmlib.demo.canonical import perfect_tables
    from crmlib.demo.chain import simulate
    from crmlib.demo.plan import Plan
    from crmlib.demo.segments import CATEGORIES, SEGMENTS

    chain = simulate(Plan(seed=11, members=12_000))
    tables = perfect_tables(chain)
    columns = ["product_id", "ordered_at", "quantity", "amount", "is_purchase"]
    lines = ibis.memtable(tables["transactions"][columns])
    products = tables["products"]
    found = elasticities(
        weekly_prices(lines, chain.plan.as_of, ibis.memtable(products[["product_id", "category"]]))
    ).set_index("category")
    codes = products.drop_duplicates("category").sort_values("product_id")["category"]
    # what a category's buyers mind prices, members weighted by how much of it they buy
    planted = {
        label: np.average(
            [s.price_sensitivity for s in SEGMENTS],
            weights=[s.share * s.lines * s.r / s.alpha * s.categories[place] for s in SEGMENTS],
        )
        for place, (label, _code) in enumerate(zip(codes, CATEGORIES, strict=True))
    }
    known = found[found["reason"] == ""]
    assert len(known) >= 6
    assert (known["high"] < 0).all()
    assert known["elasticity"].corr(pd.Series(planted).reindex(known.index), method="spearman") > 0.5


@pytest.mark.parametrize(
    ("high", "words"),
    [
        (-1.6, "go with more extra units in tea (−2.0; −2.4 to −1.6) than in milk (−1.0; −1.5 to −0.5)"),
        (-1.2, "intervals of the two overlap"),
    ],
)
def test_extremes_are_told_apart_only_where_their_intervals_do_not_overlap(run_of, shop, high, words):
    known = pd.DataFrame({
        "category": ["tea", "milk"], "elasticity": [-2.0, -1.0], "low": [-2.4, -1.5], "high": [high, -0.5],
        "articles": 12,
    })  # fmt: skip
    assert words in page_of(known, run_of(shop, date(2026, 4, 1))).words[0]


def test_the_words_claim_no_effect(run_of, shop):
    known = pd.DataFrame({
        "category": ["tea", "milk"], "elasticity": [-1.5, -1.4], "low": [-1.6, -1.5], "high": [-1.4, -1.3],
        "articles": 6,
    })  # fmt: skip
    run = run_of(shop, date(2026, 4, 1))
    shown = page_of(known, run, OrderSize(1000, -0.4, 0.08))
    limits = shown.words[3]
    assert "need not be an effect" in limits
    assert "8.0\xa0% less on an order line of twice the units" in limits
    assert "12 of 30 articles are compared: those with a sale in at least 95\xa0% of their weeks" in limits
    assert "pays less" not in page_of(known, run).words[3]
    assert "tea | −1.5 (−1.6 to −1.4) | yes" in shown.text


def one(low, value, high, category=""):
    return pd.DataFrame({"category": [category], "elasticity": value, "low": low, "high": high, "articles": 12})


@pytest.mark.parametrize(
    ("row", "size", "words"),
    [
        (
            one(-1.7, -1.5, -1.3),
            OrderSize(1000, -0.4, 0.08),
            (
                "A price 1 % lower goes with 1.5 % (1.3 to 1.7) more units of an article; part of this may be"
                " that larger orders get lower prices (on the same day, 8.0 % less at twice the units)."
            ),
        ),
        (
            one(-1.7, -1.5, -1.3, "tea"),
            UNRELATED,
            (
                "A price 1 % lower goes with 1.5 % (1.3 to 1.7) more units of an article in tea; what "
                "goes together need not be an effect of the price."
            ),
        ),
        (
            one(0.2, 0.5, 0.8),
            UNRELATED,
            (
                "A price 1 % lower goes with 0.5 % (0.2 to 0.8) fewer units of an article; what goes "
                "together need not be an effect of the price."
            ),
        ),
        (
            one(-0.9, -0.3, 0.2),
            OrderSize(1000, -0.4, 0.08),
            "No difference of units with the price is seen: −0.2 % to 0.9 % more at a price 1 % lower.",
        ),
    ],
)
def test_a_single_elasticity_is_a_sentence_with_its_caveat(run_of, shop, row, size, words):
    shown = page_of(row, run_of(shop, date(2026, 4, 1)), size)
    first, second = (said.replace("\xa0", " ") for said in shown.words)
    assert first == words
    assert second.startswith("12 of 30 articles are compared")
    assert ("a category has enough" in second) == bool(row["category"].iloc[0])


@pytest.mark.parametrize(("categories", "several"), [(1, False), (2, True)])
def test_one_elasticity_is_no_picture_and_no_table(run_of, shop, monkeypatch, categories, several):
    rng = np.random.default_rng(3)
    weeks = [simulated_weeks(-1.8, rng).assign(category=name) for name in ("tea", "milk")[:categories]]
    weeks = pd.concat([each.assign(product_id=each["category"] + each["product_id"]) for each in weeks])
    monkeypatch.setattr("crmlib.segmentation.prices.answers.weekly_prices", lambda *_given: weeks)
    run = run_of(shop, date(2026, 4, 1))
    shown = segmentation.show_elasticity(segmentation.study(run), run)
    assert ("<svg" in shown.html) == several
    assert ("<table" in shown.html) == several
    assert ("A price 1" in shown.text) != several
    assert len(run.frame("elasticities")) == categories


def test_one_elasticity_of_several_categories_has_the_others_reasons_in_a_table(run_of, shop, monkeypatch):
    rng = np.random.default_rng(3)
    rare = simulated_weeks(-1.8, rng, units=1.5).assign(category="milk")
    weeks = pd.concat([simulated_weeks(-1.8, rng), rare.assign(product_id="m" + rare["product_id"])])
    monkeypatch.setattr("crmlib.segmentation.prices.answers.weekly_prices", lambda *_given: weeks)
    run = run_of(shop, date(2026, 4, 1))
    shown = segmentation.show_elasticity(segmentation.study(run), run)
    assert "<svg" not in shown.html
    assert "more units of an article in tea; " in shown.text
    assert "Category | Elasticity | Estimated? | " in shown.text
    assert "milk | not estimated | too many weeks without a sale" in shown.text
    assert re.search(r"tea \| −1\.\d \(−\d\.\d to −\d\.\d\) \| yes", shown.text)


def test_units_that_follow_the_price_exactly_have_its_power():
    price = np.exp(np.random.default_rng(1).normal(0, 0.2, (20, 30)))
    weeks = pd.DataFrame({
        "category": "tea", "product_id": np.repeat([f"p{n:02d}" for n in range(20)], 30),
        "week": np.tile(np.arange(30), 20), "price": price.ravel(), "units": 100 * price.ravel() ** -2, "lines": 9,
    })  # fmt: skip
    assert elasticities(weeks)["elasticity"].iloc[0] == pytest.approx(-2.0, abs=1e-6)


def weeks_of(**sold):
    return pd.concat([pd.DataFrame({"product_id": name, "week": list(weeks)}) for name, weeks in sold.items()])


def test_weeks_without_a_sale_are_counted():
    weeks = weeks_of(p=range(40), q=[week for week in range(40) if week % 4 != 1])
    assert silent_share(weeks) == pytest.approx(10 / 80)
    assert np.isnan(silent_share(weeks.head(0)))


def test_an_article_that_came_late_or_left_early_is_not_silent():
    weeks = weeks_of(p=range(40), late=range(25, 40), early=range(10))
    assert silent_share(weeks) == 0
    assert len(regular_articles(weeks)) == len(weeks)


def test_weeks_in_which_nothing_was_sold_at_all_do_not_count():
    assert silent_share(weeks_of(p=[0, 1, 3, 4], q=[0, 1, 3, 4])) == 0


@pytest.mark.parametrize(("gone", "kept"), [(2, True), (3, False)])
def test_the_limit_is_five_per_cent_of_an_article_s_weeks(gone, kept):
    weeks = weeks_of(p=range(40), q=[week for week in range(40) if week not in range(5, 5 + gone)])
    assert MOST_SILENT == 0.05
    assert ("q" in set(regular_articles(weeks)["product_id"])) is kept


AS_OF = date(2026, 3, 1)


def lines(lines_of, price, quantities):
    """Sell an article in lines of these quantities on each of some days; the price of one is a function of both."""
    return lines_of([
        (None, f"{day}-{place}", f"2026-02-{day:02d} 10:00", "p", units, units * price(day, units), False, True)
        for day in range(1, 21)
        for place, units in enumerate(quantities)
    ])  # fmt: skip


def test_a_quantity_price_is_seen(lines_of):
    found = order_size(lines(lines_of, lambda _day, n: 10 * n**-0.2, [1, 2, 4, 8, 1, 16, 2, 2]), AS_OF)
    assert found.lines == 160
    assert found.correlation == pytest.approx(-1, abs=1e-4)
    assert found.saved == pytest.approx(1 - 2**-0.2, abs=1e-4)
    assert found.matters


def test_a_price_that_differs_between_days_only_is_none(lines_of):
    found = order_size(lines(lines_of, lambda day, _n: 10 - 0.2 * day, [1, 2, 4, 8]), AS_OF)
    assert found.lines == 0
    assert not found.matters


def test_prices_by_chance_are_none(lines_of):
    rng = np.random.default_rng(1)
    found = order_size(lines(lines_of, lambda _day, _n: 10 * rng.uniform(0.8, 1.2), [1, 2, 4, 8]), AS_OF)
    assert found.lines == 80
    assert not found.matters


def test_lines_of_other_articles_days_or_the_future_are_not_compared(lines_of):
    apart = [(None, str(n), f"2026-02-{n:02d} 10:00", f"p{n}", n, 10.0, False, True) for n in range(1, 20)]
    assert order_size(lines_of(apart), AS_OF).lines == 0
    assert order_size(lines(lines_of, lambda _day, n: 10 / n, [1, 2]), date(2026, 2, 1)).lines == 0


@pytest.mark.parametrize(
    ("lines", "correlation", "matters"),
    [(10_000, -0.2, True), (10_000, -0.05, False), (100, -0.2, False), (10_000, 0.4, False)],
)
def test_it_matters_where_it_is_more_than_chance_and_enough(lines, correlation, matters):
    assert OrderSize(lines, correlation, 0.05).matters is matters
