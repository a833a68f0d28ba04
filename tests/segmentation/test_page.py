"""The chapter from clean lines to shown objects, tables and headline numbers; and what it says where data are few."""

import re
from datetime import date

import pandas as pd
import pytest

from crmlib import segmentation
from crmlib.segmentation.business.measures import FIGURES
from crmlib.segmentation.customers.base import customer_base, described_customers, yardstick
from crmlib.segmentation.customers.lifecycle import STAGE_CODES
from crmlib.segmentation.customers.segments import SCORES
from crmlib.segmentation.handover import COLUMNS
from crmlib.words.formats import NBSP

PSEUDONYM = re.compile(r"\b(k\d{5}|c[0-9a-f]{16})\b")


def shown_by(run):
    found = segmentation.study(run)
    segmentation.hand_over_segments(found, run)
    segmentation.hand_over(found, run)
    return {show.__name__.removeprefix("show_"): show(found, run) for show in segmentation.PARTS}


@pytest.fixture(scope="module")
def simulated_run(tmp_path_factory, simulated_lines, run_in):
    return run_in(tmp_path_factory.mktemp("simulated"), *simulated_lines)


@pytest.fixture(scope="module")
def shown(simulated_run):
    return shown_by(simulated_run)


def test_the_whole_chapter(simulated_run, shown):
    kinds = {
        "answer": "group", "business": "group", "glance": "group", "segments": "group",
        "lifecycle": "group", "cohorts": "group", "revenue_change": "group", "concentration": "group",
        "return": "group",
        "migration": "group", "value": "group", "tracking": "group", "models": "group",
    }  # fmt: skip
    assert {name: shown[name].kind for name in kinds} == kinds
    assert len(shown) == len(segmentation.PARTS)
    page = "".join(each.html for each in shown.values())
    assert not PSEUDONYM.search(page)
    assert "NaN" not in page
    segments = simulated_run.frame("segments")
    assert tuple(segments.columns) == COLUMNS
    assert segments["customer_id"].is_unique
    assert set(segments["segment"]) <= set(simulated_run.params.segmentation.segments)
    assert set(segments["lifecycle"]) <= set(STAGE_CODES)
    assert segments["lifetime_value"].notna().all()
    for name in ("business_figures", "monthly_figures", "cohorts", "cohort_worth", "revenue_change"):
        assert len(simulated_run.frame(name)), name
    listed = simulated_run.frame("candidates_segmentation")
    assert set(listed["customer_id"]) <= set(segments["customer_id"])
    assert listed["score"].notna().all()


@pytest.mark.usefixtures("shown")
def test_headline_numbers_are_recorded_with_the_last_period_beside_them(simulated_run):
    results = {each.name: each for each in simulated_run.results("02_segmentation")}
    assert {"net_revenue", "customers_who_bought", "repurchase_rate", "value_ahead", "best_segments_share"} <= set(
        results
    )
    for name in ("net_revenue", "average_order_value", "value_ahead"):
        assert results[name].value is not None
        assert results[name].previous is not None
    assert results["repurchase_rate"].low < results["repurchase_rate"].value < results["repurchase_rate"].high
    assert results["customers_who_bought"].value % 5 == 0


def test_answer_tile_table_and_results_say_the_same_of_every_headline(simulated_run, shown):
    results = {each.name: each for each in simulated_run.results("02_segmentation")}
    sentence, *_rest = shown["answer"].text.splitlines()
    table = shown["business"].text.partition("newest first\n")[2].splitlines()
    heads, newest = (line.split(" | ") for line in table[:2])
    by_month = dict(zip(heads, newest, strict=True))
    told = [each for each in FIGURES if each.code in results and results[each.code].value is not None]
    assert len(told) >= 9
    for each in told:
        result = results[each.code]
        value = simulated_run.say("{x:" + each.unit + "}", x=result.value).replace(NBSP, " ")
        assert result.label == each.label
        assert re.search(rf"^{re.escape(f'{each.label} | {value}')}( |$)", shown["glance"].text, re.MULTILINE), each
        assert by_month.get(each.label, value).split(" (")[0] == value
        if each.tile:
            assert re.search(rf"^{re.escape(f'{each.label}: {value}')}(,|$)", shown["answer"].text, re.MULTILINE), each
        if each.column in {"net", "active", "new"}:
            assert f" {value}" in sentence.replace(NBSP, " ")
        if each.has_interval:
            low, high = (simulated_run.say("{x:" + each.unit + "}", x=end) for end in (result.low, result.high))
            ends = f"{low} to {high}".replace(NBSP, " ")
            assert f"{each.label} | {value} ({ends})" in shown["glance"].text
            assert (not each.tile) or f"{each.label}: {value}, {ends}, n = " in shown["answer"].text


