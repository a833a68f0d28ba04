"""The summary says what chapters recorded, and nothing it was not told."""

import json
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.privacy.proportions import disclosed, rounding_hides
from crmlib.privacy.rules import DisclosureRules
from crmlib.reporting import changes
from crmlib.results import Result
from crmlib.stats.intervals import proportion
from crmlib.summary import background, comparison, overview
from crmlib.summary.findings import Findings
from crmlib.workspace import MissingTableError, open_run

PARAMETERS = """\
series: shop
title: A shop
as_of: 2026-11-01
currency: GBP
sources:
  transactions: {path: lines.csv, columns: {ordered_at: When, amount: Paid}}
"""


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "params"
    folder.mkdir()
    (folder / "shop.yaml").write_text(PARAMETERS)
    return open_run(folder / "shop.yaml")


def result(chapter, name, value, **more):
    given = {"low": None, "high": None, "n": None, "unit": "number", "definition": "d", "period": "2026-10", **more}
    given.setdefault("label", name.replace("_", " ").capitalize())
    return Result(chapter=chapter, name=name, value=value, **given)


RECORDED = [
    result("02_segmentation", "net_revenue", 1_250_000.0, unit="money", previous=1_000_000.0),
    result("02_segmentation", "customers_who_bought", 1240.0, unit="people", n=1240),
    result("03_churn", "churn_rate", 0.5, low=0.45, high=0.55, n=500, unit="share", previous=0.42),
    result("05_actions", "customers_to_contact", 120.0, unit="people"),
]


def test_each_thing_is_said_with_its_number_and_change(run):
    said = [text.replace("\u00a0", " ") for text in overview.five_sentences(Findings(RECORDED, run))]
    assert said[0].startswith("Net revenue of October 2026 was £1.25 M, up 25.0 % on Sep 2026; 1,240 known")
    assert said[1].startswith("50.0 % (45.0 % to 55.0 %) of the active customers left, up 8.0 points on Sep 2026")
    assert said[2] == "120 customers are to be contacted."
    assert len(said) == 3  # nobody was asked, nothing returned: nothing is said of satisfaction


@pytest.mark.parametrize(("low", "said"), [(10.0, "is expected to bring"), (-10.0, "may bring")])
def test_what_a_plan_brings_is_promised_only_where_its_range_says_so(run, low, said):
    gain = replace(result("05_actions", "expected_gain", 50.0, unit="money"), low=low, high=90.0)
    told = overview._actions(Findings([result("05_actions", "customers_to_contact", 120.0, unit="people"), gain], run))
    assert f", which {said}" in told


def test_what_a_survey_could_not_tell_is_not_called_unasked(run):
    returned = result("04_satisfaction", "return_rate", 0.05, unit="share")
    top = result("04_satisfaction", "very_satisfied", 0.2, unit="share")
    nobody = Findings([returned], run)
    assert overview.five_sentences(nobody)[0].startswith("Nobody was asked")
    surveys = run.params.sources.transactions
    asked = replace(run, params=run.params.model_copy(
        update={"sources": run.params.sources.model_copy(update={"surveys": surveys})}
    ))  # fmt: skip
    assert overview.five_sentences(Findings([returned], asked))[0].startswith("How satisfied customers are")
    assert "of those who answered gave the top score" in overview.five_sentences(Findings([top], asked))[0]


@pytest.mark.parametrize(
    ("unit", "before", "now", "said"),
    [
        ("money", -200.0, 50.0, ", up £250.00 on Sep 2026"),
        ("money", 100.0, -50.0, ", down £150.00 on Sep 2026"),
        ("money", 100.0, 100.01, ", as in Sep 2026"),
        ("people", 0.0, 20.0, ""),
        ("points", -12.0, -30.0, ", down 18 points on Sep 2026"),
    ],
)
def test_a_change_from_nothing_or_less_is_an_amount_or_nothing(run, unit, before, now, said):
    moved = result("02_segmentation", "net_revenue", now, unit=unit, previous=before)
    assert Findings([moved], run).change(moved).replace("\u00a0", " ") == said


def test_a_report_in_mid_month_names_no_last_period(run):
    moved = result("02_segmentation", "net_revenue", 50.0, unit="money", previous=100.0)
    found = Findings([moved], replace(run, as_of=date(2026, 10, 16)))
    assert found.change(moved).replace("\u00a0", " ") == ", down 50.0 % on a month earlier"


