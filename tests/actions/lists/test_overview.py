"""The list in words, by reason, and what its customers are worth."""

import pandas as pd
import pytest

from crmlib.actions.lists.overview import list_by_reason, list_words, worth_of


def list_of(*values):
    return pd.DataFrame({
        "customer_id": [f"c{n}" for n in range(len(values))], "reason": "leaving", "action": "Write", "channel": None,
        "lifetime_value": values,
    })  # fmt: skip


def test_counting_by_reason_keeps_the_order_of_the_list():
    listed = list_of(20.0, 10.0, 30.0).assign(reason=["open_complaint", "leaving", "leaving"])
    counted = list_by_reason(listed)[["reason", "customers", "value"]]
    assert counted.to_numpy().tolist() == [["open_complaint", 1, 20.0], ["leaving", 2, 40.0]]


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
