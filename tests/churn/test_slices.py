"""What was known at a cutoff, and nothing else."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib.churn.history.cutoffs import Coverage, observe_coverage
from crmlib.churn.history.described import describe_customers
from crmlib.churn.history.slices import (
    UnobservedWindowError,
    churn_labels,
    labelled_slice,
    leaking_columns,
    leaks_at,
    unlabelled_slice,
)
from crmlib.features import purchase_summary

CUTOFF = date(2025, 9, 1)
OBSERVED = Coverage(date(2025, 1, 1), date(2025, 4, 1))


def test_features_by_hand(as_lines):
    rows = [("a", "2025-01-01", 10.0, False), ("a", "2025-02-20", 30.0, False), ("a", "2025-02-21", -5.0, True)]
    lines = as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount", "is_return"]))
    row = unlabelled_slice(lines, date(2025, 3, 1), 14).customers.iloc[0]
    assert row["days_since_last"] == 8
    assert row["days_since_first"] == 58
    assert (row["purchase_days"], row["orders"]) == (2, 2)
    assert (row["spend"], row["returned"], row["recent_spend"]) == (40.0, 5.0, 30.0)
    assert row["recent_purchase_days"] == 1
    assert row["recency"] == pytest.approx(50 / 7)
    assert row["T"] == pytest.approx(58 / 7)


def test_a_return_made_after_the_cutoff_is_not_known(as_lines):
    rows = [("a", "2025-01-01", 10.0, False), ("a", "2025-02-20", -10.0, True)]
    lines = as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount", "is_return"]))
    assert unlabelled_slice(lines, date(2025, 2, 1), 14).customers["returned"].iloc[0] == 0


def test_frequency_recency_and_age_are_those_of_the_purchase_models(shop):
    ours = unlabelled_slice(shop, CUTOFF, 60).customers.set_index("customer_id")[["frequency", "recency", "T"]]
    theirs = purchase_summary(shop, CUTOFF).to_pandas().set_index("customer_id").sort_index()[ours.columns]
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False)


def test_features_do_not_change_when_later_lines_are_altered(as_lines, shop_orders):
    before = unlabelled_slice(as_lines(shop_orders), CUTOFF, 60).customers
    altered = shop_orders.copy()
    later = altered["ordered_at"] >= pd.Timestamp(CUTOFF)
    altered.loc[later, "amount"] *= 1_000
    altered = altered[~later | (np.arange(len(altered)) % 2 == 0)]
    after = unlabelled_slice(as_lines(altered), CUTOFF, 60).customers
    assert {"silence", "no_purchase"} <= set(after.columns)
    pd.testing.assert_frame_equal(before, after)


def test_our_features_leak_nothing(shop):
    assert leaks_at(shop, CUTOFF, 60) == ()


def test_a_planted_leak_is_caught(shop):
    def knows_the_future(lines, _events, cutoff):
        ever = lines.group_by("customer_id").agg(orders_ever=lines.count())
        return describe_customers(lines, cutoff, 60).join(ever, "customer_id")

    assert leaking_columns(knows_the_future, shop, CUTOFF) == ("orders_ever",)


def test_a_leak_of_who_is_described_is_caught(shop):
    def describes_later_customers(lines, _events, _cutoff):
        return lines.group_by("customer_id").agg(first=lines.ordered_at.min())

    assert leaking_columns(describes_later_customers, shop, date(2025, 4, 1)) == ("customer_id",)


def test_a_current_attribute_cannot_leak_since_it_is_not_read(as_lines, shop_orders):
    lines = as_lines(shop_orders)
    with_tier = lines.mutate(tier=ibis.literal("gold"))
    assert describe_customers(with_tier, CUTOFF, 60).columns == describe_customers(lines, CUTOFF, 60).columns


def test_a_labelled_slice_has_one_row_a_known_customer(shop):
    coverage = observe_coverage(shop, date(2026, 1, 1))
    piece = labelled_slice(shop, CUTOFF, 60, coverage)
    assert piece.customers["customer_id"].is_unique
    assert len(piece.customers) == len(unlabelled_slice(shop, CUTOFF, 60).customers)
    assert 0 < piece.churned.mean() < 1
    assert ((piece.customers["next_spend"] == 0) == piece.churned).all()


@pytest.fixture
def lines(as_lines):
    rows = [
        ("stays", "2025-01-05 10:00", 10.0, False),
        ("stays", "2025-02-01 00:00", 12.5, False),
        ("stays", "2025-02-01 09:00", 2.5, False),
        ("on_the_last_day", "2025-01-05", 10.0, False),
        ("on_the_last_day", "2025-03-02 23:59", 7.0, False),
        ("a_day_late", "2025-01-05", 10.0, False),
        ("a_day_late", "2025-03-03", 7.0, False),
        ("only_returns", "2025-01-05", 10.0, False),
        ("only_returns", "2025-02-03", -10.0, True),
        ("not_known_yet", "2025-02-02", 5.0, False),
        (None, "2025-02-02", 5.0, False),
    ]
    return as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount", "is_return"]))


def test_the_window_begins_at_the_cutoff_and_ends_before_its_last_day(lines):
    labels = churn_labels(lines, date(2025, 2, 1), 30, OBSERVED).to_pandas().set_index("customer_id").sort_index()
    assert labels["churned"].to_dict() == {
        "a_day_late": True,
        "on_the_last_day": False,
        "only_returns": True,
        "stays": False,
    }
    assert labels.loc["stays", "next_purchase_days"] == 1
    assert labels.loc["stays", "next_spend"] == 15.0
    assert labels.loc["a_day_late", "next_spend"] == 0.0


def test_a_window_beyond_what_was_observed_is_refused(lines):
    with pytest.raises(UnobservedWindowError, match="2025-03-03 to 2025-04-02"):
        churn_labels(lines, date(2025, 3, 3), 30, OBSERVED)


def test_a_window_with_a_hole_is_refused(lines):
    holed = Coverage(date(2025, 1, 1), date(2025, 4, 1), ((date(2025, 2, 10), date(2025, 3, 10)),))
    with pytest.raises(UnobservedWindowError, match="1 holes"):
        churn_labels(lines, date(2025, 2, 1), 30, holed)
