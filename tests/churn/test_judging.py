"""One table of every rule and model: groups that were known at the cutoff, and each against the best rule."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.history.slices import Slice
from crmlib.churn.models.learnt import Prediction
from crmlib.churn.money.profit import Campaign
from crmlib.churn.proof.advice import advice_sentence, advise
from crmlib.churn.proof.evaluation import Evaluation
from crmlib.churn.proof.groups import groups_at, title_of
from crmlib.churn.proof.judging import Terms, judge
from crmlib.stats import Estimate

TERMS = Terms(active_days=120, share=0.3, campaign=Campaign(), resamples=200, seed=1)


def customers(**columns):
    """Describe customers as a slice does, from the days on which they bought first, last and how often."""
    frame = pd.DataFrame(columns)
    frequency = frame["purchase_days"] - 1
    return frame.assign(frequency=frequency, recency=(frame["days_since_first"] - frame["days_since_last"]) / 7)


def test_every_customer_is_in_one_group_by_the_own_rhythm():
    known = customers(
        days_since_last=[10, 80, 20, 61, 150, 119],
        days_since_first=[40, 80, 140, 181, 400, 59],
        purchase_days=[3, 1, 4, 3, 9, 1],
    )
    groups = groups_at(known, horizon_days=60, active_days=120)
    parts = {name: inside.nonzero()[0].tolist() for name, inside in groups.items()}
    # gaps of 40 and of 60 days: silent for 20 and for 61
    assert parts == {
        "known": [0, 1, 2, 3, 4, 5], "active": [0, 1, 2, 3, 5],
        "new": [0, 5], "one_time": [1], "regular": [2], "slowing": [3], "inactive": [4],
    }  # fmt: skip


def test_names_of_chapter_02_stand_in_place_of_the_rhythms_where_they_are_of_the_cutoff():
    test, predictions = planted()
    stages = np.where(test.customers["days_since_last"] < 60, "loyal", "at_risk")
    names = {"customer_id": test.customers["customer_id"], "segment": "champions", "lifecycle": stages}
    then = pd.DataFrame(names).sample(frac=1, random_state=1)
    groups = groups_at(test.customers.assign(customer_id=names["customer_id"]), 60, 120, then)
    assert list(groups) == [
        "known", "active", "new", "inactive", "segment:champions", "lifecycle:at_risk", "lifecycle:loyal",
    ]  # fmt: skip
    silent = test.customers["days_since_last"].to_numpy()
    assert (groups["lifecycle:at_risk"] == ((silent >= 60) & (silent < 120))).all()
    assert [title_of(name) for name in list(groups)[-2:]] == ["Stage: Slipping", "Stage: Loyal"]
    dated = replace(TERMS, then=then.assign(as_of=pd.Timestamp(test.cutoff)))
    assert "lifecycle:loyal" in set(judge(test, predictions, dated)["group"])
    # of another day they may know what came after the cutoff
    late = replace(TERMS, then=then.assign(as_of=pd.Timestamp("2026-01-02")))
    assert not judge(test, predictions, late)["group"].str.contains(":").any()


def planted(seed=1, n=2_000, noise=0.3):
    """Plant who leaves by a hidden number: the rule sees its half, the model all of it but for the noise given."""
    rng = np.random.default_rng(seed)
    silent, hidden = rng.integers(0, 200, n), rng.normal(size=n)
    risk = silent / 60 - 1.5 + hidden
    churned = rng.random(n) < 1 / (1 + np.exp(-risk))
    frame = customers(days_since_last=silent, days_since_first=silent + 100, purchase_days=np.full(n, 2))
    test = Slice(date(2026, 1, 1), 60, frame.assign(customer_id=[f"c{i:05}" for i in range(n)], churned=churned))
    model = 1 / (1 + np.exp(-(silent / 60 - 1.5 + hidden + noise * rng.normal(size=n))))
    rule = np.clip(silent / 200, 0.01, 0.99)
    return test, {
        "hiatus": Prediction((silent > 90).astype(float), None),
        "recency": Prediction(silent.astype(float), rule),
        "logistic": Prediction(model, model),
    }


@pytest.fixture(scope="module")
def table():
    return judge(*planted(), TERMS)


def figure(table, group, model, metric):
    rows = table[(table["group"] == group) & (table["model"] == model) & (table["metric"] == metric)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_model_that_knows_more_is_above_the_best_rule_by_every_figure(table):
    for metric, better in (("auc", 1), ("lift", 1), ("gain", 1), ("profit", 1), ("brier", -1), ("log_loss", -1)):
        row = figure(table, "active", "logistic", metric)
        assert row["rule"] == "recency"
        assert row["low"] < row["value"] < row["high"]
        assert min(better * row["against_rule_low"], better * row["against_rule_high"]) > 0, metric
    assert np.isnan(figure(table, "active", "recency", "auc")["against_rule"])


def test_probabilities_are_judged_by_slope_intercept_and_error_above_chance(table):
    for metric, right in (("slope", 1), ("intercept", 0)):
        row = figure(table, "known", "logistic", metric)
        # the noise makes the model a little too extreme
        assert abs(row["value"] - right) < 4 * row["standard_error"] + 0.1
        assert np.isnan(row["against_rule"])
    error = figure(table, "known", "logistic", "calibration_error")
    assert 0 < error["value"] < error["by_chance"] + 0.02
    assert np.isnan(error["low"])
    assert set(table.loc[table["model"] == "hiatus", "metric"]) == {"auc", "lift", "gain", "profit"}


def test_groups_with_too_few_of_either_kind_are_left_out(table):
    assert set(table["group"]) == {"known", "active", "regular", "slowing", "inactive"}
    test, predictions = planted()
    everybody = Slice(test.cutoff, 60, test.customers.assign(churned=True))
    assert judge(everybody, predictions, TERMS).empty


def test_the_normal_limit_agrees_with_resampled_customers():
    # everybody is active: the active are resampled, all known ones, the same, are not
    both = judge(*planted(), Terms(10_000, 0.3, Campaign(), 2_000, 1))
    known, active = (both[both["group"] == group] for group in ("known", "active"))
    errors = [rows.set_index(["model", "metric"])["standard_error"].dropna() for rows in (known, active)]
    # each deviation of 2,000 draws is known to 1.6 %; lift and gain step where customers are few
    np.testing.assert_allclose(errors[0], errors[1], rtol=0.12)


def evaluation(table):
    return Evaluation(table, "active", 0.3, Estimate.unknown(), None, None, pd.DataFrame(), 2_000)


def test_a_model_that_reaches_more_leavers_ranks(table, speaker):
    advice = advise(evaluation(table), "logistic")
    assert (advice.ranked_by, advice.probabilities_from, advice.rule) == ("logistic", "logistic", "recency")
    said = advice_sentence(advice, speaker.say)
    assert said.startswith("To tell who leaves, rank by the logistic regression: its likeliest 30\xa0% hold")
    assert "points more leavers than the best simple rule’s" in said


def test_a_model_that_reaches_no_more_leaves_the_ranking_to_the_rule(speaker):
    test, predictions = planted()
    # the rule's order with another name, some pairs turned
    turned = predictions["recency"].probability + np.random.default_rng(1).normal(0, 0.01, 2_000)
    said_alike = predictions | {"logistic": Prediction(turned, np.clip(turned, 0.01, 0.99))}
    advice = advise(evaluation(judge(test, said_alike, TERMS)), "logistic")
    assert (advice.ranked_by, advice.probabilities_from) == ("recency", "logistic")
    said = advice_sentence(advice, speaker.say)
    assert said.startswith(
        'To tell who leaves, rank by the simple rule "days since the last purchase" and take the probabilities from the'
    )
    assert "are not shown to hold more leavers" in said


def test_a_rule_that_was_chosen_gives_both(table, speaker):
    advice = advise(evaluation(table), "recency")
    assert (advice.ranked_by, advice.rule) == ("recency", None)
    assert advice_sentence(advice, speaker.say).startswith("Take order and probabilities from the simple rule")
