"""The plan of the month: one table whose title is what all of it brings, and whose rows add up to the list."""

from types import SimpleNamespace

import pandas as pd
import pytest

from crmlib.actions.lists.offers import measured
from crmlib.actions.lists.plan import COLUMNS, FOR_THE_PAGE
from crmlib.actions.lists.plan_shown import by_action, plan_title, show_plan, total_gain


def listed(*rows):
    """Give a list of rule, owner, arm, effect_from, gain, half its range, and so many customers."""
    parts = [
        pd.DataFrame({
            "customer_id": [f"c{rule}{owner}{arm}{n}" for n in range(size)], "rule": rule, "action": f"Do {rule}",
            "owner": owner, "arm": arm, "effect_from": told, "cost": 1.0, "expected_gain": gain,
            "gain_low": gain - half, "gain_high": gain + half, "due": pd.Timestamp("2026-11-10").date(),
        })
        for rule, owner, arm, told, gain, half, size in rows
    ]  # fmt: skip
    return pd.concat(parts).reindex(columns=[*COLUMNS, *FOR_THE_PAGE])


ROWS = [
    (0, "store", "contact", "assumed", 3.0, 5.0, 40), (0, "head office", "contact", "assumed", 3.0, 5.0, 20),
    (1, "head office", "contact", "assumed", 10.0, 2.0, 30), (1, "head office", "control", "assumed", 10.0, 2.0, 30),
]  # fmt: skip


def test_actions_sum_to_those_contacted_the_largest_gain_first():
    rows = by_action(listed(*ROWS))
    assert rows[["action", "owner", "customers", "cost", "expected_gain"]].to_numpy().tolist() == [
        ["Do 1", "head office", 30, 30.0, 300.0], ["Do 0", "store", 60, 60.0, 180.0],
    ]  # fmt: skip


def test_where_no_customer_has_a_value_the_gain_is_unknown_and_not_nought(run):
    rows = by_action(listed(*ROWS).assign(expected_gain=None, gain_low=None, gain_high=None).astype(
        dict.fromkeys(("expected_gain", "gain_low", "gain_high"), "float64")))  # fmt: skip
    assert rows["expected_gain"].isna().all()
    assert not total_gain(rows).is_known
    assert plan_title(rows, run).startswith("Contact 90 customers until")


def test_what_is_assumed_apart_errs_apart_and_what_is_measured_together():
    apart = total_gain(by_action(listed(*ROWS)))
    assert (apart.value, apart.n) == (480, 90)
    assert (apart.low, apart.high) == pytest.approx((480 - 305.94, 480 + 305.94), abs=0.01)  # of 300 and 60
    together = total_gain(by_action(listed(*[(*row[:3], measured(), *row[4:]) for row in ROWS])))
    assert (together.low, together.high) == (480 - 360, 480 + 360)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS, "Contact 90 customers until 10 Nov 2026 for ¥90: that is expected to bring ¥480 (¥174 to ¥786) beyond"),
        ([(*row[:5], 10.0, row[6]) for row in ROWS], "that may bring ¥480 (−¥191 to ¥1,151) beyond what would come"),
        ([(*row[:6], 2) for row in ROWS], "Whom to contact until 10 Nov 2026"),
    ],
)
def test_the_title_says_what_it_brings_and_a_direction_only_where_there_is_one(run, rows, said):
    assert said in plan_title(by_action(listed(*rows)), run).replace("\xa0", " ")


def test_the_table_says_for_how_many_by_whom_and_until_when(run):
    shown = show_plan(SimpleNamespace(listed=listed(*ROWS)), run)
    text = shown.text.replace("\xa0", " ")
    assert "Do 0 | 60 | stores | 10 Nov 2026 | ¥60 | ¥180 (−¥120 to ¥480)" in text
    assert "All effects are assumed" in shown.html
    assert show_plan(SimpleNamespace(listed=listed(*ROWS).iloc[:0]), run).text == "Nobody needs a contact this month."
