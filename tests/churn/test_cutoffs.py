"""Where the past is cut."""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest

from crmlib.churn.history.cutoffs import Coverage, monthly_cutoffs, observe_coverage, plan_cutoffs

YEAR = Coverage(date(2025, 1, 1), date(2026, 1, 1))


@pytest.mark.parametrize("horizon", [14, 30, 60, 90])
@pytest.mark.parametrize("wanted", [1, 4, 12])
def test_no_window_overlaps_another_and_all_were_observed(horizon, wanted):
    plan = plan_cutoffs(YEAR, horizon, wanted)
    windows = [plan.window(cutoff) for cutoff in plan.labelled]
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(windows))
    assert all(YEAR.covers(*window) for window in windows)
    assert len(plan.training) <= wanted
    assert plan.test == date(2026, 1, 1) - timedelta(days=horizon)
    assert min(plan.labelled) - timedelta(days=horizon) >= YEAR.first_day


def test_a_year_has_four_cutoffs_of_sixty_days_to_learn_from():
    plan = plan_cutoffs(Coverage(date(2010, 12, 1), date(2011, 12, 1)), horizon_days=60, wanted=4)
    assert plan.test == date(2011, 10, 2)
    assert plan.training == (date(2011, 2, 4), date(2011, 4, 5), date(2011, 6, 4), date(2011, 8, 3))


def test_a_window_with_a_hole_is_skipped():
    holed = Coverage(date(2025, 1, 1), date(2026, 1, 1), ((date(2025, 9, 10), date(2025, 10, 5)),))
    plan = plan_cutoffs(holed, 60, 4)
    assert date(2025, 9, 3) not in plan.labelled
    assert plan.test == date(2025, 11, 2)


def test_too_short_a_history_has_no_test():
    plan = plan_cutoffs(Coverage(date(2025, 1, 1), date(2025, 4, 1)), 60, 4)
    assert plan.test is None
    assert plan.labelled == ()
    assert plan.scoring == date(2025, 4, 1)


def test_a_horizon_is_positive():
    with pytest.raises(ValueError, match="positive"):
        plan_cutoffs(YEAR, 0, 4)


@pytest.fixture
def lines(as_lines):
    days = ["2025-01-01", "2025-01-02", "2025-02-20", "2025-03-01"]
    return as_lines(pd.DataFrame({"customer_id": ["a", None, "b", "a"], "ordered_at": days, "amount": 1.0}))


def test_a_long_silence_of_the_whole_shop_is_a_hole(lines):
    coverage = observe_coverage(lines, date(2025, 3, 2), longest_gap_days=21)
    assert coverage.holes == ((date(2025, 1, 3), date(2025, 2, 20)),)
    assert coverage.days == 60
    assert not coverage.covers(date(2025, 2, 1), date(2025, 3, 1))
    assert coverage.covers(date(2025, 2, 20), date(2025, 3, 2))
    assert not coverage.covers(date(2025, 2, 20), date(2025, 3, 3))


def test_a_closed_shop_is_no_hole(lines):
    assert observe_coverage(lines, date(2025, 3, 2), longest_gap_days=60).holes == ()


def test_data_that_stop_early_are_observed_until_their_last_day(lines):
    assert observe_coverage(lines, date(2025, 3, 20)).observed_until == date(2025, 3, 2)


def test_later_lines_prove_that_a_quiet_end_was_observed(lines):
    assert observe_coverage(lines, date(2025, 2, 25), longest_gap_days=60).observed_until == date(2025, 2, 25)


def test_a_quiet_end_that_is_too_long_is_a_hole(lines):
    coverage = observe_coverage(lines, date(2025, 2, 19), longest_gap_days=21)
    assert coverage.holes == ((date(2025, 1, 3), date(2025, 2, 19)),)


def test_nothing_sold_gives_nothing(lines):
    assert observe_coverage(lines, date(2025, 1, 1)) is None


def test_the_last_cutoff_is_one_horizon_before_the_end():
    coverage = Coverage(date(2025, 1, 1), date(2026, 1, 1))
    assert monthly_cutoffs(coverage, 45)[-1] == date(2026, 1, 1) - timedelta(days=45)
    half_a_year = Coverage(date(2025, 1, 1), date(2025, 7, 1))
    assert monthly_cutoffs(half_a_year, 60) == (date(2025, 3, 2), date(2025, 4, 2), date(2025, 5, 2))


def test_months_whose_window_has_a_hole_are_left_out():
    holed = Coverage(date(2025, 1, 1), date(2026, 1, 1), ((date(2025, 6, 1), date(2025, 7, 1)),))
    cutoffs = monthly_cutoffs(holed, 30)
    assert all(holed.covers(cutoff, cutoff + timedelta(days=30)) for cutoff in cutoffs)
    assert len(cutoffs) < len(monthly_cutoffs(Coverage(date(2025, 1, 1), date(2026, 1, 1)), 30))
