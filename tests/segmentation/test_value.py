"""The held-out choice, the tracking and the value ahead."""

from dataclasses import replace
from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from crmlib.btyd import BetaGeoNBD, GammaGamma, Holdout, ModifiedBetaGeoCNBD, ModifiedBetaGeoNBD
from crmlib.btyd.simulate import simulate
from crmlib.features import next_purchases, purchase_summary
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation import show_models, show_tracking, show_value, study
from crmlib.segmentation.value import holdout, value_answer, value_headlines
from crmlib.segmentation.value.errors import (
    customer_limits,
    foreseen_of_made,
    purchase_swings,
    share_limits,
    total_limits,
    value_swings,
)
from crmlib.segmentation.value.holdout import (
    HEURISTICS,
    MODELS,
    Judged,
    accuracy,
    judge,
    model_label,
    split_date,
)
from crmlib.segmentation.value.models import models_note, rules_of_thumb
from crmlib.segmentation.value.money import held_out_money, money_made
from crmlib.segmentation.value.tracking import tracking_title, tracking_words, weekly_tracking
from crmlib.segmentation.value.valuation import histories_before, value_by_segment, value_customers, with_next_purchase
from crmlib.stats import Estimate

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
def varied_lines(simulated_lines):
    """Let customers differ in what they spend, whatever their frequency: alike, they leave the spend model's q open."""
    lines = simulated_lines[0]
    return lines.mutate(
        amount=(lines.amount * (lines.customer_id.substr(1).cast("int64") % 7 + 1)).cast("decimal(18, 4)")
    )


@pytest.fixture(scope="module")
def valued(varied_lines):
    of_each = value_customers(histories_before(varied_lines, AS_OF), SegmentationSection(), "BG/NBD")
    return with_next_purchase(of_each, histories_before(varied_lines, AS_OF), AS_OF)


def test_the_split_leaves_the_share_after_it():
    assert split_date(date(2026, 1, 1), date(2026, 1, 11), 0.3) == date(2026, 1, 8)
    assert split_date(date(2026, 1, 1), date(2026, 4, 11), 0.25) == date(2026, 3, 17)


def test_a_regular_model_is_called_by_the_regularity_that_was_found():
    regular = ModifiedBetaGeoCNBD(k=2, r=0.7, alpha=4.0, a=0.5, b=3.0)
    assert model_label("MBG/CNBD-k", regular) == "MBG/CNBD-2"
    assert model_label("own_rate", None) == "own_rate"


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


def test_the_note_says_when_a_rule_of_thumb_wins(judged, compared, saying):
    worse = compared.assign(mae_difference=0.2, mae_difference_low=0.1, mae_difference_high=0.3)
    assert rules_of_thumb(worse, judged, saying) == (
        f"Every rule of thumb errs by more than {judged.chosen}; the best of them, “own past rate, none if long "
        "silent”, by 0.200 purchases a customer (0.100 to 0.300)."
    )
    wins = compared.assign(mae_difference=-0.2, mae_difference_low=-0.3, mae_difference_high=-0.1)
    wins = wins[wins["forecast"].isin(HEURISTICS)]
    said = rules_of_thumb(wins, judged, saying)
    assert "A rule of thumb does better" in said
    assert f"0.200 purchases a customer less than {judged.chosen} (0.100 to 0.300)" in said
    level = wins.assign(mae_difference_high=0.1)
    assert f"cannot be told apart from {judged.chosen} by" in rules_of_thumb(level, judged, saying)


def test_the_note_names_models_that_are_one_here(judged, compared, saying):
    # times between purchases were simulated at random
    assert judged.models["MBG/CNBD-k"].k == 1
    note = models_note(compared, judged, saying)
    assert "MBG/NBD and MBG/CNBD-1 foresee the same here, with errors that agree to four digits: MBG/CNBD-1 is" in note
    alone = compared[compared["forecast"] != "MBG/CNBD-k"]
    assert "foresee the same" not in models_note(alone, judged, saying)


