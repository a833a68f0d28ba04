"""What the page says of value: what is handed on, what the held-out time refutes, and where that is said."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from crmlib.btyd import GammaGamma, Holdout, ModifiedBetaGeoCNBD
from crmlib.reporting import insufficient, show_headlines
from crmlib.segmentation import show_answer, show_models, show_tracking, show_value, study
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.headlines import CHAPTER
from crmlib.segmentation.value import PARTS, value_answer, value_headlines
from crmlib.segmentation.value.errors import foreseen_of_made, spend_swings
from crmlib.segmentation.value.forecast import Forecast
from crmlib.segmentation.value.groups import calibration_picture, draw_means, means_words
from crmlib.segmentation.value.holdout import MOST_FREQUENT, Judged, accuracy
from crmlib.segmentation.value.models import models_note, rules_of_thumb
from crmlib.segmentation.value.money import (
    SpendEachTime,
    independence,
    money_made,
    spend_each_time,
    whether_money_held,
)
from crmlib.segmentation.value.tracking import tracking_words
from crmlib.segmentation.value.worth import believed, draw_value
from crmlib.stats import Estimate
from crmlib.words.formats import NBSP

AS_OF = date(2026, 7, 20)
SPLIT = date(2026, 3, 2)
NOTHING = insufficient(needed="", found="", therefore="")
RIGHT = Estimate(1.01, 0.94, 1.08, 300)
TOO_LOW = Estimate(0.62, 0.56, 0.69, 300)
TOO_HIGH = Estimate(1.105, 1.046, 1.168, 300)


@pytest.fixture(scope="module")
def run(tmp_path_factory, simulated_lines, run_in):
    lines = simulated_lines[0]
    # customers differ in what they spend, whatever their frequency
    factor = lines.customer_id.substr(1).cast("int64") % 7 + 1
    varied = lines.mutate(amount=(lines.amount * factor).cast("decimal(18, 4)"))
    return run_in(tmp_path_factory.mktemp("varied"), varied, AS_OF)


@pytest.fixture(scope="module")
def found(run):
    return study(run)


@pytest.fixture(scope="module")
def forecast(found):
    return found.forecast


@pytest.fixture(scope="module")
def base(found):
    return found.base


def found_with(run, forecast, base):
    """Give a study that found this."""
    found = study(run)
    found.forecast, found.base = forecast, base
    return found


def said_of(forecast, run):
    return value_answer(forecast, run).replace(NBSP, " ")


def test_an_interval_that_nothing_refutes_is_said_with_what_it_holds(forecast, run):
    said = said_of(replace(forecast, money=RIGHT), run)
    assert said.startswith("Today's customers are expected to bring €")
    assert "in the next 52 weeks, before returns (€" in said
    assert said.endswith("by the uncertainty of the models' parameters alone).")


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (TOO_LOW, "Do not plan on it: for {span} the same method foresaw 38 % less than was spent (31 % to 44 %)."),
        (TOO_HIGH, "That may be too much: for {span} the same method foresaw 10 % more than was spent (5 % to 17 %)."),
        (
            Estimate(0.93, 0.88, 0.98, 300),
            "That may be too little: for {span} the same method foresaw 7.0 % less than was spent (2.0 % to 12.0 %).",
        ),
        (
            Estimate(1.5, 1.3, 1.7, 300),
            "Do not plan on it: for {span} the same method foresaw 50 % more than was spent (30 % to 70 %).",
        ),
    ],
)
def test_where_the_held_out_time_refutes_the_values_that_is_said_instead_of_an_interval(forecast, run, money, words):
    said = said_of(replace(forecast, money=money), run)
    first = f"{forecast.judged.split.day} {forecast.judged.split:%b}"
    assert said.endswith(f" weeks, before returns. {words.format(span=f'{first} to 19 Jul 2026')}")
    assert "parameters" not in said


def test_what_cannot_be_told_from_right_is_not_held_against_the_values(forecast, run):
    assert said_of(replace(forecast, money=Estimate(1.4, 0.8, 2.2, 40)), run).endswith("parameters alone).")
    assert said_of(replace(forecast, money=Estimate.unknown(40)), run).endswith("parameters alone).")


def test_a_refuted_interval_is_in_no_headline_sentence_table_or_picture(forecast, base, run):
    off = replace(forecast, money=TOO_LOW)
    named = {each.measure.code: each for each in value_headlines(off, run)}
    assert not named["value_ahead"].value.has_interval
    assert named["value_held_out"].value == TOO_LOW
    shown = show_value(found_with(run, off, base), run)
    assert "lines are 95" not in shown.html
    assert "No interval of the money is given: what was spent in the held-out time lies outside" in shown.html
    kept = show_value(found_with(run, replace(forecast, money=RIGHT), base), run)
    assert "; lines are 95 % intervals." in kept.html.replace(NBSP, " ")
    for each, ranges in ((shown, False), (kept, True)):
        champions = next(line for line in each.text.splitlines() if line.startswith("Champions | "))
        share, money = champions.split(" | ")[1:3]
        # the share of all value has none in either case
        assert "to" not in share
        assert (" to €" in money) == ranges


def test_purchases_that_are_off_take_the_range_of_the_churn_risk(forecast, base, run, monkeypatch):
    monkeypatch.setattr(Judged, "ratio", TOO_LOW)
    off = replace(forecast, money=RIGHT, judged=replace(forecast.judged))
    shown = show_value(found_with(run, off, base), run)
    words = "The share without a purchase has no range: the purchases made in the held-out time lie outside the model"
    assert words in shown.html
    frame = pd.DataFrame({f"{name}_{end}": [1.0] for name in ("value", "churn_risk") for end in ("low", "high")})
    left = believed(frame, off)
    assert left["value_low"].notna().all()
    assert left["churn_risk_low"].isna().all()


def test_segments_without_customers_are_in_neither_table_nor_picture(forecast, base, run):
    one, other = base.now["segment"].value_counts().index[:2]
    fewer = base.now.assign(segment=base.now["segment"].mask(base.now["segment"] == other, one))
    shown = show_value(found_with(run, forecast, replace(base, now=fewer)), run)
    assert segment_label(one) in shown.html
    assert segment_label(other) not in shown.html
    assert "not observed" not in shown.text


def test_a_segment_that_one_customer_rules_is_neither_drawn_nor_said(forecast, base, run):
    customers = forecast.valued.customers
    champion = base.now.loc[base.now["segment"] == "champions", "customer_id"].iloc[0]
    rich = customers["lifetime_value"].mask(customers["customer_id"] == champion, 1e9)
    valued = replace(forecast.valued, customers=customers.assign(lifetime_value=rich))
    shown = show_value(found_with(run, replace(forecast, valued=valued), base), run)
    assert "Champions €" not in shown.text
    assert not shown.text.startswith("Figure: Champions")


@pytest.mark.parametrize(
    ("values", "title", "written"),
    [
        ([1_301_234.0, 156_128.0, 67_512.0], "Value ahead of all, thousands of CNY", ["1,301", "156", "68"]),
        ([1_041.6, 411.2, 44.4], "Value ahead of all, CNY", ["1,042", "411", "44"]),
        ([812.0, 9.1], "Value ahead of all, CNY", ["812.0", "9.1"]),
        ([3.2e9, 5.1e7, np.nan], "Value ahead of all, millions of CNY", ["3,200", "51", "too few"]),
    ],
)
def test_all_numbers_of_a_panel_have_one_unit(saying, values, title, written):
    columns = {f"{name}{end}": values for name in ("value", "value_each") for end in ("", "_low", "_high")}
    axes = Figure().subplots(1, 2)
    run = SimpleNamespace(say=saying.say, params=SimpleNamespace(currency="CNY"))
    frame = pd.DataFrame({"segment": ["champions", "promising", "hibernating"][: len(values)], **columns})
    draw_value(axes, frame, run)
    assert axes[0].get_title() == title
    assert [text.get_text() for text in axes[0].texts] == written


def means_of(*rows):
    return pd.DataFrame(rows, columns=["frequency", "customers", "expected", "actual", "low", "high"])


FEW = (3, 9, 1.0, 1.0, np.nan, np.nan)


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (
            [(0, 400, 0.2, 0.2, 0.1, 0.3), (1, 80, 0.9, 1.0, 0.8, 1.2), (7, 100, 4.4, 4.0, 3.7, 4.3)],
            "The most frequent buyers (7 or more, 71 % of purchases) were overrated by 10 %; the other 2 groups agree",
        ),
        (
            [(0, 400, 0.1, 0.2, 0.15, 0.3), (1, 80, 1.0, 1.0, 0.8, 1.2)],
            "Customers without a repeat purchase (50 % of purchases) were underrated by 50 %; the other group agrees",
        ),
        (
            [(1, 80, 1.5, 1.0, 0.8, 1.2), (2, 80, 3.0, 3.0, 2.8, 3.2)],
            "Customers with one repeat purchase (25 % of purchases) were overrated by 50 %; the other group agrees",
        ),
        (
            [(2, 80, 1.5, 1.0, 0.8, 1.2), FEW],
            "Customers with 2 repeat purchases (90 % of purchases) were overrated by 50 %",
        ),
        (
            [(0, 50, 0.1, 0.2, 0.15, 0.3), (1, 50, 0.5, 1.0, 0.8, 1.2), (2, 50, 2.0, 2.0, 1.8, 2.2)],
            "All groups but one bought more than expected",
        ),
        (
            [(0, 50, 0.4, 0.2, 0.15, 0.3), (1, 50, 1.5, 1.0, 0.8, 1.2), FEW],
            "All groups bought less than expected",
        ),
        (
            [(n, 50, 1.0, 1.0 if n > 1 else 2.0, 0.8 if n > 1 else 1.5, 3.0) for n in range(5)],
            "2 of 5 groups, with 57 % of the purchases, bought more than expected",
        ),
        (
            [(0, 50, 0.4, 0.2, 0.15, 0.3), (1, 50, 0.5, 1.0, 0.8, 1.2), (2, 50, 2.0, 2.0, 1.8, 2.2)],
            "Of 3 groups 1 bought more than expected and 1 less",
        ),
        (
            [(0, 50, 0.2, 0.2, 0.15, 0.3), (1, 50, 1.0, 1.0, 0.8, 1.2)],
            "In all 2 groups the expectation lies within the error of what was made",
        ),
        (
            [(0, 50, 0.2, 0.2, 0.15, 0.3), FEW],
            "In the one group that can be told the expectation lies within the error of what was made",
        ),
        ([FEW], "The groups are too small to hold the expectation against what was made"),
    ],
)
def test_the_title_says_which_groups_the_model_got_wrong(forecast, run, rows, title):
    assert means_words(means_of(*rows), forecast.judged, run)["title"].replace(NBSP, " ") == title


def test_what_limits_the_means_is_said_where_it_is_so(forecast, run):
    told = (0, 400, 0.2, 0.2, 0.1, 0.3)
    alike = (1, 40, 0.2, 0.0, np.nan, np.nan)
    judged = forecast.judged

    def limits(*rows):
        return means_words(means_of(*rows), judged, run)["limits"].replace(NBSP, " ")

    season = f"One held-out time of {round(judged.held.horizon)} weeks: a season in it moves all groups together."
    assert limits(told) == season
    assert limits(told, FEW) == f"{season} Below 30 customers there is no interval."
    assert limits(told, alike) == f"{season} Where all did the same there is no interval."


def test_the_alt_text_has_the_numbers_of_the_group_that_bought_most(forecast, run):
    means = forecast.judged.by_frequency
    alt = means_words(means, forecast.judged, run)["alt"]
    told = means[means["low"].notna()]
    row = told.loc[(told["actual"] * told["customers"]).idxmax()]
    assert f"{row['actual']:.2f} made, {row['expected']:.2f} expected." in alt


def test_tenths_of_few_customers_are_neither_drawn_nor_said(forecast, run, monkeypatch):
    curve = forecast.judged.calibration
    one = int((curve["observed"] - curve["expected"]).abs().idxmax())
    fewer = curve.assign(customers=curve["customers"].mask(curve.index == one, 9))
    monkeypatch.setattr(Judged, "calibration", fewer)
    shown = calibration_picture(replace(forecast.judged), run)
    assert f" of {len(curve) - 1} groups as many bought as the probabilities said" in shown.text
    assert f"{curve.loc[one, 'observed']:.0%} against {curve.loc[one, 'expected']:.0%}".replace("%", " %") not in (
        shown.text.replace(NBSP, " ")
    )
    monkeypatch.setattr(Judged, "calibration", curve.assign(customers=9))
    assert calibration_picture(replace(forecast.judged), run).kind == "insufficient"


def test_each_group_says_how_many_are_in_it(saying):
    axes = Figure().subplots()
    frame = means_of((0, 1120, 0.7, 0.75, 0.66, 0.87), (1, np.nan, np.nan, np.nan, np.nan, np.nan))
    frame = pd.concat([frame, means_of((MOST_FREQUENT, 1055, 4.0, 3.7, 3.4, 4.0))])
    draw_means(axes, frame, saying)
    labels = [text.get_text() for text in axes.get_xticklabels()]
    assert labels == ["0\nn = 1,120", "1", *(f"{n}" for n in range(2, MOST_FREQUENT)), "7 or more\nn = 1,055"]


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (TOO_HIGH, "In money the models foresaw 110.5 % (104.6 % to 116.8 %) of what the same customers spent in the"),
        (TOO_HIGH, ": over such a time values were too high."),
        (TOO_LOW, ": over such a time values were too low."),
        (RIGHT, ": that is about right."),
        (Estimate(1.3, 0.6, 2.0, 40), "; whether that is right cannot be told."),
        (Estimate.unknown(40), "Whether the values hold in money cannot be told from the held-out time."),
    ],
)
def test_the_money_of_the_held_out_time_is_said_with_its_span(forecast, run, money, words):
    said = whether_money_held(replace(forecast, money=money), run).replace(NBSP, " ")
    assert words in said
    if money.is_known:
        weeks = round(forecast.judged.held.horizon)
        assert "to 19 Jul 2026), before returns" in said
        assert said.endswith(
            f"The held-out time is {weeks} weeks long, the value ahead 52: a season in it weighs more."
        )


def test_a_held_out_time_as_long_as_the_horizon_is_not_called_short(forecast, run):
    held = replace(forecast.judged.held, horizon=60.0)
    long = replace(forecast, money=RIGHT, judged=replace(forecast.judged, held=held))
    assert whether_money_held(long, run).endswith("about right.")


def test_the_section_begins_with_money_and_the_rule_of_thumb(found, forecast, run):
    shown = show_tracking(found, run)
    text = shown.text
    compared = accuracy(forecast.judged, np.random.default_rng(run.params.segmentation.seed))
    rule = rules_of_thumb(compared, forecast.judged, run).replace(NBSP, " ")
    money = whether_money_held(forecast, run).replace(NBSP, " ")
    assert text.replace(NBSP, " ").startswith(money)
    assert text.index(rule) < text.index("held-out purchases")
    # said once on the page
    assert rule not in show_models(found, run).text
    assert "In money" not in show_models(found, run).text


def test_the_chosen_model_is_marked_and_called_alike_everywhere(forecast, base, run):
    judged = replace(forecast.judged, chosen="MBG/CNBD-k")
    model = judged.models["MBG/CNBD-k"]
    assert isinstance(model, ModifiedBetaGeoCNBD)
    name = f"MBG/CNBD-{model.k}"
    text = show_models(found_with(run, replace(forecast, judged=judged), base), run).text
    row = next(line for line in text.splitlines() if line.startswith(f"{name} (chosen) | "))
    assert row.split(" | ")[2] == "–"
    assert "Log score" not in text
    assert "log_score" in run.frame("forecast_accuracy")
    frame = pd.DataFrame({"ends": pd.to_datetime(["2026-07-19"])})
    compared = accuracy(judged, np.random.default_rng(1))
    means = judged.by_frequency
    said = [models_note(compared, judged, run), rules_of_thumb(compared, judged, run),
            *tracking_words(frame, judged, run).values(), *means_words(means, judged, run).values(), text]  # fmt: skip
    assert not any("-k" in each for each in said)
    assert any(name in each for each in said[:2])


def test_the_value_is_told_by_the_name_of_the_model_as_fitted(forecast, base, run):
    model = ModifiedBetaGeoCNBD(k=3, r=0.7, alpha=4.0, a=0.5, b=3.0)
    regular = replace(forecast, valued=replace(forecast.valued, name="MBG/CNBD-k", purchase_model=model))
    assert "Expected purchases (MBG/CNBD-3)" in show_value(found_with(run, regular, base), run).html
    named = {each.measure.code: each for each in value_headlines(regular, run)}
    assert "(MBG/CNBD-3 and Gamma-Gamma)" in named["value_ahead"].definition


GROUPS = (Estimate(1.02, 0.94, 1.11, 300), Estimate(1.01, 0.99, 1.03, 900))
EVEN = SpendEachTime(*GROUPS, Estimate(1.01, 0.93, 1.1, 1200))
RARE_TOO_LOW = SpendEachTime(*GROUPS, Estimate(0.8, 0.74, 0.86, 1200))
RARE_TOO_HIGH = SpendEachTime(*GROUPS, Estimate(1.2, 1.1, 1.3, 1200))


@pytest.mark.parametrize(
    ("correlation", "each", "words"),
    [
        (Estimate(0.05, 0.01, 0.09, 900), EVEN, "Here that is near enough (rank correlation 0.05, 0.01 to 0.09)."),
        (
            Estimate(0.08, -0.15, 0.31, 60),
            EVEN,
            "These data cannot settle that (rank correlation 0.08, −0.15 to 0.31).",
        ),
        (Estimate.unknown(3), EVEN, "Whether that is so cannot be tested here."),
        (
            Estimate(-0.2, -0.23, -0.17, 900),
            EVEN,
            (
                "Here frequent buyers spend less each time (rank correlation −0.20, −0.23 to −0.17). In the held-out "
                "time it foresaw 102 % (94 % to 111 %) of what customers seen once or twice spent each time, and 101 % "
                "(99 % to 103 %) of what the others did: that the values of such customers are further off than the "
                "others' is not shown."
            ),
        ),
        (Estimate(-0.2, -0.23, -0.17, 900), RARE_TOO_LOW, "those of such customers are rather too low."),
        (Estimate(0.25, 0.2, 0.3, 900), RARE_TOO_HIGH, "those of such customers are rather too high."),
        (Estimate(0.25, 0.2, 0.3, 900), RARE_TOO_HIGH, "Here frequent buyers spend more each time (rank"),
        (
            Estimate(0.25, 0.2, 0.3, 900),
            SpendEachTime(),
            "Least sure are the values of customers seen once or twice, who are drawn towards the mean of all.",
        ),
    ],
)
def test_the_sentence_says_what_the_spend_model_assumes_and_what_came_of_it(saying, correlation, each, words):
    said = independence(correlation, each, saying).replace(NBSP, " ")
    assert said.startswith("The spend model assumes that how often customers come says nothing about how much they")
    assert words in said
    # where the two hardly go together, nothing can have come of it
    assert ("held-out" in said) <= (abs(correlation.value) > 0.1)


def shop_where(rare_spend, often_spend, rng):
    """Simulate a held-out time of customers seen twice and often, who spend each time as said."""
    often = np.arange(400) % 2 == 1
    frequency = np.where(often, 12, 1)
    mean = np.where(often, often_spend, rare_spend)
    index = pd.Index([f"k{n:05d}" for n in range(400)], name="customer_id")
    spent = [rng.gamma(4, own / 4, times).mean() for own, times in zip(mean, frequency, strict=True)]
    summary = pd.DataFrame({"frequency": frequency, "recency": 20.0, "T": 30.0, "monetary_value": spent}, index=index)
    made = pd.Series(2, index=index)
    held = Holdout(summary=summary, actual=made, horizon=20.0)
    money = pd.Series([rng.gamma(4, own / 4, 2).sum() for own in mean], index=index)
    return Judged("x", None, SPLIT, held, {"x": made}, {}), money


@pytest.mark.parametrize(("rare", "often", "side"), [(150.0, 80.0, -1), (80.0, 150.0, 1), (100.0, 100.0, 0)])
def test_rare_customers_who_spend_otherwise_than_frequent_ones_are_found(monkeypatch, rare, often, side):
    judged, money = shop_where(rare, often, np.random.default_rng(6))
    monkeypatch.setattr("crmlib.segmentation.value.money.money_made", lambda *_args: money)
    each = spend_each_time(judged, None, AS_OF)
    apart = each.apart
    assert (each.rare.n, each.others.n, apart.n) == (200, 200, 400)
    assert apart.value == pytest.approx(each.rare.value / each.others.value)
    assert np.sign(apart.low - 1) + np.sign(apart.high - 1) == 2 * side


def test_spend_that_carries_no_model_leaves_single_purchases_unknown(monkeypatch):
    judged, money = shop_where(50.0, 50.0, np.random.default_rng(6))
    summary = judged.held.summary.assign(monetary_value=50.0)
    monkeypatch.setattr("crmlib.segmentation.value.money.money_made", lambda *_args: money)
    flat = replace(judged, held=replace(judged.held, summary=summary))
    assert spend_each_time(flat, None, AS_OF) == SpendEachTime()


def test_the_forecast_carries_single_purchases_of_everybody_who_bought(forecast):
    bought = int((forecast.judged.held.actual > 0).sum())
    each = forecast.each_time
    assert each.rare.n + each.others.n == bought
    assert each.apart.value == pytest.approx(each.rare.value / each.others.value)


def test_the_luck_of_both_and_the_parameters_of_one_model_add_up(forecast, run):
    judged, lines = forecast.judged, run.table("transactions")
    customers, times = judged.held.summary, judged.held.actual.to_numpy("float64")
    spend = GammaGamma.fit(customers)
    foreseen, swings = (
        spend.expected_spend(customers).to_numpy() * times,
        spend_swings(customers, spend) * times[:, None],
    )
    made = money_made(customers.index, lines, judged.split, AS_OF).to_numpy()
    rare = (customers["frequency"] <= 1).to_numpy()
    groups = [rows & (times > 0) for rows in (rare, ~rare)]
    luck = [foreseen_of_made(foreseen[rows], made[rows], swings[rows][:, :0]) for rows in groups]
    moved = np.subtract(*(swings[rows].sum(axis=0) / foreseen[rows].sum() for rows in groups))
    reach = np.sqrt(sum(np.log(each.high / each.value) ** 2 for each in luck) + 1.96**2 * (moved**2).sum())
    apart = spend_each_time(judged, lines, AS_OF).apart
    assert np.log(apart.high / apart.value) == pytest.approx(reach)
    assert forecast.each_time.apart == apart
    assert swings.shape[1] > 0


def test_without_a_judgement_the_models_say_only_what_they_assume(forecast, base, run):
    unjudged = Forecast(None, None, Estimate.unknown(), forecast.valued, None, NOTHING, NOTHING)
    said = show_models(found_with(run, unjudged, base), run).text
    assert "The spend model assumes" in said
    assert "rule of thumb" not in said
    assert said_of(unjudged, run).endswith("parameters alone).")


def test_every_part_shows_on_a_small_run(found, run):
    shown = {part.__name__: part(found, run) for part in PARTS}
    assert {name: each.kind for name, each in shown.items()} == dict.fromkeys(shown, "group")
    assert all(each.data and each.words for each in shown.values())


def test_the_value_ahead_is_one_number_in_answer_tile_and_results(found, run):
    tile = show_headlines(value_headlines(found.forecast, run), run, CHAPTER)
    recorded = {each.name: each for each in run.results(CHAPTER)}
    told = run.say("{x:money}", x=recorded["value_ahead"].value)
    answer = show_answer(found, run).text
    assert f"Value ahead: {told.replace(NBSP, ' ')}" in tile.text
    assert f"are expected to bring {told}" in answer
    assert f"Value ahead: {told.replace(NBSP, ' ')}" in answer
    ratio = run.say("{x:share:point}", x=recorded["value_held_out"].value).replace(NBSP, " ")
    assert f"Money foreseen of that spent: {ratio}" in tile.text
    assert f"In money the models foresaw {ratio} (" in show_tracking(found, run).text.replace(NBSP, " ")
