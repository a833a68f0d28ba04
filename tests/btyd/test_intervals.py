import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import (
    BetaGeoNBD,
    GammaGamma,
    ParetoNBD,
    count_intervals,
    count_probabilities,
    intervals,
    lifetime_value,
    simulate,
    total_to_come,
    value_intervals,
)

TRUTH = BetaGeoNBD(r=1.0, alpha=5.0, a=0.8, b=2.5)
HORIZON = 13
N = 1500


@pytest.fixture(scope="module")
def seen():
    rng = np.random.default_rng(31)
    weeks = pd.DataFrame({"T": rng.integers(20 * 7, 40 * 7, N) / 7}, index=[f"c{i}" for i in range(N)])
    summary = simulate(TRUTH, weeks, rng, horizon=HORIZON, days=True)
    mean = 15 / rng.gamma(4.0, size=N)
    x = summary["frequency"].to_numpy()
    value = rng.gamma(6.0 * np.maximum(x, 1)) * mean / np.maximum(x, 1)
    return summary.assign(monetary_value=np.where(x > 0, value, np.nan))


@pytest.fixture(scope="module")
def fitted(seen):
    return BetaGeoNBD.fit(seen)


@pytest.mark.parametrize("quantity", ["expected_purchases", "probability_of_purchase", "probability_alive"])
def test_intervals_hold_the_estimate_and_mostly_the_truth(seen, fitted, quantity):
    result = intervals(fitted, seen, HORIZON, np.random.default_rng(1), quantity=quantity, draws=40)
    arguments = (seen,) if quantity == "probability_alive" else (seen, HORIZON)
    value, truth = (getattr(model, quantity)(*arguments) for model in (fitted, TRUTH))
    pd.testing.assert_series_equal(result.customers["value"], value, check_names=False)
    assert (result.customers["low"] <= value).all()
    assert (result.customers["high"] >= value).all()
    assert result.total.value == pytest.approx(value.sum())
    # One seed's 95 % intervals of all customers rise and fall together: the benchmark measures coverage.
    assert truth.between(result.customers["low"], result.customers["high"]).mean() > 0.5
    assert (result.method, result.draws) == ("covariance", 40)


def test_refitting_and_covariance_agree_where_the_likelihood_is_near_normal(seen, fitted):
    drawn = intervals(fitted, seen, HORIZON, np.random.default_rng(2), draws=100)
    again = intervals(fitted, seen, HORIZON, np.random.default_rng(2), draws=30, method="refit")
    assert again.method == "refit"
    widths = [result.total.high - result.total.low for result in (drawn, again)]
    # 30 refits estimate a 95 % width to about 20 %.
    assert widths[1] == pytest.approx(widths[0], rel=0.6)


def test_equal_customers_have_equal_intervals(seen, fitted):
    twins = pd.concat([seen.iloc[:1]] * 2, ignore_index=True)
    result = intervals(fitted, twins, HORIZON, np.random.default_rng(3))
    assert result.customers.iloc[0].tolist() == result.customers.iloc[1].tolist()


def test_value_intervals_hold_the_lifetime_value(seen, fitted):
    spend = GammaGamma.fit(seen)
    settings = {"discount_rate": 0.1, "margin": 0.3}
    result = value_intervals(seen, fitted, spend, 52, np.random.default_rng(4), draws=30, **settings)
    value = lifetime_value(seen, fitted, spend, 52, **settings)
    np.testing.assert_allclose(result.customers["value"], value, rtol=1e-12)
    assert value.between(result.customers["low"], result.customers["high"]).all()
    assert result.total.low < result.total.value < result.total.high


@pytest.mark.parametrize("model", [TRUTH, ParetoNBD(r=1.0, alpha=5.0, s=1.0, beta=10.0)])
def test_count_intervals_are_quantiles_of_the_count_distribution(model, seen):
    some = seen.head(40)
    bounds = count_intervals(model, some, HORIZON, confidence=0.9)
    cumulative = count_probabilities(model, some, HORIZON, 60).drop(columns="more").cumsum(axis=1).to_numpy()
    for row, (low, high) in enumerate(bounds.to_numpy()):
        assert cumulative[row, high] >= 0.95
        assert low == 0 or cumulative[row, low - 1] <= 0.05 + 1e-9


def test_count_intervals_hold_at_least_what_they_say(seen):
    bounds = count_intervals(TRUTH, seen, HORIZON)
    covered = seen["future"].between(bounds["low"], bounds["high"]).mean()
    # Three standard errors below 95 %.
    assert covered > 0.95 - 3 * np.sqrt(0.95 * 0.05 / N)


def test_the_total_to_come_is_wider_than_the_interval_of_its_expectation(seen, fitted):
    total = total_to_come(fitted, seen, HORIZON, np.random.default_rng(5), draws=40)
    expectation = intervals(fitted, seen, HORIZON, np.random.default_rng(5), draws=40).total
    assert total.value == pytest.approx(expectation.value)
    assert total.high - total.low > expectation.high - expectation.low
    assert total.low < seen["future"].sum() < total.high


def test_unhappy_paths_say_what_is_wrong(seen, fitted):
    rng = np.random.default_rng(6)
    with pytest.raises(ValueError, match="quantity is one of"):
        intervals(fitted, seen, HORIZON, rng, quantity="mood")
    with pytest.raises(ValueError, match="'covariance' or 'refit'"):
        intervals(fitted, seen, HORIZON, rng, method="magic")
    with pytest.raises(ValueError, match="confidence"):
        intervals(fitted, seen, HORIZON, rng, confidence=95)
    with pytest.raises(ValueError, match="only a fitted one"):
        intervals(TRUTH, seen, HORIZON, rng)


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
    with pytest.raises(ValueError, match="no covariance to draw from"):
        intervals(fitted, faithful, HORIZON, np.random.default_rng(1), method="covariance")


def test_where_nobody_leaves_intervals_are_refitted_and_say_so(faithful):
    result = intervals(BetaGeoNBD.fit(faithful), faithful, HORIZON, np.random.default_rng(1), draws=8)
    assert result.method == "refit"
    assert result.total.low < result.total.value < result.total.high
