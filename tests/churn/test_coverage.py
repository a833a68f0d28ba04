"""From when to when sales were observed."""

from datetime import date

import pandas as pd
import pytest

from crmlib.churn.coverage import observe_coverage


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