def test_the_note_says_that_nobody_leaves_where_three_models_are_one(judged, compared, saying):
    stay = {
        "BG/NBD": BetaGeoNBD(r=0.7, alpha=9.0, a=1e-5, b=1e3),
        "MBG/NBD": ModifiedBetaGeoNBD(r=0.7, alpha=9.0, a=1e-5, b=1e3),
        "MBG/CNBD-k": ModifiedBetaGeoCNBD(k=2, r=0.7, alpha=4.0, a=0.5, b=3.0),
    }
    level = compared[compared["forecast"].isin([*stay, *HEURISTICS])].copy()
    level.loc[level["forecast"].isin(["BG/NBD", "MBG/NBD"]), ["mae", "rmse"]] = (0.5, 0.9)
    level.loc[level["forecast"] == "MBG/CNBD-k", ["mae", "rmse"]] = (0.4, 0.8)
    note = models_note(level, replace(judged, models=stay), saying)
    assert "BG/NBD and MBG/NBD foresee the same here" in note
    assert "they find next to nobody who has left" in note
    assert "at random" not in note


def test_too_few_repeat_buyers_for_a_trial_leave_the_choice_to_the_likelihood(simulated_lines, monkeypatch, saying):
    monkeypatch.setattr(holdout, "ENOUGH_REPEAT_BUYERS", 10**6)
    again = judge(simulated_lines[0], FIRST, SPLIT, AS_OF)
    assert again.choice is None
    best = max(model.log_likelihood for model in again.models.values())
    assert again.models[again.chosen].log_likelihood == pytest.approx(best, abs=1e-3)
    assert "too few" in models_note(accuracy(again, np.random.default_rng(1)), again, saying)


def test_means_by_frequency_weigh_up_to_the_total(judged):
    means = judged.by_frequency
    foreseen = judged.forecasts[judged.chosen].sum()
    assert (means["actual"] * means["customers"]).sum() == pytest.approx(judged.held.actual.sum())
    assert (means["expected"] * means["customers"]).sum() == pytest.approx(foreseen)
    assert judged.ratio.value == pytest.approx(foreseen / judged.held.actual.sum())


def test_means_by_frequency_lean_to_the_frequent_and_small_groups_have_no_interval(judged):
    means = judged.by_frequency
    told = means["customers"] >= 30
    assert means.loc[~told, ["low", "high"]].isna().all(axis=None)
    assert told.any()
    # many buy nothing and a few a lot: what was not seen lies above the mean rather than below
    reach = means.loc[told, ["low", "high"]].sub(means.loc[told, "actual"], axis=0).abs()
    assert (reach["high"] > reach["low"]).all()


def test_nobody_who_bought_shows_no_error(judged):
    idle = replace(judged, held=replace(judged.held, actual=judged.held.actual * 0))
    assert idle.by_frequency["low"].isna().all()


def bought_and_held(model, rng, customers=300, horizon=100.0):
    """Let customers of a model buy for some weeks, and for many more that are held out."""
    bought = simulate(model, pd.DataFrame({"T": rng.uniform(5, 30, customers)}), rng, horizon=horizon)
    held = Holdout(summary=bought.drop(columns=["future", "alive"]), actual=bought["future"], horizon=horizon)
    fitted = ModifiedBetaGeoNBD.fit(held.summary)
    foreseen = fitted.expected_purchases(held.summary, horizon)
    return Judged("MBG/NBD", None, SPLIT, held, {"MBG/NBD": foreseen}, {"MBG/NBD": fitted})


def test_the_right_model_is_rarely_called_wrong():
    model = ModifiedBetaGeoNBD(r=0.8, alpha=6.0, a=0.7, b=3.0)
    rng = np.random.default_rng(3)
    ratios = [bought_and_held(model, rng).ratio for _shop in range(40)]
    # three standard errors below 95 %; the luck of customers alone covers half, so little was seen of so long a time
    assert np.mean([not ratio.excludes(1) for ratio in ratios]) >= 0.85


