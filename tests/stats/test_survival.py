"""Times until something happens, where some still wait."""

import numpy as np
import pytest

from crmlib.stats.survival import KaplanMeier

# Freireich et al. (1963), weeks in remission; 0: still in it (Kalbfleisch & Prentice 2002, example 1.2)
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_curve_is_the_published_one():
    curve = KaplanMeier.of(WEEKS, ENDED).curve
    assert curve["time"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert (1 - curve["share"]).tolist() == pytest.approx(published, abs=6e-4)


def test_band_is_greenwood_s_on_the_log_log_scale():
    row = KaplanMeier.of(WEEKS, ENDED).by([10]).iloc[0]
    # R's survfit with conf.type = "log-log" prints .503 to .889
    assert (1 - row["high"], 1 - row["low"]) == pytest.approx((0.503, 0.889), abs=6e-4)


def test_medians_of_both_groups():
    # R: 23 (13 to unknown) and 8 (4 to 11)
    treated, placebo = KaplanMeier.of(WEEKS, ENDED).median, KaplanMeier.of(PLACEBO, [True] * 21).median
    assert (treated.value, treated.has_interval) == (23, False)
    assert (placebo.value, placebo.low, placebo.high) == (8, 4, 11)


def test_counted_rows_are_as_good_as_single_ones():
    pairs, count = np.unique(np.column_stack([WEEKS, ENDED]), axis=0, return_counts=True)
    counted = KaplanMeier.of(pairs[:, 0], pairs[:, 1], count)
    assert np.allclose(counted.curve, KaplanMeier.of(WEEKS, ENDED).curve)
    assert not counted.median.is_known


def test_between_steps_the_curve_stands():
    read = KaplanMeier.of(WEEKS, ENDED).by([0, 5, 6, 6.5, 99])
    assert read["share"].tolist() == pytest.approx([0, 0, 1 / 7, 1 / 7, 1 - 0.448], abs=6e-4)
    assert read.loc[:1, ["low", "high"]].to_numpy().tolist() == [[0, 0], [0, 0]]


def test_where_it_never_happened_there_is_no_band():
    waiting = KaplanMeier.of([3.0, 4.0], [False, False])
    assert waiting.curve.empty
    assert waiting.by([4])["share"].tolist() == [0]
    assert waiting.by([4])[["low", "high"]].isna().all(axis=None)
    assert not waiting.median.is_known


def test_where_it_happened_to_all_the_curve_ends_at_one():
    assert KaplanMeier.of([1, 2], [True, True]).curve.iloc[-1][["share", "low", "high"]].tolist() == [1, 1, 1]
