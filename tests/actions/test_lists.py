"""One row a customer, by the first rule met, most urgent first."""

import pandas as pd
import pytest

from crmlib.actions.candidates import candidates_by_reason
from crmlib.actions.lists import COLUMNS, contact_list, list_by_reason, list_words, worth_of
from crmlib.params.sections import ActionRule

RULES = [
    ActionRule(reason="open_complaint", action="Call back", channel="phone"),
    ActionRule(reason="leaving", action="Write", channel="message"),
]


def candidates(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "reason", "score"])


@pytest.fixture
def customers():
    return pd.DataFrame(
        {"customer_id": ["a", "b", "c"], "segment": ["x", "y", "x"], "lifetime_value": [10.0, 20.0, 30.0]}
    )


def test_a_customer_is_listed_once_under_the_first_rule(customers):
    churn = candidates(("a", "leaving", 0.9), ("b", "leaving", 0.5))
    satisfaction = candidates(("b", "open_complaint", 3.0))
    listed = contact_list([churn, satisfaction], customers, RULES, at_most=10)
    assert listed[["priority", "customer_id", "reason", "channel"]].values.tolist() == [
        [1, "b", "open_complaint", "phone"],
        [2, "a", "leaving", "message"],
    ]
    assert listed.lifetime_value.tolist() == [20.0, 10.0]
    assert list(listed.columns) == COLUMNS


def test_within_a_reason_the_higher_score_comes_first_and_ties_by_pseudonym(customers):
    found = candidates(("c", "leaving", 0.5), ("a", "leaving", 0.5), ("b", "leaving", 0.7))
    assert contact_list([found], customers, RULES, 10).customer_id.tolist() == ["b", "a", "c"]


def test_the_list_is_no_longer_than_the_team_can_work(customers):
    found = candidates(("c", "leaving", 0.5), ("a", "leaving", 0.4), ("b", "leaving", 0.7))
    assert contact_list([found], customers, RULES, 2).customer_id.tolist() == ["b", "c"]


def test_a_reason_without_a_rule_leads_to_no_action(customers):
    found = candidates(("c", "unheard_of", 0.5))
    assert contact_list([found], customers, RULES, 10).empty
    assert candidates_by_reason({"03_churn": found}, RULES).values.tolist() == [["03_churn", "unheard_of", 1, False]]


def test_no_candidates_give_an_empty_list_with_its_columns(customers):
    assert list(contact_list([candidates()], customers, RULES, 10).columns) == COLUMNS


def test_what_a_chapter_says_of_a_customer_stands_beside_any_reason(customers):
    churn = candidates(("a", "leaving", 0.9), ("c", "leaving", 0.5)).assign(why=["2 complaints open", None])
    satisfaction = candidates(("a", "open_complaint", 3.0), ("b", "open_complaint", 1.0))
    listed = contact_list([satisfaction, churn], customers, RULES, at_most=10)
    assert listed.customer_id.tolist() == ["a", "b", "c"]
    assert listed.why.fillna("").tolist() == ["2 complaints open", "", ""]


def test_what_is_said_of_the_reason_comes_before_what_another_chapter_says(customers):
    churn = candidates(("a", "leaving", 0.9)).assign(why=["silent for long"])
    satisfaction = candidates(("a", "open_complaint", 3.0)).assign(why=["complaint open for 5 days"])
    assert contact_list([churn, satisfaction], customers, RULES, 10).why.tolist() == ["complaint open for 5 days"]


def test_a_candidate_unknown_to_the_segments_stays_listed(customers):
    listed = contact_list([candidates(("z", "leaving", 1.0))], customers, RULES, 10)
    assert listed.customer_id.tolist() == ["z"]
    assert listed.segment.isna().all()


def test_counting_by_reason_keeps_the_order_of_the_table(customers):
    found = candidates(("a", "leaving", 0.9), ("b", "open_complaint", 1.0), ("c", "leaving", 0.1))
    counted = list_by_reason(contact_list([found], customers, RULES, 10))
    assert counted[["reason", "customers", "value"]].values.tolist() == [
        ["open_complaint", 1, 20.0],
        ["leaving", 2, 40.0],
    ]


def list_of(*values):
    return pd.DataFrame({
        "customer_id": [f"c{n}" for n in range(len(values))], "reason": "leaving", "action": "Write", "channel": None,
        "lifetime_value": values,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("values", "value", "basis"),
    [
        ([None] * 12, None, None),
        ([10.0] * 12, 120.0, 12),
        ([10.0] * 9 + [None] * 9, 90.0, 9),
        ([500.0] + [10.0] * 11, 610.0, 1),
        ([], None, None),
    ],
)
def test_the_worth_of_a_list_is_that_of_the_known_and_rests_on_them(run, values, value, basis):
    found = worth_of(list_of(*values))
    assert (found.value, found.basis(run)) == (value, basis)


@pytest.mark.parametrize(
    ("values", "told"),
    [([10.0] * 12, True), ([None] * 12, False), ([10.0] * 9 + [None] * 9, False), ([500.0] + [10.0] * 11, False)],
)
def test_no_sentence_tells_money_of_few_or_mostly_of_one(run, values, told):
    listed = list_of(*values)
    said = " ".join(list_words(list_by_reason(listed), worth_of(listed), run))
    assert "on this month's contact list" in said
    assert ("¥" in said) == told
