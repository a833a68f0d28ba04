"""How unequally sales are spread."""

import numpy as np
import pytest
from scipy import special

from crmlib.stats import bootstrap
from crmlib.stats.concentration import ENOUGH_AT_THE_TOP, ENOUGH_CUSTOMERS, gini, top_share


def _plain_gini(values):
    return float(np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean()))


def _plain_top_tenth(values):
    return float(np.sort(values)[-len(values) // 10 :].sum() / values.sum())


def test_gini_is_half_the_mean_difference_over_the_mean():
    values = np.random.default_rng(1).gamma(1, 10, 200)
    assert gini(values).value == pytest.approx(_plain_gini(values))


@pytest.mark.parametrize(("ours", "plain"), [(gini, _plain_gini), (top_share, _plain_top_tenth)])
def test_linearised_interval_agrees_with_the_bootstrap(ours, plain):
    values = np.random.default_rng(2).gamma(1, 10, 400)
    formula = ours(values)
    again = bootstrap.times_drawn(400, np.random.default_rng(3), 600)
    drawn = bootstrap.estimate([plain(values), *(plain(np.repeat(values, times)) for times in again)], 400)
    # limits of 600 resamples move by a tenth of a standard error (width / 4); the percentile interval is biased too
    width = formula.high - formula.low
    assert width == pytest.approx(drawn.high - drawn.low, rel=0.15)
    assert (formula.low, formula.high) == pytest.approx((drawn.low, drawn.high), abs=width / 8)


def test_exponential_spend_has_a_gini_of_one_half():
    # four standard errors around the truth
    estimate = gini(np.random.default_rng(4).exponential(1, 20_000))
    assert estimate.value == pytest.approx(0.5, abs=(estimate.high - estimate.low))


def test_the_top_tenth_of_thirty_is_three():
    values = np.arange(1.0, 31.0)
    assert top_share(values, 0.1).value == pytest.approx((28 + 29 + 30) / values.sum())


def test_a_customer_on_the_edge_counts_in_part():
    assert top_share([1, 1, 1, 7], share=0.375).value == pytest.approx(7.5 / 10)


def test_equal_customers_have_no_concentration():
    assert gini([5, 5, 5]).value == 0
    assert top_share([5.0] * 10, 0.2).value == pytest.approx(0.2)


@pytest.mark.parametrize("values", [[], [3.0], [0.0, 0.0], [np.nan, 1.0]])
def test_too_little_is_unknown(values):
    assert not gini(values).is_known
    assert not top_share(values).is_known


def test_refuses_negative_spend_and_an_impossible_share():
    with pytest.raises(ValueError, match="negative"):
        gini([-1, 2])
    with pytest.raises(ValueError, match="inside"):
        top_share([1, 2], share=10)


@pytest.mark.parametrize(
    ("n", "figure", "truth"),
    [
        # of log-normal spend with a spread of 1: 2 Phi(1 / sqrt 2) - 1, and Phi(1 - z) for the top
        (300, gini, special.erf(0.5)),
        (300, top_share, special.ndtr(1 - special.ndtri(0.9))),
        (3000, lambda spend: top_share(spend, 0.01), special.ndtr(1 - special.ndtri(0.99))),
    ],
)
def test_the_intervals_of_skewed_spend_cover(n, figure, truth):
    rng = np.random.default_rng(20)
    estimates = [figure(rng.lognormal(0, 1, n)) for _round in range(400)]
    below = np.mean([estimate.high < truth for estimate in estimates])
    above = np.mean([estimate.low > truth for estimate in estimates])
    # 400 rounds: standard error 1.1 points; heavy tails leave the intervals a little short, symmetric ones by 10 points
    assert 0.91 <= 1 - below - above <= 0.985
    assert below < 0.075


def test_too_few_customers_have_a_value_but_no_interval():
    spend = np.random.default_rng(6).gamma(1, 10, ENOUGH_CUSTOMERS - 1)
    assert gini(spend).is_known
    assert not gini(spend).has_interval
    assert not top_share(spend, 0.2).has_interval
    many = np.random.default_rng(6).gamma(1, 10, 100 * ENOUGH_AT_THE_TOP)
    assert top_share(many, 0.01).has_interval
    assert not top_share(many[:-1], 0.01).has_interval


def test_limits_stay_inside_nought_and_one():
    spend = np.concatenate([np.ones(999), [1e9]])
    for estimate in (gini(spend), top_share(spend, 0.1)):
        assert 0 < estimate.low <= estimate.value <= estimate.high <= 1


def test_many_equal_customers_have_an_interval_of_no_width():
    assert gini([5.0] * 500).high == pytest.approx(0)
    assert top_share([5.0] * 500, 0.2).high == pytest.approx(0.2)
