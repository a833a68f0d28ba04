"""What mathematics demands of the models, whatever the parameters: tried on many by hypothesis."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.btyd import BetaGeoNBD, ModifiedBetaGeoCNBD, ModifiedBetaGeoNBD, ParetoNBD, count_probabilities
from crmlib.btyd.histories import Histories
from crmlib.btyd.to_come import beta_rule

shape = st.floats(0.05, 20)
scale = st.floats(0.1, 200)

geometric = st.fixed_dictionaries({"r": shape, "alpha": scale, "a": shape, "b": shape})
models = st.one_of(
    geometric.map(lambda p: BetaGeoNBD(**p)),
    geometric.map(lambda p: ModifiedBetaGeoNBD(**p)),
    st.tuples(geometric, st.integers(2, 4)).map(lambda pk: ModifiedBetaGeoCNBD(k=pk[1], **pk[0])),
    st.fixed_dictionaries({"r": shape, "alpha": scale, "s": shape, "beta": scale}).map(lambda p: ParetoNBD(**p)),
)


@st.composite
def customers(draw, most=300):
    T = draw(st.floats(0.5, 300))
    x = draw(st.integers(0, most))
    t_x = draw(st.floats(0.01, 1)) * T if x else 0.0
    return pd.DataFrame({"frequency": [x], "recency": [t_x], "T": [T]})


horizons = st.floats(0.1, 200)
repeatable = settings(derandomize=True)


@given(models, customers(), horizons)
@repeatable
def test_probabilities_are_probabilities(model, customer, horizon):
    alive = model.probability_alive(customer).item()
    returning = model.probability_of_purchase(customer, horizon).item()
    expected = model.expected_purchases(customer, horizon).item()
    assert 0 <= alive <= 1
    # Nobody who left comes back, and a probability is no more than the count it is part of.
    assert 0 <= returning <= alive * (1 + 1e-9)
    assert returning <= expected * (1 + 1e-7) + 1e-12


@given(models, customers(most=20), st.floats(0.1, 30))
@repeatable
def test_count_probabilities_sum_to_one_and_hold_the_mean(model, customer, horizon):
    table = count_probabilities(model, customer, horizon, up_to=60)
    assert (table >= 0).all(axis=None)
    # 48 Gauss-Legendre nodes of Pareto/NBD leave 1e-9; the others are exact.
    assert table.sum(axis=1).item() == pytest.approx(1, abs=1e-8)
    assert 1 - table[0].item() == pytest.approx(model.probability_of_purchase(customer, horizon).item(), abs=1e-7)
    if table["more"].item() < 1e-9:
        mean = sum(count * table[count].item() for count in range(61))
        assert mean == pytest.approx(model.expected_purchases(customer, horizon).item(), rel=1e-5, abs=1e-6)


@given(models, customers(), horizons, st.floats(1.01, 3))
@repeatable
def test_more_time_brings_no_less(model, customer, horizon, factor):
    for method in (model.expected_purchases, model.probability_of_purchase):
        assert method(customer, horizon * factor).item() >= method(customer, horizon).item() * (1 - 1e-7)


@given(models, customers(), horizons, st.floats(0.05, 20))
@repeatable
def test_the_unit_of_time_is_no_matter(model, customer, horizon, unit):
    scales = {name: value * unit for name, value in model.params.items() if name in ("alpha", "beta")}
    other = type(model)(**(model.params | scales | ({"k": model.k} if hasattr(model, "k") else {})))
    stretched = customer.assign(recency=customer["recency"] * unit, T=customer["T"] * unit)
    one = model.expected_purchases(customer, horizon).item()
    assert other.expected_purchases(stretched, horizon * unit).item() == pytest.approx(one, rel=1e-7, abs=1e-12)
    alive = model.probability_alive(customer).item()
    assert other.probability_alive(stretched).item() == pytest.approx(alive, rel=1e-7, abs=1e-12)
    h, g = Histories.of(customer), Histories.of(stretched)
    phases = getattr(model, "k", 1) * customer["frequency"].item()
    difference = model.likelihood(h, model.at(h))[0] - other.likelihood(g, other.at(g))[0]
    # A density in another unit of time: one factor for each phase.
    assert difference.item() == pytest.approx(phases * np.log(unit), rel=1e-7, abs=1e-7)


@given(models, customers())
@repeatable
def test_gradients_are_slopes(model, customer):
    histories = Histories.of(customer)
    objective, at = model.objective(histories), model.coefficients
    value, gradient = objective(at)
    step = 1e-5
    numeric = [
        (objective(at + step * direction)[0] - objective(at - step * direction)[0]) / (2 * step)
        for direction in np.eye(len(at))
    ]
    # Central differences: truncation about 1e-10 of the curvature, rounding 1e-16 / 1e-5 of the value.
    np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-9 * max(1, abs(value)) + 1e-5)


@given(models, st.floats(0.5, 100))
@repeatable
def test_histories_of_new_customers_are_a_distribution(model, age):
    # P(no repeat by T) from the likelihood is that from the count distribution.
    new = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [0.0]})
    h = Histories.of(pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [age]}))
    silent = np.exp(model.likelihood(h, model.at(h))[0]).item()
    assert silent == pytest.approx(count_probabilities(model, new, age, 0)[0].item(), rel=1e-7, abs=1e-9)


@given(geometric, customers(), horizons)
@repeatable
def test_a_of_one_is_no_special_case(params, customer, horizon):
    # The closed form is 0/0 there; expectations on both sides of it must meet.
    near = [
        BetaGeoNBD(**(params | {"a": a})).expected_purchases(customer, horizon).item() for a in (1 - 1e-7, 1, 1 + 1e-7)
    ]
    assert near[1] == pytest.approx(near[0], rel=1e-4, abs=1e-12)
    assert near[1] == pytest.approx(near[2], rel=1e-4, abs=1e-12)


@given(customers(most=30), horizons)
@repeatable
def test_without_dropout_models_are_the_negative_binomial(customer, horizon):
    r, alpha = 0.8, 6.0
    poisson = (r + customer["frequency"].item()) / (alpha + customer["T"].item()) * horizon
    never = {"bg": BetaGeoNBD(r=r, alpha=alpha, a=1e-9, b=1.0), "pareto": ParetoNBD(r=r, alpha=alpha, s=1e-9, beta=1.0)}
    for name, model in never.items():
        # A dropout of 1e-9 is told from none where x + horizon / age, in exponents, is large.
        if model.probability_alive(customer).item() > 1 - 1e-6:
            assert model.expected_purchases(customer, horizon).item() == pytest.approx(poisson, rel=1e-4), name


def test_the_rule_of_the_beta_distribution_is_exact_for_its_mean():
    p, weight = beta_rule(0.8, 2.4, 16)
    assert (p * weight).sum() == pytest.approx(0.25, abs=1e-12)
