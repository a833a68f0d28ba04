"""The horizon that gaps propose."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.history.gaps import by_place, proposals, propose_horizon


def simulated(seed, stays, mean, customers=3000, watched=400):
    """Simulate first gaps, exponential among those who return, all watched for so many days; sixteen parts."""
    rng = np.random.default_rng(seed)
    wait = np.where(rng.random(customers) < stays, np.ceil(rng.exponential(mean, customers)), np.inf)
    seen = rng.integers(watched // 2, watched, customers)
    frame = pd.DataFrame({"wait": np.minimum(wait, seen).astype(int), "ended": wait <= seen})
    frame["part"] = [f"{place:x}" for place in rng.integers(0, 16, customers)]
    counted = frame.groupby(["part", "wait", "ended"]).size().rename("waits").reset_index()
    # the silence after a return goes on: of each customer one does
    after = pd.DataFrame({"part": "0", "wait": 0, "ended": False, "waits": [int(frame["ended"].sum())]})
    return pd.concat([counted, after], ignore_index=True)


def test_the_planted_quantile_is_found_though_many_never_return():
    found = propose_horizon(simulated(1, stays=0.6, mean=30), horizon_days=30)
    truth = 30 * np.log(10)  # nine tenths of exponential waits
    assert found.days.low - 3 < truth < found.days.high + 3
    assert found.days.n == 3000
    assert found.within.low < 1 - np.exp(-1) < found.within.high
    assert found.settled


def test_gaps_that_outlast_the_history_do_not_settle():
    found = propose_horizon(simulated(2, stays=1, mean=400), horizon_days=30)
    assert found.shorter < found.days.low
    assert not found.settled


def test_nobody_bought_twice_gives_no_proposal():
    waits = pd.DataFrame({"part": ["0", "1"], "wait": [5, 9], "ended": [False, False], "waits": [1, 1]})
    found = propose_horizon(waits, 30)
    assert not found.days.is_known
    assert not found.settled


def test_places_are_told_apart_and_small_ones_left_out(shop):
    waits = by_place(shop, shop, "channel", date(2026, 1, 1))
    row = proposals(waits, 60).iloc[0]
    assert (row["place"], row["customers"]) == ("store", 1500)
    assert row["days_low"] < row["days"] < row["days_high"]
    assert proposals(waits, 60, least_returns=10**6).empty


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_longer_horizon_sees_more_of_the_returns(share):
    waits = simulated(3, stays=share, mean=30)
    within = [propose_horizon(waits, days).within.value for days in (10, 30, 90)]
    assert within == sorted(within)
