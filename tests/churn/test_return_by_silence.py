"""Who still comes back after so many days of silence, and from when on most do not."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.history.cutoffs import monthly_cutoffs, observe_coverage
from crmlib.churn.history.silences import count_waits, returned_by_cutoff
from crmlib.churn.when.silence import return_by_silence, zones


def mixture(seed, customers=8000, stays=0.5, mean=20, watched=300):
    """Simulate silences: exponential of those who return; the others never do. The chance to return is then known."""
    rng = np.random.default_rng(seed)
    wait = np.where(rng.random(customers) < stays, np.ceil(rng.exponential(mean, customers)), np.inf)
    seen = rng.integers(watched // 2, watched, customers)
    frame = pd.DataFrame({"wait": np.minimum(wait, seen).astype(int), "ended": wait <= seen})
    frame["part"] = [f"{place:x}" for place in rng.integers(0, 16, customers)]
    return frame.groupby(["part", "wait", "ended"]).size().rename("waits").reset_index()


def truth(silent, horizon, stays=0.5, mean=20):
    def still(days):
        return 1 - stays + stays * np.exp(-days / mean)

    return 1 - still(silent + horizon) / still(silent)


def test_the_planted_chance_is_found_and_covered():
    curve = return_by_silence(mixture(1), 30, below=0.2).curve
    early = curve[curve["silent"] <= 60]
    expected = truth(early["silent"].to_numpy(), 30)
    inside = (early["low"] <= expected) & (expected <= early["high"])
    assert inside.mean() > 0.85  # neighbouring days share their customers: far fewer than 61 independent checks
    assert np.abs(early["chance"] - expected).max() < 0.04


def test_a_message_is_due_where_the_chance_falls_below():
    found = return_by_silence(mixture(1), 30, below=0.2)
    planted = next(day for day in range(200) if truth(day, 30) < 0.2)
    assert found.due.low <= planted <= found.due.high
    assert found.curve["chance"].iloc[int(found.due.value)] < 0.2
    assert found.curve["chance"].iloc[int(found.due.value) - 1] >= 0.2


def test_it_says_what_past_cutoffs_say(shop):
    """Two ways to the same: residual waits of all silences, and what customers did after the ends of past months."""
    coverage = observe_coverage(shop, date(2026, 1, 1))
    learnt = return_by_silence(count_waits(shop, date(2026, 1, 1)).to_pandas(), 60, below=0.5)
    returned = returned_by_cutoff(shop, monthly_cutoffs(coverage, 60), 60, coverage)
    seen = returned[(returned["horizon_days"] == 60) & (returned["silent"] < 100)]
    expected = (learnt.chance_after(seen["silent"]) * seen["customers"]).sum()
    assert expected / seen["returned"].sum() == pytest.approx(1, abs=0.03)


def test_never_below_is_not_due_and_too_few_say_nothing():
    waits = mixture(2, stays=1, mean=10, watched=120)
    assert not return_by_silence(waits, 30, below=0.01).due.is_known
    assert return_by_silence(waits, 30, below=0.5, least=10**6).curve.empty


@pytest.mark.parametrize(
    ("due", "numbers"), [(30.0, [2, 1, 1]), (float("nan"), [3, 0, 1]), (500.0, [3, 0, 1]), (0.0, [0, 3, 1])]
)
def test_every_customer_is_in_one_zone(due, numbers):
    found = zones(pd.Series([0, 29, 30, 120]), due, active_days=120)
    assert found["customers"].tolist() == numbers
    assert found["start"].tolist()[-1] == 120