def test_luck_and_parameters_add_up(judged):
    foreseen, made = (each.to_numpy("float64") for each in (judged.forecasts[judged.chosen], judged.held.actual))
    swings = judged.swings
    assert swings.shape[1] > 0
    both, luck = (foreseen_of_made(foreseen, made, each) for each in (swings, swings[:, :0]))
    assert both == judged.ratio
    widths = [np.log(each.high / each.low) for each in (both, luck)]
    reach = widths[1] / (np.log(luck.value) - np.log(luck.low)) * distributions.t.ppf(0.975, luck.n - 1)
    parameters = np.sqrt((swings.sum(axis=0) ** 2).sum()) / foreseen.sum()
    assert np.hypot(widths[1], reach * parameters) == pytest.approx(widths[0])
    # by hand: the linearised error of the ratio, over the ratio
    error = np.sqrt(luck.n / (luck.n - 1) * ((foreseen - luck.value * made) ** 2).sum()) / foreseen.sum()
    assert widths[1] == pytest.approx(reach * error)


def test_swings_of_purchases_agree_with_drawing_the_parameters(judged):
    model, summary = judged.models["BG/NBD"], judged.held.summary
    swings = purchase_swings(summary, model, 20)
    drawn = np.random.default_rng(4).multivariate_normal(model.coefficients, model.found().covariance, size=200)
    totals = [model.with_coefficients(each).expected_purchases(summary, 20).sum() for each in drawn]
    # the delta method is linear and 200 draws have an error of 5 % of their spread
    assert np.sqrt((swings.sum(axis=0) ** 2).sum()) == pytest.approx(np.std(totals), rel=0.25)


def test_without_a_usable_covariance_the_interval_holds_luck_alone(run_of, simulated_lines, judged):
    model = judged.models[judged.chosen]
    open_ended = replace(model.maximum, covariance=np.zeros((4, 4)))
    blind = replace(judged, models={**judged.models, judged.chosen: replace(model, maximum=open_ended)})
    assert blind.swings.shape[1] == 0
    assert blind.ratio.has_interval
    assert np.log(blind.ratio.high / blind.ratio.low) < np.log(judged.ratio.high / judged.ratio.low)
    run = run_of(simulated_lines[0], AS_OF)
    frame = weekly_tracking(simulated_lines[0], SPLIT, AS_OF, model)
    assert "luck of customers only" in tracking_words(frame, blind, run)["limits"]
    assert "uncertainty of the model's parameters" in tracking_words(frame, judged, run)["limits"]


def test_nothing_made_or_foreseen_is_said_as_such():
    nothing, some, still = np.zeros(3), np.ones(3), np.zeros((3, 0))
    assert not foreseen_of_made(some, nothing, still).is_known
    assert not foreseen_of_made(nothing, some, still).has_interval
    assert not foreseen_of_made(some[:1], some[:1], still[:1]).has_interval


def test_the_probability_of_a_purchase_is_set_against_those_who_bought(judged):
    curve = judged.calibration
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
    total = valued.total
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
    estimate = valued.total
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


def test_margin_scales_the_value(varied_lines, valued):
    half = value_customers(histories_before(varied_lines, AS_OF), SegmentationSection(margin=0.5), "BG/NBD")
    assert half.customers["lifetime_value"].sum() == pytest.approx(valued.customers["lifetime_value"].sum() / 2)


def test_limits_stay_on_their_scale():
    assert share_limits(0.5, np.array([0.03, 0.04])) == pytest.approx((0.403, 0.597), abs=5e-4)
    assert total_limits(np.array([60.0, 40.0]), np.array([[6.0], [4.0]])) == pytest.approx((82.2, 121.7), abs=0.05)
    low, high = customer_limits(np.array([60.0, 0.0]), np.array([[6.0], [0.0]]))
    assert (low[0], high[0]) == pytest.approx((49.3, 73.0), abs=0.05)
    assert np.isnan([low[1], high[1]]).all()


