"""What customers bought after they answered."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.adjustment.around import purchases_around
from crmlib.satisfaction.worth.behaviour import customers_at, last_answers

AS_OF = date(2026, 11, 1)


def test_purchases_are_counted_on_both_sides_of_the_moment(lines):
    moments = pd.DataFrame({"customer_id": ["a", "b", "x"], "at": pd.to_datetime(["2026-02-28"] * 3)})
    found = purchases_around(lines, moments, date(2026, 4, 1), horizon_days=30)
    assert found["days_before"].to_dict() == {"a": 1, "b": 1, "x": 0}
    assert found["days_after"].to_dict() == {"a": 1, "b": 0, "x": 0}  # neither returns nor services are purchases
    assert found.loc["a", "spend_after"] == 60
    assert found["idle"].tolist()[:2] == [54, 8]
    assert np.isnan(found.loc["x", "idle"])


def test_a_horizon_not_yet_over_is_refused(lines):
    moments = pd.DataFrame({"customer_id": ["a"], "at": pd.to_datetime(["2026-03-15"])})
    with pytest.raises(ValueError, match="not been observed in full"):
        purchases_around(lines, moments, date(2026, 4, 1), horizon_days=30)


def test_what_happens_after_the_report_is_not_seen(lines):
    moments = pd.DataFrame({"customer_id": ["b"], "at": pd.to_datetime(["2026-03-01"])})
    assert purchases_around(lines, moments, date(2026, 4, 1), horizon_days=31)["days_after"].tolist() == [0]
    assert purchases_around(lines, moments, date(2026, 5, 1), horizon_days=40)["days_after"].tolist() == [1]


def test_each_customer_counts_once_with_the_last_answer_whose_horizon_is_over(survey):
    told = last_answers(survey, horizon_days=90)
    assert told["customer_id"].is_unique
    assert told["answered_at"].max() <= pd.Timestamp(AS_OF) - pd.Timedelta(days=90)


def test_where_customers_mostly_bought_is_told_of_the_year_before(lines):
    moments = pd.DataFrame({"customer_id": ["a", "b", "x"], "at": pd.to_datetime(["2026-03-02"] * 3)})
    found = purchases_around(lines, moments, date(2026, 5, 1), horizon_days=60)
    assert found.loc["a", ["channel", "store"]].tolist() == ["store", "S1"]  # one order each: the first in the alphabet
    assert found.loc["b", "channel"] == "web"
    assert found.loc["x", ["channel", "store"]].isna().all()
    assert found.loc["b", ["spend_before", "tenure"]].tolist() == [50, 10]


def test_who_took_something_back_is_known_at_the_cutoff(lines):
    found = customers_at(lines, date(2026, 3, 1))
    assert found[["customer_id", "returned"]].to_numpy().tolist() == [["a", True], ["b", False]]
    assert customers_at(lines, date(2026, 2, 1))["returned"].tolist() == [False]
