"""Complaints, and how long until they are settled."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.service.complaints import (
    complaint_rate,
    complaints_by,
    median_wait,
    read_complaints,
    settled_by,
    waiting,
)

AS_OF = date(2026, 2, 1)


def _complaints(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "at", "resolved_at", "topic"])
    return frame.assign(at=pd.to_datetime(frame["at"]), resolved_at=pd.to_datetime(frame["resolved_at"]))


def test_a_settlement_to_come_is_a_complaint_that_waits():
    waits = waiting(
        _complaints([("a", "2026-01-30", "2026-02-03", "price"), ("b", "2026-02-02", None, "price")]), AS_OF
    )
    assert waits[["days", "settled"]].to_numpy().tolist() == [[2.0, False]]


def test_a_settlement_noted_before_the_complaint_took_no_time():
    assert waiting(_complaints([("a", "2026-01-30", "2026-01-29", "price")]), AS_OF)["days"].tolist() == [0.0]


def test_median_is_kaplan_meiers():
    # Freireich et al. (1963), the 6-MP group: weeks in remission, 0 still in it; the median is 23
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    assert median_wait(pd.DataFrame({"days": weeks, "settled": ended})).value == 23


def test_shares_settled_equal_the_published_survival():
    # the same patients: survival after 10 weeks .7529, standard error .0963
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ended = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    waits = pd.DataFrame({"days": weeks, "settled": np.array(ended) == 1, "customer_id": range(21)})
    found = settled_by(waits, (0, 10)).set_index("days")
    assert found.loc[0, "share"] == 0
    assert found.loc[10, "share"] == pytest.approx(1 - 0.7529, abs=5e-5)
    # R's survfit with conf.type = "log-log" prints .503 to .889 for the survival
    assert found.loc[10, ["share_low", "share_high"]].tolist() == pytest.approx([1 - 0.889, 1 - 0.503], abs=6e-4)


def test_nothing_settled_has_no_median():
    waits = pd.DataFrame({"days": [3.0, 4.0], "settled": [False, False], "customer_id": ["a", "b"]})
    assert not median_wait(waits).is_known
    assert settled_by(waits, (1,))["share"].tolist() == [0]


def test_fewer_than_half_settled_has_no_median():
    waits = pd.DataFrame({"days": [1.0, 4, 4, 4, 4], "settled": [True, False, False, False, False]})
    assert not median_wait(waits).is_known


def test_topics_are_counted_the_most_frequent_first():
    rows = [("a", "2026-01-01", "2026-01-03", "price"), ("b", "2026-01-02", None, "staff")]
    rows += [("c", "2026-01-05", "2026-01-06", "price")]
    found = complaints_by(waiting(_complaints(rows), AS_OF), "topic")
    assert found["topic"].tolist() == ["price", "staff"]
    assert found[["people", "complaints", "open"]].to_numpy().tolist() == [[2, 2, 0], [1, 1, 1]]


def test_the_simulated_time_to_settle_is_found(clean):
    # settled cases wait exponential(.5) + gamma(1.5, scale 2) days; 15 % of stayers and 50 % of leavers wait for ever.
    # The median of the settled, by simulation of that law, is 3.0 days; with a fifth never settled it lies above
    contacts = clean["interactions"]
    complaints = contacts[contacts["kind"] == "complaint"]
    waits = waiting(complaints, date(2026, 11, 1))
    rng = np.random.default_rng(1)
    law = rng.exponential(0.5, 400_000) + rng.gamma(1.5, 2.0, 400_000)
    never = 1 - settled_by(waits, (60,))["share"].iloc[0]
    expected = np.quantile(law, 0.5 / (1 - never))
    median = median_wait(waits)
    error = (median.high - median.low) / 3.92
    assert median.value == pytest.approx(expected, abs=4 * error)


def test_complaints_are_told_by_the_thousand_orders(lines):
    complaints = _complaints([("a", "2026-03-02", None, "price"), ("a", "2025-01-01", None, "price")])
    rate = complaint_rate(complaints, lines, date(2026, 4, 1), days=60)
    assert (rate.value, rate.n) == (pytest.approx(1_000 / 2), 2)


def test_a_run_reads_its_complaints_or_says_why_not(demo_run, bare_run):
    found = read_complaints(demo_run)
    assert set(found["kind"]) == {"complaint"}
    assert "text" not in found
    assert found["at"].max() < pd.Timestamp(demo_run.as_of)
    assert isinstance(read_complaints(bare_run), Gap)