@pytest.mark.parametrize(("moved", "limits"), [(0.0, (0.93, 1.08)), (0.1, (0.81, 1.24))])
def test_the_parameters_widen_what_was_foreseen_of_what_was_made(moved, limits):
    foreseen, made = np.array([1.0, 2.0, 3.0] * 40), np.array([0.0, 2.0, 4.0] * 40)
    ratio = foreseen_of_made(foreseen, made, moved * foreseen[:, None])
    assert (ratio.value, ratio.n) == (1.0, 120)
    assert (ratio.low, ratio.high) == pytest.approx(limits, abs=5e-3)


def test_limits_of_nothing_are_unknown():
    assert all(np.isnan(total_limits(np.array([0.0]), np.array([[1.0]]))))
    assert all(np.isnan(total_limits(np.array([5.0]), np.zeros((1, 0)))))
    assert np.isnan(customer_limits(np.array([5.0]), np.zeros((1, 0)))).all()


def test_the_values_carry_the_check_that_spend_hangs_not_on_frequency(valued):
    # amounts were simulated apart from frequency
    assert not valued.independence.excludes(0)
    assert 100 < valued.independence.n < len(valued.customers)


@pytest.fixture(scope="module")
def money(simulated_lines, judged):
    return held_out_money(judged, simulated_lines[0], AS_OF)


def test_the_money_foreseen_is_that_of_the_held_out_time(simulated_lines, judged, money):
    made = money_made(judged.held.summary.index, simulated_lines[0], SPLIT, AS_OF)
    lines = simulated_lines[0].to_pandas()
    known = lines["customer_id"].isin(judged.held.summary.index)
    inside = known & (lines["ordered_at"] >= pd.Timestamp(SPLIT)) & (lines["ordered_at"] < pd.Timestamp(AS_OF))
    assert made.sum() == pytest.approx(float(lines.loc[inside, "amount"].sum()))
    spend = GammaGamma.fit(judged.held.summary).expected_spend(judged.held.summary)
    foreseen = (judged.forecasts[judged.chosen] * spend).sum()
    assert money.value == pytest.approx(foreseen / made.sum())
    # simulated from the model with one mean of all: right within the interval
    assert money.low < 1 < money.high
    assert money.high - money.low < 0.6


def test_the_money_of_the_held_out_time_knows_the_parameters(varied_lines):
    varied = judge(varied_lines, FIRST, SPLIT, AS_OF)
    found = held_out_money(varied, varied_lines, AS_OF)
    customers = varied.held.summary
    spend, model = GammaGamma.fit(customers), varied.models[varied.chosen]
    foreseen = (varied.forecasts[varied.chosen] * spend.expected_spend(customers)).to_numpy()
    made = money_made(customers.index, varied_lines, SPLIT, AS_OF).to_numpy()
    swings = value_swings(customers, foreseen, model, spend, varied.held.horizon)
    luck = foreseen_of_made(foreseen, made, swings[:, :0])
    assert luck.low > found.low > 0
    assert luck.high < found.high
    assert found == foreseen_of_made(foreseen, made, swings)


def test_twice_the_money_foreseen_is_twice_the_ratio(simulated_lines, judged, money):
    name = judged.chosen
    twice = replace(judged, forecasts={**judged.forecasts, name: judged.forecasts[name] * 2})
    doubled = held_out_money(twice, simulated_lines[0], AS_OF)
    assert doubled.value == pytest.approx(2 * money.value)


def test_what_cannot_be_told_is_not_called_right(saying):
    wide = Estimate(1.3, 0.6, 2.0, 40)
    assert tracking_title(wide, saying).endswith("whether that is right cannot be told")
    assert "cannot be told" in tracking_title(Estimate.unknown(40), saying)
    assert "cannot be told" in tracking_title(Estimate(1.0, np.nan, np.nan, 1), saying)
    assert tracking_title(Estimate(1.0, 0.9, 1.1, 400), saying).endswith("about right")
    assert tracking_title(Estimate(1.8, 1.3, 2.3, 40), saying).endswith("it promises too much")


