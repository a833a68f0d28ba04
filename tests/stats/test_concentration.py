"""How unequally sales are spread."""

import numpy as np
import pytest

from crmlib.stats import bootstrap
from crmlib.stats.concentration import gini, top_share


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
    drawn = bootstrap.interval(plain, values, rng=np.random.default_rng(3), n_resamples=600)
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
