"""Memberships that end on a date."""

from datetime import date

import ibis
import pandas as pd

from crmlib.churn.history.memberships import count_ended

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
