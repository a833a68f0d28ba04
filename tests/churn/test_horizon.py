"""Why this horizon."""

from datetime import date

import pandas as pd
import pytest

from crmlib.churn.history.cutoffs import Coverage
from crmlib.churn.history.horizon import (
    churn_by_horizon,
    comparable_horizons,
    days_to_next_purchase,
    gap_shares,
    purchase_gaps,
)


@pytest.fixture
def lines(as_lines):
    rows = [
        ("a", "2025-01-01 09:00"),
        ("a", "2025-01-01 18:00"),  # the same day: no gap
        ("a", "2025-01-11"),
        ("a", "2025-01-21"),
        ("b", "2025-01-01"),
        ("b", "2025-02-05"),
        ("c", "2025-01-02"),
        (None, "2025-01-03"),
        (None, "2025-01-04"),
    ]
    return as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at"]).assign(amount=5.0))


def test_gaps_are_between_purchase_days_of_one_customer(lines):
    gaps = purchase_gaps(lines, date(2025, 3, 1)).order_by("gap_days").to_pandas()
    assert gaps.to_dict("list") == {"gap_days": [10, 35], "gaps": [2, 1], "customers": [1, 1]}


def test_gaps_after_the_report_are_not_seen(lines):
    assert purchase_gaps(lines, date(2025, 2, 1)).to_pandas()["gap_days"].tolist() == [10]


def test_waits_count_everybody_known_once(lines):
    waits = days_to_next_purchase(lines, date(2025, 1, 15), date(2025, 3, 1)).to_pandas()
    assert int(waits["customers"].sum()) == 3
    assert dict(zip(waits["days"].dropna(), waits.loc[waits["days"].notna(), "customers"], strict=True)) == {
        6: 1,
        21: 1,
    }
    rates = churn_by_horizon(waits, [7, 21, 22]).set_index("horizon_days")["churned"]
    assert rates.to_dict() == {7: 2, 21: 2, 22: 1}


def test_the_churn_rate_never_rises_with_the_horizon(shop):
    waits = days_to_next_purchase(shop, date(2025, 7, 1), date(2026, 1, 1)).to_pandas()
    rates = churn_by_horizon(waits, range(10, 180, 10))
    assert (rates["churned"] / rates["customers"]).is_monotonic_decreasing


def test_the_share_of_gaps_that_had_ended_and_the_rates_by_hand():
    shares = gap_shares(pd.DataFrame({"gap_days": [30, 7], "gaps": [1, 3]}))
    assert shares.to_dict("list") == {"gap_days": [7, 30], "gaps": [3, 1], "share": [0.75, 1.0]}
    waits = pd.DataFrame({"days": [3, 40, None], "customers": [20, 30, 50]})
    rates = churn_by_horizon(waits, [30, 60])
    assert rates.to_dict("list") == {"horizon_days": [30, 60], "churned": [80, 50], "customers": [100, 100]}


def test_nobody_bought_twice_gives_no_shares():
    assert gap_shares(pd.DataFrame({"gap_days": [], "gaps": []})).empty


def test_horizons_end_where_the_data_end():
    assert comparable_horizons(Coverage(date(2025, 1, 1), date(2026, 1, 1)), 60) == (
        date(2025, 9, 3),
        (15, 30, 45, 60, 75, 90, 120),
    )
    assert comparable_horizons(Coverage(date(2025, 1, 1), date(2025, 5, 1)), 60) == (
        date(2025, 3, 2),
        (15, 30, 45, 60),
    )
    assert comparable_horizons(Coverage(date(2025, 4, 1), date(2025, 5, 1)), 60)[1] == ()
