"""A number with its interval."""

from dataclasses import FrozenInstanceError
from math import isnan, nan

import pytest

from crmlib.stats import Estimate


def test_prints_with_its_interval_and_n():
    assert str(Estimate(0.5, 0.4, 0.6, n=1_000)) == "0.5 [0.4, 0.6] (95 %, n = 1,000)"
    assert f"{Estimate(0.5, 0.4, 0.6, n=10, confidence=0.9):.2f}" == "0.50 [0.40, 0.60] (90 %, n = 10)"
    assert str(Estimate(0.5, nan, nan, n=1)) == "0.5 (n = 1)"


def test_is_frozen():
    with pytest.raises(FrozenInstanceError):
        Estimate(1, 0, 2, n=3).value = 4


def test_unknown_has_neither_value_nor_interval():
    unknown = Estimate.unknown(n=3)
    assert (unknown.is_known, unknown.has_interval, unknown.n) == (False, False, 3)
    assert not unknown.excludes(0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"value": 1, "low": 2, "high": 1, "n": 3}, "out of order"),
        ({"value": 1, "low": nan, "high": 1, "n": 3}, "two limits or none"),
        ({"value": 1, "low": 0, "high": 1, "n": -1}, "cannot be negative"),
        ({"value": 1, "low": 0, "high": 1, "n": 1, "confidence": 95}, "inside"),
    ],
)
def test_refuses_what_cannot_be(arguments, message):
    with pytest.raises(ValueError, match=message):
        Estimate(**arguments)


def test_a_negative_factor_turns_the_limits_round():
    turned = Estimate(1, 0, 3, n=5).scaled(-2)
    assert (turned.value, turned.low, turned.high) == (-2, -6, 0)
    assert isnan(Estimate(1, nan, nan, n=1).scaled(2).low)


def test_excludes_looks_at_the_interval():
    assert Estimate(1, 0.5, 1.5, n=5).excludes(0)
    assert not Estimate(1, -0.5, 1.5, n=5).excludes(0)


def test_without_its_sign_an_estimate_keeps_the_order_of_its_limits():
    assert abs(Estimate(-0.05, -0.08, -0.02, n=300)) == Estimate(0.05, 0.02, 0.08, n=300)
    assert abs(Estimate(0.05, 0.02, 0.08, n=300)).value == 0.05
