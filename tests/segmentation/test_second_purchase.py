"""Time to the second purchase, those still waiting included."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from crmlib import segmentation
from crmlib.segmentation.cohorts.returning import _words
from crmlib.segmentation.cohorts.second_purchase import (
    first_month_note,
    second_purchases,
    share_within,
    time_to_second,
    won_since,
)


def waits_of(days, again, first="2026-01-01"):
    return pd.DataFrame({"days": days, "again": again, "first_day": pd.Timestamp(first)})


def test_each_customer_s_wait(shop):
    waits = second_purchases(shop, date(2026, 4, 1)).set_index("customer_id")
    assert waits["days"].tolist() == [32, 59, 26]
    assert waits["again"].tolist() == [True, True, False]


def test_kaplan_meier_by_hand():
    # 10 days: one of five; then one leaves unobserved at 20; 30 days: one of three
    waits = waits_of([10, 20, 30, 40, 40], [True, False, True, False, False])
    assert share_within(waits, 9).value == 0
    assert share_within(waits, 10).value == pytest.approx(0.2)
    assert share_within(waits, 30).value == pytest.approx(1 - 0.8 * 2 / 3)


def test_a_share_counts_those_still_waiting():
    assert share_within(waits_of([10, 20, 50, 60], [True, False, True, False]), 30).value == 0.25


def test_greenwood_s_interval_on_the_log_log_scale():
    rng = np.random.default_rng(1)
    days = rng.integers(1, 100, 400)
    again = rng.random(400) < 0.6
    estimate = share_within(waits_of(days, again), 50)
    assert 0 < estimate.low < estimate.value < estimate.high < 1
    # without censoring before 50 days Greenwood's is the binomial's variance
    whole = waits_of(np.where(days < 50, days, 60), np.ones(400, dtype=bool))
    plain = share_within(whole, 55)
    p = (days < 50).mean()
    assert plain.value == pytest.approx(p)
    # the log-log interval leans, but is as wide as the normal one to a tenth
    assert plain.high - plain.low == pytest.approx(2 * 1.96 * np.sqrt(p * (1 - p) / 400), rel=0.1)


def test_a_share_beyond_what_was_observed_is_unknown():
    assert not share_within(waits_of([10, 20], [True, False]), 30).is_known


def test_the_median_and_the_test_of_the_latest_customers():
    rng = np.random.default_rng(2)
    slow = waits_of(rng.integers(40, 200, 300), np.ones(300, dtype=bool), "2025-01-01")
    fast = waits_of(rng.integers(1, 60, 200), np.ones(200, dtype=bool), "2026-03-01")
    found = time_to_second(pd.concat([slow, fast], ignore_index=True), date(2026, 5, 1))
    assert found.differs < 1e-6
    assert found.sooner
    assert found.median.low <= found.median.value <= found.median.high
    assert set(found.curve["group"]) == {"all", "latest"}
    alone = time_to_second(slow, date(2026, 5, 1))
    assert np.isnan(alone.differs)


def test_no_median_where_fewer_than_half_return():
    found = time_to_second(waits_of([5, *[90] * 9], [True, *[False] * 9]), date(2026, 5, 1))
    assert not found.median.is_known


def test_customers_of_the_first_month_do_not_count_as_won(run_of, shop):
    run = run_of(shop, date(2026, 4, 1))
    old = waits_of([5] * 40, [True] * 40, "2026-01-20")
    new = waits_of([30, 60], [True, False], "2026-02-01")
    won = won_since(pd.concat([old, new], ignore_index=True))
    assert won.waits["days"].tolist() == [30, 60]
    assert won.left_out == pd.Timestamp("2026-01-01")
    assert "first seen in Jan\xa02026, in which the data begin, are left out" in first_month_note(won, run)


@pytest.mark.parametrize(
    "later",
    [waits_of([], []), waits_of([30] * 9, [True] * 9, "2026-02-01"), waits_of([30] * 20, [False] * 20, "2026-02-01")],
)
def test_where_too_few_are_left_all_count_and_the_note_says_so(run_of, shop, later):
    run = run_of(shop, date(2026, 4, 1))
    waits = pd.concat([waits_of([5] * 40, [True] * 40), later.astype({"again": bool})], ignore_index=True)
    won = won_since(waits, at_least=10)
    assert len(won.waits) == len(waits)
    assert won.left_out is None
    assert "may be among them" in first_month_note(won, run)


def test_the_page_leaves_the_first_month_out_of_curve_tests_and_places(run_of, lines_of):
    rng = np.random.default_rng(3)
    rows = []
    for n in range(300):
        first = pd.Timestamp("2026-01-01") + pd.Timedelta(days=int(rng.integers(0, 120)))
        # those from before the data begin are back the next day, all others after weeks
        gap = 1 if first.month == 1 else int(rng.integers(20, 90))
        rows += [(f"k{n}", f"{n}-{k}", first + pd.Timedelta(days=k * gap), "p", 1, 10.0, False, True) for k in (0, 1)]
    lines = lines_of(rows)
    lines = lines.mutate(channel=ibis.cases((lines.customer_id.endswith("1"), "web"), else_="store"))
    run = run_of(lines, date(2026, 9, 1))
    shown = segmentation.show_return(segmentation.study(run), run)
    assert shown.html.count("in which the data begin, are left out") == 2
    assert "No difference between months" in shown.text


@pytest.mark.parametrize(
    ("again", "title"),
    [
        ([True] * 10, "Half of all customers won have bought a second time by day 7"),
        ([True] * 2 + [False] * 8, "Fewer than half of all customers won have bought a second time so far"),
    ],
)
def test_where_nobody_was_observed_for_a_month_the_title_says_what_is_known(run_of, lines_of, again, title):
    run = run_of(lines_of([("k", "1", "2026-01-01", "p", 1, 10.0, False, True)]), date(2026, 4, 1))
    waits = waits_of([7] * 10, again)
    found = time_to_second(waits, date(2026, 4, 1))
    words = _words(found, {30: share_within(waits, 30)}, run)
    assert words["title"] == title
    assert words["alt"].endswith(f"since the first: {title}.")
