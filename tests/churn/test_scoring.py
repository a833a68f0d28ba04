"""The scores of today and whom they put forward."""

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.scoring import retention_candidates, risk_bands, sales_at_risk


@pytest.fixture
def scores():
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i:04}" for i in range(1_000)],
            "churn_probability": rng.uniform(0, 1, 1_000),
            "usual_spend": rng.gamma(2, 50, 1_000),
            "active": rng.random(1_000) < 0.6,
        }
    )


def test_only_active_customers_are_put_forward(scores):
    put_forward = retention_candidates(scores, 0.2)
    active = set(scores.loc[scores["active"], "customer_id"])
    assert set(put_forward["customer_id"]) <= active
    likely = put_forward[put_forward["reason"] == "likely_to_leave"]
    assert len(likely) == pytest.approx(0.2 * len(active), abs=1)
    assert likely["score"].min() >= scores.loc[scores["active"], "churn_probability"].quantile(0.8)


def test_the_valuable_are_of_the_best_spenders_and_riskier_than_most(scores):
    put_forward = retention_candidates(scores, 0.2).merge(scores, on="customer_id")
    valuable = put_forward[put_forward["reason"] == "valuable_at_risk"]
    active = scores[scores["active"]]
    assert valuable["usual_spend"].min() >= active["usual_spend"].quantile(0.8)
    assert valuable["churn_probability"].min() > active["churn_probability"].median()
    assert (valuable["score"] == valuable["usual_spend"] * valuable["churn_probability"]).all()


def test_without_scores_nobody_is_put_forward(scores):
    none = retention_candidates(scores.assign(churn_probability=np.nan), 0.2)
    assert none.empty
    assert list(none.columns) == ["customer_id", "reason", "score"]


def test_bands_hold_every_active_customer_once(scores):
    bands = risk_bands(scores)
    assert bands["customers"].sum() == scores["active"].sum()
    assert bands["usual_spend"].sum() == pytest.approx(scores.loc[scores["active"], "usual_spend"].sum())
    assert (bands["largest"] < 1).all()


def test_an_empty_band_stays_a_band(scores):
    calm = scores.assign(churn_probability=0.1)
    assert risk_bands(calm)["customers"].tolist()[1:] == [0, 0, 0, 0]


def test_sales_at_risk_leave_out_who_is_gone(scores):
    active = scores[scores["active"]]
    assert sales_at_risk(scores) == pytest.approx((active["usual_spend"] * active["churn_probability"]).sum())
