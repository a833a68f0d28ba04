"""What customers usually spend, and how much of it is at risk."""

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.who.scoring import sales_at_risk, usual_spend
from crmlib.privacy.rules import DisclosureRules


@pytest.fixture
def scores():
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:04}" for i in range(1_000)],
            "churn_probability": rng.uniform(0, 1, 1_000),
            "usual_spend": rng.gamma(2, 50, 1_000),
            "active": rng.random(1_000) < 0.6,
        }
    )


def test_two_customers_by_hand():
    two = pd.DataFrame({"active": [True, False], "usual_spend": [50.0, 9.0], "churn_probability": [0.4, 1.0]})
    found = sales_at_risk(two)
    assert (found.value, found.total, found.people, found.largest) == (20, 50, 1, 1)


def test_sales_at_risk_leave_out_who_is_gone(scores):
    active = scores[scores["active"]]
    found = sales_at_risk(scores)
    assert found.value == pytest.approx((active["usual_spend"] * active["churn_probability"]).sum())
    assert (found.total, found.people) == (pytest.approx(active["usual_spend"].sum()), len(active))


@pytest.mark.parametrize("seed", range(5))
def test_together_active_customers_usually_spend_no_more_than_the_shop_sold_in_the_last_horizon(seed):
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 180, 2_000)
    once = pd.DataFrame({"days_since_first": first, "spend": rng.gamma(9, 11, 2_000)})
    once["recent_spend"] = once["spend"].where(first < 90, 0.0)
    active = pd.Series(rng.random(2_000) < 0.9)
    usual = usual_spend(once, active, 90)
    assert usual[active].sum() == pytest.approx(once["recent_spend"].sum())
    at_risk = sales_at_risk(once.assign(active=active, usual_spend=usual, churn_probability=0.97))
    assert at_risk.value < once["recent_spend"].sum()
    assert usual.corr(once["spend"] / np.maximum((first + 1) / 90, 1)) == pytest.approx(1)


def test_newcomers_are_held_to_what_was_sold():
    once = pd.DataFrame({"days_since_first": [9, 89, 134], "spend": 90.0, "recent_spend": [90.0, 90.0, 0.0]})
    assert usual_spend(once, once["spend"] > 0, 90).tolist() == pytest.approx([67.5, 67.5, 45.0])


def test_who_spent_less_than_the_shop_sold_keeps_the_own_mean():
    regular = pd.DataFrame({"days_since_first": [359] * 20, "spend": 400.0, "recent_spend": 110.0})
    assert usual_spend(regular, regular["spend"] > 0, 90).tolist() == [100.0] * 20


def test_money_of_few_or_of_one_above_all_is_not_told():
    scores = pd.DataFrame({"active": True, "usual_spend": [10.0] * 12, "churn_probability": 0.5})
    rules = DisclosureRules()

    def hidden(scores):
        found = sales_at_risk(scores)
        return rules.hides(DisclosureRules().basis(found.people, found.largest))

    assert not hidden(scores)
    assert hidden(scores.head(9))
    assert hidden(scores.assign(usual_spend=[1_000.0] + [10.0] * 11))
    assert hidden(scores.assign(churn_probability=[0.99] + [0.01] * 11))
    nothing = sales_at_risk(scores.assign(usual_spend=0.0))
    assert (nothing.total, nothing.largest) == (0, 0)
