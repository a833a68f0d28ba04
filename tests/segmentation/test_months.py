"""The months of a history and which of them are partial."""

from datetime import date

import pandas as pd
import pytest

from crmlib.months import number_of
from crmlib.segmentation.business.monthly import calendar, customer_months


@pytest.mark.parametrize(
    ("first", "as_of", "partial", "days"),
    [
        (date(2026, 1, 1), date(2026, 3, 1), [False, False], [31, 28]),
        (date(2026, 1, 4), date(2026, 3, 1), [True, False], [28, 28]),
        (date(2026, 1, 3), date(2026, 3, 2), [False, False, True], [31, 28, 1]),
        (date(2026, 3, 9), date(2026, 3, 20), [True], [11]),
    ],
)
def test_a_month_cut_off_at_either_end_is_partial(first, as_of, partial, days):
    months = calendar(first, as_of)
    assert months["partial"].tolist() == partial
    assert months["days"].tolist() == days


def test_the_calendar_goes_over_the_end_of_a_year_without_gaps():
    months = calendar(date(2025, 11, 1), date(2026, 2, 1))["month"].tolist()
    assert months == [pd.Timestamp("2025-11-01"), pd.Timestamp("2025-12-01"), pd.Timestamp("2026-01-01")]


def test_customer_months_know_the_first_and_the_one_before(shop):
    months = customer_months(shop, date(2026, 4, 1)).to_pandas().sort_values(["customer_id", "number"])
    b = months[months["customer_id"] == "b"]
    first, third = number_of(date(2026, 1, 1)), number_of(date(2026, 3, 1))
    assert b["number"].tolist() == [first, third]
    assert pd.isna(b["previous_number"].iloc[0])
    assert b["previous_number"].iloc[1] == first
    assert months["first_number"].min() == first
    assert set(months["customer_id"]) == {"a", "b", "c"}
