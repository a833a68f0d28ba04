"""Slope and intercept of logistic recalibration, with errors that hold whatever the right model is."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import special, stats

from crmlib.stats.recalibration import recalibration


@pytest.fixture
def drawn():
    rng = np.random.default_rng(4)
    truth = rng.normal(-0.3, 1.2, 5_000)
    return rng.random(5_000) < special.expit(truth), truth


def test_it_is_statsmodels_logit_with_its_sandwich_errors(drawn):
    churned, truth = drawn
    said = special.expit(0.4 + 0.7 * truth)
    found = recalibration(churned, said)
    both = sm.Logit(churned.astype(float), sm.add_constant(0.4 + 0.7 * truth)).fit(disp=0, cov_type="HC0")
    assert found["slope"].value == pytest.approx(both.params[1], rel=1e-8)
    assert np.sqrt((found["slope"].effects ** 2).sum()) == pytest.approx(both.bse[1], rel=1e-6)
    held = sm.Logit(churned.astype(float), np.ones((5_000, 1)), offset=0.4 + 0.7 * truth).fit(disp=0, cov_type="HC0")
    assert found["intercept"].value == pytest.approx(held.params[0], rel=1e-8)
    assert np.sqrt((found["intercept"].effects ** 2).sum()) == pytest.approx(held.bse[0], rel=1e-6)


@pytest.mark.parametrize(("too_extreme", "slope"), [(1.0, 1.0), (2.0, 0.5), (0.5, 2.0)])
def test_a_planted_slope_is_found_within_four_errors(drawn, too_extreme, slope):
    churned, truth = drawn
    found = recalibration(churned, special.expit(too_extreme * truth))["slope"]
    assert abs(found.value - slope) < 4 * np.sqrt((found.effects**2).sum())


def test_a_planted_intercept_is_found_within_four_errors(drawn):
    churned, truth = drawn
    found = recalibration(churned, special.expit(truth - 0.5))["intercept"]
    assert abs(found.value - 0.5) < 4 * np.sqrt((found.effects**2).sum())


def test_effects_give_what_a_fit_of_resampled_customers_gives(drawn):
    churned, truth = (each[:1_500] for each in drawn)
    said, rng = special.expit(truth), np.random.default_rng(1)
    slope = recalibration(churned, said)["slope"]
    draws = [recalibration(churned[who], said[who])["slope"].value for who in rng.integers(0, 1_500, (300, 1_500))]
    # a deviation of 300 draws is known to 4 %
    assert np.sqrt((slope.effects**2).sum()) == pytest.approx(np.std(draws), rel=4 * 0.041)
    assert stats.norm.sf(abs(slope(np.ones(1_500)) - slope.value)) == 0.5


def test_what_has_no_slope_has_none():
    half, alike = np.array([True, False] * 20), np.full(40, 0.5)
    assert list(recalibration(half, alike)) == ["intercept"]
    assert "slope" not in recalibration(half, np.where(half, 0.9, 0.1))
    assert recalibration(np.ones(40, dtype=bool), alike) == {}
