from datetime import date

import pandas as pd

from crmlib.actions.candidates import gather, reason_words
from crmlib.churn.who.candidates import LIKELY, OVERDUE, VALUABLE
from crmlib.params.sections import ActionsSection
from crmlib.segmentation.handover import LEFT_BEST, SECOND_PURCHASE


def test_a_reason_has_words_and_one_of_ones_own_its_code():
    assert (reason_words("open_complaint"), reason_words("own_rule")) == ("a complaint is open", "own rule")


def test_every_reason_of_chapters_02_and_03_has_words_and_leads_to_an_action():
    rules = {rule.reason: rule.action for rule in ActionsSection().rules}
    for reason in (VALUABLE, LIKELY, OVERDUE, LEFT_BEST, SECOND_PURCHASE):
        assert reason_words(reason) != reason.replace("_", " ") or reason == LIKELY
        assert reason in rules


def test_only_who_is_likely_to_leave_is_won_back():
    won_back = {rule.reason for rule in ActionsSection().rules if "win-back" in rule.action.lower()}
    assert won_back == {LIKELY}


def test_the_day_of_the_last_purchase_is_known_of_every_customer(run):
    known = run.frame("segments").assign(days_since_last=[float(n % 40) for n in range(90)])
    run.write("segments", known, by=["customer_id"])
    found = gather(run).customers.set_index("customer_id")
    assert found.loc["C05", "last_purchase"] == date(2026, 10, 26)
    run.write("segments", known.drop(columns="days_since_last"), by=["customer_id"])
    assert pd.isna(gather(run).customers["last_purchase"]).all()
