"""Boosting, the combination, and how one of many models is chosen."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.history.slices import Slice, remembered
from crmlib.churn.models.boosting import fit_boosting
from crmlib.churn.models.combination import LearntCombination, learn_combination
from crmlib.churn.models.learnt import Prediction
from crmlib.churn.proof.backtest import check_no_overlap
from crmlib.stats.choice import differences, simplest_of_the_best


def piece(seed, cutoff, n=1_500):
    rng = np.random.default_rng(seed)
    silence, value = rng.normal(size=n), rng.normal(size=n)
    left = rng.random(n) < 1 / (1 + np.exp(-(1.2 * silence + 0.8 * silence * value)))
    frame = {"customer_id": [f"c{i}" for i in range(n)], "silence": silence, "order_value": value, "churned": left}
    return Slice(cutoff, 30, pd.DataFrame(frame))


@pytest.fixture(scope="module")
def past():
    return [piece(1, date(2025, 5, 1)), piece(2, date(2025, 6, 1)), piece(3, date(2025, 7, 1))]


def test_trees_never_bend_a_feature_against_its_sign(past):
    learnt = fit_boosting(past)
    for value in (-2.0, 0.0, 2.0):
        along = pd.DataFrame({"silence": np.linspace(-3, 3, 200), "order_value": value})
        assert (np.diff(learnt.predict(along).probability) >= 0).all()


def test_the_same_slices_give_the_same_trees(past):
    first, second = (fit_boosting(past).predict(past[2].customers).probability for _time in range(2))
    assert np.array_equal(first, second)


def test_what_was_learnt_of_the_same_slices_is_not_learnt_again(past):
    asked = []
    answers = [remembered(slices, "once", lambda: asked.append(1)) for slices in (past, past, past[:2])]
    assert (len(answers), len(asked)) == (3, 2)


def test_a_combination_needs_all_its_parts(past):
    # no histories, no purchase model
    assert learn_combination(past, past[2]) is None


def test_the_calibration_line_bends_the_mean_log_odds():
    class Says:
        def __init__(self, probability):
            self.probability = probability

        def predict(self, customers):
            return Prediction(np.full(len(customers), self.probability), np.full(len(customers), self.probability))

    both = LearntCombination((Says(0.8), Says(0.2)), intercept=1.0, slope=0.5)
    assert both.predict(pd.DataFrame(index=range(2))).probability == pytest.approx(1 / (1 + np.exp(-1.0)))


def losses(**means):
    """One cutoff's losses of 400 customers: these means, and a standard error of .007 of their difference."""
    noise = 0.1 * np.random.default_rng(5).normal(size=(400, len(means)))
    return pd.DataFrame(noise - noise.mean(axis=0) + list(means.values()), columns=list(means))


def test_of_models_that_cannot_be_told_apart_the_simpler_is_chosen():
    assert simplest_of_the_best([losses(rule=0.2, model=0.1999)]) == "rule"
    assert simplest_of_the_best([losses(rule=0.25, model=0.2)]) == "model"


def test_a_customer_at_many_cutoffs_is_one_customer():
    one = losses(rule=0.205, model=0.2)
    # ten cutoffs of the same people tell no more than one; ten cutoffs of other people do
    others = [losses(rule=0.205, model=0.2).set_axis(range(400 * k, 400 * k + 400)) for k in range(10)]
    assert simplest_of_the_best([one]) == simplest_of_the_best([one] * 10)
    assert simplest_of_the_best(others) == "model"


def test_a_window_that_reaches_into_the_test_is_refused(past):
    check_no_overlap(past)
    with pytest.raises(ValueError, match="reaches beyond the cutoff 2025-07-20"):
        check_no_overlap([*past, piece(4, date(2025, 7, 20))])


def test_a_difference_has_the_error_of_customers_who_stand_at_every_cutoff():
    one = losses(rule=0.205, model=0.2)
    (gap, error), (again, same) = differences([one], "model"), differences([one] * 4, "model")
    assert (gap["rule"], gap["model"], error["model"]) == (pytest.approx(0.005), 0, 0)
    apart = one["rule"] - one["model"]
    assert error["rule"] == pytest.approx(apart.std(ddof=0) / np.sqrt(len(one)))
    assert (again["rule"], same["rule"]) == (pytest.approx(gap["rule"]), pytest.approx(error["rule"]))
