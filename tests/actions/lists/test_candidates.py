from datetime import date

import pandas as pd
import pytest

from crmlib.actions.lists.candidates import gather, gathered_candidates, reason_words
from crmlib.churn.who.candidates import LIKELY, OVERDUE, VALUABLE
from crmlib.params.actions import ActionsSection
from crmlib.satisfaction.whom.candidates import OPEN_COMPLAINT, RETURNED, UNHAPPY
from crmlib.segmentation.candidates import LEFT_BEST, NEXT_CATEGORY, SECOND_PURCHASE, WIN_BACK

ALL = (
    VALUABLE,
    LIKELY,
    OVERDUE,
    LEFT_BEST,
    SECOND_PURCHASE,
    OPEN_COMPLAINT,
    RETURNED,
    UNHAPPY,
    WIN_BACK,
    NEXT_CATEGORY,
)


def test_a_reason_has_words_and_one_of_ones_own_its_code():
    assert (reason_words("open_complaint"), reason_words("own_rule")) == ("a complaint is open", "own rule")


@pytest.mark.parametrize("reason", ALL)
def test_every_reason_of_the_chapters_has_words_and_leads_to_an_action(reason):
    assert reason_words(reason) != reason.replace("_", " ") or reason == LIKELY
    assert reason in {rule.reason for rule in ActionsSection().rules}


def test_only_who_has_gone_is_won_back():
    won_back = {rule.reason for rule in ActionsSection().rules if "win-back" in rule.action.lower()}
    assert won_back == {"win_back"}


def test_the_day_of_the_last_purchase_and_the_store_are_known_of_every_customer(run):
    known = run.frame("segments").assign(days_since_last=[float(n % 40) for n in range(90)], main_store="S9")
    run.write("segments", known, by=["customer_id"])
    found = gather(run).customers.set_index("customer_id")
    assert found.loc["C05", "last_purchase"] == date(2026, 10, 26)
    assert found.loc["C05", ["main_store", "store"]].tolist() == ["S9", "Harbour"]
    run.write("segments", known.drop(columns=["days_since_last", "main_store"]), by=["customer_id"])
    assert pd.isna(gather(run).customers["last_purchase"]).all()


def said(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "reason", "score", "why"])


def test_what_is_said_of_the_reason_comes_before_what_another_chapter_says():
    churn = said(("a", "leaving", 0.9, "silent for long"), ("b", "leaving", 0.5, "2 complaints"))
    satisfaction = said(
        ("a", "open_complaint", 3.0, "open for 5 days"), ("b", "unhappy", 1.0, None), ("c", "x", 0, None)
    )
    found = gathered_candidates([satisfaction, churn]).set_index(["customer_id", "reason"])["why"]
    assert found["a", "open_complaint"] == "open for 5 days"
    assert found["b", "unhappy"] == "2 complaints"
    assert found["c", "x"] == reason_words("x")


def test_since_when_somebody_is_late_is_since_when():
    late = said(("a", "leaving", 0.9, "")).assign(late_since=pd.Timestamp("2026-10-03"))
    assert gathered_candidates([late])["since"].tolist() == [pd.Timestamp("2026-10-03")]
