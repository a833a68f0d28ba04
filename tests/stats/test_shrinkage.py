"""How customers' own shares spread."""

import numpy as np
import pytest

from crmlib.stats.shrinkage import beta_shapes, habit_of


def test_the_reliability_is_the_one_planted():
    rng = np.random.default_rng(3)
    own = rng.beta(3, 7, 4000)
    yes = rng.binomial(12, own)
    habit = habit_of(np.column_stack([yes, 12 - yes]).astype(float))
    # a beta distribution of 3 and 7 weighs as much as 10 orders; the error of 4,000 customers is about 4 %
    assert habit.prior == pytest.approx(10, rel=0.15)
    assert habit.reliability == pytest.approx(12 / 22, rel=0.1)
    assert habit_of(np.zeros((5, 2))).reliability == 0.0


def test_both_estimators_find_the_same_prior():
    rng = np.random.default_rng(3)
    yes = rng.binomial(12, rng.beta(3, 7, 4000)).astype(float)
    shapes = beta_shapes(yes, np.full(4000, 12.0))
    assert shapes is not None
    assert sum(shapes) == pytest.approx(habit_of(np.column_stack([yes, 12 - yes])).prior, rel=0.1)
