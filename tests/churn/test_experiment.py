"""How many customers an experiment takes."""

import pandas as pd
import pytest

from crmlib.churn.money.experiment import design_experiment, experiment_sizes
from crmlib.churn.money.profit import Campaign
from crmlib.stats.sizing import control_share, customers_for_rate, visible_fall


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_the_sizes_are_those_of_the_shared_function(share):
    sizes = experiment_sizes(0.7, [0.1, 0.8], share)
    assert sizes["both_arms"].tolist() == [customers_for_rate(0.7, 0.1, share), pd.NA]
    assert sizes["left_alone"][0] == round(share * sizes["both_arms"][0])


def test_the_experiment_splits_the_list_and_says_what_shows_and_what_pays():
    values = pd.Series([100.0, 300.0] * 450 + [200.0])
    planned = design_experiment(values, 0.6, Campaign(incentive=10, contact=1), horizon_days=60, least_risk=0.5)
    assert planned.control_share == control_share(901, 0.6, Campaign().kept) == 0.1
    assert (planned.customers, planned.contacted, planned.left_alone) == (901, 811, 90)
    assert planned.visible == visible_fall(0.6, 811, 90)
    assert planned.pays_from == pytest.approx((1 + 10 * 0.4) / 190)


def test_a_list_too_short_for_the_likely_effect_leaves_a_fifth_alone_and_the_parameters_may_say_how():
    values, campaign = pd.Series([100.0] * 60), Campaign()
    pooled = design_experiment(values, 0.6, campaign, horizon_days=60, least_risk=0.5)
    told = design_experiment(values, 0.6, campaign, horizon_days=60, least_risk=0.5, fixed_share=0.25)
    assert (pooled.left_alone, told.left_alone) == (12, 15)


def test_without_a_test_or_a_list_the_experiment_has_no_numbers():
    untested = design_experiment(pd.Series([100.0] * 50), None, Campaign(), horizon_days=60, least_risk=0.5)
    assert (untested.churn_rate, untested.visible, untested.pays_from) == (None, None, None)
    empty = design_experiment(pd.Series(dtype="float64"), 0.6, Campaign(), horizon_days=60, least_risk=0.5)
    assert (empty.customers, empty.visible, empty.pays_from) == (0, None, None)
