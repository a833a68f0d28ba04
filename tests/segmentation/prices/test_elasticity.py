"""Elasticities: the planted one is covered, and where prices hardly vary nothing is said."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.prices.elasticity import elasticities
from crmlib.segmentation.prices.sentences import elasticity as elasticity_words
from crmlib.segmentation.prices.sentences import verdict
from crmlib.segmentation.prices.weekly import weekly_prices


def simulated_weeks(elasticity, rng, articles=25, weeks=40, spread=0.12):
    """Simulate articles of their own size whose weeks move together; luck of an article lasts."""
    price = np.exp(rng.normal(2, 0.5, (articles, 1)) + spread * rng.standard_normal((articles, weeks)))
    season = 0.3 * rng.standard_normal(weeks)
    luck = 0.15 * rng.standard_normal((articles, 1)) * np.sign(np.arange(weeks) - weeks / 2)
    relative = np.log(price) - np.log(price).mean(axis=1, keepdims=True)
    mean = 60 * np.exp(rng.normal(0, 0.5, (articles, 1)) + season + luck + elasticity * relative)
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


def test_it_is_least_squares_with_effects_and_clusters():
    import statsmodels.formula.api as smf

    weeks = simulated_weeks(-2.0, np.random.default_rng(3), articles=12, weeks=15).sample(frac=0.9, random_state=1)
    weeks = weeks.sort_values(["product_id", "week"], ignore_index=True)
    found = elasticities(weeks).iloc[0]
    frame = weeks.assign(
        lu=np.log(weeks["units"]), lp=np.log(weeks["price"]), code=pd.factorize(weeks["product_id"])[0]
    )
    fit = smf.ols("lu ~ lp + C(product_id) + C(week)", frame).fit(
        cov_type="cluster", cov_kwds={"groups": frame["code"]}
    )
    assert found["elasticity"] == pytest.approx(fit.params["lp"], abs=1e-9)
    # statsmodels counts the articles' effects among the parameters of the correction; they are nested in the clusters
    n, clusters = len(frame), 12
    ratio = np.sqrt((n - len(fit.params)) / (n - 15 - 1))
    from scipy.stats import t

    reach = t.ppf(0.975, clusters - 1) * fit.bse["lp"] * ratio
    assert found["high"] - found["elasticity"] == pytest.approx(reach, rel=1e-6)


def test_articles_that_never_share_a_week_are_no_obstacle():
    rng = np.random.default_rng(6)
    first, second = simulated_weeks(-2.0, rng, articles=12), simulated_weeks(-2.0, rng, articles=12)
    apart = pd.concat([first, second.assign(week=second["week"] + 100, product_id="q" + second["product_id"])])
    article, week = pd.factorize(apart["product_id"])[0], pd.factorize(apart["week"])[0]
    effects = np.column_stack([np.log(apart["price"]), np.eye(24)[article], np.eye(80)[week]])
    slope = np.linalg.lstsq(effects, np.log(apart["units"]), rcond=None)[0][0]
    assert elasticities(apart)["elasticity"].iloc[0] == pytest.approx(slope, abs=1e-8)


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


def test_weeks_without_a_sale_are_counted():
    weeks = simulated_weeks(-1.0, np.random.default_rng(5))
    number = weeks["product_id"].str[1:].astype(int)
    gone = weeks[(weeks["week"] + number) % 4 != 1]
    # the first and the last week may be among those missing
    assert elasticities(gone)["silent"].iloc[0] == pytest.approx(0.25, abs=0.02)


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

    chain = simulate(Plan(seed=11, members=3000))
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
    truth = pd.Series(planted).reindex(known.index)
    busy = known["silent"] < 0.1
    # in rare articles the estimate is drawn to zero by weeks without a sale, as the page says
    assert known.loc[busy, "elasticity"].corr(truth[busy], method="spearman") > 0.5


@pytest.mark.parametrize(
    ("high", "words"),
    [
        (-1.6, "go with more extra units in tea (−2.0; −2.4 to −1.6) than in milk (−1.0; −1.5 to −0.5)"),
        (-1.2, "intervals of the two overlap"),
    ],
)
def test_extremes_are_told_apart_only_where_their_intervals_do_not_overlap(run_of, shop, high, words):
    known = pd.DataFrame({
        "label": ["tea", "milk"], "elasticity": [-2.0, -1.0], "low": [-2.4, -1.5], "high": [high, -0.5], "weeks": 90,
    })  # fmt: skip
    assert words in elasticity_words(known, run_of(shop, date(2026, 4, 1)))["title"]


def test_the_words_claim_no_effect(run_of, shop):
    known = pd.DataFrame({"label": ["All articles"], "elasticity": [-1.5], "low": [-1.6], "high": [-1.4], "weeks": 90})
    words = elasticity_words(known, run_of(shop, date(2026, 4, 1)))
    assert words["title"] == "A price 1 % lower goes with 1.5 % (1.4 to 1.6) more units of an article (All articles)"
    assert "need not be an effect" in words["limits"]
    assert "pays less for one" in words["limits"]
    assert verdict("") == "prices vary enough"
