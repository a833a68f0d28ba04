"""The regression on customer features."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.history.slices import Slice
from crmlib.churn.models.logistic import (
    FEATURES,
    fit_logistic,
    odds_ratios,
    predict_logistic,
    risk_features,
    stacked,
    useful_features,
)


def customers(n, seed=1):
    rng = np.random.default_rng(seed)
    silence, purchases = rng.integers(0, 200, n), rng.integers(1, 12, n)
    logit = 1.5 * (np.log1p(silence) - 4) - 1.0 * (np.log(purchases) - 1)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:05}" for i in range(n)],
            "days_since_last": silence,
            "days_since_first": silence + rng.integers(1, 300, n),
            "purchase_days": purchases,
            "recent_purchase_days": rng.integers(0, 3, n),
            "average_order_value": rng.gamma(4, 10, n),
            "spend": purchases * 40.0,
            "returned": 0.0,
            "churned": rng.random(n) < 1 / (1 + np.exp(-logit)),
        }
    )


@pytest.fixture
def past():
    return [Slice(date(2025, 6, 1), 30, customers(3_000)), Slice(date(2025, 7, 1), 30, customers(3_000, seed=2))]


def test_features_are_finite_even_for_a_customer_of_one_free_order():
    row = pd.DataFrame(
        {
            "days_since_last": [0], "days_since_first": [0], "purchase_days": [1], "recent_purchase_days": [1],
            "average_order_value": [0.0], "returned": [5.0], "spend": [0.0],
        }
    )  # fmt: skip
    features = risk_features(row)
    assert list(features.columns) == list(FEATURES)
    assert np.isfinite(features.to_numpy()).all()
    assert features["returned_share"].iloc[0] == 1


def test_returns_count_by_what_was_spent():
    row = customers(1).assign(returned=20.0, spend=400.0)
    assert risk_features(row)["returned_share"].iloc[0] == pytest.approx(0.05)


def test_a_feature_without_variation_is_left_out(past):
    assert useful_features(pd.DataFrame({"silence": [1.0, 2.0], "returned_share": [0.0, 0.0]})) == ["silence"]
    features, churned, whose = stacked(past)
    assert "returned_share" not in features
    assert len(features) == len(churned) == len(whose) == 6_000


def test_planted_effects_are_found_again(past):
    ratios = odds_ratios(past).set_index("feature")
    features, _, _ = stacked(past)
    for name, slope in (("silence", 1.5), ("purchases", -1.0), ("order_value", 0.0)):
        error = np.log(ratios.loc[name, "high"] / ratios.loc[name, "low"]) / 3.92
        planted = slope * features[name].std(ddof=0)
        # within four standard errors, as for every planted truth
        assert abs(np.log(ratios.loc[name, "odds_ratio"]) - planted) < 4 * error
    assert ratios["customers"].iloc[0] == 3_000


def test_predictions_are_probabilities_and_follow_the_features(past):
    model = fit_logistic(past)
    new = customers(500, seed=9)
    probability = predict_logistic(model, new)
    assert ((probability > 0) & (probability < 1)).all()
    assert probability[new["days_since_last"] > 150].mean() > probability[new["days_since_last"] < 10].mean() + 0.3


def test_a_regression_needs_a_past():
    with pytest.raises(ValueError, match="earlier cutoffs"):
        fit_logistic([])


def test_perfect_separation_gives_no_ratios():
    one = customers(200)
    one["churned"] = one["days_since_last"] > 100
    assert odds_ratios([Slice(date(2025, 6, 1), 30, one)]).empty
