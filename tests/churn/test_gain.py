"""What share of the leavers is reached."""

import numpy as np
import pytest

from crmlib.churn.gain import gain_table, leavers_among_top


def test_a_perfect_order_reaches_all_leavers_first():
    churned = [1] * 20 + [0] * 80
    gains = gain_table(churned, np.arange(100, 0, -1))
    assert gains["gain"].tolist() == pytest.approx([0.5] + [1.0] * 9)
    assert gains["lift"].iloc[0] == pytest.approx(5)


def test_a_score_that_says_nothing_reaches_by_chance_whatever_the_order_of_rows():
    rng = np.random.default_rng(1)
    churned = rng.permutation([1] * 30 + [0] * 70)
    gains = gain_table(churned, np.zeros(100))
    assert gains["gain"].tolist() == pytest.approx(gains["contacted"].tolist())


def test_nobody_left_has_no_gain():
    gains = gain_table([0, 0], [0.1, 0.2], parts=2)
    assert gains[["gain", "lift"]].isna().all().all()


def test_ties_are_spread():
    assert leavers_among_top([1, 0, 1, 0], [1, 1, 1, 1], 0.25) == 0.5
    assert leavers_among_top([1, 0, 1, 0], [0.9, 0.5, 0.5, 0.1], 0.5) == 1.5


def test_halves_by_hand():
    halves = gain_table([1, 1, 0, 0], [0.9, 0.8, 0.3, 0.1], parts=2).drop(columns=["low", "high"])
    assert halves.iloc[0].to_dict() == {"contacted": 0.5, "customers": 2, "leavers": 2, "gain": 1, "lift": 2}
    assert halves.iloc[1].to_dict() == {"contacted": 1, "customers": 4, "leavers": 2, "gain": 1, "lift": 1}
