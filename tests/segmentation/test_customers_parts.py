"""Every part of customers and cohorts is shown; a headline number is the same in sentence, table, picture, results."""

import pytest

from crmlib import segmentation
from crmlib.reporting import show_headlines
from crmlib.segmentation.customers.migration import migration_answer
from crmlib.segmentation.customers.profile import segments_answer
from crmlib.segmentation.headlines import customer_headlines

ROOMS = {"customers", "cohorts"}
PARTS = [show for show in segmentation.PARTS if show.__module__.split(".")[2] in ROOMS]


@pytest.fixture(scope="module")
def run(tmp_path_factory, simulated_lines, run_in, keep_limits):
    return keep_limits(run_in(tmp_path_factory.mktemp("parts"), *simulated_lines))


@pytest.fixture(scope="module")
def found(run):
    return segmentation.study(run)


@pytest.fixture(scope="module")
def shown(found, run):
    return {show.__name__: show(found, run) for show in PARTS}


@pytest.fixture(scope="module")
def results(found, run):
    tiles = show_headlines(customer_headlines(found.base, run), run, "02_segmentation")
    return {each.name: each for each in run.results("02_segmentation")}, tiles.text.replace("\u00a0", " ")


@pytest.mark.parametrize("show", PARTS)
def test_every_part_is_shown_with_its_frames_and_words(shown, show):
    part = shown[show.__name__]
    assert part.kind in {"group", "figure", "table"}
    assert part.data
    assert "NaN" not in part.html


def test_the_share_of_the_best_is_the_same_everywhere(found, run, shown, results):
    recorded, tiles = results
    share = recorded["best_segments_share"]
    drawn = shown["show_segments"].data["figure"].frame.set_index("segment").loc["champions"]
    assert drawn[["share", "share_low", "share_high"]].tolist() == pytest.approx([share.value, share.low, share.high])
    assert f"In the best segments: {100 * share.value:.1f} %" in tiles
    answer = segments_answer(found.base.profile, run).replace("\u00a0", " ")
    assert f"Champions are {100 * share.value:.0f} % of all customers" in answer


def test_the_revenue_of_the_top_tenth_is_that_of_the_table(shown, results):
    recorded, tiles = results
    table = shown["show_concentration"].data["table"]
    tenth = recorded["top_tenth_share"]
    assert tenth.value == pytest.approx(table.frame["value"].iloc[1], abs=5e-5)  # results keep four digits
    assert table.cell(1, "value").replace("\u00a0", " ").startswith(f"{100 * tenth.value:.1f} %")
    assert f"Revenue from the top tenth: {100 * tenth.value:.1f} %" in tiles


def test_who_is_overdue_and_who_left_the_best_is_one_number(found, run, shown, results):
    recorded, tiles = results
    overdue, left = (recorded[name].value for name in ("overdue_customers", "left_best_segments"))
    assert shown["show_lifecycle"].words[0].startswith(f"{overdue:.0f} customers")
    assert f"Overdue customers: {overdue:.0f}" in tiles
    title = next(words for words in shown["show_migration"].words if "fell out" in words)
    assert title.startswith(f"{left:.0f} customers fell out of the Champions")
    assert f"Within a month {left:.0f} customers fell out" in migration_answer(found.base.migration, run)
    assert f"Left the best segments: {left:.0f}" in tiles


def test_a_shop_s_own_segments_are_those_of_the_page(tmp_path_factory, simulated_lines, run_in):
    rules = {
        "regulars": {"meaning": "come lately and much", "role": "best", "seen": ["recent"], "worth": ["high"]},
        "too_long_away": {"meaning": "not seen for long", "role": "missed", "seen": ["away"], "worth": ["high"]},
        "in_passing": {"meaning": "all others"},
    }
    run = run_in(tmp_path_factory.mktemp("own"), *simulated_lines, segments=rules)
    found = segmentation.study(run)
    shown = [show(found, run) for show in (segmentation.show_segments, segmentation.show_migration)]
    assert "Too long away | not seen for long | " in shown[0].text
    assert "fell out of the Regulars" in shown[1].text
    assert "In passing: stayed" in shown[1].text
    assert "Champions" not in "".join(part.html for part in shown)
    assert "Regulars are" in segments_answer(found.base.profile, run)
    segmentation.hand_over_segments(found, run)
    segmentation.hand_over(found, run)
    stage = found.base.now.set_index("customer_id")["lifecycle"].astype("str")
    listed = run.frame("candidates_segmentation")
    assert "left_best_segment" in set(listed["reason"]) <= {"left_best_segment", "second_purchase", "win_back"}
    gone = listed["customer_id"].map(stage).isin(["dormant", "lost"])
    assert (gone == (listed["reason"] == "win_back")).all()
