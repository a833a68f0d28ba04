"""Numbers and dates as words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.words import formats

MISSING = [None, float("nan"), np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), Decimal("NaN")]


@pytest.mark.parametrize("value", MISSING)
@pytest.mark.parametrize(
    "unit", ["money", "count", "people", "share", "points", "days", "number", "day", "month", "name", "text"]
)
def test_what_is_missing_is_not_observed_in_every_unit(value, unit):
    assert formats.shown_as(value, unit, "EUR") == "not observed"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (8_911_407.90, "£8.91 M"),
        (999_999.6, "£1.00 M"),
        (999_949, "£999,949"),
        (1_234.5, "£1,234"),
        (999.994, "£1,000"),
        (12.345, "£12.35"),
        (0, "£0.00"),
        (-0.001, "£0.00"),
        (-2_500_000, "−£2.50 M"),
        (Decimal("123456789.01"), "£123 M"),
    ],
)
def test_money_is_rounded_to_what_matters(amount, shown):
    assert formats.money(amount, "GBP").replace("\u00a0", " ") == shown


def test_money_of_a_column_keeps_its_decimals():
    assert formats.money(8_911_407.9, "GBP", decimals=0) == "£8,911,408"


def test_a_currency_without_a_sign_stands_before_the_amount():
    assert formats.money(3, "CHF") == "CHF\u00a03.00"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.4217, "share", "42.2 %"),
        (-0.05, "share", "−5.0 %"),
        (1_238, "people", "1,238"),
        (45.4, "points", "45"),
        (41.3, "days", "41 days"),
        (3.26, "days", "3.3 days"),
        (0.75456, "number", "0.755"),
        (99.96, "number", "100"),
        (0.0, "number", "0"),
        (date(2026, 10, 2), "day", "2 Oct 2026"),
        (pd.Timestamp("2026-10-02 11:00"), "day", "2 Oct 2026"),
        ("2026-10-02", "day", "2 Oct 2026"),
        (date(2026, 10, 2), "month", "Oct 2026"),
        (True, "text", "yes"),
        (datetime(2026, 10, 2, 9, 30, tzinfo=UTC), "text", "2 Oct 2026"),
        ("南京路", "text", "南京路"),
        (0.123456, "text", "0.123"),
        ("at_risk", "name", "At risk"),
        ("cant_lose", "name", "Can't lose"),
        ("南京路店", "name", "南京路店"),
        (12345.6, "number", "12,346"),
        (7, "number", "7"),
        (-12.4, "points", "−12"),
        ("None", "text", "“None”"),
    ],
)
def test_values_in_their_unit(value, unit, shown):
    assert formats.shown_as(value, unit).replace("\u00a0", " ") == shown


def test_a_number_has_a_true_minus_and_no_negative_nothing():
    assert (formats.fixed(-1234.567, 1), formats.fixed(-0.001, 1)) == ("−1,234.6", "0.0")
    assert formats.share(1, decimals=0) == "100\u00a0%"
    assert not formats.is_missing(0)


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2011, 9, 1), date(2011, 11, 30), "1 Sep to 30 Nov 2011"),
        (date(2025, 11, 1), date(2026, 1, 31), "1 Nov 2025 to 31 Jan 2026"),
    ],
)
def test_a_span_says_the_year_once_where_it_is_the_same(first, last, shown):
    assert formats.span(first, last).replace("\u00a0", " ") == shown


def test_money_without_currency_is_refused():
    with pytest.raises(ValueError, match="currency"):
        formats.shown_as(3, "money")


def test_an_unknown_unit_is_refused_with_those_that_exist():
    with pytest.raises(ValueError, match="money, count"):
        formats.shown_as(3, "pounds")


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_no_number_is_shown_in_exponent_form_or_as_negative_zero(x):
    for shown in (formats.number(x), formats.money(x, "EUR"), formats.share(x)):
        assert "e" not in shown
        assert not (shown.startswith("−") and not any(digit in shown for digit in "123456789"))
