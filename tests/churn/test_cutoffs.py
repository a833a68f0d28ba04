"""Where the past is cut."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from crmlib.churn.coverage import Coverage
from crmlib.churn.cutoffs import plan_cutoffs

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
