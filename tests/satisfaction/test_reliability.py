"""Whether the questions measure anything."""

import numpy as np
import pandas as pd
import pytest

from crmlib.satisfaction.answers.reliability import cronbach_alpha, retest_correlation


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
