"""One row a customer, by gain under the limits, duties first; and everybody accounted for."""

from datetime import date

import pandas as pd
import pytest

from crmlib.actions.lists.accounting import account, account_sentence
from crmlib.actions.lists.limits import LISTED, contact_history
from crmlib.actions.lists.plan import COLUMNS, FOR_THE_PAGE, make_plan
from crmlib.params.actions import ActionRule, ActionsSection, Channel

RULES = [
    ActionRule(reason="open_complaint", action="Call back", channel="phone", kind="duty", owner="service desk", days=3),
    ActionRule(reason="likely_to_leave", action="Write", channel="message", owner="store"),
    ActionRule(reason="own", action="Call", channel="phone", effect=0.2),
]
CHANNELS = {"phone": Channel(cost=8.0, a_day=1), "message": Channel()}
AS_OF = date(2026, 11, 1)


def knobs(**more):
    return ActionsSection(**({"rules": RULES, "channels": CHANNELS} | more))


def fates(plan):
    return plan.fates.set_index("customer_id")["fate"].to_dict()


def actions(plan):
    return plan.listed[["customer_id", "action"]].to_numpy().tolist()


ALL = [("a", "likely_to_leave", 0.9), ("b", "likely_to_leave", 0.5), ("b", "own", 9.0), ("c", "open_complaint", 3.0),
       ("a", "own", 1.0)]  # fmt: skip


def test_each_customer_gets_what_brings_most_and_duties_come_first(gathered, nobody):
    plan = make_plan(gathered(*ALL), nobody, knobs(), AS_OF)
    assert tuple(plan.listed.columns) == (*COLUMNS, *FOR_THE_PAGE)
    assert plan.listed["priority"].tolist() == [1, 2, 3]
    assert actions(plan) == [["c", "Call back"], ["a", "Write"], ["b", "Write"]]
    assert plan.listed["due"].tolist() == [date(2026, 11, 4), date(2026, 11, 15), date(2026, 11, 15)]
    # b has no store: the head office writes
    assert plan.listed[["owner", "store"]].fillna("").to_numpy().tolist() == [
        ["service desk", "S2"], ["store", "Harbour"], ["head office", ""],
    ]  # fmt: skip
    assert set(plan.listed["arm"]) == {"contact"}


def test_a_duty_is_done_whatever_it_brings_but_not_by_more_calls_than_there_are(gathered, nobody):
    duties = [("a", "open_complaint", 1.0), ("c", "open_complaint", 5.0), ("b", "own", 1.0)]
    plan = make_plan(gathered(*duties), nobody, knobs(working_days=1, budget=0), AS_OF)
    assert actions(plan) == [["c", "Call back"]]
    assert plan.listed["expected_gain"].iloc[0] < 0
    assert fates(plan) == {"c": LISTED, "a": "capacity", "b": "capacity"}


@pytest.mark.parametrize(
    ("limits", "listed", "cut"),
    [
        ({"at_most": 1}, ["a"], {"b": "at_most"}),
        ({"budget": 3.5}, ["b"], {"a": "budget"}),
        ({"rules": RULES[:1]}, [], {"a": "no_rule", "b": "no_rule"}),
        ({"rules": [RULES[1].model_copy(update={"effect": 0.001})]}, [], {"a": "no_gain", "b": "no_gain"}),
    ],
)
def test_what_a_limit_leaves_out_is_said(gathered, nobody, limits, listed, cut):
    plan = make_plan(gathered(*ALL[:2]), nobody, knobs(**limits), AS_OF)
    assert plan.listed["customer_id"].tolist() == listed
    assert fates(plan) == dict.fromkeys(listed, LISTED) | cut


def test_marketing_leaves_in_peace_who_refuses_or_was_contacted_and_service_does_not(gathered):
    told = pd.DataFrame({
        "customer_id": ["a", "b", "c"], "refuses": [True, False, False], "quiet": [False, True, True],
        "contacts": [0, 1, 9],
    })  # fmt: skip
    plan = make_plan(gathered(*ALL), told, knobs(), AS_OF)
    assert fates(plan) == {"a": "no_consent", "b": "quiet", "c": LISTED}
    plan = make_plan(gathered(*ALL[:2]), told.assign(refuses=False, quiet=False, contacts=[4, 3, 0]), knobs(), AS_OF)
    assert fates(plan) == {"a": "cap", "b": LISTED}


def test_where_nobody_has_a_value_the_rules_and_the_urgency_tell(gathered, nobody):
    plan = make_plan(gathered(*ALL, values=False), nobody, knobs(at_most=2), AS_OF)
    assert actions(plan) == [["c", "Call back"], ["a", "Write"]]
    assert fates(plan)["b"] == "at_most"
    assert plan.listed["expected_gain"].isna().all()


def test_of_several_rules_for_a_reason_the_first_that_pays_and_has_room_is_taken(gathered, nobody):
    call = ActionRule(reason="own", action="Call", channel="phone", effect=0.2)
    write = ActionRule(reason="own", action="Write", channel="message", effect=0.2)
    rows = [("a", "own", 1.0), ("b", "own", 1.0), ("c", "own", 1.0)]
    # a call pays with a and b, of which there is room for one; with c it does not
    plan = make_plan(gathered(*rows), nobody, knobs(rules=[call, write], working_days=1), AS_OF)
    assert sorted(actions(plan)) == [["a", "Call"], ["b", "Write"], ["c", "Write"]]
    plan = make_plan(gathered(*rows), nobody, knobs(rules=[write, call]), AS_OF)
    assert {action for _who, action in actions(plan)} == {"Write"}


def test_the_order_of_the_candidates_changes_nothing(gathered, nobody):
    there, back = (make_plan(gathered(*rows), nobody, knobs(), AS_OF).listed for rows in (ALL, ALL[::-1]))
    pd.testing.assert_frame_equal(there, back)


def test_nobody_put_forward_gives_an_empty_list_with_its_columns(gathered, nobody):
    plan = make_plan(gathered(), nobody, knobs(), AS_OF)
    assert list(plan.listed.columns) == [*COLUMNS, *FOR_THE_PAGE]
    assert plan.fates.empty
    assert account(plan.fates).empty


def test_a_candidate_unknown_to_the_chapters_is_listed_where_it_is_a_duty(gathered, nobody):
    plan = make_plan(gathered(("z", "open_complaint", 1.0), ("y", "own", 1.0)), nobody, knobs(), AS_OF)
    assert actions(plan) == [["z", "Call back"]]
    assert fates(plan)["y"] == "no_gain"


def test_the_account_sums_exactly_to_all_put_forward(gathered, nobody, run):
    plan = make_plan(gathered(*ALL), nobody, knobs(at_most=2), AS_OF)
    assert (plan.offers["cut"] == LISTED).sum() == len(plan.listed)
    accounts = account(plan.fates)
    assert accounts["fate"].tolist() == [LISTED, "at_most"]
    assert accounts["customers"].sum() == 3
    assert accounts["value"].sum() == plan.fates["value"].sum() == 100 + 80 + 36
    assert accounts.loc[0, "value"] == plan.listed["value_at_stake"].sum()
    assert account_sentence(accounts, run).startswith("Of fewer than 10 customers put forward fewer than 10")


def test_contacts_of_late_are_counted_and_who_was_left_out_at_random_had_none(run):
    told = contact_history(run).set_index("customer_id")
    assert told.loc["C99", "refuses"]
    assert not told["quiet"].any()
    assert "Atreatment0" in told.index
    assert "Acontrol0" not in told.index
