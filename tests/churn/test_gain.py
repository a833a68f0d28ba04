"""What contacting is expected to bring, from where on it pays, and what those contacted brought."""

import numpy as np
import pytest

from crmlib.churn.money.gain import break_even_reduction, break_even_risk, expected_gain, profit, reach_by_share
from crmlib.churn.money.profit import Campaign

CAMPAIGN = Campaign(kept_value=200, incentive=10, contact=1, kept=0.3)


def test_the_gain_of_a_customer_by_hand():
    # 0.5 leaves, 0.3 of that is kept and brings 200 - 10; the other half takes the offer; the contact costs 1
    assert expected_gain(0.5, 200, CAMPAIGN) == pytest.approx(0.15 * 190 - 0.5 * 10 - 1)
    # each one's own value: who brings less than the offer costs is never worth it
    assert expected_gain([0.5, 1.0], [400, 8], CAMPAIGN).tolist() == pytest.approx([0.15 * 390 - 6, 0.3 * -2 - 1])


def test_at_the_break_even_reduction_a_contact_earns_nothing():
    reduction = break_even_reduction(0.6, CAMPAIGN)
    assert reduction * (200 - 10) - 10 * 0.4 - 1 == pytest.approx(0)
    assert reduction == pytest.approx(0.0263, abs=5e-5)
    assert break_even_reduction(0.6, CAMPAIGN, value=110) == pytest.approx(0.05)


def test_at_the_break_even_risk_a_contact_earns_nothing():
    risk = break_even_risk(CAMPAIGN)
    assert risk == pytest.approx(11 / (0.3 * 190 + 10))
    assert expected_gain(risk, 200, CAMPAIGN) == pytest.approx(0)
    assert expected_gain([risk - 0.01, risk + 0.01], [200, 200], CAMPAIGN)[0] < 0


@pytest.mark.parametrize(
    ("campaign", "risk", "reduction"),
    [
        (Campaign(incentive=0, contact=0), 0.0, 0.0),
        (Campaign(incentive=200), 1.0, float("inf")),
        (Campaign(kept=0), 1.0, 11 / 190),
        (Campaign(kept=-0.1), 1.0, 11 / 190),
        (Campaign(kept=0.001), 1.0, 11 / 190),
    ],
    ids=["costs nothing", "an offer eats the value", "keeps nobody", "drives away", "keeps hardly anybody"],
)
def test_the_ends(campaign, risk, reduction):
    assert break_even_risk(campaign) == risk
    assert break_even_reduction(0.0, campaign) == pytest.approx(reduction)


def test_whom_a_contact_reaches_and_what_it_earns_by_hand():
    churned, gain, values = [1, 0, 1, 0], [9.0, 8.0, 3.0, -1.0], [100.0, 300.0, 50.0, 10.0]
    reach = reach_by_share(churned, gain, values, [0, 0.5, 1.0])
    assert reach["customers"].tolist() == [0, 2, 4]
    assert reach["leavers"].tolist() == [0, 1, 2]
    assert reach["value"].tolist() == [0, 100, 150]
    assert reach["largest"].tolist()[1:] == pytest.approx([300 / 400, 300 / 460])
    # one leaver worth 100 of whom 0.3 is kept, one stayer takes the offer, two contacts
    earned = profit(reach, CAMPAIGN, 200)
    assert earned.tolist() == pytest.approx([0, 0.3 * 90 - 10 - 2, 0.3 * (150 - 20) - 20 - 4])
    twice = Campaign(kept_value=400, incentive=10, contact=1, kept=0.3)
    assert profit(reach, twice, 200).tolist()[1] == pytest.approx(0.3 * (200 - 10) - 10 - 2)


def test_customers_of_equal_gain_are_reached_evenly():
    reach = reach_by_share([1, 0, 1, 0], np.zeros(4), [100.0, 0, 60.0, 0], [0.5])
    assert (reach["leavers"].iloc[0], reach["value"].iloc[0]) == (1, 80)
