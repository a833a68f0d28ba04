"""Holes are seen however long they are; closings, holidays and quiet shops raise no alarm."""

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from crmlib.prep.holes import holes
from crmlib.prep.rhythm import Rhythm

START, END = "2024-01-01", "2025-12-31"
DAYS = pd.date_range(START, END)
SELDOM = {"every other Saturday": (DAYS.day_of_week == 5) & (DAYS.isocalendar().week.to_numpy() % 2 == 0),
          "on the first of the month": DAYS.day == 1, "at the end of a quarter": DAYS.is_quarter_end}  # fmt: skip
OPEN = {"daily": range(7), "closed on Sundays": range(6), "on weekdays": range(5), "on Saturdays": [5]}


def shop(kind, orders=40, seed=1, days=DAYS):
    """Simulate a shop's orders of every day; ``sparse`` sells on four days of ten, at random."""
    rng = np.random.default_rng(seed)
    if kind == "sparse":
        return rng.binomial(1, 0.4, len(days))
    return np.where(np.isin(days.day_of_week, list(OPEN[kind])), rng.poisson(orders, len(days)), 0)


def found(orders, days=DAYS, country=None, end=None):
    """Find holes from the first sale to the last, as a page would, up to the end of the report."""
    frame = pd.DataFrame({"day": days, "orders": orders})
    sold = frame.index[frame["orders"] > 0]
    frame = frame.loc[sold[0] : sold[-1]].reset_index(drop=True)
    return holes(frame, end or (days[-1] + pd.Timedelta(days=1)).date(), country)


@pytest.mark.parametrize("length", [3, 30, 100, 365])
@pytest.mark.parametrize("kind", [*OPEN, "sparse"])
def test_a_hole_is_seen_however_long_it_is(kind, length):
    orders = shop(kind)
    orders[150 : 150 + length] = 0  # from Thursday, 30 May 2024, on
    rows = found(orders)
    if length == 3 and kind == "sparse":  # three days without a sale are nothing there
        assert rows.empty
        return
    expected = np.isin(DAYS[150 : 150 + length].day_of_week, list(OPEN.get(kind, range(7)))).sum()
    assert len(rows) == 1
    assert rows["start"].iloc[0] >= DAYS[150] - pd.Timedelta(days=9)
    assert rows["end"].iloc[0] <= DAYS[149 + length] + pd.Timedelta(days=9)
    assert abs(rows["days"].sum() - expected) <= (9 if kind == "sparse" else 0)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("kind", "orders"), [*((kind, 40) for kind in OPEN), ("sparse", 1)])
def test_a_whole_history_has_no_hole(kind, orders, seed):
    assert found(shop(kind, orders, seed)).empty


@pytest.mark.parametrize("kind", list(SELDOM))
def test_a_shop_that_sells_seldom_has_no_holes(kind):
    assert found(np.where(SELDOM[kind], 30, 0)).empty


def test_a_shop_of_every_other_saturday_has_a_hole_of_half_a_year():
    orders = np.where(SELDOM["every other Saturday"], 30, 0)
    orders[200:380] = 0
    assert len(found(orders)) == 1


def test_single_daily_files_that_are_missing_are_each_seen_in_a_large_shop():
    orders = shop("daily")
    away = [40, 41, 77, 123, 300, 500, 501, 690]
    orders[away] = 0
    rows = found(orders)
    assert rows["days"].tolist() == [2, 1, 1, 1, 2, 1]
    assert rows["start"].tolist() == [DAYS[each] for each in (40, 77, 123, 300, 500, 690)]


def test_several_holes_do_not_hide_one_another():
    orders = shop("daily")
    for start, end in ((100, 103), (120, 150), (160, 260), (300, 665)):
        orders[start:end] = 0
    assert found(orders)["days"].tolist() == [3, 30, 100, 365]


def test_days_without_a_sale_are_nothing_in_a_shop_of_two_orders_a_day():
    orders = shop("daily", 2.3, seed=5)
    assert (orders == 0).sum() > 50
    assert len(found(orders)) <= 1


def test_a_shop_that_grows_has_its_quiet_days_at_the_start_and_no_holes():
    found_in = [found(np.random.default_rng(seed).poisson(np.linspace(1, 9, len(DAYS)))) for seed in range(10)]
    assert sum(map(len, found_in)) <= 1


def test_a_whole_month_and_the_last_days_are_holes():
    orders = shop("daily")
    orders[(DAYS >= "2025-03-01") & (DAYS < "2025-04-01")] = 0
    orders[-10:] = 0
    rows = found(orders)
    assert rows.astype(str).values.tolist() == [["2025-03-01", "2025-03-31", "31"], ["2025-12-22", "2025-12-31", "10"]]


