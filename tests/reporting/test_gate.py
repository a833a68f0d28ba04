"""The gate as a type: declared once, hidden for good, made by nobody else."""

import numpy as np
import pandas as pd
import pytest

from crmlib.privacy.disclosure import Disclosed
from crmlib.reporting import Gated, each, estimate, exact, figure, gate, label, part, people, rate, table
from crmlib.reporting.figures import bars
from crmlib.stats import Estimate
from crmlib.words.saying import Speaker


@pytest.fixture
def segments():
    return pd.DataFrame(
        {
            "segment": ["best", "new", "lost", "one_rich"],
            "customers": [213, 48, 4, 60],
            "buyers": [101, 20, 2, 30],
            "spend": [9e4, 2e3, 90.0, 5e4],
            "largest": [0.1, 0.2, 0.9, 0.8],
            "risk": [0.2, 0.5, 0.9, 0.4],
            "risk_low": [0.15, 0.4, 0.8, 0.3],
            "risk_high": [0.25, 0.6, 1.0, 0.5],
        }
    )


@pytest.fixture
def gated(segments, run):
    return gate(
        segments, run,
        label("segment", "Segment", "name"),
        people("customers", "Customers"),
        people("buyers", "Buyers"),
        exact("spend", "Spend", "money", of="customers", largest="largest"),
        estimate("risk", "Risk", of="customers"),
        part("share", "Share", of="customers"),
        rate("bought", "Bought again", per=("buyers", "customers")),
        each("spend_each", "Spend each", per=("spend", "customers")),
    )  # fmt: skip


def test_every_column_is_treated_as_it_was_declared(gated):
    frame = gated.frame.set_index("segment")
    assert frame.loc["best", "customers"] == 215
    assert frame.loc["best", "bought"] == pytest.approx(100 / 215)
    assert frame.loc["best", "spend_each"] == pytest.approx(9e4 / 215)
    assert frame.loc["lost"].isna().all()
    assert pd.isna(frame.loc["one_rich", "spend"])
    assert pd.isna(frame.loc["one_rich", "spend_each"])
    assert frame.loc["one_rich", "risk"] == 0.4
    assert "largest" not in frame


def test_what_few_did_is_hidden_with_them_however_much_it_is(run):
    rows = pd.DataFrame({"place": ["a", "b", "c"], "customers": [40, 8, 30], "answers": [62, 23, 4]})
    shown = gate(rows, run, label("place", "Place"), people("customers"), people("answers", of="customers"))
    assert shown.hidden["answers"].tolist() == [False, True, True]
    assert shown.frame["answers"].iloc[0] == 60
    alone = gate(rows, run, label("place", "Place"), people("customers"), people("answers"))
    assert alone.frame["answers"].iloc[1] == 25


def test_a_table_shows_the_columns_with_a_heading_and_their_intervals(gated):
    said = gated.table("Segments").text
    assert said.splitlines()[1] == "Segment | Customers | Buyers | Spend | Risk | Share | Bought again | Spend each"
    assert "20.0 % (15.0 % to 25.0 %)" in said.splitlines()[2]
    assert said.splitlines()[4] == "Lost | hidden | hidden | hidden | hidden | hidden | hidden | hidden"
    only = gated.only("segment", "risk").table("Segments of {month}", month="May").text.splitlines()
    assert only[0] == "Segments of May"
    assert only[1] == "Segment | Risk"


def test_nobody_else_makes_one(gated):
    passed = Disclosed(gated.frame, gated.hidden)
    with pytest.raises(TypeError, match="gate\\(frame, run, …\\) alone"):
        Gated(passed, gated.columns, "GBP", object())
    with pytest.raises(TypeError, match="went through the gate"):
        table(gated.frame, "Segments")
    with pytest.raises(TypeError, match="went through the gate"):
        figure(lambda _axes, _frame: None, gated.frame, title="a", alt="a", read="a", limits="a", source="a")


def test_money_of_people_needs_the_largest_part_or_a_reason(segments, run):
    names = segments[["segment", "customers", "spend"]]
    with pytest.raises(ValueError, match="money that rests on people: spend"):
        gate(names, run, label("segment"), people("customers"), exact("spend", kind="money", of="customers"))
    passed = gate(
        names, run, label("segment"), people("customers"),
        exact("spend", kind="money", of="customers", exempt="a test"),
    )  # fmt: skip
    assert passed.frame["spend"].notna().sum() == 3


def test_what_is_not_declared_does_not_pass(segments, run):
    with pytest.raises(ValueError, match="not declared"):
        gate(segments, run, label("segment"), people("customers"))


