"""Each customer's own rhythm, and the population's."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.customers.rhythm import (
    GapDistribution,
    customer_rhythm,
    gap_before_last,
    gap_distribution,
    purchase_days,
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
    assert rhythm["days_since_last"].tolist() == [27, 11, 26]
    assert rhythm.loc["a", "last_gap"] == 29
    assert rhythm.loc["a", "longest_gap"] == 32
    assert pd.isna(rhythm.loc["c", "last_gap"])


def test_every_customer_counts_once_in_the_population(shop):
    population = gap_distribution(shop, date(2026, 4, 1))
    # a's gaps of 29 and 32 weigh a half each, b's 59 weighs one
    assert population.customers == 2
    assert population.days.tolist() == [29, 32, 59]
    assert population.weight.tolist() == pytest.approx([0.25, 0.25, 0.5])
    assert population.mean == pytest.approx(44.75)
    assert [population.quantile(share) for share in (0.1, 0.25, 0.5, 0.6, 1.0)] == [29, 29, 32, 59, 59]


def test_without_a_second_purchase_there_is_no_rhythm(lines_of):
    lines = lines_of([("a", "1", "2026-01-01", "p", 1, 10.0, False, True)])
    population = gap_distribution(lines, date(2026, 2, 1))
    assert population.customers == 0
    assert np.isnan(population.mean)
    assert np.isnan(population.quantile(0.9))


def test_few_purchases_lean_on_the_population_and_many_on_the_customer():
    population = GapDistribution(np.array([30.0]), np.array([1.0]), 50)
    rhythm = pd.DataFrame({"gap_days": [0, 10, 1000], "purchase_days": [1, 2, 101]})
    assert typical_gap(rhythm, population).tolist() == pytest.approx([30, 70 / 3, 1060 / 102])


def test_the_gap_that_is_judged_is_not_in_its_own_yardstick():
    population = GapDistribution(np.array([30.0]), np.array([1.0]), 50)
    rhythm = pd.DataFrame({
        "gap_days": [0, 200, 210], "purchase_days": [1, 2, 3], "last_gap": pd.array([None, 200, 200], dtype="Int64"),
    })  # fmt: skip
    assert gap_before_last(rhythm, population).tolist() == pytest.approx([30, 30, 70 / 3])
