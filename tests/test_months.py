"""Arithmetic of months."""

from datetime import date

import ibis
import pandas as pd
import pytest

from crmlib.months import (
    cut_off,
    earlier,
    last_month,
    last_months,
    month_number,
    month_start,
    months_before,
    number_of,
    whole_months,
)

DAYS = [date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1)]


def test_numbers_and_first_days_go_together():
    assert month_start([number_of(date(2024, 2, 29))]).tolist() == [pd.Timestamp("2024-02-01")]
    assert last_month(date(2026, 1, 1)) == number_of(date(2025, 12, 31))


def test_the_engine_numbers_months_alike():
    rows = ibis.memtable({"day": DAYS})
    assert rows.select(number=month_number(rows.day)).to_pandas()["number"].tolist() == [number_of(day) for day in DAYS]


@pytest.mark.parametrize(("as_of", "first"), [(date(2026, 3, 1), "2025-12-01"), (date(2026, 3, 2), "2026-01-01")])
def test_the_last_months_begin_where_the_report_still_sees_them(as_of, first):
    assert last_months(as_of, 3) == pd.Timestamp(first)


def test_a_month_is_cut_off_where_the_report_ends_in_it():
    months = pd.Series(pd.to_datetime(["2026-02-01", "2026-03-01"]))
    assert cut_off(months, date(2026, 3, 15)).tolist() == [False, True]
    assert cut_off(months, date(2026, 4, 1)).tolist() == [False, False]


def test_earlier_keeps_the_day_where_the_month_has_it():
    assert earlier(date(2026, 3, 30), 1) == date(2026, 2, 28)
    assert earlier(date(2026, 1, 15), 13) == date(2024, 12, 15)


@pytest.mark.parametrize(("day", "before"), [(1, "02-01"), (15, "02-15"), (29, "03-01"), (31, "03-01")])
def test_the_end_of_a_period_moves_by_its_last_day(day, before):
    assert str(months_before(date(2026, 3, day), 1)) == f"2026-{before}"


def test_a_month_is_whole_on_its_own_day():
    assert [whole_months(date(2025, 12, 15), date(2026, 2, day)) for day in (14, 15)] == [1, 2]