def test_every_part_is_exported_and_tells_its_frames_or_its_words(shown):
    # one article an order, none on promotion, each at one price; nobody is known to differ in anything but time
    lacking = {"personas", "promotion", "elasticity", "affinities"}
    for name, each in shown.items():
        assert f"show_{name}" in segmentation.__all__
        assert each.kind in ({"insufficient"} if name in lacking else {"group", "figure", "table"}), name
        assert bool(each.data) == (name not in lacking | {"answer"}), name
        assert each.data or each.words, name


def test_two_runs_write_the_same_bytes_and_show_the_same_page(simulated_run, shown):
    tables = {p.name: p.read_bytes() for p in (simulated_run.run_dir / "tables").iterdir()}
    again = shown_by(simulated_run)
    assert {name: each.html for name, each in shown.items()} == {name: each.html for name, each in again.items()}
    assert tables == {p.name: p.read_bytes() for p in (simulated_run.run_dir / "tables").iterdir()}


def test_the_cut_points_of_the_first_run_are_kept_for_the_next_month(run_of, simulated_lines):
    lines, _as_of = simulated_lines
    june = run_of(lines, date(2026, 6, 1))
    first = customer_base(june.table("transactions"), june)
    july = run_of(lines, date(2026, 7, 1))
    second = customer_base(july.table("transactions"), july)
    assert second.measure.cuts == first.measure.cuts
    assert second.measure.cuts.reference == "2026-06-01"
    # last period, recomputed a month later with the kept cut points, is what was said then
    pd.testing.assert_frame_equal(second.before[list(SCORES)], first.now[list(SCORES)])
    assert 0 < second.renamed.value < 0.5
    assert first.renamed is None


def test_anonymous_sales_alone_give_figures_but_no_customers(run_of, lines_of):
    rows = [(None, str(n), f"2026-0{1 + n % 3}-05", "p", 1, 10.0 + n, False, True) for n in range(60)]
    shown = shown_by(run_of(lines_of(rows), date(2026, 4, 1)))
    assert shown["business"].kind == "group"
    for name in (
        "segments",
        "lifecycle",
        "revenue_change",
        "concentration",
        "return",
        "cohorts",
        "migration",
        "value",
        "tracking",
        "models",
    ):
        assert shown[name].kind == "insufficient", name


def test_a_handful_of_customers_is_not_shown(run_of, shop):
    shown = shown_by(run_of(shop, date(2026, 4, 1)))
    text = "".join(each.text for each in shown.values())
    assert "No segments are shown" in text
    assert "No purchase model is fitted" in text
    assert "3 customers" not in text


def test_nothing_bought_at_all(run_of, lines_of):
    lines = lines_of([("a", "C1", "2026-01-01", "p", -1, -10.0, True, True)])
    shown = shown_by(run_of(lines, date(2026, 4, 1)))
    assert all(each.kind == "insufficient" for each in shown.values())


def test_a_period_run_again_after_a_later_one_gets_the_same_segments(run_of, simulated_lines):
    lines, _as_of = simulated_lines
    june, july = (run_of(lines, date(2026, month, 1)) for month in (6, 7))
    later = customer_base(july.table("transactions"), july)
    alone = yardstick(
        june.table("transactions"), june.as_of, described_customers(june.table("transactions"), june.as_of),
        june.params.segmentation,
    )  # fmt: skip
    again = customer_base(june.table("transactions"), june)
    assert again.measure.cuts == alone.cuts
    assert again.measure.cuts != later.measure.cuts
    # July goes on as before
    assert customer_base(july.table("transactions"), july).measure.cuts == later.measure.cuts
