"""What satisfaction hangs on."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from crmlib.satisfaction import relative_importance
from crmlib.satisfaction.drivers.importance import lmg, relative_weights, subset_r_squared


@pytest.fixture
def mood():
    rng = np.random.default_rng(5)
    mood = rng.normal(size=400)
    X = pd.DataFrame({name: 0.5 * mood + rng.normal(size=400) for name in ("staff", "price", "speed")})
    return X, 1.0 * X["staff"] + 0.5 * X["price"] + rng.normal(size=400)


@pytest.mark.parametrize("method", ["lmg", "relative_weights"])
def test_importances_sum_to_the_r_squared_of_the_regression(mood, method):
    X, y = mood
    found = relative_importance(X, y, method=method, n_resamples=50)
    assert list(found.columns) == ["driver", "importance", "low", "high", "rank_low", "rank_high"]
    assert found["importance"].sum() == pytest.approx(sm.OLS(y, sm.add_constant(X)).fit().rsquared, abs=1e-10)
    assert found["driver"].tolist() == ["staff", "price", "speed"]


def test_weights_sum_to_the_weighted_r_squared(mood):
    X, y = mood
    weights = np.random.default_rng(6).uniform(0.2, 3, len(X))
    found = relative_importance(X, y, weights, n_resamples=50)
    fitted = sm.WLS(y, sm.add_constant(X), weights=weights).fit()
    assert found["importance"].sum() == pytest.approx(fitted.rsquared, abs=1e-10)


def test_a_weight_of_two_is_an_answer_given_twice(mood):
    X, y = mood
    weights = np.ones(len(X))
    weights[:100] = 2
    doubled = relative_importance(pd.concat([X, X[:100]]), pd.concat([y, y[:100]]), n_resamples=50)
    weighted = relative_importance(X, y, weights, n_resamples=50)
    assert weighted["importance"].tolist() == pytest.approx(doubled["importance"].tolist())


def test_intervals_and_ranks_hold_the_estimate_and_are_repeatable(mood):
    X, y = mood
    found, again = (relative_importance(X, y, n_resamples=200) for _ in range(2))
    pd.testing.assert_frame_equal(found, again)
    assert ((found["low"] < found["importance"]) & (found["importance"] < found["high"])).all()
    assert (found["rank_low"] <= found.index + 1).all()
    assert (found["rank_high"] >= found.index + 1).all()
    assert found.loc[0, ["rank_low", "rank_high"]].tolist() == [1, 1]


def test_planted_importances_are_found_within_four_standard_errors():
    # the population's correlations are known exactly; the standard error is read from the interval (width / 3.92)
    loadings, effects = np.array([0.7, 0.5, 0.6, 0.3]), np.array([0.6, 0.1, 0.3, 0.0])
    between = np.outer(loadings, loadings)
    np.fill_diagonal(between, 1.0)
    explained = between @ effects
    variance = effects @ explained + 0.5
    population = np.block([[between, explained[:, None] / np.sqrt(variance)], [explained / np.sqrt(variance), 1.0]])
    truth = pd.Series(lmg(population), index=list("abcd"))
    rng = np.random.default_rng(8)
    X = pd.DataFrame(rng.multivariate_normal(np.zeros(4), between, 3_000), columns=list("abcd"))
    y = X.to_numpy() @ effects + rng.normal(0, np.sqrt(0.5), 3_000)
    found = relative_importance(X, y, n_resamples=400).set_index("driver")
    standard_error = (found["high"] - found["low"]) / 3.92
    assert ((found["importance"] - truth.reindex(found.index)).abs() < 4 * standard_error).all()


def test_an_answer_with_a_gap_counts_for_the_scores_it_gives(mood):
    X, y = mood
    holed = X.copy()
    holed.iloc[:50, 0] = np.nan
    holed.iloc[50:150, 1] = np.nan
    found = relative_importance(holed, y, n_resamples=20).set_index("driver")["importance"]
    pairwise = holed.assign(overall=y).corr().to_numpy()
    assert found.reindex(X.columns).tolist() == pytest.approx(lmg(pairwise).tolist(), abs=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "shapley"}, "unknown method"),
        ({"X": pd.DataFrame({"staff": [1.0, 2, 3]}), "y": [1.0, 2, 3]}, "4 are needed"),
        ({"X": pd.DataFrame({"staff": [3.0] * 9}), "y": list(range(9))}, "never varies.*staff"),
        ({"X": pd.DataFrame({"staff": range(9)}), "y": [4.0] * 9}, "never varies.*overall score"),
        ({"X": pd.DataFrame(np.eye(30)[:, :16]), "y": range(30)}, "relative_weights"),
        ({"y": [1.0]}, "one overall score an answer"),
    ],
)
def test_refuses_what_it_cannot_explain(mood, change, message):
    X, y = mood
    with pytest.raises(ValueError, match=message):
        relative_importance(**({"X": X, "y": y, "n_resamples": 10} | change))


def test_mobile_phones(shared_data):
    mobile = pd.read_csv(shared_data / "mobile_survey" / "mobi.csv")
    drivers = mobile[["IMAG1", "CUEX1", "PERQ1", "PERV1", "CUSCO"]]
    found = relative_importance(drivers, mobile["CUSA1"], n_resamples=200).set_index("driver")
    fitted = sm.OLS(mobile["CUSA1"], sm.add_constant(drivers)).fit()
    assert found["importance"].sum() == pytest.approx(fitted.rsquared, abs=1e-10)
    # perceived quality comes first in every model of these data (Tenenhaus et al. 2005), and its lead is no chance
    assert found.loc["PERQ1", ["rank_low", "rank_high"]].tolist() == [1, 1]


def test_an_airline_at_scale(shared_data):
    columns = [
        "Inflight wifi service", "Departure/Arrival time convenient", "Ease of Online booking", "Gate location",
        "Food and drink", "Online boarding", "Seat comfort", "Inflight entertainment", "On-board service",
        "Leg room service", "Baggage handling", "Checkin service", "Inflight service", "Cleanliness",
    ]  # fmt: skip
    answers = pd.read_parquet(shared_data / "airline_survey" / "airline_train.parquet").head(20_000)
    X = answers[columns].astype(float).mask(answers[columns] == 0)  # 0 means not applicable
    y = (answers["satisfaction"] == "satisfied").astype(float)
    found = relative_importance(X, y, n_resamples=20)
    between = X.assign(y=y).corr().to_numpy()
    inside, outcome = between[:-1, :-1], between[:-1, -1]
    assert found["importance"].sum() == pytest.approx(outcome @ np.linalg.solve(inside, outcome), abs=1e-9)
    assert found.loc[0, "driver"] == "Online boarding"
    assert found.loc[0, ["rank_low", "rank_high"]].tolist() == [1, 1]


@pytest.mark.parametrize("outcome", ["score_satisfaction", "score_recommend"])
def test_the_simulated_chains_importances_are_found_within_four_standard_errors(survey, truth, outcome):
    answers = survey.answers()
    given = {"people": answers["person"], "n_resamples": 300}
    found = relative_importance(answers[list(survey.drivers)], answers[outcome], **given).set_index("driver")
    true = truth.drivers[truth.drivers["outcome"] == outcome].set_index("driver")["importance"].reindex(found.index)
    standard_error = (found["high"] - found["low"]) / 3.92
    assert ((found["importance"] - true).abs() < 4 * standard_error).all()
    assert found.index[0] in {"score_quality", "score_staff"}


def _correlations(k, seed, n=200):
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(n, 1))
    drivers = common * 0.8 + rng.normal(size=(n, k))
    return np.corrcoef(np.column_stack([drivers, drivers @ rng.uniform(0, 1, k) + rng.normal(size=n)]).T)


def _r_squared(correlations, subset):
    chosen = list(subset)
    if not chosen:
        return 0.0
    inside, outcome = correlations[np.ix_(chosen, chosen)], correlations[chosen, -1]
    return float(outcome @ np.linalg.solve(inside, outcome))


def _lmg_by_orders(correlations):
    """Average each driver's gain over every order of entry, as the definition says."""
    k = len(correlations) - 1
    orders = list(permutations(range(k)))
    gains = np.zeros(k)
    for order in orders:
        for place, driver in enumerate(order):
            gains[driver] += _r_squared(correlations, order[: place + 1]) - _r_squared(correlations, order[:place])
    return gains / len(orders)


