import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import BetaGeoNBD, ParetoNBD, count_intervals, count_probabilities, simulate

TRUTH = BetaGeoNBD(r=1.0, alpha=5.0, a=0.8, b=2.5)
HORIZON = 13
N = 1500


@pytest.fixture(scope="module")
def seen():
    rng = np.random.default_rng(31)
    weeks = pd.DataFrame({"T": rng.integers(20 * 7, 40 * 7, N) / 7}, index=[f"c{i}" for i in range(N)])
    return simulate(TRUTH, weeks, rng, horizon=HORIZON, days=True)


@pytest.mark.parametrize("model", [TRUTH, ParetoNBD(r=1.0, alpha=5.0, s=1.0, beta=10.0)])
def test_count_intervals_are_quantiles_of_the_count_distribution(model, seen):
    some = seen.head(40)
    bounds = count_intervals(model, some, HORIZON, confidence=0.9)
    cumulative = count_probabilities(model, some, HORIZON, 60).drop(columns="more").cumsum(axis=1).to_numpy()
    for row, (low, high) in enumerate(bounds.to_numpy()):
        assert cumulative[row, high] >= 0.95
        assert low == 0 or cumulative[row, low - 1] <= 0.05 + 1e-9


def test_count_intervals_hold_at_least_what_they_say(seen):
    bounds = count_intervals(TRUTH, seen, HORIZON)
    covered = seen["future"].between(bounds["low"], bounds["high"]).mean()
    # Three standard errors below 95 %.
    assert covered > 0.95 - 3 * np.sqrt(0.95 * 0.05 / N)


def test_a_confidence_is_a_share(seen):
    with pytest.raises(ValueError, match="confidence"):
        count_intervals(TRUTH, seen, HORIZON, confidence=95)
