"""The story in one object, and what it says where the history is too short."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.money.prospect import weigh_campaign
from crmlib.churn.past import NothingSoldError
from crmlib.churn.study import Study
from crmlib.churn.who.scoring import SCORE_COLUMNS, usual_spend
from crmlib.params.sections import ChurnSection

SETTINGS = ChurnSection(horizon_days=60, cutoffs=3, resamples=50)
SIMPLE = ["hiatus", "recency", "rank_sum"]


@pytest.fixture(scope="module")
def study(shop):
    return Study(shop, date(2026, 1, 1), SETTINGS, margin=0.5)


def test_everybody_known_is_scored(study):
    assert not study.active.empty
    assert set(SCORE_COLUMNS) <= set(study.scores.columns)
    assert study.scores["customer_id"].is_unique
    assert study.scores["churn_probability"].between(0, 1).all()
    assert (study.scores["expected_orders"] >= 0).all()
    assert study.active_days == 120
    assert (study.scores["active"] == (study.scores["days_since_last"] < 120)).all()


def test_the_churn_rate_is_that_of_the_tests_active_customers(study):
    test = study.backtest.test
    churned = test.churned[test.customers["days_since_last"] < 120]
    assert study.churn_rate.value == pytest.approx(churned.mean())
    assert study.churn_rate.n == len(churned)


def test_the_score_does_not_change_with_what_comes_later(shop, as_lines, shop_orders):
    early = date(2025, 11, 1)
    seen = Study(shop, early, SETTINGS)
    cut = shop_orders[shop_orders["ordered_at"] < pd.Timestamp(early)]
    alone = Study(as_lines(cut), seen.coverage.observed_until, SETTINGS)
    pd.testing.assert_frame_equal(seen.scores, alone.scores)
    assert seen.model == alone.model


def test_it_repeats_to_the_last_digit(shop, study):
    again = Study(shop, date(2026, 1, 1), SETTINGS)
    pd.testing.assert_frame_equal(study.scores, again.scores, check_exact=True)


def test_evaluation_holds_all_on_the_same_customers(study):
    judged, active = study.judged, study.backtest.test.customers["days_since_last"] < 120
    assert judged.group == "active"
    assert judged.values().index[0] == judged.values()["auc"].idxmax()
    assert judged.estimate(study.model, "auc", "known").n == judged.customers == len(study.backtest.test.customers)
    assert judged.curve["customers"].sum() == judged.estimate(study.model, "auc", "active").n == active.sum()
    assert judged.rate_active == study.churn_rate
    assert judged.rate_active.value < study.backtest.test.churned.mean()
    assert judged.best_rule() in SIMPLE
    assert not judged.against_rule(judged.best_rule(), "auc").is_known
    assert set(judged.gains["model"]) >= {study.model}
    again = Study(study.transactions, study.as_of, SETTINGS, margin=0.5).judged
    pd.testing.assert_frame_equal(judged.table, again.table, check_exact=True)


def test_a_campaign_is_weighed_among_active_customers_at_the_values_known_then(study):
    active = study.active["usual_spend"]
    assert study.campaign.kept_value == pytest.approx(active.mean() * 0.5)
    prospect = weigh_campaign(study.backtest, study.assumed, 120)
    test = study.backtest.test
    then = test.customers["days_since_last"] < 120
    assert prospect.customers == then.sum()
    assert prospect.best["profit"] == prospect.curve["profit"].max()
    assert study.prospect.customers == prospect.customers
    # contacting everybody keeps three in ten of what the leavers usually spent, as far as it was known then
    spent = usual_spend(test.customers, then, 60)[then] * 0.5
    everybody, left = prospect.curve.iloc[-1], test.churned[then.to_numpy()]
    assert everybody["value"] == pytest.approx(spent[left].sum())
    costs = study.campaign.incentive * (~left).sum() + study.campaign.contact * len(left)
    assert everybody["profit"] == pytest.approx(0.3 * (spent[left] - study.campaign.incentive).sum() - costs)
    assert weigh_campaign(study.backtest, study.assumed, 0) is None


def test_a_given_value_of_a_customer_is_taken(shop):
    given = SETTINGS.model_copy(update={"kept_value": 80.0})
    assert Study(shop, date(2026, 1, 1), given).campaign.kept_value == 80.0


def test_likely_to_leave_may_be_what_money_says(shop, study):
    money = Study(shop, date(2026, 1, 1), SETTINGS.model_copy(update={"least_risk": "money"}), margin=0.5)
    assert money.least_risk == pytest.approx(0.055 / (0.3 * 0.95 + 0.05))
    assert (study.least_risk, study.experiment.least_risk) == (0.5, 0.5)
    pays = (money.active["churn_probability"] > money.least_risk) & (money.worth["gain"] > 0).to_numpy()
    assert money.experiment.customers == pays.sum()


def test_too_short_a_history_still_scores_but_does_not_test(shop):
    short = Study(shop, date(2025, 3, 15), SETTINGS)
    assert short.backtest is None
    assert not short.churn_rate.is_known
    assert short.model == "bg_nbd"
    assert not short.active.empty
    # what a contact costs and brings can be said, what it would have earned cannot
    assert short.campaign.kept_value > 0
    assert short.worth["gain"].notna().all()
    assert short.prospect is None
    assert short.experiment.churn_rate is None


def test_nobody_who_bought_twice_has_no_score(as_lines):
    rows = [(f"c{i}", f"2025-01-{1 + i % 28:02}", 5.0) for i in range(60)]
    lines = as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"]))
    once = Study(lines, date(2025, 2, 1), SETTINGS)
    assert once.active.empty
    assert once.scores["churn_probability"].isna().all()
    assert once.backtest is None


def test_anonymous_sales_alone_give_an_empty_study(as_lines):
    rows = [(None, f"2025-0{1 + i % 8}-11", 5.0) for i in range(60)]
    lines = as_lines(pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"]).astype({"customer_id": "str"}))
    empty = Study(lines.mutate(customer_id=lines.customer_id.nullif("nan")), date(2025, 9, 1), SETTINGS)
    assert empty.scores.empty
    assert empty.backtest is None


def test_nothing_sold_is_said(shop):
    with pytest.raises(NothingSoldError, match="no sale before 2024-01-01"):
        Study(shop, date(2024, 1, 1), SETTINGS)
    assert Study(shop, date(2025, 1, 15), SETTINGS).before is None


def test_expected_orders_are_those_of_the_purchase_model(study):
    # active customers buy again more often than those long gone
    active = study.scores["active"]
    assert study.scores.loc[active, "expected_orders"].mean() > 3 * study.scores.loc[~active, "expected_orders"].mean()
    assert np.isfinite(study.scores["expected_orders"]).all()
