"""Season time: a mild calendar whose year is a year."""

import numpy as np
import pytest

from crmlib.demo.plan import Plan
from crmlib.demo.visits import make_season


def test_calendar_and_season_time_undo_each_other() -> None:
    season = make_season(Plan())
    days = np.linspace(0, 1000, 321)
    np.testing.assert_allclose(season.calendar(season.until(days)), days, atol=1e-9)


def test_a_year_of_season_time_is_a_year_of_days() -> None:
    season = make_season(Plan())
    # The factors are rounded to whole per cents: a year is off by less than a day.
    assert float(season.until(730.0)) == pytest.approx(730.0, abs=1.0)


def test_past_the_grid_time_runs_at_pace_one() -> None:
    season = make_season(Plan(), months_beyond=0)
    end = float(season.passed[-1])
    assert float(season.calendar(end + 10)) == pytest.approx(Plan().horizon + 10)
