"""What comes after a complaint, counted by hand."""

from datetime import date

import pandas as pd
import pytest

from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.service.aftermath import SETTLED_LATER, adopted, landmarks, reached, recovery, repeated
from crmlib.satisfaction.service.complaints import waiting
from crmlib.satisfaction.service.followed import events_of, follow

AS_OF = date(2026, 11, 1)


def _frame(columns, *rows):
    frame = pd.DataFrame(rows, columns=columns)
    times = [name for name in columns if name.endswith("at")]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in times})


def test_who_complains_again_within_the_days_and_has_them_behind():
    made = _frame(
        ["customer_id", "at"],
        ("a", "2026-06-01"), ("a", "2026-06-20"), ("b", "2026-06-01"), ("b", "2026-09-20"), ("c", "2026-06-01"),
        ("d", "2026-10-20"), ("d", "2026-10-21"), (None, "2026-06-01"),
    )  # fmt: skip
    within = {days: repeated(made, AS_OF, days) for days in (30, 120)}
    assert (within[30].value, within[30].n) == (pytest.approx(1 / 3), 3)
    assert (within[120].value, within[120].n) == (pytest.approx(2 / 3), 3)


def test_a_complaint_is_judged_thirty_days_later():
    made = _frame(
        ["customer_id", "at", "resolved_at"],
        ("a", "2026-06-01", "2026-06-05"), ("b", "2026-06-01", "2026-08-01"), ("c", "2026-10-20", None),
    )  # fmt: skip
    found = landmarks(waiting(made, AS_OF), AS_OF)
    assert found["settled"].tolist() == [True, False]
    assert set(found["at"]) == {pd.Timestamp("2026-07-01")}


def test_settled_and_open_complaints_are_compared_by_what_was_bought_after():
    later = _frame(
        ["kind", "customer_id", "at", "next_at", "settled"],
        *((SETTLED_LATER, f"s{i}", "2026-06-01", "2026-06-20" if i < 16 else "2026-12-01", True) for i in range(20)),
        *((SETTLED_LATER, f"o{i}", "2026-06-01", "2026-06-20" if i < 4 else None, False) for i in range(20)),
        (SETTLED_LATER, "young", "2026-10-01", "2026-10-02", True),
    )
    answers = _frame(
        ["customer_id", "answered_at", "score"],
        *((f"s{i}", "2026-07-01", 8.0 + i % 2) for i in range(4)), *((f"o{i}", "2026-07-01", 4.0) for i in range(4)),
        ("s0", "2026-05-01", 1.0),
    )  # fmt: skip
    found = recovery(later, answers, "score", AS_OF, 90)
    assert (found.settled.value, found.waiting.value, found.gap.value) == (0.8, 0.2, pytest.approx(0.6))
    assert found.gap.excludes(0)
    assert (found.score.value, found.score.n) == (4.5, 8)


def test_low_scores_that_were_followed_by_a_message_or_a_contact():
    low = _frame(["customer_id", "answered_at"], *((name, "2026-06-01") for name in "abcd"), ("e", "2026-10-25"))
    sent = _frame(["customer_id", "contacted_at"], ("a", "2026-06-10"), ("b", "2026-05-01"), ("c", "2026-08-01"))
    found = reached(low, _frame(["customer_id", "at"], ("b", "2026-06-02"), ("a", "2026-06-03")), sent, AS_OF)
    assert (found.people, found.campaign.value, found.own.value) == (4, 0.25, 0.5)
    assert not reached(low, None, None, AS_OF).campaign.is_known


def test_the_share_of_suggestions_adopted_is_of_those_that_are_known():
    rows = [("suggestion", "2026-06-01", True), ("suggestion", "2026-06-01", False), ("suggestion", "2026-06-01", None)]
    rows += [("suggestion", "2020-06-01", True), ("complaint", "2026-06-01", None)]
    found = adopted(_frame(["kind", "at", "adopted"], *rows), AS_OF)
    assert (found.value, found.n) == (0.5, 2)


def test_events_are_told_the_order_concerned_and_the_next_purchase(lines):
    events = _frame(
        ["kind", "customer_id", "order_id", "at"],
        ("complaint", "a", "3", "2026-02-01"), ("complaint", "b", None, "2026-05-01"),
        ("complaint", None, "1", "2026-02-01"),
    )  # fmt: skip
    found = follow(lines, events, date(2026, 4, 15))
    assert found["next_at"].tolist() == [pd.Timestamp("2026-03-01"), pd.NaT, pd.NaT]
    assert found.loc[0, ["order_channel", "order_store"]].tolist() == ["web", "S2"]
    assert found.loc[1:, "order_channel"].isna().all()


def test_without_contacts_and_answers_there_is_no_event(lines):
    events = events_of(Gap("", "", ""), None, None, AS_OF)
    assert follow(lines, events, AS_OF).empty