def test_what_is_hidden_is_not_said(run):
    hidden = [result("02_segmentation", "net_revenue", None, unit="money", hidden=True)]
    assert overview.five_sentences(Findings(hidden, run)) == []
    assert overview.five_things(run, hidden).kind == "insufficient"
    assert overview.headline_strip(run, hidden) is None


def test_without_any_result_the_reader_is_told_what_to_run(run):
    with pytest.raises(MissingTableError, match="Run notebooks 01 to 05 first"):
        overview.five_things(run, [])


def publish(run, value, run_id="abc123", **more):
    folder = run.run_dir.parents[2] / "reports" / "shop" / "2026-09"
    folder.mkdir(parents=True)
    row = {"chapter": "02_segmentation", "name": "net_revenue", "value": value, **more}
    (folder / "results.json").write_text(json.dumps([row]))
    (folder / "manifest.json").write_text(json.dumps({"run_id": run_id}))


def test_a_number_published_otherwise_is_restated_with_the_run_that_said_it(run):
    publish(run, 990_000.0)
    changed = comparison.restated(run, RECORDED)
    assert [(each.label, each.published, each.now, each.run_id) for each in changed] == [
        ("Net revenue", 990_000.0, 1_000_000.0, "abc123")
    ]
    text = comparison.restated_note(run, changed).text
    assert "Restated since run abc123: Net revenue: published" in text
    assert "data say otherwise" not in text


MADE_OF = {
    "inputs": [{"path": "a.csv", "sha256": "1"}, {"path": "b.csv", "sha256": "2"}],
    "parameters": {"as_of": "2026-10-01", "churn": {"horizon_days": 60, "seed": 1}, "title": "Then"},
    "versions": {"code": "c1", "duckdb": "1", "python": "3.11"},
}
LATER = MADE_OF["parameters"] | {"as_of": "2026-11-01", "title": "Now", "privacy": {"encrypt": False}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "what the series keeps from month to month was set anew"),
        ({"inputs": [{"path": "a.csv", "sha256": "3"}, {"path": "b.csv", "sha256": "2"}]},
         "differs from that run: 1 file has another content (a.csv)."),
        ({"inputs": [{"path": "a.csv", "sha256": "1"}, {"path": "c.csv", "sha256": "3"}]},
         "1 file is new and 1 file is gone."),
        ({"parameters": LATER | {"churn": {"horizon_days": 90, "seed": 1}}}, "the parameters churn.horizon_days."),
        ({"versions": MADE_OF["versions"] | {"code": "c2"}, "parameters": LATER | {"privacy": {"encrypt": True}}},
         "differs from that run: the code of the workbook."),
        ({"versions": MADE_OF["versions"] | {"duckdb": "2"}}, "the versions of duckdb."),
    ],
)  # fmt: skip
def test_data_are_blamed_only_where_their_hashes_differ(run, changes, said):
    text = comparison.what_differs(MADE_OF, MADE_OF | {"parameters": LATER} | changes, run)
    assert text.endswith(said) or said in text
    assert ("file" in text.lower().replace("files, parameters", "")) is ("inputs" in changes)


def test_without_a_manifest_nothing_is_blamed(run):
    assert "is not known" in comparison.what_differs({}, MADE_OF, run)


@pytest.mark.parametrize("published", [1_000_000.0, None])
def test_the_same_number_or_none_is_not_restated(run, published):
    if published:
        publish(run, published)
    assert comparison.restated(run, RECORDED) == []
    assert comparison.restated_note(run, []) is None


def test_a_number_that_is_defined_otherwise_is_another_number(run):
    publish(run, 990_000.0, definition="by another model")
    assert comparison.restated(run, RECORDED) == []


def test_every_result_stands_in_the_table(run):
    shown = comparison.figures_table(run, RECORDED)
    assert [name in shown.text for name in ("Net revenue", "Customers who bought", "Churn rate")] == [True] * 3


def test_the_assumptions_log_is_shown_and_must_hold_something(run, tmp_path):
    frame = background.read_assumptions()
    assert set(frame.rating) == {"red", "amber", "green"}
    assert isinstance(frame, pd.DataFrame)
    assert "red" in background.assumptions_table(run).text
    (tmp_path / "empty.md").write_text("# Nothing\n")
    with pytest.raises(ValueError, match=r"empty\.md has no row"):
        background.read_assumptions(tmp_path / "empty.md")


