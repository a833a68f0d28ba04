"""Whether the questions measure anything."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from crmlib.satisfaction.answers.reliability import (
    cronbach_alpha,
    mcdonald_omega,
    reliability_words,
    retest_correlation,
)


def test_alpha_of_parallel_questions_is_spearman_browns():
    # three questions that share half of their variance: 3 · .5 / (1 + 2 · .5) = .75
    rng = np.random.default_rng(1)
    truth = rng.normal(size=(4_000, 1))
    items = pd.DataFrame(truth + rng.normal(size=(4_000, 3)))
    estimate = cronbach_alpha(items)
    assert estimate.low < 0.75 < estimate.high
    assert estimate.value == pytest.approx(0.75, abs=2 * (estimate.high - estimate.low))


def test_alpha_and_its_interval_of_a_worked_example():
    items = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 1, 4, 3, 5], "c": [1, 3, 2, 5, 4]})
    assert f"{cronbach_alpha(items):.2f}" == "0.84 [0.18, 0.98] (95 %, n = 5)"


def test_an_answer_that_weighs_twice_counts_as_two():
    rng = np.random.default_rng(6)
    items = pd.DataFrame(rng.normal(size=(60, 1)) + rng.normal(size=(60, 3))).mask(rng.random((60, 3)) < 0.02)
    weights = pd.Series(np.where(np.arange(60) % 3, 1.0, 2.0))
    twice = items.loc[items.index.repeat(weights.astype(int))]
    for estimate in (cronbach_alpha, mcdonald_omega):
        assert estimate(items, weights).value == pytest.approx(estimate(twice).value, abs=1e-7)
        assert estimate(items, weights).n < estimate(twice).n
    assert cronbach_alpha(items, weights).low < cronbach_alpha(twice).low


def test_alpha_needs_two_questions_that_vary():
    assert not cronbach_alpha(pd.DataFrame({"a": [1, 2, 3]})).is_known
    assert not cronbach_alpha(pd.DataFrame({"a": [3, 3], "b": [3, 3]})).is_known


@pytest.mark.parametrize(
    ("scale", "published"),
    # Tenenhaus, Esposito Vinzi, Chatelin & Lauro (2005), PLS path modeling, CSDA 48: alpha of standardised questions
    [("IMAG", 0.723), ("CUEX", 0.452), ("PERQ", 0.877), ("PERV", 0.824), ("CUSA", 0.779), ("CUSL", 0.472)],
)
def test_mobile_phone_scales_have_their_published_alphas(shared_data, scale, published):
    questions = pd.read_csv(shared_data / "mobile_survey" / "mobi.csv").filter(like=scale)
    standardised = (questions - questions.mean()) / questions.std()
    assert cronbach_alpha(standardised).value == pytest.approx(published, abs=5.1e-4)  # printed to three digits


def _with_covariance(loadings, spreads, n=200):
    """Give answers whose correlations are exactly those of one factor with such loadings."""
    loadings, spreads = np.array(loadings), np.array(spreads)
    wanted = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    raw = np.random.default_rng(3).normal(size=(n, len(loadings)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False))).T
    return pd.DataFrame(white @ np.linalg.cholesky(wanted).T * spreads)


def test_omega_is_mcdonalds_formula_where_one_factor_holds():
    loadings, spreads = np.array([0.9, 0.8, 0.6, 0.5]), np.array([1.0, 2.0, 1.0, 0.5])
    omega = mcdonald_omega(_with_covariance(loadings, spreads))
    common, own = (loadings * spreads).sum() ** 2, ((1 - loadings**2) * spreads**2).sum()
    assert omega.value == pytest.approx(common / (common + own), abs=1e-6)
    assert omega.low < omega.value < omega.high <= 1


def test_omega_of_equal_loadings_is_alpha_and_else_larger():
    equal, unequal = _with_covariance([0.7] * 4, [1.0] * 4), _with_covariance([0.9, 0.9, 0.3, 0.3], [1.0] * 4)
    assert mcdonald_omega(equal).value == pytest.approx(cronbach_alpha(equal).value, abs=1e-6)
    assert mcdonald_omega(unequal).value > cronbach_alpha(unequal).value + 0.03


@pytest.mark.parametrize("scale", ["IMAG", "PERQ", "CUSA"])
def test_omega_of_the_mobile_phone_scales_is_that_of_a_factor_analysis(shared_data, scale):
    from sklearn.decomposition import FactorAnalysis

    questions = (
        pd.read_csv(shared_data / "mobile_survey" / "mobi.csv")
        .filter(like=f"{scale}")
        .drop(columns=["CUSCO"], errors="ignore")
    )
    fitted = FactorAnalysis(1, tol=1e-8, max_iter=5_000).fit(questions)
    common = float(fitted.components_.sum()) ** 2
    # by maximum likelihood there, by least residuals here: two digits
    assert mcdonald_omega(questions).value == pytest.approx(common / (common + fitted.noise_variance_.sum()), abs=0.01)


def test_omega_covers_the_truth():
    # 40 surveys of three questions with loadings .8, .6, .5: 95 % less 4 standard errors is .812
    loading = np.array([0.8, 0.6, 0.5])
    true = loading.sum() ** 2 / (loading.sum() ** 2 + (1 - loading**2).sum())
    rng, covered = np.random.default_rng(9), 0
    for _ in range(40):
        items = rng.normal(size=(150, 1)) * loading + rng.normal(size=(150, 3)) * np.sqrt(1 - loading**2)
        omega = mcdonald_omega(pd.DataFrame(items))
        covered += omega.low <= true <= omega.high
    assert covered / 40 >= 0.812


def test_omega_needs_three_questions_that_vary_and_thirty_answers():
    items = _with_covariance([0.7] * 3, [1.0] * 3)
    for few in (items[[0, 1]], items.head(20), items.assign(same=3.0)):
        assert not mcdonald_omega(few).is_known
    # one answer alone is another: without it there is nothing to tell
    assert not mcdonald_omega(items.assign(same=[4.0] + [3.0] * 199)).has_interval


def test_reliability_is_said_in_one_sentence(survey, demo_run):
    words = reliability_words(survey, demo_run)
    assert words.startswith("The 6 driver questions hang together with Cronbach's alpha 0.")
    assert reliability_words(replace(survey, drivers=survey.drivers[:2]), demo_run) == ""


def _answers(pairs, gap_days):
    rows = []
    for person, (first, second) in enumerate(pairs):
        start = pd.Timestamp("2026-01-05")
        rows += [(f"p{person}", start, first), (f"p{person}", start + pd.Timedelta(days=gap_days), second)]
    return pd.DataFrame(rows, columns=["customer_id", "answered_at", "score"])


def test_retest_pairs_one_customers_answers_in_order():
    pairs = [(1, 2), (2, 2), (4, 3), (5, 5), (3, 4)]
    estimate = retest_correlation(_answers(pairs, 30).sample(frac=1, random_state=1), "score")
    assert estimate.value == pytest.approx(np.corrcoef(np.array(pairs).T)[0, 1])
    assert estimate.n == 5
    assert estimate.low < estimate.value < estimate.high


def test_answers_too_far_apart_or_too_few_say_nothing():
    assert not retest_correlation(_answers([(1, 2), (2, 2), (4, 3), (5, 5)], 200), "score").is_known
    assert not retest_correlation(_answers([(1, 2), (3, 2)], 30), "score").is_known
    assert not retest_correlation(_answers([(3, 3)] * 6, 30), "score").is_known
