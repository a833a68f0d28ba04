"""Cox's regression against the published example, and its check against planted truths."""

import numpy as np
import pandas as pd
import pytest

from crmlib.stats.cox import hazard_ratios

# Freireich et al. (1963), weeks in remission; 0: still in it (Gehan's data; Cox 1972, section 10)
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_the_published_example_is_found_again():
    """Gehan's remissions: R's coxph (Efron) prints -1.572 with a standard error of 0.412, ratio .208 (.093 to .466)."""
    treated = pd.DataFrame({"treated": [1] * 21 + [0] * 21})
    row = hazard_ratios(TREATED + PLACEBO, ENDED + [1] * 21, treated).iloc[0]
    assert np.log(row["ratio"]) == pytest.approx(-1.5721, abs=5e-4)
    assert (row["ratio"], row["low"], row["high"]) == pytest.approx((0.208, 0.093, 0.466), abs=6e-4)
    assert np.log(row["high"] / row["low"]) / (2 * 1.959964) == pytest.approx(0.412, abs=5e-4)
    assert row["p"] == pytest.approx(0.000138, abs=2e-6)
    # no departure from proportional hazards in this example: Kalbfleisch & Prentice 2002, section 4.2
    assert row["drift_p"] > 0.05


def simulated(seed, late):
    """Simulate hazards exp(.5 steady) with a second feature whose effect is .8, from day 30 on `late`; 90 days seen."""
    rng = np.random.default_rng(seed)
    features = pd.DataFrame(rng.normal(size=(3000, 2)), columns=["steady", "fading"])
    early = 0.02 * np.exp(0.5 * features["steady"] + 0.8 * features["fading"])
    then = 0.02 * np.exp(0.5 * features["steady"] + late * features["fading"])
    needed = rng.exponential(size=3000)
    time = np.where(needed < 30 * early, needed / early, 30 + (needed - 30 * early) / then)
    return np.ceil(np.minimum(time, 90)), time < 90, features


def test_planted_ratios_are_found_and_nothing_drifts():
    ratios = hazard_ratios(*simulated(1, late=0.8)).set_index("feature")
    for name, truth in (("steady", 0.5), ("fading", 0.8)):
        error = np.log(ratios.loc[name, "high"] / ratios.loc[name, "low"]) / 3.92
        assert abs(np.log(ratios.loc[name, "ratio"]) - truth) < 4 * error
    assert (ratios["drift_q"] > 0.05).all()


def test_an_effect_that_fades_is_noticed_and_the_steady_one_is_not():
    ratios = hazard_ratios(*simulated(1, late=0.0)).set_index("feature")
    assert ratios.loc["fading", "drift"] < -0.1
    assert ratios.loc["fading", "drift_q"] < 1e-6
    assert ratios.loc["steady", "drift_q"] > 0.01


def test_a_likelihood_without_a_maximum_gives_no_rows():
    apart = pd.DataFrame({"x": [0.0] * 10 + [1.0] * 10})
    assert hazard_ratios(range(1, 21), [True] * 10 + [False] * 10, apart).empty
