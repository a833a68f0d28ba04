"""The churn rate month by month."""

from datetime import date, timedelta

import pandas as pd

from crmlib.churn.coverage import Coverage, observe_coverage
from crmlib.churn.history import churn_history, monthly_cutoffs
from crmlib.churn.slices import churn_labels


def test_all_months_at_once_count_what_labels_say_one_by_one(shop):
    coverage = observe_coverage(shop, date(2026, 1, 1))
    cutoffs = monthly_cutoffs(coverage, 60)
    history = churn_history(shop, cutoffs, 60)
    assert len(cutoffs) == 9
    for row in history.itertuples():
        labels = churn_labels(shop, row.cutoff, 60, coverage).to_pandas()
        assert (row.customers, row.churned) == (len(labels), int(labels["churned"].sum()))
        assert 0 < row.churned < row.customers


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


def test_when_nobody_returns_all_have_churned(as_lines):
    rows = [("a", "2025-01-01"), ("b", "2025-01-02"), (None, "2025-03-01")]
    lines = as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at"]).assign(amount=1.0))
    history = churn_history(lines, [date(2025, 1, 2), date(2025, 2, 1)], 28)
    assert history["customers"].tolist() == [1, 2]
    assert history["churned"].tolist() == [1, 2]


def test_no_cutoffs_no_history(shop):
    assert churn_history(shop, [], 60).empty
