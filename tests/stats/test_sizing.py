"""Sizes of experiments, against published tables, a peer, and simulation."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from crmlib.stats.sizing import control_share, customers_for_money, customers_for_rate, visible_fall, visible_money


@pytest.mark.parametrize(("difference", "each"), [(0.2, 393), (0.1, 1570), (0.4, 99)])
def test_money_as_in_cohens_table(difference, each):
    # Cohen 1988, table 2.4.1, two-sided 5 %, power 80 %; his t needs at most two customers more an arm
    assert customers_for_money(difference, 1.0) / 2 == pytest.approx(each, abs=2)


def test_rates_as_in_cohens_table():
    # Cohen 1988, table 6.4.1: h = 0.20 takes 392 in each sample; the two rates are h = 0.2 apart
    assert customers_for_rate(0.5, 0.5 - np.sin(np.pi / 4 - 0.1) ** 2) / 2 == pytest.approx(392, abs=1)


@pytest.mark.parametrize(("share", "rate", "fall"), [(0.5, 0.7, 0.05), (0.2, 0.6, 0.1), (0.1, 0.4, 0.15)])
def test_rates_as_statsmodels_has_them(share, rate, fall):
    ratio = (1 - share) / share
    alone = NormalIndPower().solve_power(proportion_effectsize(rate, rate - fall), power=0.8, alpha=0.05, ratio=ratio)
    assert customers_for_rate(rate, fall, share) == pytest.approx(alone / share, abs=2)
    both = customers_for_rate(rate, fall, share)
    assert visible_fall(rate, both * (1 - share), both * share) == pytest.approx(fall, rel=0.005)


def test_cuped_takes_the_explained_share_of_the_variance():
    # Deng et al. 2013, eq. 5: r = 0.7 leaves 51 % of the variance, so half the customers do
    assert customers_for_money(5, 100, correlation=0.7) / customers_for_money(5, 100) == pytest.approx(0.51, rel=1e-3)
    assert visible_money(100, 200, 800, 0.7) == pytest.approx(visible_money(100, 200, 800) * np.sqrt(0.51))
    rng = np.random.default_rng(1)
    before = rng.normal(size=100_000)
    after = 0.7 * before + np.sqrt(0.51) * rng.normal(size=100_000)
    theta = np.cov(after, before)[0, 1] / before.var()
    # 100,000 draws: the standard error of a variance is 0.5 %
    assert (after - theta * before).var() / after.var() == pytest.approx(0.51, rel=0.02)


def test_so_many_customers_find_the_effect_four_times_in_five():
    both, share = customers_for_rate(0.6, 0.1, 0.2), 0.2
    alone = round(both * share)
    rng = np.random.default_rng(1)
    left, kept = rng.binomial(alone, 0.6, 4_000) / alone, rng.binomial(both - alone, 0.5, 4_000) / (both - alone)
    error = np.sqrt(left * (1 - left) / alone + kept * (1 - kept) / (both - alone))
    found = np.abs(left - kept) / error > stats.norm.ppf(0.975)
    # 4,000 replications: three standard errors are 0.019
    assert found.mean() == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("customers", [400, 500, 900, 1_400])
def test_the_share_left_out_is_the_least_that_shows_the_likely_effect(customers):
    share = control_share(customers, 0.5, 0.3)
    assert visible_fall(0.5, customers * (1 - share), customers * share) <= 0.15
    less = share - 0.01
    assert share == 0.1 or visible_fall(0.5, customers * (1 - less), customers * less) > 0.15


def test_of_too_few_too_small_or_unknown_a_fifth_is_pooled_and_what_is_fixed_stays():
    assert control_share(50, 0.5, 0.3) == control_share(1_000, 0.5, 0.01) == control_share(1_000, 0.5, np.nan) == 0.2
    assert control_share(50, 0.5, 0.3, fixed=0.3) == 0.3


def test_what_cannot_fall_or_show_is_not_sized():
    assert customers_for_rate(0.03, 0.05) is None
    assert visible_fall(0.6, 2, 1) is None
    assert visible_fall(0.6, 10, 0) is None
    assert visible_money(100, 10, 0) is None
