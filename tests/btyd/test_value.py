import numpy as np
import pandas as pd
import pytest
from scipy import integrate, special

from crmlib.btyd import BetaGeoNBD, GammaGamma, ParetoNBD, lifetime_value, residual_purchases
from crmlib.btyd.value import _discounted_life, discounted_purchases

BG = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
PARETO = ParetoNBD(r=0.5533, alpha=10.578, s=0.6062, beta=11.669)
SPEND = GammaGamma(p=6.25, q=3.74, gamma=15.44)


@pytest.fixture
def customers():
    return pd.DataFrame(
        {"frequency": [2, 0], "recency": [30.43, 0.0], "T": [38.86, 20.0], "monetary_value": [22.35, np.nan]},
        index=["p", "q"],
    )


def test_without_discount_value_is_purchases_times_spend_times_margin(customers):
    value = lifetime_value(customers, BG, SPEND, horizon=39, discount_rate=0, margin=0.3)
    expected = BG.expected_purchases(customers, 39) * SPEND.expected_spend(customers) * 0.3
    np.testing.assert_allclose(value, expected)
    assert value.index.tolist() == ["p", "q"]


@pytest.mark.parametrize(("horizon", "rate"), [(4.0, 0.15), (52.0, 1.0), (520.0, 0.1)])
def test_discounting_is_the_integral_over_the_horizon(customers, horizon, rate):
    delta = np.log1p(rate) * 7 / 365.25
    times = horizon * np.linspace(0, 1, 151) ** 2
    curve = np.array([BG.expected_purchases(customers.iloc[:1], t).item() for t in times])
    steps = (np.exp(-delta * (times[1:] + times[:-1]) / 2) * np.diff(curve)).sum()
    # The midpoint sum over 150 steps is itself good to about 1e-4.
    assert discounted_purchases(customers, BG, horizon, rate).iloc[0] == pytest.approx(steps, rel=3e-4)


def test_residual_purchases_are_the_published_closed_form(customers):
    # Fader, Hardie & Lee (2005), equation 3, with the confluent hypergeometric function.
    delta = np.log1p(0.15) * 7 / 365.25
    r, alpha, s, beta = PARETO.params.values()
    x, T = customers["frequency"], customers["T"]
    psi = special.hyperu(s, s, delta * (beta + T))
    rate = (r + x) / (alpha + T) * (beta + T) ** s * delta ** (s - 1)
    expected = PARETO.probability_alive(customers) * rate * psi
    np.testing.assert_allclose(residual_purchases(customers, PARETO, 0.15), expected, rtol=1e-10)


def test_residual_purchases_are_the_limit_of_a_long_horizon(customers):
    far = discounted_purchases(customers, PARETO, 52 * 60, 0.5)
    # Ten nodes over sixty years at 50 % a year leave an error of about 1 %.
    np.testing.assert_allclose(residual_purchases(customers, PARETO, 0.5), far, rtol=2e-2)


def test_residual_life_at_extreme_discounts():
    for s, z in [(0.05, 1e-6), (1.0, 1.0), (5.0, 1e-8), (0.6, 300.0), (80.0, 0.01)]:
        reference = integrate.quad(
            lambda t, s=s, z=z: np.exp(t - z * np.exp(t) - s * np.log1p(np.exp(t))), -60, 60, limit=500, epsabs=0
        )[0]
        assert _discounted_life(np.array([s]), np.array([z]))[0] == pytest.approx(reference, rel=1e-7)


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"margin": 1.2}, "margin"), ({"discount_rate": -0.1}, "discount rate"), ({"horizon": -1}, "horizon")],
)
def test_impossible_settings_are_refused(customers, settings, message):
    with pytest.raises(ValueError, match=message):
        lifetime_value(customers, BG, SPEND, **({"horizon": 39, "discount_rate": 0.1, "margin": 0.3} | settings))


def test_residual_purchases_need_a_discount(customers):
    with pytest.raises(ValueError, match="above 0"):
        residual_purchases(customers, PARETO, 0.0)
