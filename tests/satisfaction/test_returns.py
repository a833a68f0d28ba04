"""What returns say."""

from datetime import date

import pandas as pd
import pytest

from crmlib.satisfaction.service.returns import return_rate, returned_products, returns_by_month, share_of_returners
from crmlib.satisfaction.whom.candidates import recent_returners

AS_OF = date(2026, 4, 1)


def test_money_back_over_money_sold_by_month(lines):
    found = returns_by_month(lines, AS_OF, months=3).set_index("month")
    assert found["sold"].astype(float).tolist() == [100, 80, 60]
    assert found["returned"].astype(float).tolist() == [0, 40, 0]
    assert found["rate"].tolist() == [0, 0.5, 0]
    assert found["people"].tolist() == [1, 3, 1]  # the anonymous order counts as one
    assert not found["partial"].any()


def test_a_month_cut_off_is_partial(lines):
    assert returns_by_month(lines, date(2026, 3, 10), months=2)["partial"].tolist() == [False, True]


def test_the_rate_of_the_simulated_chain_is_its_exact_total(transactions, truth):
    as_of = date(2026, 11, 1)
    sales = truth.sales[truth.sales["month"] < "2026-11"]
    totals = sales.groupby("kind")["amount"].sum()
    days = (as_of - date(2024, 11, 1)).days
    assert return_rate(transactions, as_of, days).value == pytest.approx(-totals["return"] / totals["product"])


def test_share_of_customers_who_took_something_back(lines):
    estimate = share_of_returners(lines, AS_OF, days=120)
    assert (estimate.value, estimate.n) == (0.5, 2)
    assert not share_of_returners(lines, date(2020, 1, 1), days=30).is_known


def test_products_need_enough_buyers(lines):
    found = returned_products(lines, AS_OF, days=120, fewest_buyers=2)
    assert found[["people", "people_returning", "rate"]].to_numpy().tolist() == [[2, 1, 0.5]]
    assert returned_products(lines, AS_OF, days=120, fewest_buyers=3).empty


def test_who_bought_again_after_a_return_is_not_called(lines):
    assert recent_returners(lines, date(2026, 2, 28), days=90)["customer_id"].tolist() == ["a"]
    assert recent_returners(lines, date(2026, 2, 28), days=90)["part"].tolist() == [0.4]
    assert recent_returners(lines, AS_OF, days=90).empty


def test_no_sales_have_no_months(lines):
    assert returns_by_month(lines, date(2020, 1, 1)).empty
    assert list(returns_by_month(lines, date(2020, 1, 1)).columns)[:2] == ["month", "people"]
    assert pd.api.types.is_bool_dtype(returns_by_month(lines, AS_OF)["partial"])