def _symmetric(upper, k):
    matrix = np.eye(k)
    matrix[np.triu_indices(k, 1)] = upper
    return matrix + matrix.T - np.eye(k)


def test_lmg_is_as_published_for_swiss_fertility():
    # R's datasets::swiss, Fertility last; Grömping (2006), relaimpo, J. Stat. Software 17(1): type = "lmg"
    upper = [
        -0.68654221, -0.63952252, 0.40109505, -0.06085861, 0.35307918, 0.69841530, -0.57274180, -0.11402160,
        -0.64588270, -0.15385892, -0.09932185, -0.66378886, 0.17549591, 0.46368470, 0.41655603,
    ]  # fmt: skip
    found = lmg(_symmetric(upper, 6))
    assert found == pytest.approx([0.0570912, 0.1711730, 0.2601347, 0.1055702, 0.1127659], abs=1e-7)


def test_relative_weights_are_as_published_for_motor_cars():
    # R's datasets::mtcars, mpg on cyl, disp, hp and gear; the example of the R package rwa (Chan)
    upper = [
        0.90203287, 0.83244745, -0.4926866, -0.85216196, 0.79094859, -0.5555692, -0.84755138, -0.12570426, -0.77616837,
        0.48028476,
    ]  # fmt: skip
    found = relative_weights(_symmetric(upper, 5))
    assert found == pytest.approx([0.2284797, 0.2221469, 0.2321744, 0.0963886], abs=1e-6)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_lmg_equals_its_definition(k):
    correlations = _correlations(k, seed=k)
    assert lmg(correlations) == pytest.approx(_lmg_by_orders(correlations), abs=1e-12)


