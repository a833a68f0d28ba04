"""Named segments are a partition: every customer in exactly one."""

import itertools

import numpy as np
import pandas as pd
import pytest

from crmlib.params.segments import DEFAULT_SEGMENTS, SegmentCondition, SegmentRule
from crmlib.segmentation.customers.rfm import rfm_scores
from crmlib.segmentation.customers.segments import name_segments, segment_label, segment_profile, with_role


def grid(bins):
    scores = list(itertools.product(range(1, bins + 1), repeat=3))
    frame = pd.DataFrame(scores, columns=["recency_score", "frequency_score", "monetary_score"])
    return pd.concat(
        [
            frame.assign(orders=orders, days_since_first=first, days_since_last=last)
            for orders, first, last in [(1, 10, 10), (1, 500, 400), (9, 500, 10), (9, 500, 400)]
        ],
        ignore_index=True,
    )


@pytest.mark.parametrize("bins", [2, 3, 4, 5, 7, 10])
@pytest.mark.parametrize("limits", [{}, {"recent_within": 100, "away_after": 300}])
def test_every_combination_of_scores_is_in_exactly_one_segment(bins, limits):
    names = name_segments(grid(bins), bins=bins, **limits)
    assert names.notna().all()
    assert set(names) <= set(DEFAULT_SEGMENTS)
    assert list(names.cat.categories) == list(DEFAULT_SEGMENTS)


def test_each_segment_holds_who_its_meaning_says():
    frame = pd.DataFrame(
        [
            (5, 5, 5, 12, 700, 3, "champions"),
            (3, 4, 4, 6, 700, 60, "cooling"),
            (4, 2, 2, 2, 200, 10, "promising"),
            (5, 1, 1, 1, 10, 10, "first_timers"),
            (3, 2, 2, 2, 300, 60, "need_attention"),
            (1, 5, 5, 20, 900, 300, "cant_lose"),
            (2, 1, 1, 1, 400, 400, "hibernating"),
        ],
        columns=[
            "recency_score",
            "frequency_score",
            "monetary_score",
            "orders",
            "days_since_first",
            "days_since_last",
            "segment",
        ],
    )
    assert name_segments(frame).tolist() == frame["segment"].tolist()


def test_who_was_not_seen_for_long_is_not_recent_whatever_the_score():
    row = pd.DataFrame({"recency_score": [5], "frequency_score": [5], "monetary_score": [5], "orders": [9],
                        "days_since_first": [900], "days_since_last": [250]})  # fmt: skip
    assert name_segments(row).item() == "champions"
    assert name_segments(row, recent_within=200).item() == "cooling"
    assert name_segments(row, recent_within=200, away_after=240).item() == "cant_lose"


def test_a_score_outside_the_range_is_refused():
    frame = grid(3)
    with pytest.raises(ValueError, match="outside 1 to 2"):
        name_segments(frame, bins=2)


def test_a_profile_adds_up_and_keeps_empty_segments():
    rng = np.random.default_rng(3)
    frame = grid(5).assign(spend=rng.gamma(2, 50, 500))
    frame["segment"] = name_segments(frame)
    profile = segment_profile(frame)
    assert profile["segment"].tolist() == list(DEFAULT_SEGMENTS)
    assert profile["customers"].sum() == len(frame)
    assert profile["spend"].sum() == pytest.approx(frame["spend"].sum())
    assert profile["spend_share"].sum() == pytest.approx(1)
    only = frame[frame["segment"] == "first_timers"]
    empty = segment_profile(only).set_index("segment").loc["champions"]
    assert empty["customers"] == 0
    assert np.isnan(empty["spend_each"])


def test_the_best_segments_are_named():
    assert with_role(DEFAULT_SEGMENTS, "best") == ["champions"]
    assert segment_label("cant_lose") == "Can't lose"
    assert segment_label("first_timers") == "First-timers"


def test_nobody_who_bought_lately_is_called_away():
    frame = grid(5).assign(days_since_last=30)
    names = name_segments(frame, recent_within=90, away_after=150)
    assert set(names) == {"champions", "cooling", "promising", "first_timers"}
    # without the limits the scores decide alone
    assert {"hibernating", "cant_lose", "need_attention"} <= set(name_segments(frame))


def test_equal_regulars_who_bought_yesterday_are_not_hibernating():
    regulars = pd.DataFrame({"days_since_last": [0] * 50, "orders": [9] * 50, "spend": [90.0] * 50})
    scored = regulars.assign(days_since_first=400).join(rfm_scores(regulars))
    assert set(name_segments(scored, recent_within=60, away_after=90)) == {"promising"}


def test_a_shop_s_own_segments_are_taken_in_their_order():
    rules = {
        "wholesale": SegmentRule(meaning="orders by the dozen", all=(SegmentCondition(field="orders", value=9),)),
        "awake": SegmentRule(meaning="seen lately", role="best", seen=("recent", "lately")),
        "others": SegmentRule(meaning="all others"),
    }
    frame = grid(5)
    names = name_segments(frame, rules=rules)
    assert list(names.cat.categories) == list(rules)
    assert ((names == "wholesale") == (frame["orders"] >= 9)).all()
    assert names.notna().all()
    assert set(names[(names != "wholesale") & (frame["recency_score"] >= 4)]) == {"awake"}
