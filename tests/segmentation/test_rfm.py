"""Scores that hold still: equal customers, equal scores."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.segmentation.customers.rfm import SCORES, CutPoints, cut_points, rfm_scores
from crmlib.segmentation.series_state import keep, read_as


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


@settings(max_examples=60, deadline=None)
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
