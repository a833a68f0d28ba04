"""Models find their own parameters again in customers that they simulated."""

import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD, simulate

MODELS = [
    BetaGeoNBD(r=0.6, alpha=5.0, a=0.8, b=2.5),
    ModifiedBetaGeoNBD(r=0.6, alpha=6.0, a=0.9, b=1.7),
    ParetoNBD(r=0.6, alpha=10.0, s=0.7, beta=12.0),
]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)


@pytest.fixture(scope="module")
def ages():
    return pd.DataFrame({"T": np.random.default_rng(11).integers(26 * 7, 78 * 7, 20_000) / 7})


@every_model
def test_planted_parameters_are_recovered(model, ages):
    fitted = model.fit(simulate(model, ages, np.random.default_rng(5)))
    for name, truth in model.params.items():
        assert abs(fitted.params[name] - truth) < 4 * fitted.standard_errors[name], name


@every_model
def test_predictions_come_true_on_average(model, ages):
    seen = simulate(model, ages, np.random.default_rng(6), horizon=26)
    for expected, actual in (
        (model.expected_purchases(seen, 26), seen["future"]),
        (model.probability_of_purchase(seen, 26), seen["future"] > 0),
        (model.probability_alive(seen), seen["alive"]),
    ):
        surprise = actual - expected
        assert abs(surprise.mean()) < 4 * surprise.std() / np.sqrt(len(surprise))
        # Calibrated for those with and without repeat purchases too, not only overall.
        for repeaters in (seen["frequency"] == 0, seen["frequency"] > 2):
            part = surprise[repeaters]
            assert abs(part.mean()) <= 4 * part.std() / np.sqrt(len(part))


@every_model
def test_new_customers_buy_as_expected(model, ages):
    seen = simulate(model, ages, np.random.default_rng(7))
    surprise = seen["frequency"] - model.expected_purchases_new(ages["T"].to_numpy())
    assert abs(surprise.mean()) < 4 * surprise.std() / np.sqrt(len(surprise))


def test_days_merge_purchases(ages):
    busy = BetaGeoNBD(r=20.0, alpha=1.0, a=0.1, b=50.0)
    weeks = ages.head(200)
    exact = simulate(busy, weeks, np.random.default_rng(8))
    merged = simulate(busy, weeks, np.random.default_rng(8), days=True)
    assert (merged["frequency"] <= merged["T"] * 7 + 1e-9).all()
    assert merged["frequency"].sum() < exact["frequency"].sum()
    np.testing.assert_allclose(merged["recency"] * 7, np.rint(merged["recency"] * 7), atol=1e-9)


def test_the_same_seed_gives_the_same_customers(ages):
    one, other = (simulate(MODELS[0], ages.head(50), np.random.default_rng(9), horizon=5) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
