import datetime as dt

import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import customer_summary


@pytest.fixture
def orders():
    return pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "a", "b", None, "c"],
            "ordered_at": pd.to_datetime(
                [
                    "2026-01-01 09:00",
                    "2026-01-01 17:00",
                    "2026-01-15 08:00",
                    "2026-01-22 23:59",
                    "2026-01-08 12:00",
                    "2026-01-02 00:00",
                    "2026-02-01 00:00",
                ]
            ),
            "amount": [10.0, 5.0, 30.0, 10.0, 8.0, 99.0, 7.0],
        }
    )


def test_days_merge_and_times_are_weeks(orders):
    summary = customer_summary(orders, "2026-01-29")
    assert summary.loc["a"].tolist() == [2, 3.0, 4.0, 20.0]
    assert summary.loc["b", ["frequency", "recency", "T"]].tolist() == [0, 0.0, 3.0]
    assert np.isnan(summary.loc["b", "monetary_value"])


def test_anonymous_and_later_purchases_are_ignored(orders):
    assert customer_summary(orders, "2026-01-29").index.tolist() == ["a", "b"]
    assert customer_summary(orders, "2026-02-01").index.tolist() == ["a", "b", "c"]


def test_the_last_day_counts_whole(orders):
    assert customer_summary(orders, dt.date(2026, 1, 22)).loc["a", "frequency"] == 2
    assert customer_summary(orders, pd.Timestamp("2026-01-21")).loc["a", "frequency"] == 1


def test_gaps_are_summed_as_logarithms_of_weeks(orders):
    gaps = customer_summary(orders, "2026-01-29", gaps=True)["log_gaps"]
    assert gaps["a"] == pytest.approx(np.log(2.0) + np.log(1.0))
    assert gaps["b"] == 0


def test_without_amounts_there_is_no_monetary_value(orders):
    summary = customer_summary(orders.drop(columns="amount"), "2026-01-29")
    assert summary.columns.tolist() == ["frequency", "recency", "T"]
    assert summary.loc["a"].tolist() == [2, 3.0, 4.0]


def test_the_orders_are_not_changed_and_their_order_is_no_matter(orders):
    before = orders.copy()
    shuffled = orders.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(customer_summary(orders, "2026-01-29"), customer_summary(shuffled, "2026-01-29"))
    pd.testing.assert_frame_equal(orders, before)


def test_unhappy_paths_say_what_is_wrong(orders):
    with pytest.raises(ValueError, match=r"lack \['ordered_at'\].*customer_id"):
        customer_summary(orders.drop(columns="ordered_at"), "2026-01-29")
    with pytest.raises(ValueError, match="1 orders have no ordered_at"):
        customer_summary(orders.assign(ordered_at=orders["ordered_at"].where(orders["amount"] != 30)), "2026-01-29")
