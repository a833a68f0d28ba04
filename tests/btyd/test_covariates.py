"""Covariates that do not change in time: planted effects are found again and move predictions the right way."""

import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD, simulate
from crmlib.btyd.histories import Histories

EFFECTS = {"rate.web": 0.5, "rate.age": -0.3, "dropout.web": 0.6, "dropout.age": 0.2}
MODELS = [
    BetaGeoNBD(r=1.0, alpha=6.0, a=0.8, b=2.5, effects=EFFECTS),
    ModifiedBetaGeoNBD(r=1.0, alpha=6.0, a=0.9, b=1.7, effects=EFFECTS),
    ParetoNBD(r=1.0, alpha=8.0, s=0.8, beta=12.0, effects=EFFECTS),
]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)


@pytest.fixture(scope="module")
def members():
    rng = np.random.default_rng(61)
    n = 6000
    return pd.DataFrame(
        {"T": rng.integers(30, 60, n).astype(float), "web": rng.integers(0, 2, n), "age": rng.integers(-2, 3, n) / 2}
    )


@every_model
def test_planted_effects_are_recovered(model, members):
    seen = simulate(model, members, np.random.default_rng(62), days=False, horizon=20)
    fitted = model.fit(seen, covariates=["web", "age"])
    for name, truth in model.params.items():
        assert abs(fitted.params[name] - truth) < 4 * fitted.standard_errors[name], name
    surprise = seen["future"] - fitted.expected_purchases(seen, 20)
    for web in (0, 1):
        part = surprise[seen["web"] == web]
        assert abs(part.mean()) < 4 * part.std() / np.sqrt(len(part))


@every_model
def test_effects_go_where_their_names_say(model):
    twins = pd.DataFrame({"frequency": 3, "recency": 20.0, "T": 24.0, "web": [0, 1], "age": 0.0})
    faster = type(model)(**{n: model.params[n] for n in model.NAMES}, effects={"rate.web": 0.5, "dropout.web": 0.0})
    leaving = type(model)(**{n: model.params[n] for n in model.NAMES}, effects={"rate.web": 0.0, "dropout.web": 0.5})
    assert faster.expected_purchases(twins.head(1), 4).item() < faster.expected_purchases(twins, 4).iloc[1]
    alive = leaving.probability_alive(twins)
    assert alive.iloc[1] < alive.iloc[0]


@every_model
def test_without_effects_covariates_change_nothing(model, members):
    seen = simulate(model, members.head(300), np.random.default_rng(63))
    plain = type(model)(**{name: model.params[name] for name in model.NAMES})
    none = type(model)(**plain.params, effects=dict.fromkeys(EFFECTS, 0.0))
    for method in ("expected_purchases", "probability_of_purchase"):
        np.testing.assert_allclose(getattr(none, method)(seen, 10), getattr(plain, method)(seen, 10), rtol=1e-9)


@every_model
def test_gradients_are_slopes(model, members):
    seen = simulate(model, members.head(200), np.random.default_rng(64))
    objective, at = model.objective(Histories.of(seen, ["web", "age"])), model.coefficients
    gradient = objective(at)[1]
    numeric = [(objective(at + step)[0] - objective(at - step)[0]) / 2e-5 for step in np.eye(len(at)) * 1e-5]
    # Rounding of values of about 1,000 over a step of 1e-5.
    np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-5)


def test_missing_covariates(members):
    model = MODELS[0]
    seen = simulate(model, members.head(1000), np.random.default_rng(65))
    fitted = BetaGeoNBD.fit(seen, covariates=["web"])
    assert list(fitted.params) == ["r", "alpha", "a", "b", "rate.web", "dropout.web"]
    with pytest.raises(ValueError, match=r"lacks the covariates \['web'\]"):
        fitted.expected_purchases(seen.drop(columns="web"), 10)
    with pytest.raises(ValueError, match="covariate is missing"):
        BetaGeoNBD.fit(seen.assign(web=np.nan), covariates=["web"])
