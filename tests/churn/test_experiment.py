"""How many customers an experiment takes."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from crmlib.churn.money.experiment import customers_needed, design_experiment, experiment_sizes, smallest_reduction
from crmlib.churn.money.profit import Campaign


@pytest.mark.parametrize(("rate", "reduction"), [(0.7, 0.05), (0.4, 0.1), (0.9, 0.02)])
def test_close_to_the_textbook_formula(rate, reduction):
    lower = rate - reduction
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    textbook = z**2 * (rate * (1 - rate) + lower * (1 - lower)) / reduction**2
    # the arcsine and the unpooled formula differ by a few per cent
    assert customers_needed(rate, reduction) == pytest.approx(textbook, rel=0.05)


def test_seven_in_ten_who_leave_by_hand():
    assert customers_needed(0.7, 0.05) == 1376
    assert smallest_reduction(0.7, 2752) == 0.05
    assert experiment_sizes(0.7, [0.1])["both_arms"].tolist() == [712]


def test_so_many_customers_find_the_effect_four_times_in_five():
    n = customers_needed(0.7, 0.05)
    rng = np.random.default_rng(1)
    control, treated = rng.binomial(n, 0.7, 4_000) / n, rng.binomial(n, 0.65, 4_000) / n
    pooled = (control + treated) / 2
    found = np.abs(control - treated) / np.sqrt(2 * pooled * (1 - pooled) / n) > stats.norm.ppf(0.975)
    # 4,000 replications: three standard errors are 0.019
    assert found.mean() == pytest.approx(0.8, abs=0.02)


def test_a_rate_cannot_fall_below_nothing():
    assert customers_needed(0.03, 0.05) is None
    assert experiment_sizes(0.03, [0.05])["both_arms"].isna().all()


def test_the_smallest_reduction_needs_no_more_customers_than_there_are():
    visible = smallest_reduction(0.6, 900)
    assert 2 * customers_needed(0.6, visible) <= 900
    assert 2 * customers_needed(0.6, visible - 0.001) > 900


@pytest.mark.parametrize(("rate", "customers"), [(0.6, 4), (0.6, 0), (0.6, 1)])
def test_too_few_customers_show_nothing(rate, customers):
    assert smallest_reduction(rate, customers) is None


def test_the_experiment_splits_the_list_and_says_what_shows_and_what_pays():
    values = pd.Series([100.0, 300.0] * 450 + [200.0])
    planned = design_experiment(values, 0.6, Campaign(incentive=10, contact=1), horizon_days=60, least_risk=0.5)
    assert (planned.customers, planned.contacted, planned.left_alone) == (901, 450, 451)
    assert planned.visible == smallest_reduction(0.6, 901)
    assert planned.pays_from == pytest.approx((1 + 10 * 0.4) / 190)


def test_without_a_test_or_a_list_the_experiment_has_no_numbers():
    untested = design_experiment(pd.Series([100.0] * 50), None, Campaign(), horizon_days=60, least_risk=0.5)
    assert (untested.churn_rate, untested.visible, untested.pays_from) == (None, None, None)
    empty = design_experiment(pd.Series(dtype="float64"), 0.6, Campaign(), horizon_days=60, least_risk=0.5)
    assert (empty.customers, empty.visible, empty.pays_from) == (0, None, None)
