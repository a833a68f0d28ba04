"""Published predictions that need no data."""

import pandas as pd
import pytest

from crmlib.btyd import BetaGeoNBD, GammaGamma, ParetoNBD

BG = BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
PARETO = ParetoNBD(r=0.5533, alpha=10.578, s=0.6062, beta=11.669)


def one(frequency, recency, T):
    return pd.DataFrame({"frequency": [frequency], "recency": [recency], "T": [T]})


def test_bg_nbd_conditional_expectation():
    # Fader, Hardie & Lee's spreadsheet (note 004).
    assert BG.expected_purchases(one(2, 30.43, 38.86), 39).item() == pytest.approx(1.226, abs=5e-4)


def test_bg_nbd_probability_of_no_purchase():
    # P(X(39) = 0) of a new customer.
    assert 1 - BG.probability_of_purchase(one(0, 0.0, 0.0), 39).item() == pytest.approx(0.5737864, abs=5e-8)


def test_bg_nbd_alive_after_many_recent_purchases():
    # BTYD's manual, bgnbd.PAlive.
    assert BG.probability_alive(one(23, 39, 39)).item() == pytest.approx(0.9688, abs=5e-4)


def test_pareto_nbd_new_customer():
    # BTYD's vignette; rounding of the four parameters moves the fourth decimal.
    assert PARETO.expected_purchases_new(52.0) == pytest.approx(1.473434, abs=2e-4)


def test_pareto_nbd_frequent_customer():
    customer = one(26, 30 + 6 / 7, 31)
    assert PARETO.expected_purchases(customer, 52).item() == pytest.approx(25.456, abs=1e-3)
    assert PARETO.probability_alive(customer).item() == pytest.approx(0.997874, abs=1e-6)


def test_pareto_nbd_alive_without_repeat():
    # BTYD's manual, pnbd.PAlive, at the parameters that its vignette prints.
    model = ParetoNBD(r=0.5533971, alpha=10.5801985, s=0.6060625, beta=11.6562237)
    assert model.probability_alive(one(0, 0.0, 39)).item() == pytest.approx(0.2941633, abs=5e-8)


def test_gamma_gamma_conditional_means():
    # Fader & Hardie, note 025: first customers of the sample; rounding of the parameters moves the second decimal.
    model = GammaGamma(p=6.25, q=3.74, gamma=15.44)
    customers = pd.DataFrame({"frequency": [2, 1], "monetary_value": [22.345, 11.77]})
    assert model.expected_spend(customers).tolist() == pytest.approx([24.65, 18.91], abs=1e-2)
