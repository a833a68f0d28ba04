"""The Poisson regression within articles and weeks: an independent one agrees, and so does leaving articles out."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from crmlib.segmentation.prices.poisson import cells_of, fitted, jackknife_error, poisson_slope, within


def sold(seed=3, articles=12, weeks=15, kept=0.9):
    """Give price, units, article and week of some weeks of articles, all with a sale."""
    rng = np.random.default_rng(seed)
    article, week = (each.ravel() for each in np.indices((articles, weeks)))
    price = rng.normal(0, 0.2, articles * weeks)
    level = rng.normal(3, 0.7, articles)[article] + rng.normal(0, 0.3, weeks)[week]
    units = 1.0 + rng.poisson(np.exp(level - 2 * price))
    some = rng.random(articles * weeks) < kept
    return price[some], units[some], article[some], week[some]


def without(price, units, article, week, gone):
    """Fit anew without an article."""
    rest = article != gone
    again = pd.factorize(article[rest], sort=True)[0]
    return fitted(price[rest], units[rest], cells_of(again, pd.factorize(week[rest], sort=True)[0])).slope


def test_statsmodels_agrees():
    import statsmodels.api as sm

    price, units, article, week = sold()
    design = np.column_stack([price, np.eye(12)[article], np.eye(15)[week][:, 1:]])
    fit = sm.GLM(units, design, family=sm.families.Poisson()).fit(tol=1e-12)
    found = fitted(price, units, cells_of(article, week))
    # both stop where the deviance hardly changes
    assert found.slope == pytest.approx(fit.params[0], abs=1e-7)
    assert found.mean == pytest.approx(fit.mu, rel=1e-5)


def test_the_error_is_that_of_leaving_each_article_out():
    price, units, article, week = sold()
    cells = cells_of(article, week)
    found = fitted(price, units, cells)
    moved = [without(price, units, article, week, gone) - found.slope for gone in range(12)]
    # one step from the estimate instead of a whole fit
    assert jackknife_error(found, units, cells) == pytest.approx(np.sqrt(11 / 12 * np.square(moved).sum()), rel=0.02)
    slope = poisson_slope(price, units, cells)
    assert slope.high - slope.value == pytest.approx(t.ppf(0.975, 11) * jackknife_error(found, units, cells))


def test_articles_that_never_share_a_week_are_no_obstacle():
    first, second = sold(6), sold(7)
    price, units = np.r_[first[0], second[0]], np.r_[first[1], second[1]]
    article, week = np.r_[first[2], second[2] + 12], np.r_[first[3], second[3] + 15]
    cells = cells_of(article, week)
    design = np.column_stack([price, np.eye(24)[article], np.eye(30)[week]])
    left = units - design @ np.linalg.lstsq(design, units, rcond=None)[0]
    taken = within(np.column_stack([price, units]), cells, np.ones(len(price)))
    slope = (taken[:, 0] * taken[:, 1]).sum() / (taken[:, 0] ** 2).sum()
    assert taken[:, 1] - slope * taken[:, 0] == pytest.approx(left, abs=1e-7)
    both = poisson_slope(price, units, cells)
    alone = [poisson_slope(*each[:2], cells_of(*each[2:])).value for each in (first, second)]
    assert min(alone) < both.value < max(alone)
    assert both.low < both.value < both.high


def test_a_week_of_one_article_alone_changes_nothing():
    price, units, article, week = sold()
    one = poisson_slope(price, units, cells_of(article, week))
    more = poisson_slope(np.r_[price, 0.7], np.r_[units, 90.0], cells_of(np.r_[article, 4], np.r_[week, 15]))
    assert (more.value, more.low, more.high) == pytest.approx((one.value, one.low, one.high), abs=1e-6)


def test_where_units_follow_the_price_exactly_there_is_no_error():
    price, _units, article, week = sold()
    slope = poisson_slope(price, 50 * np.exp(-1.3 * price), cells_of(article, week))
    assert (slope.value, slope.low, slope.high) == pytest.approx((-1.3, -1.3, -1.3), abs=1e-6)


def test_extreme_prices_and_units_settle():
    rng = np.random.default_rng(8)
    price, units, article, week = sold(articles=20)
    wild = units * np.exp(rng.normal(0, 3, len(units)))
    slope = poisson_slope(5 * price, wild, cells_of(article, week))
    assert np.isfinite([slope.low, slope.high]).all()


def test_the_jackknife_keeps_its_word_where_few_articles_decide():
    rng = np.random.default_rng(9)
    article, week = (each.ravel() for each in np.indices((12, 30)))
    covered = []
    for _replication in range(150):
        price = rng.normal(0, 0.12, 360)
        luck = 0.2 * rng.standard_normal((12, 1)) * np.sign(np.arange(30) - 15)
        mean = np.exp(rng.normal(5, 1.2, 12)[article] + luck.ravel() - 1.8 * price + rng.normal(0, 0.2, 360))
        slope = poisson_slope(price, 1.0 + rng.poisson(mean), cells_of(article, week))
        covered.append(slope.low <= -1.8 <= slope.high)
    # 150 replications of a 95 % interval: one in a thousand lies below 0.89; the usual clustered error has 0.85
    assert np.mean(covered) >= 0.89


def test_means_of_articles_and_weeks_are_taken_out_by_hand():
    cells = cells_of(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))
    taken = within(np.array([[1.0], [2.0], [5.0], [7.0]]), cells, np.ones(4))
    assert taken.ravel() == pytest.approx([0.25, -0.25, -0.25, 0.25])
    # the third week has an article of its own
    assert cells_of(np.array([0, 0, 1]), np.array([0, 1, 2])).linked.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