def few(lines):
    return lines.filter(lines.customer_id < "k00150")


def equal_spend(lines):
    return few(lines).mutate(amount=ibis.literal(50).cast("decimal(18, 4)"))


def heavy_spend(lines):
    lines = few(lines)
    place = (lines.customer_id.substr(1).cast("int64") + 0.5) / 150
    return lines.mutate(amount=(lines.amount.cast("float64") * place.pow(-1.6)).cast("decimal(18, 4)"))


def test_spend_that_carries_no_model_leads_to_a_block_not_a_traceback(run_of, simulated_lines):
    run = run_of(equal_spend(simulated_lines[0]), AS_OF)
    found = study(run)
    assert found.forecast.valued is None
    assert not found.forecast.money.is_known
    block = show_value(found, run)
    assert block.kind == "insufficient"
    assert block.text.startswith("No values are shown. Needed: repeat purchases")
    # what rests on purchases alone is shown all the same
    assert show_tracking(found, run).kind == "group"
    assert show_models(found, run).kind == "group"


def two_plans(lines):
    basic = few(lines)
    return basic.mutate(
        amount=(basic.customer_id.substr(1).cast("int64") % 3 == 0).ifelse(50, 5).cast("decimal(18, 4)")
    )


@pytest.mark.parametrize("changed", [heavy_spend, two_plans])
def test_nobody_is_expected_to_spend_more_than_was_ever_paid(run_of, simulated_lines, changed):
    lines = run_of(changed(simulated_lines[0]), AS_OF).table("transactions")
    expected = value_customers(histories_before(lines, AS_OF), SegmentationSection(), "BG/NBD").customers[
        "expected_spend"
    ]
    # a purchase is all that a customer buys on a day
    paid = lines.group_by([lines.customer_id, lines.ordered_at.date()]).agg(a=lines.amount.sum()).to_pandas()["a"]
    assert float(paid.min()) <= expected.min()
    assert expected.max() <= float(paid.max())


def test_where_the_spend_model_has_no_mean_to_be_believed_it_is_said(run_of, simulated_lines):
    run = run_of(heavy_spend(simulated_lines[0]), AS_OF)
    found = study(run)
    shown = show_value(found, run).html
    assert "Gamma-Gamma no mean to be believed" in shown
    assert "no interval is given" in shown or "No interval of the money is given" in shown
    named = {each.measure.code: each for each in value_headlines(found.forecast, run)}
    assert "since Gamma-Gamma has none to be believed" in named["value_ahead"].definition


def test_without_a_usable_covariance_of_spend_there_is_no_interval(run_of, simulated_lines):
    # all were simulated with one mean: the spread of means between customers is at its edge, its likelihood flat
    run = run_of(few(simulated_lines[0]), AS_OF)
    found = study(run)
    forecast = found.forecast
    total = forecast.valued.total
    assert total.is_known
    assert not total.has_interval
    assert forecast.valued.customers["lifetime_value_low"].isna().all()
    assert "no interval can be given" in value_answer(forecast, run)
    shown = show_value(found, run)
    assert "no interval is given" in shown.html
    assert "not observed to" not in shown.html


def test_shares_and_risks_of_segments_have_limits_around_them(valued):
    segments = pd.Series(pd.Categorical((["one", "two"] * 1000)[: len(valued.customers)]),
                         index=valued.customers["customer_id"])  # fmt: skip
    table = value_by_segment(valued, segments)
    for name in ("value_share", "churn_risk"):
        assert (table[f"{name}_low"] < table[name]).all()
        assert (table[name] < table[f"{name}_high"]).all()
    assert table["value_share"].sum() == pytest.approx(1)
    # what one segment's share gains the other's loses: the limits mirror one another
    assert table["value_share_low"].iloc[0] == pytest.approx(1 - table["value_share_high"].iloc[1])
