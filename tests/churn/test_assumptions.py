"""What a campaign is assumed to cost and bring, in ranges, and who says so."""

import pandas as pd
import pytest

from crmlib.churn.money.assumptions import SHARE_KEPT, assume, least_risk, worth_of_contacts
from crmlib.churn.money.response import Response
from crmlib.params.sections import ChurnSection
from crmlib.stats import Estimate

USUAL = pd.Series([100.0, 300.0, 0.0])
MEASURED = Response(fall=Estimate(0.04, 0.02, 0.06, 900), kept=Estimate(0.09, 0.04, 0.13, 900), campaigns=3)


def test_costs_are_shares_of_the_likely_mean_value_or_money():
    assumed = assume(ChurnSection(), USUAL, 0.5, None)
    assert assumed.kept_value == pytest.approx((200 / 3,) * 3)
    assert assumed.incentive == pytest.approx(tuple(200 / 3 * share for share in (0.025, 0.05, 0.1)))
    money = assume(ChurnSection(incentive_cost=7, contact_cost=(0.5, 1, 2)), USUAL, 0.5, None)
    assert (money.incentive, money.contact) == ((7, 7, 7), (0.5, 1, 2))
    assert money.values(USUAL).tolist() == [50, 150, 0]


def test_a_range_of_margins_is_one_of_values_and_moves_no_cost():
    assumed = assume(ChurnSection(margin=(0.25, 0.5, 0.75)), pd.Series([100.0]), 1.0, None)
    assert assumed.kept_value == (25, 50, 75)
    assert assumed.incentive[1] == pytest.approx(2.5)
    names = {name: (low.kept_value, high.kept_value) for name, low, high in assumed.ends()}
    assert names["kept_value"] == (25, 75)
    assert list(names) == ["kept", "kept_value", "incentive", "contact"]


def test_a_given_value_of_a_customer_is_everybodys():
    assumed = assume(ChurnSection(kept_value=(50, 80, 90)), USUAL, 0.5, None)
    assert assumed.values(USUAL).tolist() == [80, 80, 80]
    assert assumed.likely.kept_value == 80


@pytest.mark.parametrize(
    ("settings", "response", "kept", "told_by"),
    [
        ({}, None, SHARE_KEPT, "nobody"),
        ({}, MEASURED, (0.04, 0.09, 0.13), "campaigns"),
        ({"share_kept": (0.2, 0.25, 0.3)}, MEASURED, (0.2, 0.25, 0.3), "parameters"),
        ({"share_kept": 0.25}, None, (0.25, 0.25, 0.25), "parameters"),
    ],
)
def test_the_parameters_stand_over_own_campaigns_and_these_over_an_assumption(settings, response, kept, told_by):
    assumed = assume(ChurnSection(**settings), USUAL, 0.5, response)
    assert (assumed.kept, assumed.told_by) == (kept, told_by)
    assert assumed.likely.spread == pytest.approx((kept[2] - kept[0]) / 3.92, rel=1e-4)


def test_where_nobody_spends_anything_nothing_is_assumed():
    assert assume(ChurnSection(), pd.Series([0.0, -5.0]), 0.5, None) is None
    assert assume(ChurnSection(), pd.Series(dtype="float64"), 0.5, None) is None
    active = pd.DataFrame({"customer_id": ["a"], "churn_probability": [0.5], "usual_spend": [0.0]})
    assert worth_of_contacts(active, None)["gain"].isna().all()


def test_likely_to_leave_is_a_number_or_what_money_says():
    assumed = assume(ChurnSection(), USUAL, 0.5, None)
    assert least_risk(0.4, assumed) == 0.4
    # costs of .055 of the value; .3 of .95 of it are won of a leaver, who alone pays for no offer
    assert least_risk("money", assumed) == pytest.approx(0.055 / (0.3 * 0.95 + 0.05))
    assert least_risk("money", None) == 0.5


def test_whose_contact_pays_is_told_by_the_own_value():
    active = pd.DataFrame({"customer_id": ["a", "b"], "churn_probability": [0.6, 0.6], "usual_spend": [390.0, 10.0]})
    worth = worth_of_contacts(active, assume(ChurnSection(), active["usual_spend"], 0.5, None))
    assert worth["value"].tolist() == [195, 5]
    assert (worth["gain"] > 0).tolist() == [True, False]