@pytest.mark.parametrize(
    "turn",
    [
        lambda g: g.rows(lambda f: f["segment"] != "new"),
        lambda g: g.rows([3, 2, 0]),
        lambda g: g.rows(slice(0, 3)),
        lambda g: g.ordered("customers", descending=True),
        lambda g: g.only("segment", "customers"),
        lambda g: g.headed(customers="Those who buy"),
        lambda g: g.worded("segment", str.upper),
        lambda g: g.beside(label("note", "Note"), lambda row: str(row["segment"])),
    ],
)
def test_what_is_turned_stays_hidden(gated, turn):
    turned = turn(gated)
    assert isinstance(turned, Gated)
    lost = turned.frame["segment"].str.lower() == "lost"
    assert lost.any()
    assert turned.frame.loc[lost, ["customers", "spend"]].isna().all(axis=None)
    assert turned.hidden.loc[lost.to_numpy(), ["customers", "spend"]].all(axis=None)
    assert "hidden" in turned.table("Segments").text


def test_a_list_in_words_says_no_more_than_a_table(gated):
    said = gated.listing("{segment}: {customers}, {spend}")
    assert said.replace("\u00a0", " ").startswith("Best: 215, ¥90,000; New: 50, ¥2,000; Lost: hidden, hidden; One rich")
    assert gated.cell(2, "risk") == "hidden"


def test_a_number_cannot_be_put_into_other_words(gated):
    with pytest.raises(ValueError, match="not a label"):
        gated.worded("customers", str)


def test_what_is_shown_tells_its_frames(gated):
    shown = gated.table("Segments")
    assert shown.data["table"] is gated
    drawn = figure(
        lambda axes, f: bars(axes, f, label="segment", value="risk", unit="Risk"), gated,
        title="Risk differs", alt="Bars.", read="Each bar is a segment.", limits="None.", source="Sales.",
    )  # fmt: skip
    assert drawn.data["figure"] is gated
    assert drawn.words[0] == "Risk differs"


def test_where_a_row_counts_people_its_number_is_one_of_people(run):
    rows = pd.DataFrame({
        "table": ["sales", "members", "members", "members", "stores"], "lines": [1_234, 1_238, 7, 0, 4],
        "of_people": [False, True, True, True, False],
    })  # fmt: skip
    gated = gate(rows, run, label("table", "Table"), exact("lines", "Lines", people_where="of_people"))
    assert gated.frame.columns.tolist() == ["table", "lines"]
    assert gated.frame["lines"].fillna(-1).tolist() == [1_234, 1_240, -1, 0, 4]
    assert gated.hidden["lines"].tolist() == [False, False, True, False, False]
    shown = gated.table("Lines").text.splitlines()[2:]
    assert shown == ["sales | 1,234", "members | 1,240", "members | hidden", "members | 0", "stores | 4"]


def test_without_a_run_a_speaker_says_the_same(run):
    speaker = Speaker(run.rules, run.params.currency)
    assert speaker("{n:people} and {sum:money}", n=7, sum=12) == speaker.say(
        "{n:people} and {sum:money}", {"n": 7, "sum": 12}
    )


@pytest.fixture
def spend_with_ends(run):
    frame = pd.DataFrame({
        "segment": ["best", "one_rich"], "customers": [100, 60], "spend": [9e4, 5e4], "spend_low": [8e4, 4e4],
        "spend_high": [1e5, 6e4], "largest": [0.1, 0.8],
    })  # fmt: skip
    return gate(
        frame, run, label("segment", "Segment", "name"), people("customers"),
        estimate("spend", kind="money", of="customers", largest="largest"),
        each("spend_each", "Spend each", per=("spend", "customers"), interval=True),
    )  # fmt: skip


def test_the_ends_of_an_interval_are_hidden_with_what_one_person_rules(spend_with_ends):
    ends = [f"{name}{end}" for name in ("spend", "spend_each") for end in ("", "_low", "_high")]
    assert spend_with_ends.frame.loc[1, ends].isna().all()
    assert spend_with_ends.frame.loc[0, ends].tolist() == [9e4, 8e4, 1e5, 900, 800, 1000]
    assert spend_with_ends.hidden.loc[1, ends].all()


def test_each_of_a_total_has_the_interval_of_the_total(spend_with_ends):
    shown = spend_with_ends.table("Spend")
    assert "¥900.00 (¥800.00 to ¥1,000.00)" in shown.text
    assert "Ranges are 95" in shown.html


def test_an_interval_that_no_row_has_is_not_told_of(segments, run):
    blank = segments[["segment", "customers", "risk", "risk_low", "risk_high"]].assign(risk_low=None, risk_high=None)
    shown = gate(blank, run, label("segment", "Segment"), people("customers"), estimate("risk", "Risk", of="customers"))
    assert "Ranges are" not in shown.table("Risk").html


