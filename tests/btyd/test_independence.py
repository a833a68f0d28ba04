import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import GammaGamma, spend_independence


@pytest.fixture
def buyers():
    rng = np.random.default_rng(51)
    return pd.DataFrame({"frequency": rng.integers(0, 9, 800), "monetary_value": rng.gamma(3, 10, 800)})


def test_independent_spend_is_found_independent_and_dependent_is_not(buyers):
    assert not spend_independence(buyers).excludes(0)
    dependent = buyers.assign(monetary_value=buyers["monetary_value"] + 5 * buyers["frequency"])
    for ranks in (False, True):
        assert spend_independence(dependent, ranks=ranks).low > 0


def test_ranks_do_not_hang_on_one_large_customer(buyers):
    whale = pd.concat([buyers, pd.DataFrame({"frequency": [500], "monetary_value": [1e6]})], ignore_index=True)
    assert spend_independence(whale).value > 0.9
    assert spend_independence(whale, ranks=True).value < 0.2


def independent(seed, customers):
    """Draw customers of a Gamma-Gamma model, whose spend hangs not on how often they buy."""
    rng = np.random.default_rng(seed)
    x = rng.poisson(rng.gamma(0.9, 3.0, customers))
    rate = rng.gamma(3.5, 1 / 35, customers)
    z = rng.gamma(np.maximum(3.0 * x, 1.0)) / np.maximum(x, 1) / rate
    return pd.DataFrame({"frequency": x, "monetary_value": np.where(x > 0, z, np.nan)})


@pytest.fixture(scope="module")
def spenders():
    return independent(52, 6000)


def test_means_of_few_purchases_are_no_association():
    shops = [independent(seed, 1500) for seed in range(40)]
    plain = [spend_independence(shop, ranks=True) for shop in shops]
    against_model = [spend_independence(shop, GammaGamma.fit(shop), ranks=True) for shop in shops]
    assert against_model[0].n == plain[0].n == (shops[0]["frequency"] > 0).sum()
    # the median of a mean of few is lower than that of many, though all customers expect the same
    assert np.mean([shop.value for shop in plain]) > 0.05
    # four standard errors of a mean of 40 correlations, each with one of 0.03
    assert np.mean([shop.value for shop in against_model]) == pytest.approx(0, abs=0.02)
    assert np.mean([shop.excludes(0) for shop in plain]) > 0.3
    assert np.mean([shop.excludes(0) for shop in against_model]) <= 0.15


@pytest.mark.parametrize("sign", [1, -1])
def test_an_association_is_found_against_the_model_too(spenders, sign):
    often = np.log1p(spenders["frequency"])
    dependent = spenders.assign(monetary_value=spenders["monetary_value"] * np.exp(0.3 * sign * often))
    found = spend_independence(dependent, GammaGamma.fit(dependent), ranks=True)
    assert found.excludes(0)
    assert np.sign(found.value) == sign


def test_the_model_s_quantiles_are_uniform_at_each_frequency(spenders):
    quantiles = GammaGamma(p=3.0, q=3.5, gamma=35.0).spend_quantiles(spenders)
    assert quantiles.isna().equals(spenders["frequency"] == 0)
    for frequency in (1, 2, 5):
        given = quantiles[spenders["frequency"] == frequency]
        # four standard errors of the mean of uniform numbers
        assert given.mean() == pytest.approx(0.5, abs=4 / np.sqrt(12 * len(given)))
        assert given.std() == pytest.approx(1 / np.sqrt(12), abs=0.03)


def test_free_purchases_say_nothing_against_the_model(spenders):
    free = pd.concat([spenders, pd.DataFrame({"frequency": [3], "monetary_value": [0.0]})], ignore_index=True)
    model = GammaGamma.fit(spenders)
    assert spend_independence(free, model, ranks=True) == spend_independence(spenders, model, ranks=True)


def test_one_time_buyers_are_left_out(buyers):
    assert spend_independence(buyers).n == (buyers["frequency"] > 0).sum()


def test_without_variation_nothing_is_known(buyers):
    assert not spend_independence(buyers.assign(monetary_value=5.0)).is_known
    with pytest.raises(ValueError, match="too few"):
        spend_independence(buyers.head(2))
