"""Stages by each customer's own rhythm; their limits, learned from waits, those still going on included, and kept."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.customers.base import STANDING, as_known_then, described_customers, yardstick
from crmlib.segmentation.customers.lifecycle import (
    STAGE_CODES,
    LifecycleLimits,
    lifecycle_limits,
    lifecycle_stages,
    stage_label,
    stage_meaning,
)
from crmlib.segmentation.customers.rhythm import RHYTHMS
from crmlib.stats.survival import returns_by

LIMITS = LifecycleLimits("2026-11-01", 30, dict.fromkeys(RHYTHMS, (2, 3, 5)), 900)


def customer(purchase_days, gap_days, days_since_last, last_gap=np.nan):
    gaps = max(purchase_days - 1, 1)
    return {
        "purchase_days": purchase_days, "gap_days": gap_days, "gap_squares": gap_days**2 // gaps * 2,
        "days_since_last": days_since_last, "last_gap": last_gap,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "stage"),
    [
        (customer(1, 0, 60), "new"),
        (customer(1, 0, 61), "at_risk"),
        (customer(1, 0, 91), "dormant"),
        (customer(1, 0, 151), "lost"),
        (customer(3, 61, 10, 30), "developing"),
        (customer(4, 90, 10, 30), "loyal"),
        (customer(4, 300, 10, 260), "back_again"),
        # the wait that is judged does not lengthen the limit: with two purchase days it is the population's
        (customer(2, 100, 10, 100), "back_again"),
        (customer(2, 90, 10, 90), "developing"),
        (customer(4, 160, 10, 120), "back_again"),
        # a weekly shopper is overdue after three weeks, a slow one is not
        (customer(30, 203, 21, 7), "at_risk"),
        (customer(5, 400, 80, 100), "loyal"),
    ],
)
def test_each_stage(who, stage):
    assert lifecycle_stages(pd.DataFrame([who]), LIMITS)["lifecycle"].item() == stage


def test_every_customer_has_a_stage_and_limits_of_their_own():
    rng = np.random.default_rng(5)
    bought = rng.integers(1, 20, 500)
    gap = rng.integers(1, 60, 500)
    frame = pd.DataFrame({
        "purchase_days": bought, "gap_days": (bought - 1) * gap, "gap_squares": (bought - 1) * gap**2,
        "days_since_last": rng.integers(0, 400, 500),
        "last_gap": np.where(bought > 1, rng.integers(1, 200, 500), np.nan),
    })  # fmt: skip
    stages = lifecycle_stages(frame, LIMITS)
    assert stages["lifecycle"].notna().all()
    assert list(stages["lifecycle"].cat.categories) == list(STAGE_CODES)
    assert (stages["limit_at_risk"] < stages["limit_dormant"]).all()
    assert (stages["limit_dormant"] < stages["limit_lost"]).all()


def test_without_limits_nobody_is_overdue():
    frame = pd.DataFrame([customer(1, 0, 500), customer(1, 0, 5)])
    stages = lifecycle_stages(frame, None)
    assert stages["lifecycle"].tolist() == ["new", "new"]
    assert stages["limit_lost"].isna().all()


def test_laxer_limits_never_make_anybody_more_overdue():
    frame = pd.DataFrame([customer(1, 0, days) for days in range(0, 300, 7)])
    strict = lifecycle_stages(frame, LIMITS)["lifecycle"].cat.codes
    lax = lifecycle_stages(frame, LIMITS.scaled(1.25))["lifecycle"].cat.codes
    assert (lax <= strict).all()


def test_stages_have_names_and_meanings():
    assert stage_label("at_risk") == "Slipping"
    assert all(stage_meaning(code) for code in STAGE_CODES)


START = pd.Timestamp("2024-01-01")


def chain(lines_of, gaps_of, customers, days, stays=1.0):
    """Write the purchases of customers who come at random days and wait as ``gaps_of`` draws."""
    rng = np.random.default_rng(3)
    rows = []
    for number in range(customers):
        day = int(rng.integers(0, days // 2))
        while day < days:
            moment = START + pd.Timedelta(days=day)
            rows.append((f"k{number}", f"{number}-{day}", moment, "p", 1, 9.0, False, True))
            if rng.random() > stays:
                break
            day += max(1, round(gaps_of(rng, number)))
    return lines_of(rows), (START + pd.Timedelta(days=days)).date()


def test_waits_still_going_on_count_for_as_long_as_they_were_seen():
    waits = pd.DataFrame({"wait": [10, 20, 40], "returned": [True, False, True], "n": [40, 30, 30]})
    days, share, level = returns_by(waits["wait"], waits["returned"], waits["n"])
    # 40 of 100 return on day 10; the 30 seen for 20 days only leave 30 at risk on day 40, and all of them return
    assert days.tolist() == [10, 40]
    assert share.tolist() == pytest.approx([0.4, 1.0])
    assert level == pytest.approx(1)


def test_who_never_returns_does_not_lengthen_the_limits(lines_of):
    def gaps(rng, _number):
        return rng.exponential(30) + 1

    everybody, as_of = chain(lines_of, gaps, 600, 900)
    half, _as_of = chain(lines_of, gaps, 1200, 900, stays=0.5)
    one, two = (lifecycle_limits(lines, as_of).newcomer for lines in (everybody, half))
    # the 80 % quantile of an exponential gap of 30 days is 48 days, the 90 % one 69
    assert one[:2] == pytest.approx((49, 70), rel=0.12)
    assert two[:2] == pytest.approx((49, 70), rel=0.12)


def test_limits_hardly_move_as_the_history_grows(lines_of):
    lines, as_of = chain(lines_of, lambda rng, _n: rng.exponential(60) + 1, 800, 1200, stays=0.8)
    early, late = (lifecycle_limits(lines, day).newcomer for day in (date(2025, 6, 1), as_of))
    # gaps that had already closed would give a third less on the earlier day
    assert early[:2] == pytest.approx(late[:2], rel=0.15)


def test_even_rhythms_are_overdue_sooner(lines_of):
    def gaps(rng, number):
        return rng.normal(30, 3) if number % 2 else rng.exponential(30)

    lines, as_of = chain(lines_of, gaps, 500, 900)
    limits = lifecycle_limits(lines, as_of)
    assert set(limits.multiples) == set(RHYTHMS)
    assert limits.multiples["steady"][1] < 0.6 * limits.multiples["uneven"][1]


def test_nobody_is_lost_while_most_of_the_silent_come_back(lines_of):
    # everybody returns: at 97 % of the returns more than half of those still waiting come back
    lines, as_of = chain(lines_of, lambda rng, _n: rng.exponential(20) + 1, 2000, 300)
    limits = lifecycle_limits(lines, as_of)
    assert limits.newcomer[2] > 1.1 * 20 * np.log(1 / 0.03)


def test_without_a_second_purchase_there_are_no_limits(lines_of):
    lines = lines_of([("a", "1", "2026-01-01", "p", 1, 10.0, False, True)])
    assert lifecycle_limits(lines, date(2026, 2, 1)) is None


def test_limits_are_kept_once_the_history_is_long_enough(lines_of, tmp_path):
    lines, _as_of = chain(lines_of, lambda rng, _n: rng.exponential(15) + 1, 400, 400)

    def measured(day):
        return yardstick(lines, day, described_customers(lines, day), SegmentationSection(), tmp_path).limits

    short = measured(date(2024, 3, 1))
    assert not short.settled
    assert not list(tmp_path.glob("lifecycle_limits*"))
    settled = measured(date(2024, 10, 1))
    assert settled.settled
    # kept: the next month is measured with the same; a month before is not, and does not write over it
    assert measured(date(2024, 11, 1)) == settled
    assert measured(date(2024, 9, 1)).reference == "2024-09-01"
    assert measured(date(2024, 11, 1)) == settled


def test_segments_of_an_earlier_day_know_nothing_of_what_came_since(lines_of):
    lines, _as_of = chain(lines_of, lambda rng, _n: rng.exponential(15) + 1, 200, 300)
    day = date(2024, 6, 1)

    def named(known):
        return as_known_then(described_customers(known, day, STANDING), known, day, SegmentationSection())

    found = named(lines)
    assert found["lifecycle"].nunique() > 2
    assert set(found["as_of"]) == {pd.Timestamp(day)}
    pd.testing.assert_frame_equal(found, named(lines.filter(lines.ordered_at < pd.Timestamp(day))))


def test_stricter_limits_are_shorter_for_everybody():
    limits = LifecycleLimits("2026-01-01", 40, dict.fromkeys(RHYTHMS, (1.0, 2.0, 3.0)), 900)
    frame = pd.DataFrame({"purchase_days": [1, 3, 9], "gap_days": [0, 80, 90], "gap_squares": [0, 3200, 3000]})
    assert (limits.scaled(0.5).days(frame) == limits.days(frame) / 2).all()


def test_limits_are_multiples_of_the_customer_s_own_gap():
    limits = LifecycleLimits("2026-11-01", 60, {"newcomer": (1.5, 2, 5), "steady": (1, 1.5, 2)}, 900)
    customers = pd.DataFrame({"purchase_days": [1, 9], "gap_days": [0, 80], "gap_squares": [0, 800]})
    assert limits.days(customers).tolist() == [[90.0, 120.0, 300.0], [20.0, 30.0, 40.0]]
