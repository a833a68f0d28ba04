"""The change of revenue, split exactly."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.segmentation.business.decomposition import FACTORS, GROUPS, revenue_change, shapley
from crmlib.segmentation.business.monthly import monthly_figures

JANUARY, FEBRUARY, MARCH = (date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1)), (
    date(2026, 3, 1), date(2026, 4, 1),
)  # fmt: skip
levels = st.lists(st.floats(0, 1e4), min_size=4, max_size=4).map(np.array)


@settings(max_examples=50, deadline=None)
@given(then=levels, now=levels)
def test_effects_of_factors_add_up_to_the_change_of_their_product(then, now):
    effects = shapley(then, now)
    # on the way a level may be the product of the larger values: rounding stays below 1e-12 of that
    largest = float(np.maximum(then, now).prod())
    assert effects.sum() == pytest.approx(now.prod() - then.prod(), rel=0, abs=1e-12 * largest + 1e-300)


@settings(max_examples=50, deadline=None)
@given(then=levels, now=levels)
def test_going_back_takes_away_what_going_there_gave(then, now):
    largest = float(np.maximum(then, now).prod())
    assert shapley(then, now) == pytest.approx(-shapley(now, then), rel=0, abs=1e-12 * largest + 1e-300)


def test_a_factor_that_did_not_change_has_no_effect():
    effects = shapley(np.array([10.0, 2.0, 3.0, 4.0]), np.array([12.0, 2.0, 3.0, 5.0]))
    assert effects[1:3].tolist() == [0, 0]
    assert effects.sum() == pytest.approx(12 * 6 * 5 - 10 * 6 * 4)


def test_the_small_shop_from_january_to_february(shop):
    change = revenue_change(shop, JANUARY, FEBRUARY)
    assert (change.then, change.now) == (45.0, 30.0)
    groups = change.groups.set_index("group")
    assert list(groups.index) == list(GROUPS)
    assert groups["customers"].tolist() == [0, 0, 1, 1]
    assert groups["effect"].tolist() == [0, 0, -15.0, -20.0]
    drivers = change.drivers.set_index("driver")
    assert drivers.loc["anonymous", "effect"] == 40.0
    assert drivers.loc["returns", "effect"] == -20.0
    assert drivers.loc["customers", ["then", "now"]].tolist() == [2, 1]
    assert drivers["effect"].sum() == pytest.approx(change.change)


def test_who_pauses_a_month_comes_back_and_who_is_new_is_new(shop):
    groups = revenue_change(shop, FEBRUARY, MARCH).groups.set_index("group")
    assert groups["customers"].tolist() == [1, 1, 1, 0]
    assert groups["now"].tolist() == [30.0, 10.0, 10.0, 0.0]
    assert groups["effect"].sum() == pytest.approx(50.0 - 10.0)


def test_the_split_agrees_with_the_monthly_figures(simulated_lines):
    lines, as_of = simulated_lines
    months = monthly_figures(lines, as_of).set_index("month")
    change = revenue_change(lines, (date(2026, 5, 1), date(2026, 6, 1)), (date(2026, 6, 1), date(2026, 7, 1)))
    assert change.then == pytest.approx(months.loc["2026-05-01", "net"])
    assert change.now == pytest.approx(months.loc["2026-06-01", "net"])
    assert change.drivers["effect"].sum() == pytest.approx(change.change)
    counts = change.groups.set_index("group")["customers"]
    june = months.loc["2026-06-01"]
    assert [counts["new"], counts["reactivated"], counts["retained"]] == june[["new", "reactivated", "again"]].tolist()


def test_nothing_in_either_period_is_no_change(lines_of):
    lines = lines_of([("a", "1", "2025-01-01", "p", 1, 10.0, False, True)])
    change = revenue_change(lines, JANUARY, FEBRUARY)
    assert (change.then, change.now) == (0, 0)
    assert change.drivers["effect"].tolist() == [0] * (len(FACTORS) + 2)
