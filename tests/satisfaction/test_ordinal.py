"""The ordinal model behind one step of a driver, against statsmodels and against what was planted."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit
from statsmodels.miscmodels.ordinal_model import OrderedModel

from crmlib.satisfaction.drivers.imputation import Whole, by_person, completed, pooled
from crmlib.satisfaction.drivers.moments import moments
from crmlib.satisfaction.drivers.ordinal import by_threshold, fit, gains
from crmlib.satisfaction.drivers.penalty import penalty_reward
from crmlib.satisfaction.drivers.steps import steps, thresholds
from crmlib.surveys import Scale

SLOPES = np.array([1.0, 0.5, 0.0])
CUTS = np.array([3.0, 5.0, 7.0])
SCALES = (Scale(1, 5),) * 3


@pytest.fixture(scope="module")
def sample():
    """Give 2,000 scores from 1 to 5 on three drivers and, on the first two, an overall score from 1 to 4."""
    rng = np.random.default_rng(2)
    X = np.clip(np.rint(rng.normal(3.4, 1, size=(2_000, 3))), 1, 5)
    return X, np.searchsorted(CUTS, X @ SLOPES + rng.logistic(size=2_000))


def _whole(X, y, sets=None, people=None):
    n = len(X)
    people = np.arange(n) if people is None else people
    return Whole(("a", "b", "c"), SCALES, X, sets or (X,), y.astype(float), np.ones(n), people)


def test_the_fit_is_that_of_statsmodels(sample):
    X, level = sample
    found = fit(X, level, np.ones(len(X)))
    theirs = OrderedModel(level, X, distr="logit")
    fitted = theirs.fit(method="bfgs", disp=0, gtol=1e-8)
    assert found.slopes == pytest.approx(np.asarray(fitted.params)[:3], abs=1e-3)
    assert found.thresholds == pytest.approx(theirs.transform_threshold_params(fitted.params)[1:-1], abs=2e-3)
    two = sm.GLM(level > 1, sm.add_constant(X), family=sm.families.Binomial()).fit(cov_type="HC0")
    binary = fit(X, (level > 1).astype(int), np.ones(len(X)))
    assert binary.slopes == pytest.approx(two.params[1:], abs=1e-8)
    assert np.sqrt((binary.influence**2).sum(axis=0)) == pytest.approx(two.bse, rel=1e-6)


def test_a_weight_of_two_is_an_answer_given_twice(sample):
    X, level = sample
    weights = np.where(np.arange(2_000) < 300, 2.0, 1.0)
    twice = fit(np.vstack([X, X[:300]]), np.concatenate([level, level[:300]]), np.ones(2_300))
    assert fit(X, level, weights).slopes == pytest.approx(twice.slopes, abs=1e-9)


def test_drivers_that_tell_levels_apart_are_refused():
    x = np.repeat([1.0, 2.0, 3.0], 50)[:, np.newaxis]
    with pytest.raises((ValueError, np.linalg.LinAlgError)):
        fit(x, np.repeat([0, 1, 2], 50), np.ones(150))


def test_a_gain_and_its_error_are_those_of_finite_differences(sample):
    X, level = sample
    weights = np.ones(len(X))
    model, rise, worth = fit(X, level, weights), np.minimum(5 - X, 1.0), np.array([1.0, 1.0, 1.0])
    (value, *_), pulls = gains(model, X, rise, [worth], weights)
    raised = X + rise * [1, 0, 0]

    def mean(thresholds, slopes, scores):
        return expit((scores @ slopes)[:, None] - thresholds).sum(axis=1).mean()

    assert value == pytest.approx(
        mean(model.thresholds, model.slopes, raised) - mean(model.thresholds, model.slopes, X)
    )
    # the pull of an answer is what the gain changes by without it, the model fitted anew
    kept = np.arange(len(X)) != 7
    without = fit(X[kept], level[kept], weights[kept])
    (less, *_), _pulls = gains(without, X[kept], rise[kept], [worth], weights[kept])
    assert value - less == pytest.approx(pulls[7, 0], rel=0.02)


def test_a_planted_gain_is_found_within_four_standard_errors(sample):
    X, level = sample
    found = steps(_whole(X, level + 1), tops=[4.0]).table
    raised = X + np.minimum(5 - X, 1.0) * [1, 0, 0]
    true = (expit(raised @ SLOPES - CUTS[2]) - expit(X @ SLOPES - CUTS[2])).mean()
    error = (found["gain_high"] - found["gain_low"]) / 3.92
    assert abs(found.loc[0, "gain"] - true) < 4 * error[0]
    assert abs(found.loc[2, "gain"]) < 4 * error[2]
    assert ((found["odds_low"] < np.exp(SLOPES)) & (np.exp(SLOPES) < found["odds_high"])).sum() >= 2


def test_unlike_slopes_are_noticed_and_like_ones_are_not(sample):
    X, level = sample
    assert steps(_whole(X, level + 1), tops=[4.0]).proportional > 0.01
    # the second driver decides on the lowest threshold only
    rng = np.random.default_rng(3)
    bad = rng.uniform(size=2_000) < expit(2 - 1.2 * (X[:, 1] - 2))
    unlike = np.where(bad, 0, np.maximum(level, 1))
    assert steps(_whole(X, unlike + 1), tops=[4.0]).proportional < 1e-6
    slopes, _pulls = by_threshold(X, unlike, np.ones(2_000))
    assert slopes[-3] > slopes[0] + 0.5


def test_levels_with_few_answers_are_joined_and_the_top_is_kept():
    y = np.repeat([1.0, 2, 3, 4, 5], [3, 10, 40, 100, 50])
    assert thresholds(y, [5.0]).tolist() == [4.0, 5.0]
    assert thresholds(y, [4.0]).tolist() == [4.0, 5.0]
    with pytest.raises(ValueError, match="too few"):
        thresholds(y[:160], [5.0])


def test_missing_scores_are_drawn_so_that_slopes_stay(sample):
    X, level = sample
    y = level + 1.0
    rng = np.random.default_rng(5)
    holed = np.where(rng.uniform(size=X.shape) < 0.3, np.nan, X)
    scores = np.column_stack([holed, y])
    found = moments(scores, np.ones(len(y)), None, rng, 30)
    ends = np.array([[1.0, 1, 1, 1], [5.0, 5, 5, 4]])
    sets = tuple(filled[:, :3] for filled in completed(scores, found, ends, rng))
    assert all(
        (filled[~np.isnan(holed)] == X[~np.isnan(holed)]).all() and not np.isnan(filled).any() for filled in sets
    )
    whole, gaps = (steps(_whole(X, y, each), tops=[4.0]).table for each in (None, sets))
    error = (gaps["odds_high"] / gaps["odds_low"]).map(np.log) / 3.92
    assert (np.log(gaps["odds"] / whole["odds"]).abs() < 4 * error).all()
    wider = (gaps["odds_high"] / gaps["odds_low"]) / (whole["odds_high"] / whole["odds_low"])
    assert (wider > 1).all()


def test_results_are_pooled_by_rubins_rules():
    # two data sets: within 1, between (1 + 1/2) · 2 = 3, so 4 in all; freedom 1 · (1 + 1/3)²
    found = pooled([(np.array([1.0]), np.array([[1.0]])), (np.array([3.0]), np.array([[1.0]]))])
    assert found.values.tolist() == [2.0]
    assert found.covariance.tolist() == [[4.0]]
    assert found.freedom.tolist() == pytest.approx([16 / 9])


def test_answers_of_a_person_go_together():
    pulls = np.array([[1.0], [1.0], [-1.0], [-1.0]])
    assert by_person(pulls, [0, 1, 2, 3])[0, 0] == pytest.approx(4 / 3 * 4)
    assert by_person(pulls, [0, 0, 1, 1])[0, 0] == pytest.approx(2 / 1 * 8)


def test_what_punishes_and_what_rewards_is_told_apart(sample):
    X, _level = sample
    rng = np.random.default_rng(6)
    y = 3 - 0.8 * (X[:, 0] < 3) + 0.8 * (X[:, 1] > 4) + 0.1 * rng.normal(size=len(X))
    y = y - 0.5 * (X[:, 2] < 3) + 0.5 * (X[:, 2] > 4)
    found = penalty_reward(_whole(X, y)).set_index("driver")
    assert found["kind"].to_dict() == {"a": "basic", "b": "excitement", "c": "performance"}
    assert found.loc["a", ["penalty_low", "penalty_high"]].tolist() == pytest.approx([0.8, 0.8], abs=0.03)
    assert found.loc["b", "reward"] == pytest.approx(0.8, abs=0.03)
    noise = penalty_reward(_whole(X, rng.normal(size=len(X))))
    assert set(noise["kind"]) == {"unsettled"}
