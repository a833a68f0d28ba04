import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import ModifiedBetaGeoCNBD, ModifiedBetaGeoNBD, simulate
from crmlib.btyd.geometric import Geometric, stages
from crmlib.btyd.histories import Histories

TRUTH = ModifiedBetaGeoCNBD(k=3, r=1.2, alpha=2.0, a=0.6, b=3.0)


@pytest.fixture(scope="module")
def seen():
    rng = np.random.default_rng(21)
    return simulate(TRUTH, pd.DataFrame({"T": rng.integers(20 * 7, 60 * 7, 5000) / 7}), rng, horizon=26)


@pytest.fixture(scope="module")
def fitted(seen):
    return ModifiedBetaGeoCNBD.fit(seen)


def test_regularity_and_parameters_are_recovered(fitted):
    assert fitted.k == 3
    for name, truth in TRUTH.params.items():
        assert abs(fitted.params[name] - truth) < 4 * fitted.standard_errors[name], name


def test_regularity_is_recovered_from_the_last_purchase_alone(seen, fitted):
    without = ModifiedBetaGeoCNBD.fit(seen.drop(columns="log_gaps"))
    assert without.k == 3
    # The gaps say nothing about the other parameters once k is known; both searches settle to 1e-6.
    assert without.params == pytest.approx(fitted.params, rel=1e-5)


def test_k_of_one_is_mbg_nbd(seen):
    regular, random = ModifiedBetaGeoCNBD.fit(seen, k=1), ModifiedBetaGeoNBD.fit(seen)
    assert regular.params == pytest.approx(random.params)
    assert regular.log_likelihood == pytest.approx(random.log_likelihood)
    given = ModifiedBetaGeoCNBD(k=1, **random.params)
    for method in ("expected_purchases", "probability_of_purchase"):
        one, other = getattr(given, method)(seen, 20), getattr(random, method)(seen, 20)
        np.testing.assert_allclose(one, other, rtol=1e-9)


def test_predictions_come_true_on_average(seen):
    for expected, actual in (
        (TRUTH.expected_purchases(seen, 26), seen["future"]),
        (TRUTH.probability_of_purchase(seen, 26), seen["future"] > 0),
        (TRUTH.probability_alive(seen), seen["alive"]),
        (TRUTH.expected_purchases_new(seen["T"].to_numpy()), seen["frequency"]),
    ):
        surprise = actual - expected
        assert abs(surprise.mean()) < 4 * surprise.std() / np.sqrt(len(surprise))


def test_the_probability_of_purchase_is_the_likelihood_of_not_staying_silent(seen):
    some = seen.head(200)
    histories = Histories.of(some)
    now = TRUTH.likelihood(histories, TRUTH.at(histories))[0]
    later = TRUTH.likelihood(Histories.of(some.assign(T=some["T"] + 10)), TRUTH.at(histories))[0]
    expected = (1 - np.exp(later - now))[histories.back]
    # One minus a ratio near one loses digits of small probabilities.
    np.testing.assert_allclose(TRUTH.probability_of_purchase(some, 10), expected, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("k", [0, 13, 1.5])
def test_impossible_regularity_is_refused(k):
    with pytest.raises(ValueError, match="k is a whole number"):
        ModifiedBetaGeoCNBD(k=k, r=1.0, alpha=1.0, a=1.0, b=1.0)


def test_the_phase_in_which_a_customer_stands():
    h = Histories.of(pd.DataFrame({"frequency": [2], "recency": [8.0], "T": [12.0]}))
    phases = stages(Geometric(at_first=True, k=2), h, np.array([[1.0], [4], [1], [2]]))
    # no phase passed against one: 1 to 5 * (4 / 16)
    assert phases[:, 0].tolist() == pytest.approx([4 / 9, 5 / 9])
