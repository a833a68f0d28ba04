"""The held-out choice, the tracking and the value ahead."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import BetaGeoNBD
from crmlib.features import next_purchases
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.value.errors import total_limits
from crmlib.segmentation.value.holdout import (
    MODELS,
    PAST_RATE,
    chosen_model,
    hold_out,
    holdout_table,
    purchases_by_frequency,
    split_date,
    total_ratio,
)
from crmlib.segmentation.value.tracking import weekly_tracking
from crmlib.segmentation.value.valuation import portfolio_value, repeat_buyers, value_by_segment, value_customers

AS_OF = date(2026, 7, 20)
SPLIT = date(2026, 3, 2)


@pytest.fixture(scope="module")
def held(simulated_lines):
    return hold_out(simulated_lines[0], SPLIT, AS_OF)


@pytest.fixture(scope="module")
def valued(simulated_lines):
    return value_customers(simulated_lines[0], AS_OF, SegmentationSection(), "BG/NBD")


def test_the_split_leaves_the_share_after_it():
    assert split_date(date(2026, 1, 1), date(2026, 1, 11), 0.3) == date(2026, 1, 8)


def test_the_models_see_nothing_of_the_holdout(simulated_lines, held):
    lines = simulated_lines[0]
    future = next_purchases(lines, SPLIT, 140).to_pandas()["purchase_days"].sum()
    known = held.summary["customer_id"]
    assert held.weeks == 20
    # purchases of customers won after the split belong to nobody the models know
    assert 0 < held.summary["purchases"].sum() <= future
    assert held.summary["T"].max() * 7 == pytest.approx((SPLIT - date(2025, 1, 6)).days - 1)
    assert known.is_unique


def test_the_choice_has_the_least_deviance_and_beats_going_on_as_before(held):
    judged = holdout_table(held, np.random.default_rng(1), n_resamples=50)
    assert set(judged["model"]) == {*MODELS, PAST_RATE}
    assert judged["model"].iloc[0] == chosen_model(held)
    chosen = judged.iloc[0]
    assert (chosen["worse"], chosen["worse_low"], chosen["worse_high"]) == (0, 0, 0)
    assert judged.set_index("model").loc[PAST_RATE, "deviance"] > chosen["deviance"]


def test_means_by_frequency_weigh_up_to_the_total(held):
    means = purchases_by_frequency(held, "BG/NBD")
    assert (means["actual"] * means["customers"]).sum() == pytest.approx(held.summary["purchases"].sum())
    assert (means["expected"] * means["customers"]).sum() == pytest.approx(held.predicted["BG/NBD"].sum())
    ratio = total_ratio(held, "BG/NBD")
    assert ratio.value == pytest.approx(held.predicted["BG/NBD"].sum() / held.summary["purchases"].sum())


def test_tracking_counts_every_repeat_purchase_of_whole_weeks(simulated_lines, held):
    tracked = weekly_tracking(simulated_lines[0], SPLIT, AS_OF, held.models["BG/NBD"])
    assert len(tracked) == 80
    assert tracked["held_out"].sum() == 20
    before = tracked.loc[~tracked["held_out"], "actual"].sum()
    # customers won before the split, up to the last day of week 60, which is the day before it
    assert before == held.summary["frequency"].sum()
    assert tracked["actual"].sum() == held.summary["frequency"].sum() + held.summary["purchases"].sum()
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


def test_the_interval_agrees_with_drawing_the_parameters(simulated_lines, valued):
    from crmlib.features import purchase_summary

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


def test_margin_scales_the_value(simulated_lines, valued):
    half = value_customers(simulated_lines[0], AS_OF, SegmentationSection(margin=0.5), "BG/NBD")
    assert half.customers["lifetime_value"].sum() == pytest.approx(valued.customers["lifetime_value"].sum() / 2)


def test_limits_of_nothing_are_unknown():
    assert all(np.isnan(total_limits(np.array([0.0]), np.array([[1.0]]))))
    assert all(np.isnan(total_limits(np.array([5.0]), np.zeros((1, 0)))))
    assert repeat_buyers(pd.DataFrame({"frequency": [0, 2, 1]})) == 2
