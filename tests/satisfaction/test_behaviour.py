"""What customers bought after they answered."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.satisfaction.worth.behaviour import (
    compare_return,
    customers_at,
    last_answers,
    purchases_around,
    share_returning,
)

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


def test_shares_by_group():
    found = share_returning(pd.Series(["x", "y", "x", "x"]), pd.Series([True, False, False, True])).set_index("group")
    assert found.loc["x", ["people", "returned"]].tolist() == [3, 2]
    assert found.loc["y", ["people", "returned"]].tolist() == [1, 0]


def _simulated(rng, effect, n=1_500):
    """Frequent buyers are more often satisfied and buy again more often; satisfaction itself adds `effect`."""
    frequent = rng.poisson(3, n)
    satisfied = rng.random(n) < 0.2 + 0.08 * np.minimum(frequent, 6)
    bought = rng.random(n) < 0.15 + 0.09 * np.minimum(frequent, 6) + effect * satisfied
    around = pd.DataFrame({"days_before": frequent + 1, "idle": 5.0, "days_after": bought.astype(int)})
    return compare_return(pd.Series(satisfied), around)


@pytest.mark.parametrize("effect", [0.0, 0.15])
def test_equal_history_takes_the_confounding_away(effect):
    # 40 replications: 95 % ± 4 standard errors of a coverage over 40 is .812 to 1
    rng = np.random.default_rng(4)
    found = [_simulated(rng, effect) for _ in range(40)]
    assert np.mean([f.adjusted.low <= effect <= f.adjusted.high for f in found]) >= 0.812
    assert np.mean([f.plain.value for f in found]) > effect + 0.05


def test_too_few_customers_are_not_adjusted():
    around = pd.DataFrame({"days_before": [1] * 30, "idle": 5.0, "days_after": [0, 1, 1] * 10})
    found = compare_return(pd.Series([True, False] * 15), around)
    assert found.plain.is_known
    assert not found.adjusted.is_known


def test_the_planted_link_to_leaving_is_found(survey, transactions):
    # satisfaction lowers the odds of leaving in the simulation: the very satisfied must come back more often
    told = last_answers(survey, 90).dropna(subset=["score_satisfaction"])
    moments = told.rename(columns={"answered_at": "at"})[["customer_id", "at"]]
    around = purchases_around(transactions, moments, AS_OF, 90)
    found = compare_return(told.set_index("customer_id")["score_satisfaction"] >= 5, around)
    assert found.plain.low > 0
    assert found.adjusted.low > 0


def test_who_took_something_back_is_known_at_the_cutoff(lines):
    found = customers_at(lines, date(2026, 3, 1))
    assert found[["customer_id", "returned"]].to_numpy().tolist() == [["a", True], ["b", False]]
    assert customers_at(lines, date(2026, 2, 1))["returned"].tolist() == [False]
