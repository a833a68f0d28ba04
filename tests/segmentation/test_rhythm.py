"""Each customer's own rhythm, and how well it is known."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.customers.rhythm import (
    before_last,
    customer_rhythm,
    known_rhythm,
    purchase_days,
    purchase_waits,
    rhythm_of,
    steady,
    typical_gap,
)


def test_purchases_of_one_day_are_one_and_gaps_are_whole_days(shop):
    days = purchase_days(shop, date(2026, 4, 1)).to_pandas().sort_values(["customer_id", "day"])
    assert days.loc[days["customer_id"] == "a", "gap"].tolist()[1:] == [32, 29]
    assert days.loc[days["customer_id"] == "b", "gap"].tolist()[1:] == [59]
    assert days["gap"].isna().sum() == 3


def test_the_rhythm_of_each_customer(shop):
    rhythm = customer_rhythm(shop, date(2026, 4, 1)).to_pandas().set_index("customer_id").sort_index()
    assert rhythm["purchase_days"].tolist() == [3, 2, 1]
    assert rhythm["gap_days"].tolist() == [61, 59, 0]
    assert rhythm["gap_squares"].tolist() == [32**2 + 29**2, 59**2, 0]
    assert rhythm["days_since_last"].tolist() == [27, 11, 26]
    assert rhythm.loc["a", "last_gap"] == 29
    assert pd.isna(rhythm.loc["c", "last_gap"])


def test_every_purchase_day_begins_a_wait_and_the_last_one_is_still_going_on(shop):
    waits = purchase_waits(shop, date(2026, 4, 1)).to_pandas().sort_values(["gap_days", "wait"])
    assert waits.to_dict("split", index=False)["data"] == [
        [0, 0, 0, False, 26, 26],  # c
        [0, 0, 0, True, 88, 32],  # a, first
        [0, 0, 0, True, 70, 59],  # b, first
        [1, 32, 1024, True, 56, 29],
        [1, 59, 3481, False, 11, 11],
        [2, 61, 1865, False, 27, 27],
    ]


def test_few_purchases_lean_on_the_population_and_many_on_the_customer():
    rhythm = pd.DataFrame({"gap_days": [0, 10, 1000], "purchase_days": [1, 2, 101]})
    assert typical_gap(rhythm, 30).tolist() == pytest.approx([30, 70 / 3, 1060 / 102])


def test_the_gap_that_is_judged_is_not_in_its_own_yardstick():
    rhythm = pd.DataFrame({
        "gap_days": [0, 200, 210], "gap_squares": [0, 40_000, 40_100], "purchase_days": [1, 2, 3],
        "last_gap": pd.array([None, 200, 200], dtype="Int64"),
    })  # fmt: skip
    then = before_last(rhythm)
    assert typical_gap(then, 30).tolist() == pytest.approx([30, 30, 70 / 3])
    assert then["gap_squares"].tolist() == [0, 0, 100]


def test_the_engine_and_the_frame_name_rhythms_alike(lines_of):
    rng = np.random.default_rng(4)
    rows = []
    for number in range(40):
        gaps = rng.integers(5, 60, 8) if number % 2 else np.full(8, 14)
        days = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.cumsum(gaps[: number % 8 + 1]), "D")
        rows += [(f"k{number}", f"{number}-{n}", day, "p", 1, 9.0, False, True) for n, day in enumerate(days)]
    rhythm = customer_rhythm(lines_of(rows), date(2026, 7, 1))
    named = rhythm.mutate(named=rhythm_of(rhythm.purchase_days - 1, rhythm.gap_days, rhythm.gap_squares)).to_pandas()
    assert named["named"].tolist() == known_rhythm(named).tolist()
    assert set(named["named"]) == {"newcomer", "few", "uneven", "steady"}


def test_even_gaps_are_steady_and_the_last_gap_is_taken_out_of_the_rhythm():
    assert steady(np.array([6, 6]), np.array([60, 60]), np.array([600, 1500])).tolist() == [True, False]
    customers = pd.DataFrame({"purchase_days": [3], "gap_days": [50], "gap_squares": [1700], "last_gap": [40]})
    assert before_last(customers)[["purchase_days", "gap_days", "gap_squares"]].iloc[0].tolist() == [2, 10, 100]
