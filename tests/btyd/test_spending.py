import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import GammaGamma, fit_spend
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