def test_every_subset_has_the_r_squared_of_its_regression():
    correlations = _correlations(4, seed=9)
    explained = subset_r_squared(correlations)
    for size in range(5):
        for subset in combinations(range(4), size):
            index = sum(1 << driver for driver in subset)
            assert explained[index] == pytest.approx(_r_squared(correlations, subset), abs=1e-12)


@pytest.mark.parametrize("share_out", [lmg, relative_weights])
@pytest.mark.parametrize("k", [2, 6, 12])
def test_shares_sum_to_r_squared(share_out, k):
    correlations = _correlations(k, seed=k)
    assert share_out(correlations).sum() == pytest.approx(_r_squared(correlations, range(k)), abs=1e-10)


@pytest.mark.parametrize("share_out", [lmg, relative_weights])
def test_many_matrices_at_once_equal_one_by_one(share_out):
    several = np.stack([_correlations(4, seed=s) for s in range(3)])
    assert np.allclose(share_out(several), np.stack([share_out(one) for one in several]))


def test_relative_weights_equal_lmg_for_two_drivers():
    # Johnson (2000): identical for two drivers, close to it for more
    correlations = _correlations(2, seed=3)
    assert relative_weights(correlations) == pytest.approx(lmg(correlations), abs=1e-12)
    correlations = _correlations(6, seed=3)
    assert relative_weights(correlations) == pytest.approx(lmg(correlations), abs=0.02)


def test_a_driver_told_twice_shares_what_it_explains():
    correlations = np.array([[1.0, 1.0, 0.6], [1.0, 1.0, 0.6], [0.6, 0.6, 1.0]])
    assert lmg(correlations) == pytest.approx([0.18, 0.18])
    assert relative_weights(correlations) == pytest.approx([0.18, 0.18])