def test_what_was_estimated_from_things_has_its_interval_in_the_same_cell(run):
    prices = pd.DataFrame({"category": ["tea"], "slope": [-1.5], "low": [-1.7], "high": [-1.3]})
    gated = gate(
        prices, run, label("category", "Category"),
        exact("slope", "Slope", "number", low="low", high="high", decimals=1), exact("low"), exact("high"),
    )  # fmt: skip
    assert gated.table("Slopes").text.splitlines()[1:3] == ["Category | Slope", "tea | −1.5 (−1.7 to −1.3)"]


def test_a_table_on_its_side_has_a_row_a_figure_each_in_its_kind_and_hidden_where_it_was(gated):
    turned = gated.only("segment", "customers", "spend", "risk").turned(
        "segment", label("figure", "Figure"), {"best": "Best", "new": "New", "lost": "Lost", "one_rich": "One rich"},
        ranged=["best"],
    )  # fmt: skip
    assert isinstance(turned, Gated)
    said = turned.table("Segments")
    assert said.text.replace("\u00a0", " ").splitlines()[1:] == [
        "Figure | Best | New | Lost | One rich", "Customers | 215 | 50 | hidden | 60",
        "Spend | ¥90,000 | ¥2,000 | hidden | hidden", "Risk | 20.0 % (15.0 % to 25.0 %) | 50.0 % | hidden | 40.0 %",
    ]  # fmt: skip
    assert "Numbers of people are rounded to 5." in said.html
    without = gated.only("segment", "risk").turned("segment", label("figure", "Figure"), dict.fromkeys(
        ("best", "new", "lost", "one_rich"), "Risk")).table("Segments")  # fmt: skip
    assert "rounded" not in without.html


def test_rows_gated_apart_stand_under_one_another_hidden_as_they_were(gated, run):
    both = gated.above(gated.rows([2]))
    assert both.frame["segment"].tolist() == ["best", "new", "lost", "one_rich", "lost"]
    assert both.hidden["customers"].tolist() == [False, False, True, False, True]
    names = gate(pd.DataFrame({"segment": ["best"]}), run, label("segment"))
    with pytest.raises(ValueError, match="other columns"):
        gated.above(names)


def test_words_that_are_missing_are_hidden_like_what_they_are_made_of(gated):
    turned = gated.beside(label("note", "Note"), lambda row: None if pd.isna(row["risk"]) else "told", like="risk")
    lines = turned.only("segment", "note").table("Segments").text.splitlines()
    assert lines[2:] == ["Best | told", "New | told", "Lost | hidden", "One rich | told"]


@pytest.mark.parametrize(
    ("change", "words"), [(0.004, "+0.4 %"), (-0.15, "−15 %"), (0.09996, "+10 %"), (0.0, "0.0 %"), (-0.0004, "0.0 %")]
)
def test_a_change_has_its_sign_and_as_many_digits_as_it_needs(run, change, words):
    assert Speaker(run.rules, "GBP").say("{x:change}", {"x": change}).replace("\u00a0", " ") == words


@pytest.mark.parametrize(("change", "words"), [(0.214, "+21 %"), (-0.014, "−1 %"), (0.004, "0 %"), (-0.004, "0 %")])
def test_a_change_in_whole_per_cent(run, change, words):
    assert Speaker(run.rules, "GBP").say("{x:change0}", {"x": change}).replace("\u00a0", " ") == words


@pytest.mark.parametrize(("share", "words"), [(0.0999, "10 %"), (0.501, "50 %"), (0.087, "8.7 %"), (-0.2, "−20 %")])
def test_a_part_is_said_in_as_many_digits_as_it_needs(run, share, words):
    assert Speaker(run.rules, "GBP").say("{x:part}", {"x": share}).replace("\u00a0", " ") == words


@pytest.mark.parametrize("place", range(200))
def test_a_table_and_a_sentence_round_the_same_number(run, place):
    value, low, high = *sorted(np.random.default_rng(place).uniform(0.01, 0.99, 2))[::-1], 0.99951
    area = Estimate(value, low, high, n=3_001)
    frame = pd.DataFrame({"name": ["a"], "n": [3_001], "area": [value], "area_low": [low], "area_high": [high]})
    for decimals, kind in ((None, "share"), (0, "share0")):
        gated = gate(frame, run, label("name", "Name"), estimate("area", "Area", of="n", decimals=decimals))
        assert gated.cell(0, "area") == Speaker(run.rules, "GBP").say(f"{{x:{kind}}}", {"x": area})