def test_the_parameters_of_the_file_come_first(run):
    lines = background.parameters_table(run).text.splitlines()
    assert lines[2].startswith("the folder under reports/")
    assert any(line.endswith("privacy.threshold") for line in lines)


def test_the_badge_says_the_verdict_of_chapter_01(run):
    found = [result("01_data_prep", "fit_for_use", 1.0), result("01_data_prep", "lines_seen", 5.0, unit="count")]
    assert "with reservations" in overview.quality_badge(run, found).text
    assert "recorded nothing" in overview.quality_badge(run, []).text


def test_rules_within_rules_are_words(run):
    text = background.parameters_table(run).text
    assert (
        "high_value: all (field spend, at least, quantile 0.9); mother_and_baby: all (field category share, of" in text
    )
    assert "(field orders, at least, value 2); promotion_sensitive" in text
    assert "{'" not in text
    assert "None" not in text
    assert "(reason likely to leave, action Message, a reason to return, channel message, owner head office" in text


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ((85, 120), (80, 120), ""),  # 83 of 121 after 82 of 118 fell: rounded it rose
        ((85, 120), (50, 120), ", up 23.8 to 34.5 points on Sep 2026"),
        ((1000, 2000), (700, 2000), ", up 15 points on Sep 2026"),
        ((100_000, 200_000), (70_000, 200_000), ", up 15.0 points on Sep 2026"),
        ((85, 120), (85, 120), ", no clear change on Sep 2026"),  # as it was, or not: that is not known
    ],
)
def test_a_change_of_a_share_of_people_is_told_as_far_as_their_rounding_leaves_it_sure(run, now, before, said):
    share = result(
        "02_segmentation", "repurchase_rate", now[0] / now[1], low=now[0] / now[1] - 1e-3,
        high=now[0] / now[1] + 1e-3, n=now[1],
        unit="share",
        previous=before[0] / before[1], previous_n=before[1],
    )  # fmt: skip
    assert Findings([], run).change(share).replace("\u00a0", " ") == said
    strip = overview.headline_strip(run, [share]).text
    assert (" on Sep 2026" in strip) == bool(said)


@pytest.mark.parametrize(
    ("before", "said"), [(0.48, ", no clear change on Sep 2026"), (0.42, ", up 8.0 points on Sep 2026")]
)
def test_a_change_within_what_chance_does_is_none(run, before, said):
    share = result("03_churn", "churn_rate", 0.5, low=0.45, high=0.55, n=500, unit="share", previous=before)
    assert Findings([], run).change(share).replace("\u00a0", " ") == said
    assert ("no clear change" in overview.headline_strip(run, [share]).text) == ("no clear" in said)


@pytest.mark.parametrize("base", [1, 2, 5, 10])
def test_no_told_change_of_a_share_is_beside_the_exact_one(base):
    rules = DisclosureRules(threshold=10, base=base)
    rng = np.random.default_rng(base)
    told = 0
    for _ in range(2_000):
        n, m = (int(each) for each in np.exp(rng.uniform(np.log(12), np.log(5_000), 2)))
        k, j = int(rng.integers(10, n + 1)), int(rng.integers(10, m + 1))
        now, before = (disclosed(proportion(*each), "share", rules) for each in ((k, n), (j, m)))
        unsure = sum(rounding_hides(each.value, each.n, rules) for each in (now, before))
        change = changes.signed(now.value, before.value, "share", "GBP", unsure).replace("\u00a0", " ")
        exact = 100 * (k / n - j / m)
        if not change or not changes.can_be_seen(change):
            continue
        told += 1
        assert change.startswith(("+", "up")) == (exact > 0), (k, n, j, m, change)
        numbers = [float(each) for each in re.findall(r"[\d.]+", change)]
        slack = 0.051 if "." in change else 0.51
        assert numbers[0] - slack <= abs(exact) <= numbers[-1] + slack, (k, n, j, m, change)
    assert told > 500


def test_a_list_of_unknown_worth_is_not_worth_nothing(run):
    run.record("05_actions", "expected_gain", None, unit="money", definition="d", people=12)
    run.record("05_actions", "customers_to_contact", 12, unit="people", definition="d")
    results = run.results()
    found = {each.name: each for each in results}["expected_gain"]
    assert (found.value, found.hidden) == (None, False)
    assert overview.five_sentences(Findings(results, run)) == ["10 customers are to be contacted."]
    assert "not observed" in comparison.figures_table(run, results).html
