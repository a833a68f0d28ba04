"""The regression on customer features."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.history.slices import Slice
from crmlib.churn.models.design import stacked, useful_features
from crmlib.churn.models.logistic import fit_logistic
from crmlib.churn.why.odds import odds_ratios


def customers(n, seed=1):
    rng = np.random.default_rng(seed)
    silence, purchases = rng.normal(4, 0.8, n), rng.normal(1, 0.6, n)
    logit = 1.5 * (silence - 4) - 1.0 * (purchases - 1)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:05}" for i in range(n)],
            "silence": silence,
            "purchases": purchases,
            "order_value": rng.normal(3, 1, n),
            "returned_share": 0.0,
            "churned": rng.random(n) < 1 / (1 + np.exp(-logit)),
        }
    )


@pytest.fixture
def past():
    return [Slice(date(2025, 6, 1), 30, customers(3_000)), Slice(date(2025, 7, 1), 30, customers(3_000, seed=2))]


def test_a_feature_without_variation_is_left_out(past):
    assert useful_features(pd.DataFrame({"silence": [1.0, 2.0], "returned_share": [0.0, 0.0]})) == ["silence"]
    features, churned, whose = stacked(past)
    assert "returned_share" not in features
    assert len(features) == len(churned) == len(whose) == 6_000


def test_of_features_that_say_nearly_the_same_the_first_is_kept():
    rng = np.random.default_rng(4)
    silence, other = rng.normal(size=400), rng.normal(size=400)
    alike = pd.DataFrame({"silence": silence, "twin": silence + 0.1 * other, "own": silence + other})
    assert useful_features(alike) == ["silence", "own"]


def test_planted_effects_are_found_again(past):
    ratios = odds_ratios(past).set_index("feature")
    features, _, _ = stacked(past)
    for name, slope in (("silence", 1.5), ("purchases", -1.0), ("order_value", 0.0)):
        error = np.log(ratios.loc[name, "high"] / ratios.loc[name, "low"]) / 3.92
        planted = slope * features[name].std(ddof=0)
        # within four standard errors, as for every planted truth
        assert abs(np.log(ratios.loc[name, "odds_ratio"]) - planted) < 4 * error
    assert ratios["customers"].iloc[0] == 3_000


def test_a_customer_who_comes_twice_does_not_count_twice(past):
    once, twice = past[:1], [past[0], Slice(date(2025, 7, 1), 30, past[0].customers)]
    errors = [fit_logistic(pieces).errors for pieces in (once, twice)]
    assert errors[1] == pytest.approx(errors[0], rel=0.01)


def test_predictions_are_probabilities_and_follow_the_features(past):
    new = customers(500, seed=9)
    probability = fit_logistic(past).predict(new).probability
    assert ((probability > 0) & (probability < 1)).all()
    assert probability[new["silence"] > 5].mean() > probability[new["silence"] < 3].mean() + 0.3


def test_beyond_what_was_seen_a_feature_counts_as_the_most_that_was_seen(past):
    learnt = fit_logistic(past)
    most = max(piece.customers["silence"].max() for piece in past)
    far, edge = (learnt.predict(customers(5).assign(silence=at)).probability for at in (most + 100, most))
    assert far.tolist() == edge.tolist()


def test_a_regression_needs_a_past():
    with pytest.raises(ValueError, match="earlier cutoffs"):
        fit_logistic([])


def test_perfect_separation_gives_no_ratios_and_still_predicts():
    one = customers(200)
    one["churned"] = one["silence"] > 4
    past = [Slice(date(2025, 6, 1), 30, one)]
    assert odds_ratios(past).empty
    probability = fit_logistic(past).predict(one).probability
    assert np.isfinite(probability).all()
    assert probability[one["churned"]].min() > 0.3
