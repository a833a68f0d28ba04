"""The strip: each figure with its interval, its change, its small line, and past the gate."""

from datetime import date
from decimal import Decimal
from math import nan
from types import SimpleNamespace

import pytest

from crmlib.measures import Measure
from crmlib.reporting import record_headlines, strip
from crmlib.reporting.headlines import sparkline
from crmlib.stats import Estimate
from crmlib.stats.intervals import proportion


def headline(label, value, unit="number", previous=None, *, definition="", **known):
    measure = Measure(code="x", title=label, unit=unit, meaning=definition)
    return measure.headline(value, previous=previous, **known)


def line(run, *args, **more):
    return strip([headline(*args, **more)], run).text


@pytest.mark.parametrize(
    ("indicator", "text"),
    [
        (("Revenue", Decimal("8911407.90"), "money", Decimal(8_500_000)), "Revenue: ¥8.91 M, +4.8 % on Sep 2026"),
        (("Orders", 7, "count", 8), "Orders: 7, −12.5 % on Sep 2026"),
        (("NPS", Estimate(45, 29.3, 58.0, n=103), "points", 15), "NPS: 45, 29 to 58, n = 105, +30 points on Sep 2026"),
        (
            ("NPS", Estimate(45, 29.3, 58.0, n=103), "points", 41),
            "NPS: 45, 29 to 58, n = 105, no clear change on Sep 2026",
        ),
        (("Risk", 0.412, "share", 0.398), "Risk: 41.2 %, +1.4 points on Sep 2026"),
        (("Gap", 30.0, "days", 32.0), "Gap: 30 days, −2 days on Sep 2026"),
        (("Same", 0.4, "share", 0.4001), "Same: 40.0 %, as in Sep 2026"),
        (("From nothing", 5, "count", 0), "From nothing: 5"),
        (("Revenue", 200.0, "money", -100.0), "Revenue: ¥200.00, +¥300.00 on Sep 2026"),
        (("Revenue", -100.0, "money", 200.0), "Revenue: −¥100.00, −¥300.00 on Sep 2026"),
        (("Revenue", 5.0, "money", 0.0), "Revenue: ¥5.00, +¥5.00 on Sep 2026"),
        (("No answer", None, "points"), "No answer: not observed"),
        (("No answer", Estimate.unknown(), "points"), "No answer: not observed"),
    ],
)
def test_what_a_figure_says(run, indicator, text):
    assert line(run, *indicator) == text


def test_people_are_rounded_and_their_change_comes_from_what_is_shown(run):
    assert line(run, "Customers", 2_843, "people", previous=2_787) == "Customers: 2,845, +2.2 % on Sep 2026"


@pytest.mark.parametrize(
    "few",
    [
        {"value": 9, "unit": "people"},
        {"value": Estimate(0.3, 0.1, 0.6, n=9), "unit": "share"},
        {"value": 1_000.0, "unit": "money", "people": 9},
    ],
)
def test_too_few_people_are_not_shown(run, few):
    shown = strip([headline("Few", **few, previous=12, history=[1, 2])], run)
    assert shown.text == "Few: too few to show"
    assert "title=" not in shown.html
    assert "<svg" not in shown.html


def test_a_share_of_people_and_its_change_come_from_rounded_counts(run):
    shown = strip([headline("Again", proportion(616, 1361), "share", proportion(394, 798))], run)
    assert shown.text == "Again: 45.2 %, 42.6 % to 47.9 %, n = 1,360, down 3.5 to 4.8 points on Sep 2026"
    assert 'title="45.22' in shown.html
    assert line(run, "Again", proportion(8, 400), "share") == "Again: too few to show"


def test_what_n_counts_is_said_where_it_is_not_simply_customers(run):
    value = Estimate(995.2, 880.1, 1_110.4, n=1_631)
    said = line(run, "Order value", value, "money", counted="customers and anonymous orders")
    assert said == "Order value: ¥995, ¥880 to ¥1,110, n = 1,630 customers and anonymous orders"


def test_a_previous_value_of_too_few_people_gives_no_change(run):
    assert line(run, "Customers", 40, "people", previous=8) == "Customers: 40"


@pytest.mark.parametrize(("before", "change"), [(9, ""), (10, ", +50.0 % on Sep 2026")])
def test_money_of_too_few_people_before_gives_no_change(run, before, change):
    said = line(run, "Revenue", 300.0, "money", previous=200.0, people=40, previous_people=before)
    assert said == f"Revenue: ¥300.00{change}"


@pytest.mark.parametrize(("before", "change"), [(200.0, "+50.0 % on a month earlier"), (300.0, "as a month earlier")])
def test_in_mid_month_a_change_is_told_against_a_month_earlier(run, before, change):
    later = SimpleNamespace(params=run.params, rules=run.rules, as_of=date(2026, 11, 15))
    assert line(later, "Revenue", 300.0, "money", previous=before) == f"Revenue: ¥300.00, {change}"


def test_months_of_few_people_leave_a_gap_in_the_small_line_of_money(run):
    history = [Estimate(value, nan, nan, n) for value, n in ((20.0, 30), (900.0, 3), (30.0, 30), (40.0, 30))]
    shown = strip([headline("Revenue", 40.0, "money", people=30, history=history)], run)
    assert shown.html.count("M") == 2  # the pen is lifted once


def test_small_numbers_of_people_leave_a_gap_in_the_small_line(run):
    shown = strip([headline("Customers", 40, "people", history=[20, 8, 30, 40])], run)
    assert shown.html.count("M") == 2  # the pen is lifted once


def test_definitions_stand_under_the_strip(run):
    shown = strip([headline("NPS", 45, "points", definition="Promoters less <detractors>.")], run)
    assert "<b>NPS</b>: Promoters less &lt;detractors&gt;." in shown.html


@pytest.mark.parametrize("many", [0, 9])
def test_a_strip_shows_one_to_eight_figures(run, many):
    with pytest.raises(ValueError, match="one to 8"):
        strip([headline("x", 1)] * many, run)


@pytest.mark.parametrize("values", [[], [1], [None, None], [float("nan"), 2]])
def test_fewer_than_two_points_are_no_line(values):
    assert sparkline(values) == ""


def test_a_flat_series_is_a_flat_line():
    assert 'd="M3 21L48 21L93 21"' in sparkline([5, 5, 5])


def test_the_dot_is_on_the_last_period_or_nowhere():
    assert "<circle" in sparkline([1, 2])
    assert "<circle" not in sparkline([1, 2, None])


def test_headlines_told_elsewhere_than_in_the_strip_are_recorded():
    kept = []
    writes = SimpleNamespace(record=lambda *place, **what: kept.append((*place, what)))
    measure = Measure(code="effect", title="Effect", unit="share", meaning="What contact changed")
    record_headlines([measure.headline(0.2, people=40)], writes, "05_actions")
    (chapter, code, value, what), *_ = kept
    assert (chapter, code, value, len(kept)) == ("05_actions", "effect", 0.2, 1)
    assert (what["unit"], what["people"], what["label"]) == ("share", 40, "Effect")


def test_what_is_not_known_is_recorded_as_not_observed_and_not_as_hidden():
    kept = []
    writes = SimpleNamespace(record=lambda _chapter, _code, value, **_what: kept.append(value))
    measure = Measure(code="effect", title="Effect", unit="share", meaning="What contact changed")
    record_headlines([measure.headline(Estimate.unknown())], writes, "05_actions")
    assert kept == [None]