def test_the_last_day_of_a_shop_closed_then_is_no_hole():
    orders = shop("closed on Sundays")
    assert found(orders[:-3], DAYS[:-3]).empty  # Sunday, 28 December 2025
    orders[-1] = 0
    assert found(orders)["start"].tolist() == [pd.Timestamp("2025-12-31")]


def test_a_shop_that_begins_slowly_has_no_holes_in_its_first_weeks():
    orders = shop("daily")
    orders[:42] = np.where(np.isin(DAYS[:42].day_of_week, [1, 4]), 3, 0)
    assert found(orders).empty


def test_a_single_line_long_before_all_others_leaves_a_hole():
    days = pd.date_range("2019-01-05", END)
    orders = np.concatenate([np.zeros(len(days) - len(DAYS), int), shop("daily")])
    orders[0] = 1
    rows = found(orders, days)
    assert rows[["start", "end"]].astype(str).values.tolist() == [["2019-01-06", "2023-12-31"]]


def test_a_shop_that_closes_on_mondays_from_one_day_on_has_another_rhythm_and_no_hole():
    orders = shop("daily")
    orders[(DAYS.day_of_week == 0) & (DAYS >= "2025-03-01")] = 0
    assert found(orders).empty


def test_closings_that_come_back_every_year_are_no_holes():
    orders = shop("daily")
    orders[(DAYS.month == 8) & (DAYS.day < 15)] = 0
    orders[(DAYS.month == 12) & DAYS.day.isin([25, 26])] = 0
    assert found(orders).empty
    orders[(DAYS >= "2025-06-02") & (DAYS < "2025-06-16")] = 0
    assert found(orders)["days"].tolist() == [14]


def test_a_shop_of_the_summer_has_no_holes_in_winter():
    days = pd.date_range("2022-04-01", "2025-12-31")
    orders = shop("daily", days=days)
    orders[(days.month < 4) | (days.month > 10)] = 0
    assert found(orders, days).empty
    orders[(days >= "2024-06-01") & (days < "2024-07-01")] = 0
    assert found(orders, days)["days"].tolist() == [30]


def test_one_closing_of_two_weeks_is_asked_about():
    orders = shop("daily")
    orders[(DAYS >= "2025-08-01") & (DAYS < "2025-08-15")] = 0
    assert found(orders)["days"].tolist() == [14]


@pytest.mark.parametrize(
    ("country", "days"),
    [(None, ["2024-04-01", "2025-04-21"]), ("DE", []), ("CN", ["2024-04-01", "2025-04-21"])],
)
def test_public_holidays_are_no_holes_where_the_country_is_named(country, days):
    orders = shop("daily")
    orders[DAYS.isin(pd.to_datetime(["2024-04-01", "2025-04-21", "2024-05-01", "2025-05-01"]))] = (
        0  # Easter Mondays, Labour Days
    )
    assert found(orders, country=country)["start"].dt.strftime("%Y-%m-%d").tolist() == days


def test_a_part_of_a_country_has_holidays_of_its_own():
    orders = shop("daily")
    orders[DAYS == "2025-06-19"] = 0  # Corpus Christi
    assert found(orders, country="DE-BY").empty
    assert len(found(orders, country="DE-HH")) == 1


def test_a_hole_around_a_holiday_is_told_without_it():
    orders = shop("daily")
    orders[(DAYS >= "2025-04-30") & (DAYS <= "2025-05-02")] = 0
    assert found(orders, country="DE").astype(str).values.tolist() == [["2025-04-30", "2025-05-02", "2"]]


def test_little_data_has_no_rhythm():
    days = pd.date_range("2026-01-01", periods=90)
    orders = np.zeros(90, int)
    orders[[0, 89]] = 5
    assert found(orders, days).empty
    empty = pd.DataFrame({"day": pd.to_datetime([]), "orders": []})
    assert holes(empty, date(2026, 1, 1)).columns.tolist() == ["start", "end", "days"]


def test_a_hole_in_the_only_month_is_seen():
    days = pd.date_range("2026-01-01", periods=31)
    orders = shop("daily", days=days)
    orders[10:13] = 0
    assert found(orders, days)["days"].tolist() == [3]


def test_a_stretch_is_told_from_the_shops_own_gaps():
    rhythm = Rhythm.of(DAYS, shop("sparse"))
    sold = np.flatnonzero(rhythm.orders)
    assert not any(rhythm.is_far_longer(start + 1, end) for start, end in pairwise(sold))
