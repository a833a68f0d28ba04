import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import GammaGamma, fit_spend, spend_independence
from crmlib.btyd.gamma_gamma import NoSpendModelError


def spenders(means, frequency, once=50):
    """Give repeat buyers with these mean purchases, and some who bought once."""
    repeat = pd.DataFrame({"frequency": np.broadcast_to(frequency, len(means)), "monetary_value": means})
    return pd.concat([repeat, pd.DataFrame({"frequency": [0] * once, "monetary_value": np.nan})], ignore_index=True)


def plans(*prices, n=200, seed=1):
    rng = np.random.default_rng(seed)
    return spenders(rng.choice(np.array(prices), n), rng.integers(1, 12, n))


def heavy(shape, n=300, seed=1):
    rng = np.random.default_rng(seed)
    return spenders(5 * rng.pareto(shape, n) + 1, rng.integers(1, 4, n))


@pytest.mark.parametrize(
    "summary",
    [plans(5.0, 50.0), plans(5.0, 5.0, 5.0, 500.0), plans(1.0, 1.0, 30.0, 400.0), plans(10.0, 12.0, seed=4),
     heavy(0.7), heavy(0.9), heavy(1.1, seed=3), heavy(0.9, n=12), spenders([3.0, 300.0], 1),
     spenders([7.0, 7.0, 7.0, 7.01], [1, 2, 3, 4])],
)  # fmt: skip
def test_nobody_is_expected_to_spend_beside_what_was_ever_spent(summary):
    spend = fit_spend(summary).expected_spend(summary)
    assert spend.min() >= summary["monetary_value"].min() * (1 - 1e-9)
    assert spend.max() <= summary["monetary_value"].max() * (1 + 1e-9)


def test_where_the_model_has_a_mean_it_is_the_model_s():
    rng = np.random.default_rng(3)
    x = rng.integers(1, 6, 400)
    summary = spenders(rng.gamma(6.0 * x) / (rng.gamma(4.0, size=400) / 15.0) / x, x)
    model = fit_spend(summary)
    assert model.has_own_mean
    assert model == GammaGamma.fit(summary)


def test_customers_who_are_all_alike_keep_the_model_s_mean_however_uncertain_its_q():
    rng = np.random.default_rng(5)
    x = rng.integers(1, 8, 300)
    summary = spenders(rng.gamma(2.0 * x) / (rng.gamma(60.0, size=300) / 1_200) / x, x)
    model = fit_spend(summary)
    assert not model.q - model.standard_errors["q"] > 1
    assert model.has_own_mean


def test_one_time_buyers_of_two_plans_are_expected_to_spend_the_mean_and_others_their_own():
    summary = plans(5.0, 50.0)
    model = fit_spend(summary)
    assert not model.has_own_mean
    assert np.isnan(model.standard_errors["q"])
    spend = model.expected_spend(summary)
    assert spend[summary["frequency"] == 0].unique() == pytest.approx([summary["monetary_value"].mean()])
    bought = summary["frequency"] > 0
    assert spend[bought].to_numpy() == pytest.approx(summary.loc[bought, "monetary_value"].to_numpy(), rel=1e-3)


def test_a_model_without_a_mean_given_other_parameters_keeps_the_observed_one():
    summary = heavy(0.7)
    model = fit_spend(summary)
    assert model.with_coefficients(model.coefficients + 0.1).population_mean == model.population_mean


def test_what_carries_no_model_still_says_so():
    with pytest.raises(NoSpendModelError, match="same on a purchase"):
        fit_spend(spenders([5.0] * 20, 3))


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
def random_spenders():
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
def test_an_association_is_found_against_the_model_too(random_spenders, sign):
    often = np.log1p(random_spenders["frequency"])
    dependent = random_spenders.assign(monetary_value=random_spenders["monetary_value"] * np.exp(0.3 * sign * often))
    found = spend_independence(dependent, GammaGamma.fit(dependent), ranks=True)
    assert found.excludes(0)
    assert np.sign(found.value) == sign


def test_the_model_s_quantiles_are_uniform_at_each_frequency(random_spenders):
    quantiles = GammaGamma(p=3.0, q=3.5, gamma=35.0).spend_quantiles(random_spenders)
    assert quantiles.isna().equals(random_spenders["frequency"] == 0)
    for frequency in (1, 2, 5):
        given = quantiles[random_spenders["frequency"] == frequency]
        # four standard errors of the mean of uniform numbers
        assert given.mean() == pytest.approx(0.5, abs=4 / np.sqrt(12 * len(given)))
        assert given.std() == pytest.approx(1 / np.sqrt(12), abs=0.03)


def test_free_purchases_say_nothing_against_the_model(random_spenders):
    free = pd.concat([random_spenders, pd.DataFrame({"frequency": [3], "monetary_value": [0.0]})], ignore_index=True)
    model = GammaGamma.fit(random_spenders)
    assert spend_independence(free, model, ranks=True) == spend_independence(random_spenders, model, ranks=True)


def test_one_time_buyers_are_left_out(buyers):
    assert spend_independence(buyers).n == (buyers["frequency"] > 0).sum()


def test_without_variation_nothing_is_known(buyers):
    assert not spend_independence(buyers.assign(monetary_value=5.0)).is_known
    with pytest.raises(ValueError, match="too few"):
        spend_independence(buyers.head(2))
