"""What holds for every purchase model."""

import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from crmlib.btyd.histories import Histories

MODELS = [
    BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426),
    ModifiedBetaGeoNBD(r=0.525, alpha=6.183, a=0.891, b=1.614),
    ParetoNBD(r=0.5533, alpha=10.578, s=0.6062, beta=11.669),
]
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)


@pytest.fixture
def customers():
    return pd.DataFrame(
        {"frequency": [0, 1, 5, 5, 40], "recency": [0, 2.0, 30.0, 8.0, 38.0], "T": [39.0, 39, 31, 39, 39]},
        index=["k", "z", "a", "m", "b"],
    )


@every_model
def test_rows_keep_their_index_and_the_input_its_values(model, customers):
    before = customers.copy()
    for series in (
        model.expected_purchases(customers, 10),
        model.probability_of_purchase(customers, 10),
        model.probability_alive(customers),
    ):
        assert series.index.tolist() == ["k", "z", "a", "m", "b"]
        assert series.notna().all()
    pd.testing.assert_frame_equal(customers, before)


@every_model
def test_the_probability_of_purchase_is_the_likelihood_of_not_staying_silent(model, customers):
    histories = Histories.of(customers)
    now = model.likelihood(histories, model.at(histories))[0]
    later = model.likelihood(Histories.of(customers.assign(T=customers["T"] + 10)), model.at(histories))[0]
    expected = (1 - np.exp(later - now))[histories.back]
    np.testing.assert_allclose(model.probability_of_purchase(customers, 10), expected, rtol=1e-9)


@every_model
def test_nothing_happens_in_no_time(model, customers):
    assert (model.expected_purchases(customers, 0) == 0).all()
    assert (model.probability_of_purchase(customers, 0) == 0).all()
    assert model.expected_purchases_new(0.0) == 0


@every_model
def test_a_new_customer_is_one_without_a_history(model):
    new = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [0.0]})
    expected = model.expected_purchases(new, 52).item()
    assert model.expected_purchases_new(52.0) == pytest.approx(expected, rel=1e-12)


@every_model
@pytest.mark.parametrize("horizon", [1.0, 52.0, 520.0])
def test_extreme_customers_do_not_overflow(model, horizon):
    extreme = pd.DataFrame(
        {
            "frequency": [5000, 5000, 0, 1, 5000, 1],
            "recency": [3000.0, 1.0, 0.0, 1 / 7, 714.0, 3000.0],
            "T": [3000.0, 3000.0, 3000.0, 3000.0, 714.2, 3000.0],
        }
    )
    histories = Histories.of(extreme)
    values, slopes = model.likelihood(histories, model.at(histories))
    assert np.isfinite(values).all()
    assert np.isfinite(slopes).all()
    expected = model.expected_purchases(extreme, horizon)
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()
    for probability in (model.probability_alive(extreme), model.probability_of_purchase(extreme, horizon)):
        assert probability.between(0, 1).all()


@every_model
def test_fit_works_on_class_and_instance_and_leaves_the_instance_alone(model, customers):
    twice = pd.concat([customers] * 3, ignore_index=True)
    fitted = model.fit(twice)
    assert type(fitted) is type(model)
    assert fitted.params == type(model).fit(twice).params == type(model)().fit(twice).params
    assert model.maximum is None


@every_model
def test_models_are_frozen(model):
    with pytest.raises(AttributeError):
        model.r = 1.0


@every_model
def test_unhappy_paths_say_what_is_wrong(model, customers):
    with pytest.raises(ValueError, match="only a fitted one has errors"):
        _ = model.standard_errors
    with pytest.raises(ValueError, match="has no r, alpha"):
        type(model)().expected_purchases(customers, 10)
    with pytest.raises(ValueError, match="r above 0"):
        type(model)(r=-1.0)
    with pytest.raises(ValueError, match="horizon"):
        model.expected_purchases(customers, -1)
    with pytest.raises(ValueError, match="nobody bought on a second day"):
        type(model).fit(customers[customers["frequency"] == 0])


@pytest.fixture(scope="module")
def faithful():
    # Nobody ever leaves: the likelihood is flat in the parameters of dropout.
    rng = np.random.default_rng(71)
    rate = rng.gamma(0.8, 1 / 8, 400)
    weeks = rng.integers(20 * 7, 50 * 7, 400) / 7
    counts = rng.poisson(rate * weeks)
    last = np.where(counts > 0, weeks * rng.random(400) ** (1 / np.maximum(counts, 1)), 0.0)
    return pd.DataFrame({"frequency": counts, "recency": last, "T": weeks})


@pytest.mark.parametrize("kind", [BetaGeoNBD, ParetoNBD])
def test_where_nobody_leaves_dropout_is_left_open_and_the_rest_is_known(faithful, kind):
    fitted = kind.fit(faithful)
    errors = fitted.standard_errors
    if np.isfinite(list(errors.values())).all():
        pytest.fail(f"this sample was to leave dropout open; got {errors}")
    assert abs(fitted.params["r"] - 0.8) < 4 * errors["r"]
    assert abs(fitted.params["alpha"] - 8) < 4 * errors["alpha"]
