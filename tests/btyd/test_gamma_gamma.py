import numpy as np
import pandas as pd
import pytest
from scipy.optimize import check_grad

from crmlib.btyd import GammaGamma
from crmlib.btyd.gamma_gamma import NoSpendModelError, _total


@pytest.fixture
def customers():
    rng = np.random.default_rng(3)
    x = rng.integers(0, 6, 400)
    means = rng.gamma(6.0 * np.maximum(x, 1)) / (rng.gamma(4.0, size=400) / 15.0) / np.maximum(x, 1)
    z = np.where(x > 0, means, np.nan)
    return pd.DataFrame({"frequency": x, "monetary_value": z})


def test_the_gradient_is_the_slope(customers):
    bought = customers[customers["frequency"] > 0]
    x, z = bought["frequency"].to_numpy(float), bought["monetary_value"].to_numpy()
    start = np.log([3.0, 4.0, 20.0])
    error = check_grad(lambda c: _total(x, z, c)[0], lambda c: _total(x, z, c)[1], start)
    # Forward differences of step 1.5e-8 on values of about 1,500 are good to about 1e-3.
    assert error < 1e-2


def test_spend_of_many_purchases_is_their_mean_and_of_none_the_population_s():
    model = GammaGamma(p=6.25, q=3.74, gamma=15.44)
    customers = pd.DataFrame({"frequency": [1_000_000, 0], "monetary_value": [50.0, np.nan]}, index=["x", "y"])
    spend = model.expected_spend(customers)
    assert spend["x"] == pytest.approx(50, rel=1e-5)
    assert spend["y"] == model.population_mean == pytest.approx(6.25 * 15.44 / 2.74)


def test_fit_does_not_hang_on_the_currency(customers):
    pence = GammaGamma.fit(customers.assign(monetary_value=customers["monetary_value"] * 100))
    pounds = GammaGamma.fit(customers)
    assert pence.p == pytest.approx(pounds.p, rel=1e-5)
    assert pence.gamma == pytest.approx(100 * pounds.gamma, rel=1e-5)


def test_free_purchases_are_left_out_of_the_fit_but_predicted(customers):
    free = pd.concat([customers, pd.DataFrame({"frequency": [2], "monetary_value": [0.0]})], ignore_index=True)
    model = GammaGamma.fit(free)
    assert model.params == GammaGamma.fit(customers).params
    assert 0 < model.expected_spend(free).iloc[-1] < model.population_mean


def test_unhappy_paths_say_what_is_wrong(customers):
    with pytest.raises(ValueError, match=r"lacks \['monetary_value'\]"):
        GammaGamma.fit(customers[["frequency"]])
    with pytest.raises(ValueError, match="too few"):
        GammaGamma.fit(customers[customers["frequency"] == 0])
    with pytest.raises(ValueError, match="no monetary_value"):
        GammaGamma.fit(customers.assign(monetary_value=np.nan))
    with pytest.raises(ValueError, match="same on a purchase"):
        GammaGamma.fit(customers.assign(monetary_value=5.0))
    with pytest.raises(ValueError, match="does not exist"):
        GammaGamma(p=1.0, q=0.9, gamma=3.0).expected_spend(customers)


def test_a_customer_whose_mean_spend_does_not_exist_gets_no_negative_money():
    model = GammaGamma(p=0.3, q=0.5, gamma=100.0)
    once = pd.DataFrame({"frequency": [1.0], "monetary_value": [50.0]})
    with pytest.raises(NoSpendModelError, match="few purchases does not exist"):
        model.expected_spend(once)
    assert model.expected_spend(once.assign(frequency=9.0)).item() > 0
