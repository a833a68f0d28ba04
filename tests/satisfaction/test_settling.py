"""After how many days an open complaint stays open."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from crmlib.satisfaction.overview import of_last_year
from crmlib.satisfaction.service.complaints import waiting
from crmlib.satisfaction.service.settling import ANSWERED, SETTLED, answered, settling_curves, standstill

AS_OF = date(2026, 11, 1)


def _waits(days, settled, ages):
    made = pd.Timestamp(AS_OF) - pd.to_timedelta(ages, unit="D")
    resolved = (made + pd.to_timedelta(days, unit="D")).where(settled)
    people = [f"c{n}" for n in range(len(days))]
    frame = pd.DataFrame({"customer_id": people, "at": made, "resolved_at": resolved, "first_response_at": pd.NaT})
    return waiting(frame, AS_OF)


def test_the_day_from_which_on_hardly_anything_is_settled():
    # 60 of 100 are settled one by one up to day 6, none of the others ever
    waits = _waits(np.r_[np.linspace(0.1, 5.9, 60), np.zeros(40)], np.arange(100) < 60, np.full(100, 200))
    found = standstill(waits, AS_OF, fewest=10)
    # on day 5 nine of 49 still come; on day 6 none of 40
    assert found.day == 6
    assert (found.settled.value, found.settled.n) == (0, 40)


def test_there_is_none_where_complaints_go_on_being_settled():
    # a tenth of what is left is settled each day: at any day nearly all are within the next 30
    days = np.random.default_rng(1).exponential(10, 500)
    assert standstill(_waits(days, days > 0, np.full(500, 300)), AS_OF, fewest=10) is None


@pytest.mark.parametrize("settled", [False, True])
def test_there_is_none_where_all_or_none_are_settled(settled):
    assert standstill(_waits(np.full(50, 2.0), np.full(50, settled), np.full(50, 100)), AS_OF, fewest=10) is None


def test_too_young_complaints_do_not_count_as_never_settled():
    waits = _waits(np.r_[np.full(60, 2.0), np.zeros(40)], np.arange(100) < 60, np.full(100, 20))
    assert standstill(waits, AS_OF, fewest=10) is None


def test_the_simulated_standstill_is_found(clean):
    contacts = clean["interactions"]
    waits = of_last_year(waiting(contacts[contacts["kind"] == "complaint"], AS_OF), AS_OF)
    found = standstill(waits, AS_OF, fewest=10)
    # the law of `test_the_simulated_time_to_settle_is_found`: of those open on that day, so many are still settled
    rng = np.random.default_rng(1)
    law = rng.exponential(0.5, 400_000) + rng.gamma(1.5, 2.0, 400_000)
    never = (~waits.loc[waits["days"] > 60, "settled"]).sum() / (
        waits["at"] < pd.Timestamp(AS_OF) - timedelta(60)
    ).sum()
    late = (1 - never) * (law > found.day).mean()
    expected = late / (late + never)
    error = np.sqrt(expected * (1 - expected) / found.settled.n)
    assert 8 <= found.day <= 16
    assert found.settled.value == pytest.approx(expected, abs=4 * error)


def test_what_is_settled_has_been_answered():
    made = pd.DataFrame({
        "customer_id": ["a", "b", "c"], "at": pd.to_datetime(["2026-10-01"] * 3),
        "first_response_at": pd.to_datetime(["2026-10-02", None, None]),
        "resolved_at": pd.to_datetime(["2026-10-05", "2026-10-04", None]),
    })  # fmt: skip
    waits = waiting(made, AS_OF)
    assert answered(waits, AS_OF)[["days", "settled"]].to_numpy().tolist() == [[1, True], [3, True], [31, False]]
    curves = settling_curves(waits, AS_OF, 5).set_index(["event", "days"])["share"]
    assert curves[(ANSWERED, 3)] == pytest.approx(2 / 3)
    assert (curves[(SETTLED, 3)], curves[(SETTLED, 2.75)]) == (pytest.approx(1 / 3), 0)
    assert answered(waits.assign(first_response_at=pd.NaT), AS_OF) is None
