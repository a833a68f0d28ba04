"""What weights cost."""

import numpy as np
import pytest

from crmlib.stats.weights import checked_weights, design_effect, effective_sample_size


def test_design_effect_is_one_plus_the_squared_variation_of_the_weights():
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    assert design_effect(weights) == pytest.approx(1 + weights.var() / weights.mean() ** 2)
    assert effective_sample_size(weights) * design_effect(weights) == pytest.approx(4)


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1, -1], "not negative"), ([1, np.nan], "finite"), ([0, 0], "all weights are zero"), ([1], "expected 2 weights")],
)
def test_refuses_what_is_no_weight(weights, message):
    with pytest.raises(ValueError, match=message):
        checked_weights(weights, 2)


def test_no_answers_have_no_effective_size():
    assert effective_sample_size([]) == 0
    assert design_effect([]) == 1
