"""Whether probabilities mean what they say."""

import numpy as np
import pytest

from crmlib.stats.calibration import calibration_curve, calibration_error, probability_bins


@pytest.fixture
def exact():
    rng = np.random.default_rng(4)
    probability = rng.beta(2, 2, 5_000)
    return (rng.random(5_000) < probability), probability


def test_equal_probabilities_share_a_bin():
    probability = [0.2] * 70 + [0.5] * 20 + [0.9] * 10
    bins = probability_bins(probability, 10)
    assert len({*bins[:70]}) == 1
    assert bins.max() == 2


def test_one_probability_for_all_is_one_bin():
    curve = calibration_curve([0, 1, 1, 0], [0.5] * 4)
    assert curve["customers"].tolist() == [4]
    assert curve["observed"].tolist() == [0.5]


def test_the_curve_counts_everybody(exact):
    curve = calibration_curve(*exact)
    assert curve["customers"].sum() == 5_000
    assert (curve["low"] <= curve["observed"]).all()
    assert (curve["observed"] <= curve["high"]).all()
    assert curve["expected"].is_monotonic_increasing


def test_exact_probabilities_stay_within_the_noise(exact):
    error = calibration_error(*exact, rng=np.random.default_rng(1))
    assert not error.beyond_chance
    # the mean over ten bins of |normal| with variance p(1 - p)/500: about sqrt(2/pi) * 0.45 / sqrt(500)
    assert error.floor == pytest.approx(0.016, abs=0.003)
    assert not error.shift.excludes(0)


def test_shifted_probabilities_are_found_out(exact):
    churned, probability = exact
    error = calibration_error(churned, np.clip(probability + 0.08, 0, 1), rng=np.random.default_rng(1))
    assert error.beyond_chance
    assert error.value == pytest.approx(0.08, abs=0.02)
    assert error.shift.low > 0


def test_false_confidence_is_found_out(exact):
    churned, probability = exact
    bold = np.where(probability > 0.5, 0.95, 0.05)
    assert calibration_error(churned, bold, rng=np.random.default_rng(1)).value > 0.2
