"""Memberships that end on a date."""

from datetime import date

import ibis
import pandas as pd

from crmlib.churn.history.memberships import count_ended, memberships_at
from crmlib.churn.who.candidates import retention_candidates
from crmlib.churn.who.leaving import leaving_customers

CUTOFFS = [date(2026, 1, 1), date(2026, 3, 1)]


def members(rows):
    frame = pd.DataFrame(rows, columns=["joined_at", "member_until", "known_at"])
    columns = {name: pd.to_datetime(frame[name]) for name in frame}
    table = ibis.memtable(pd.DataFrame(columns))
    return table.mutate(joined_at=table.joined_at.cast("date"), member_until=table.member_until.cast("date"))


def counted(rows):
    found = count_ended(members(rows), "member_until", CUTOFFS, 30).to_pandas()
    return {pd.Timestamp(row.cutoff).month: (row.members, row.ended) for row in found.itertuples()}


def test_who_is_a_member_that_day_and_lets_it_end_within_the_horizon():
    rows = [
        ("2025-01-01", "2026-01-01", None),  # the last day is a member's day: ends within
        ("2025-01-01", "2026-01-30", None),  # the last day of the window
        ("2025-01-01", "2026-01-31", None),  # one day later
        ("2025-01-01", "2025-12-31", None),  # gone before the first cutoff
        ("2026-01-01", "2027-01-01", None),  # joins on the cutoff: not yet known before it
        (None, "2027-01-01", None),
        ("2025-01-01", None, None),  # no end is told
    ]
    assert counted(rows) == {1: (4, 2), 3: (2, 0)}


def test_an_extract_does_not_know_what_comes_after_it():
    rows = [("2025-01-01", "2026-03-15", "2026-02-15"), ("2025-01-01", "2026-03-15", "2026-06-01")]
    assert counted(rows) == {1: (2, 0), 3: (1, 1)}


def test_an_end_gone_by_was_not_renewed_and_one_to_come_counts_only_as_known_before():
    rows = [
        ("2025-01-01", "2025-12-31", None),  # ended the day before
        ("2025-01-01", "2025-12-31", "2026-06-01"),  # a later extract: not renewed since
        ("2025-01-01", "2026-01-01", None),  # the last day is a member's day
        ("2025-01-01", "2026-01-30", "2025-12-31"),
        ("2025-01-01", "2026-01-31", None),  # beyond the horizon
        ("2025-01-01", "2026-01-15", "2026-02-01"),  # a later extract knows who has renewed
        ("2025-01-01", None, None),
    ]
    table = members(rows).mutate(customer_id=ibis.literal("c"))
    table = ibis.memtable(table.to_pandas().assign(customer_id=list("abcdefg")))
    found = memberships_at(table, "member_until", CUTOFFS[0], 30).order_by("customer_id").to_pandas()
    assert dict(zip(found["customer_id"], found["ended"], strict=True)) == {
        "a": True,
        "b": True,
        "c": False,
        "d": False,
    }
    active = pd.DataFrame({
        "customer_id": list("acg"), "churn_probability": 0.9, "days_since_last": 40, "usual_spend": [9.0, 5.0, 1.0],
    })  # fmt: skip
    leaving = leaving_customers(active, None, 0.5, 31, found)
    assert leaving["gone"].tolist() == [True, False, False]
    assert leaving["membership_ends"].dt.day.tolist()[:2] == [31, 1]
    put_forward = retention_candidates(leaving, pd.Series(9.0, leaving.index), CUTOFFS[0])
    assert put_forward["customer_id"].tolist() == ["c", "g"]
