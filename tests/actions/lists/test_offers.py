"""What a contact is expected to bring is what chapter 03 reckons, and effects say where they come from."""

import pandas as pd
import pytest

from crmlib.actions.lists.offers import costs_of, effect_of, make_offers, rules_table, values_at_stake
from crmlib.churn.money.gain import expected_gain
from crmlib.churn.money.profit import Campaign
from crmlib.params import ParameterError, load_parameters
from crmlib.params.actions import ActionRule, Channel

CHANNELS = {"phone": Channel(cost=8.0), "message": Channel(), "letter": Channel(cost_share=0.02)}


def rule(reason="likely_to_leave", **more):
    return ActionRule(reason=reason, action="Write", channel="message", **more)


def test_with_the_campaign_of_chapter_03_the_gain_is_its_own(gathered, assumed):
    put_forward = gathered(("a", "likely_to_leave", 1.0), ("b", "likely_to_leave", 1.0))
    offers = make_offers(
        put_forward.candidates, put_forward.customers, rules_table([rule()], CHANNELS, assumed), assumed
    )
    campaign = Campaign(kept_value=100, incentive=5, contact=1, kept=0.3)
    assert offers["expected_gain"].tolist() == pytest.approx(expected_gain([0.5, 0.8], [200, 100], campaign))
    assert (offers["gain_low"] < offers["expected_gain"]).all()
    assert (offers["expected_gain"] < offers["gain_high"]).all()


def test_an_effect_of_zero_costs_the_contact_alone(gathered, assumed):
    put_forward = gathered(("a", "own_reason", 1.0))
    rules = rules_table([rule("own_reason", effect=0.0)], CHANNELS, assumed)
    offers = make_offers(put_forward.candidates, put_forward.customers, rules, assumed)
    assert offers[["expected_gain", "cost"]].to_numpy().tolist() == [[-1.0, 1.0]]


@pytest.mark.parametrize(
    ("asked", "told_by", "effect", "said"),
    [
        (rule(), "campaigns", (0.1, 0.3, 0.5), "measured in own campaigns"),
        (rule(), "nobody", (0.1, 0.3, 0.5), "assumed"),
        (rule("second_purchase"), "campaigns", (0.1, 0.3, 0.5), "measured in own campaigns"),
        (rule("second_purchase"), "nobody", (0.0, 0.05, 0.1), "assumed"),
        (rule("win_back"), "campaigns", (0.0, 0.02, 0.05), "assumed"),
        (rule("unhappy", kind="service"), "campaigns", (0.05, 0.15, 0.3), "assumed"),
        (rule("own"), "nobody", (0.0, 0.05, 0.1), "assumed"),
        (rule(effect=0.2), "campaigns", (0.2, 0.2, 0.2), "assumed, in the parameters"),
    ],
)
def test_an_effect_is_measured_where_own_campaigns_tell_of_such_an_action(assumed, asked, told_by, effect, said):
    assert effect_of(asked, assumed.mask(assumed.index == "told_by", told_by)) == (effect, said)


@pytest.mark.parametrize(
    ("channel", "reason", "offer", "costs"),
    [
        ("phone", "own", None, ((8, 8, 8), (0, 0, 0))),
        ("letter", "own", 3.0, ((2, 2, 2), (3, 3, 3))),
        ("message", "likely_to_leave", None, ((0.5, 1, 2), (4, 5, 6))),
        ("pigeon", "own", (1.0, 2.0, 3.0), ((0.5, 1, 2), (1, 2, 3))),
    ],
)
def test_a_contact_costs_what_its_channel_says_else_what_chapter_03_says(assumed, channel, reason, offer, costs):
    asked = ActionRule(reason=reason, action="Do", channel=channel, offer=offer)
    assert costs_of(asked, CHANNELS, assumed) == costs
    assert costs_of(asked, CHANNELS, None)[0] == ((8, 8, 8) if channel == "phone" else (0, 0, 0))


def test_the_value_at_stake_has_the_ends_of_the_margin_and_of_the_lifetime_value(customers, assumed):
    values = values_at_stake(customers, assumed).round(6).to_numpy().tolist()
    assert values == [[100.0, 100 * 0.8 * 0.5, 100 * 1.5 * 1.5], [80.0, 40.0, 120.0], [36.0, 18.0, 54.0]]


def test_a_value_that_a_chapter_tells_of_its_reason_stands(gathered, assumed):
    put_forward = gathered(("a", "own", 1.0))
    told = put_forward.candidates.assign(value_at_stake=7.0)
    offers = make_offers(told, put_forward.customers, rules_table([rule("own")], CHANNELS, assumed), assumed)
    assert offers[["value_low", "value_at_stake", "value_high"]].to_numpy().tolist() == [[7.0, 7.0, 7.0]]


def test_a_reason_without_a_rule_stays_and_one_with_two_has_two_offers(gathered, assumed):
    put_forward = gathered(("a", "unheard_of", 1.0), ("b", "own", 1.0))
    rules = rules_table([rule("own"), rule("own", effect=0.5)], CHANNELS, assumed)
    offers = make_offers(put_forward.candidates, put_forward.customers, rules, assumed)
    assert offers[["customer_id", "rule"]].to_numpy().tolist() == [["a", -1], ["b", 0], ["b", 1]]
    without = make_offers(put_forward.candidates, put_forward.customers, rules_table([], CHANNELS, assumed), assumed)
    assert without["rule"].tolist() == [-1, -1]


def test_service_is_withheld_from_nobody(tmp_path):
    assert rule().control
    assert not rule(kind="service").control
    file = tmp_path / "p.yaml"
    action = "{reason: unhappy, action: Call, kind: service, control: true}"
    about = "series: s\ntitle: t\nas_of: 2026-01-01\nsources: {transactions: {path: x.csv, columns: {}}}\n"
    file.write_text(f"{about}actions: {{rules: [{action}]}}\n")
    with pytest.raises(ParameterError, match="nobody is left without a service at random"):
        load_parameters(file)


def test_rules_are_a_table_with_a_row_each(assumed):
    table = rules_table([rule(days=3, owner="store")], CHANNELS, assumed)
    assert isinstance(table, pd.DataFrame)
    told = {"rule": 0, "reason": "likely_to_leave", "owner": "store", "days": 3, "effect_low": 0.1}
    assert table.loc[0, list(told)].to_dict() == told
