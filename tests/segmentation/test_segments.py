"""Named segments are a partition: every customer in exactly one."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.params.segments import DEFAULT_SEGMENTS, SegmentCondition, SegmentRule
from crmlib.segmentation.customers.segments import (
    SCORES,
    CutPoints,
    cut_points,
    name_segments,
    rfm_scores,
    segment_label,
    segment_profile,
    with_role,
)
from crmlib.segmentation.series_state import keep, read_as


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


def customers(days, orders, spend):
    return pd.DataFrame({"days_since_last": days, "orders": orders, "spend": spend})


def test_one_time_buyers_all_score_alike():
    # 1,205 of 2,357 bought once: NTILE would spread them over several scores
    many = customers(np.full(1205, 30), np.ones(1205), np.full(1205, 9.99))
    few = customers(np.arange(100), np.arange(2, 102), np.linspace(20, 900, 100))
    scores = rfm_scores(pd.concat([many, few], ignore_index=True))
    assert len(scores.iloc[:1205].drop_duplicates()) == 1


def test_five_equal_parts_get_scores_one_to_five_and_fewer_days_are_better():
    frame = customers(range(1, 101), range(1, 101), range(1, 101))
    scores = rfm_scores(frame)
    assert scores["frequency_score"].value_counts().to_dict() == {1: 20, 2: 20, 3: 20, 4: 20, 5: 20}
    assert scores["recency_score"].iloc[[0, -1]].tolist() == [5, 1]
    assert (scores["monetary_score"] == scores["frequency_score"]).all()


rows = st.lists(
    st.tuples(st.integers(0, 900), st.integers(1, 8), st.integers(1, 60).map(lambda cents: cents / 3)),
    min_size=1,
    max_size=60,
)


@given(rows=rows, bins=st.integers(2, 10), seed=st.integers(0, 9))
def test_scores_depend_on_the_customer_alone_not_on_the_order(rows, bins, seed):
    frame = customers(*zip(*rows, strict=True))
    scores = rfm_scores(frame, bins)
    assert scores.to_numpy().min() >= 1
    assert scores.to_numpy().max() <= bins
    for column, score, sign in zip(frame, SCORES, (-1, 1, 1), strict=True):
        by_value = scores.groupby(sign * frame[column])[score]
        assert by_value.min().equals(by_value.max())
        assert by_value.first().is_monotonic_increasing
    shuffled = frame.sample(frac=1, random_state=seed)
    assert rfm_scores(shuffled, bins).sort_index().equals(scores)


def test_kept_cut_points_move_a_score_only_through_the_customer(tmp_path):
    frame = customers(range(1, 101), range(1, 101), range(1, 101))
    keep(cut_points(frame, 5, "2026-01-01"), tmp_path / "cuts.json")
    cuts = read_as(tmp_path / "cuts.json", CutPoints.of)
    assert cuts == cut_points(frame, 5, "2026-01-01")
    # a month later everybody else has spent ten times as much; this customer has not moved
    richer = frame.assign(spend=frame["spend"] * 10)
    richer.loc[49, "spend"] = 50
    assert (
        rfm_scores(richer, cuts=cuts).loc[49, "monetary_score"]
        == rfm_scores(frame, cuts=cuts).loc[49, "monetary_score"]
    )
    assert rfm_scores(richer).loc[49, "monetary_score"] == 1


def test_a_limit_is_a_value_that_was_seen():
    frame = customers([1, 2, 3, 4], [1, 1, 1, 9], [5, 6, 7, 8])
    assert cut_points(frame, bins=2).orders == (1.0,)
    few = customers([5, 90, 90], [9, 1, 1], [300.0, 20.0, 20.0])
    assert rfm_scores(few, bins=2).to_numpy().tolist() == [[2, 2, 2], [1, 1, 1], [1, 1, 1]]


def test_the_caller_s_frame_stays_and_the_id_comes_along():
    frame = customers([1, 2], [1, 2], [3.0, 4.0]).assign(customer_id=["x", "y"])
    before = frame.copy()
    assert rfm_scores(frame, 2)["customer_id"].tolist() == ["x", "y"]
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("frame", "bins", "message"),
    [
        (customers([], [], []), 5, "no customers"),
        (customers([1], [1], [1.0]), 1, "at least 2 bins"),
        (customers([1], [1], [None]), 5, "spend is missing for 1"),
    ],
)
def test_refuses_what_cannot_be_scored(frame, bins, message):
    with pytest.raises(ValueError, match=message):
        rfm_scores(frame, bins)


def test_days_tied_over_several_limits_have_the_middle_of_their_scores():
    regulars = rfm_scores(customers(np.zeros(50), np.full(50, 9), np.full(50, 90.0)))
    assert regulars["recency_score"].unique().tolist() == [3]
    # half bought yesterday: over two limits, where the worst of the three scores would be no longer recent
    half = rfm_scores(customers([0] * 50 + list(range(1, 51)), range(100), range(100)))
    assert half.loc[:49, "recency_score"].unique().tolist() == [4]
    assert half["recency_score"].iloc[-1] == 1
