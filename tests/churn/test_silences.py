"""Every silence of a customer, how it ends, and who had left by cutoff."""

from datetime import date

import pandas as pd
import pytest

from crmlib.churn.history.cutoffs import monthly_cutoffs, observe_coverage
from crmlib.churn.history.silences import churn_history, count_waits, horizons_around, returned_by_cutoff
from crmlib.churn.history.slices import churn_labels, unlabelled_slice


@pytest.fixture
def lines(as_lines):
    rows = [
        ("a", "2025-01-01 09:00"),
        ("a", "2025-01-01 18:00"),  # the same day: no silence
        ("a", "2025-01-11"),
        ("a", "2025-01-21"),
        ("b", "2025-01-01"),
        ("b", "2025-02-05"),
        ("c", "2025-01-02"),
        (None, "2025-01-03"),
        (None, "2025-01-04"),
    ]
    return as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at"]).assign(amount=5.0))


def counted(waits):
    return sorted(waits[["part", "wait", "ended", "waits"]].itertuples(index=False, name=None))


def test_silences_lie_between_purchase_days_and_one_of_each_customer_goes_on(lines):
    assert counted(count_waits(lines, date(2025, 3, 1)).to_pandas()) == [
        ("a", 10, True, 2), ("a", 38, False, 1), ("b", 23, False, 1), ("b", 35, True, 1), ("c", 57, False, 1),
    ]  # fmt: skip


def test_silences_that_end_after_the_report_go_on(lines):
    waits = count_waits(lines, date(2025, 2, 1)).to_pandas()
    assert counted(waits[waits["part"] == "b"]) == [("b", 30, False, 1)]


def test_places_take_those_who_have_one(lines):
    import ibis

    places = ibis.memtable(pd.DataFrame({"customer_id": ["a", "c"], "place": ["web", "store"]}))
    waits = count_waits(lines, date(2025, 3, 1), places).to_pandas()
    assert waits.groupby("place")["waits"].sum().to_dict() == {"web": 3, "store": 1}


def test_all_months_at_once_count_what_labels_say_one_by_one(shop):
    coverage = observe_coverage(shop, date(2026, 1, 1))
    cutoffs = monthly_cutoffs(coverage, 60)
    returned = returned_by_cutoff(shop, cutoffs, 60, coverage)
    assert len(cutoffs) == 9
    for horizon in horizons_around(60):
        history = churn_history(returned, horizon)
        # what was not observed whole is left out
        assert len(history) == len([day for day in cutoffs if coverage.covers(day, day + pd.Timedelta(days=horizon))])
        for row in history.itertuples():
            labels = churn_labels(shop, row.cutoff, horizon, coverage).to_pandas()
            assert (row.customers, row.churned) == (len(labels), int(labels["churned"].sum()))
            assert 0 < row.churned < row.customers


def test_the_active_are_counted_by_the_silence_that_slices_tell(shop):
    coverage = observe_coverage(shop, date(2026, 1, 1))
    cutoff = monthly_cutoffs(coverage, 60)[-1]
    row = churn_history(returned_by_cutoff(shop, [cutoff], 60, coverage), 60, active_days=120).iloc[0]
    known = unlabelled_slice(shop, cutoff, 60).customers
    assert row["customers"] == (known["days_since_last"] < 120).sum()


def test_the_churn_rate_never_rises_with_the_horizon(shop):
    coverage = observe_coverage(shop, date(2026, 1, 1))
    returned = returned_by_cutoff(shop, [date(2025, 7, 1)], 60, coverage)
    churned = [churn_history(returned, days)["churned"].iloc[0] for days in (30, 60, 90)]
    assert churned == sorted(churned, reverse=True)


def test_when_nobody_returns_all_have_churned(as_lines):
    rows = [("a", "2025-01-01"), ("b", "2025-01-02"), (None, "2025-03-01")]
    lines = as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at"]).assign(amount=1.0))
    coverage = observe_coverage(lines, date(2025, 3, 2), longest_gap_days=90)
    returned = returned_by_cutoff(lines, [date(2025, 1, 2), date(2025, 2, 1)], 28, coverage)
    history = churn_history(returned, 28)
    assert history["customers"].tolist() == [1, 2]
    assert history["churned"].tolist() == [1, 2]


def test_no_cutoffs_no_history(shop):
    coverage = observe_coverage(shop, date(2026, 1, 1))
    assert churn_history(returned_by_cutoff(shop, [], 60, coverage), 60).empty
