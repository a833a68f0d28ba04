"""The held-out choice, the tracking and the value ahead."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import BetaGeoNBD
from crmlib.features import next_purchases, purchase_summary
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.value import holdout
from crmlib.segmentation.value.errors import customer_limits, total_limits
from crmlib.segmentation.value.holdout import (
    HEURISTICS,
    MODELS,
    accuracy,
    judge,
    purchase_calibration,
    purchases_by_frequency,
    split_date,
    total_ratio,
)
from crmlib.segmentation.value.sentences import models_note
from crmlib.segmentation.value.tracking import weekly_tracking
from crmlib.segmentation.value.valuation import portfolio_value, value_by_segment, value_customers, with_next_purchase

FIRST = date(2025, 1, 6)
AS_OF = date(2026, 7, 20)
SPLIT = date(2026, 3, 2)


@pytest.fixture(scope="module")
def judged(simulated_lines):
    return judge(simulated_lines[0], FIRST, SPLIT, AS_OF)


@pytest.fixture(scope="module")
def compared(judged):
    return accuracy(judged, np.random.default_rng(1))


@pytest.fixture(scope="module")
def valued(simulated_lines):
    of_each = value_customers(simulated_lines[0], AS_OF, SegmentationSection(), "BG/NBD")
    return with_next_purchase(of_each, simulated_lines[0], AS_OF)


def test_the_split_leaves_the_share_after_it():
    assert split_date(date(2026, 1, 1), date(2026, 1, 11), 0.3) == date(2026, 1, 8)


def test_the_models_see_nothing_of_the_held_out_time(simulated_lines, judged):
    future = next_purchases(simulated_lines[0], SPLIT, 140).to_pandas()["purchase_days"].sum()
    assert judged.held.horizon == 20
    # purchases of customers won after the split belong to nobody the models know
    assert 0 < judged.held.actual.sum() <= future
    assert judged.held.summary["T"].max() * 7 == pytest.approx((SPLIT - FIRST).days - 1)
    assert judged.held.summary.index.is_unique


def test_the_choice_is_made_before_the_split_and_does_not_hang_on_what_comes_after(simulated_lines, judged):
    assert judged.choice is not None
    assert judged.choice.table["log_score"].idxmax() == MODELS[judged.chosen].__name__
    lines = simulated_lines[0]
    nobody_came_back = lines.filter(lines.ordered_at < pd.Timestamp(SPLIT))
    again = judge(nobody_came_back, FIRST, SPLIT, AS_OF)
    assert again.held.actual.sum() == 0
    assert again.chosen == judged.chosen


def test_all_forecasts_stand_in_one_table_beside_the_chosen_one(judged, compared):
    assert set(compared["forecast"]) == {*MODELS, *HEURISTICS}
    chosen = compared.set_index("forecast").loc[judged.chosen]
    assert (chosen["mae_difference_low"], chosen["mae_difference"], chosen["mae_difference_high"]) == (0, 0, 0)
    rules = compared.set_index("forecast").loc[list(HEURISTICS)]
    assert rules["log_score"].isna().all()
    # customers who leave were simulated: to let everybody go on as before must be worse, surely
    assert rules.loc["own_rate", "mae_difference_low"] > 0


def test_the_note_says_when_a_rule_of_thumb_wins(judged, compared):
    worse = compared.assign(mae_difference=0.2, mae_difference_low=0.1, mae_difference_high=0.3)
    assert "Every rule of thumb errs by more; the best of them, “own past rate, none if long silent”, by 0.200" in (
        models_note(worse, judged)
    )
    wins = compared.assign(mae_difference=-0.2, mae_difference_low=-0.3, mae_difference_high=-0.1)
    wins = wins[wins["forecast"].isin(HEURISTICS)]
    assert "A rule of thumb does better" in models_note(wins, judged)
    assert "0.200 purchases a customer less (0.100 to 0.300)" in models_note(wins, judged)
    level = wins.assign(mae_difference_high=0.1)
    assert "cannot be told apart" in models_note(level, judged)


def test_too_few_repeat_buyers_for_a_trial_leave_the_choice_to_the_likelihood(simulated_lines, monkeypatch):
    monkeypatch.setattr(holdout, "ENOUGH_REPEAT_BUYERS", 10**6)
    again = judge(simulated_lines[0], FIRST, SPLIT, AS_OF)
    assert again.choice is None
    best = max(model.log_likelihood for model in again.models.values())
    assert again.models[again.chosen].log_likelihood == pytest.approx(best, abs=1e-3)
    assert "too few" in models_note(accuracy(again, np.random.default_rng(1)), again)


def test_means_by_frequency_weigh_up_to_the_total(judged):
    means = purchases_by_frequency(judged)
    foreseen = judged.forecasts[judged.chosen].sum()
    assert (means["actual"] * means["customers"]).sum() == pytest.approx(judged.held.actual.sum())
    assert (means["expected"] * means["customers"]).sum() == pytest.approx(foreseen)
    assert total_ratio(judged).value == pytest.approx(foreseen / judged.held.actual.sum())


def test_the_probability_of_a_purchase_is_set_against_those_who_bought(judged):
    curve = purchase_calibration(judged)
    assert curve["customers"].sum() == len(judged.held.actual)
    assert (curve["observed"] * curve["customers"]).sum() == pytest.approx((judged.held.actual > 0).sum())
    assert curve["expected"].is_monotonic_increasing
    # simulated from one of the models: two tenths outside their 95 % interval would be one chance in ten
    assert ((curve["expected"] >= curve["low"]) & (curve["expected"] <= curve["high"])).sum() >= len(curve) - 2


def test_tracking_counts_every_repeat_purchase_of_whole_weeks(simulated_lines, judged):
    tracked = weekly_tracking(simulated_lines[0], SPLIT, AS_OF, judged.models["BG/NBD"])
    assert len(tracked) == 80
    assert tracked["held_out"].sum() == 20
    before = tracked.loc[~tracked["held_out"], "actual"].sum()
    # customers won before the split, up to the last day of week 60, which is the day before it
    assert before == judged.held.summary["frequency"].sum()
    assert tracked["actual"].sum() == judged.held.summary["frequency"].sum() + judged.held.actual.sum()
    assert tracked["expected"].sum() == pytest.approx(tracked["expected_cumulative"].iloc[-1])
    assert (tracked["expected"] >= 0).all()


def test_the_expectation_of_a_single_cohort_is_the_model_s_curve(lines_of):
    model = BetaGeoNBD(r=0.5, alpha=5.0, a=0.5, b=3.0)
    lines = lines_of([("a", "1", "2026-01-05", "p", 1, 10.0, False, True)])
    tracked = weekly_tracking(lines, date(2026, 2, 2), date(2026, 2, 16), model)
    ages = (7 * tracked["week"].to_numpy() - 1) / 7
    assert tracked["expected_cumulative"].tolist() == pytest.approx(model.expected_purchases_new(ages).tolist())


def test_values_are_positive_and_add_up_over_segments(valued):
    customers = valued.customers
    assert (customers["lifetime_value"] >= 0).all()
    assert customers["probability_of_purchase"].between(0, 1).all()
    half = pd.Series(
        pd.Categorical(["x" if n % 2 else "y" for n in range(len(customers))]), index=customers["customer_id"]
    )
    table = value_by_segment(valued, half)
    total = portfolio_value(valued)
    assert table["value"].sum() == pytest.approx(total.value)
    assert table["value_share"].sum() == pytest.approx(1)
    assert ((table["value_low"] < table["value"]) & (table["value"] < table["value_high"])).all()
    assert total.low < total.value < total.high
    gone = valued.customers.assign(days_to_next=np.nan)
    assert value_by_segment(replace(valued, customers=gone), half)["days_to_next"].isna().all()
    assert (table["days_to_next"] >= 0).all()


def test_the_interval_agrees_with_drawing_the_parameters(simulated_lines, valued):
    summary = purchase_summary(simulated_lines[0], AS_OF).to_pandas().sort_values("customer_id", ignore_index=True)
    model = valued.purchase_model
    rng = np.random.default_rng(4)
    drawn = rng.multivariate_normal(model.coefficients, model.found().covariance, size=200)
    weight = valued.customers["lifetime_value"] / valued.customers["expected_purchases"]
    totals = [(model.with_coefficients(each).expected_purchases(summary, 52) * weight).sum() for each in drawn]
    spread = np.std(totals)
    # the delta method is linear and 200 draws have an error of 5 % of their spread; the spend model adds a little
    estimate = portfolio_value(valued)
    assert spread * 0.8 < (estimate.high - estimate.low) / 3.92 < spread * 1.8


def test_each_customer_has_limits_and_days_in_order(valued):
    customers = valued.customers
    worth = customers[customers["lifetime_value"] > 0]
    assert (worth["lifetime_value_low"] < worth["lifetime_value"]).all()
    assert (worth["lifetime_value"] < worth["lifetime_value_high"]).all()
    back = customers[["back_early", "back_half", "back_late"]].dropna()
    assert len(back) > 100
    assert ((back["back_early"] <= back["back_half"]) & (back["back_half"] <= back["back_late"])).all()
    assert (back["back_early"] >= pd.Timestamp(AS_OF)).all()
    # who is less likely than a quarter to come back within a lifetime of customers has no such day
    assert customers.loc[customers["probability_alive"] < 0.25, "back_early"].isna().all()


def test_margin_scales_the_value(simulated_lines, valued):
    half = value_customers(simulated_lines[0], AS_OF, SegmentationSection(margin=0.5), "BG/NBD")
    assert half.customers["lifetime_value"].sum() == pytest.approx(valued.customers["lifetime_value"].sum() / 2)


def test_limits_of_nothing_are_unknown():
    assert all(np.isnan(total_limits(np.array([0.0]), np.array([[1.0]]))))
    assert all(np.isnan(total_limits(np.array([5.0]), np.zeros((1, 0)))))
    assert np.isnan(customer_limits(np.array([5.0]), np.zeros((1, 0)))).all()
