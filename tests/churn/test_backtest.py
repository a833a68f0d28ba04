"""The competition: learnt and chosen before the test, judged by it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.history.cutoffs import observe_coverage, plan_cutoffs
from crmlib.churn.history.slices import labelled_slices
from crmlib.churn.models.contenders import CONTENDERS, contender
from crmlib.churn.proof.backtest import DEFAULT, choose_model, expected_and_observed, predict_all, run_backtest
from crmlib.stats.predictions import brier_score


@pytest.fixture(scope="module")
def pieces(shop):
    coverage = observe_coverage(shop, date(2026, 1, 1))
    return labelled_slices(shop, plan_cutoffs(coverage, 60, 3), coverage)


@pytest.fixture(scope="module")
def backtest(pieces):
    return run_backtest(pieces)


def test_everybody_competes(backtest):
    assert list(backtest.predictions) == [each.name for each in CONTENDERS]
    n = len(backtest.test.customers)
    for prediction in backtest.predictions.values():
        assert prediction.score.shape == (n,)
        assert np.isfinite(prediction.score).all()
        assert ((prediction.probability >= 0) & (prediction.probability <= 1)).all()


def test_the_one_closest_to_what_happened_on_earlier_cutoffs_is_chosen(backtest):
    means = backtest.choice.rounds.groupby("model")["brier"].mean()
    assert backtest.choice.validated
    assert backtest.choice.name == means.idxmin()


def test_the_choice_does_not_hang_on_the_test(pieces, backtest):
    *training, test = pieces
    turned = replace(test, customers=test.customers.assign(churned=~test.customers["churned"]))
    other = run_backtest([*training, turned])
    assert other.choice.name == backtest.choice.name
    assert other.choice.rounds.equals(backtest.choice.rounds)
    for name, prediction in backtest.predictions.items():
        assert np.array_equal(prediction.score, other.predictions[name].score)


def test_each_round_learns_from_earlier_cutoffs_alone(pieces, backtest):
    rounds = backtest.choice.rounds
    second = rounds[(rounds["cutoff"] == pieces[2].cutoff) & (rounds["model"] == "logistic")].iloc[0]
    again = predict_all(pieces[:2], pieces[2])["logistic"]
    assert second["brier"] == brier_score(pieces[2].churned, again.probability)
    assert pieces[0].cutoff not in set(rounds["cutoff"])


def test_a_window_that_reaches_into_the_next_is_refused(pieces):
    longer = replace(pieces[0], horizon_days=61)
    with pytest.raises(ValueError, match="would know a part"):
        run_backtest([longer, *pieces[1:]])


def test_without_training_the_default_stands_and_rules_only_order(pieces):
    alone = run_backtest(pieces[-1:])
    assert alone.choice.name == DEFAULT
    assert not alone.choice.validated
    assert alone.predictions["recency"].probability is None
    assert "logistic" not in alone.predictions


def test_one_training_cutoff_is_too_few_to_choose_on(pieces):
    choice = choose_model(pieces[:1], ["recency", "bg_nbd"])
    assert (choice.name, choice.validated) == (DEFAULT, False)


def test_no_slice_no_test():
    assert run_backtest([]) is None


def test_nobody_who_bought_twice_gives_no_test(pieces):
    once = pieces[-1].customers.assign(frequency=0, recency=0.0)
    assert run_backtest([replace(pieces[-1], customers=once)]) is None


def test_expected_and_observed_stand_side_by_side(backtest):
    rows = expected_and_observed(backtest)
    assert rows["cutoff"].is_monotonic_increasing
    assert pd.isna(rows["expected"].iloc[0])
    assert rows["expected"].iloc[1:].notna().all()
    assert rows["expected"].iloc[-1] == pytest.approx(backtest.chosen.probability.mean())


def test_an_unknown_contender_is_named():
    with pytest.raises(KeyError, match="there are hiatus, recency"):
        contender("oracle")
