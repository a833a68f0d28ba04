"""What chapter 05 shows, and that it tells the same number everywhere."""

from dataclasses import replace

import pandas as pd
import pytest

from crmlib import actions
from crmlib.reporting import Shown


@pytest.fixture(scope="module")
def page(run):
    found = actions.study(run)
    return {part.__name__: part(found, run) for part in actions.PARTS}


def test_every_part_shows(page):
    assert all(isinstance(part, Shown) and part.text for part in page.values())


def test_answer_tile_table_and_results_agree(run, page):
    recorded = {result.name: result for result in run.results("05_actions")}
    listed = actions.study(run).listed
    contacted = int((listed["arm"] == "contact").sum())
    told = run.say("{n:people}", n=contacted)
    assert recorded["customers_to_contact"].value == float(told)
    assert f"Customers to contact: {told}" in page["show_numbers"].text
    assert f"Contact {told} customers" in page["show_answer"].text
    counted = page["show_plan"].data["table"].frame["customers"].sum()
    assert counted == listed[listed["arm"] == "contact"].groupby("rule").size().map(run.rules.rounded).sum()
    gain = run.say("{x:money0}", x=actions.answer.total_gain(actions.answer.by_action(listed)))
    assert f"bring {gain}" in page["show_answer"].text
    assert recorded["customers_put_forward"].label == "Put forward"


def test_the_effect_told_is_that_of_the_latest_campaign_with_control(run, page):
    effect = next(result for result in run.results("05_actions") if result.name == "campaign_effect")
    assert (effect.value, effect.n) == (pytest.approx(0.2), 200)
    assert "The latest campaign (A, 1 May 2026) won 20.0 of 100 customers (" in page["show_campaigns"].words[0].replace(
        "\xa0", " "
    )


def test_campaigns_of_few_are_not_told_and_those_that_left_nobody_out_are_named(page):
    left_out = page["show_campaigns"].data["table"].frame["left_out"]
    assert left_out.isna().tolist() == [False, True, True]
    words = " ".join(page["show_campaigns"].words)
    assert "C left nobody out, and no comparison replaces that" in words


def test_gains_that_count_twice_are_not_summed(run):
    found = actions.study(run)
    assert found.gained.is_known
    again = actions.study(run)
    twin = found.contacted.assign(campaign_id=found.contacted["campaign_id"] + "2")
    again.contacted = pd.concat([found.contacted, twin], ignore_index=True)
    assert not again.gained.is_known
    assert "what they bought counts for both" in actions.show_campaigns(again, run).text


def test_an_older_campaign_is_not_recorded_as_the_latest(run):
    found = actions.study(run)
    found.campaigns = [replace(found.campaigns[0], effect=None, decision="no_control"), *found.campaigns]
    found.observed = {}
    other = replace(run, run_dir=run.run_dir.with_name("latest"))
    actions.show_campaigns(found, other)
    assert not [one for one in other.results("05_actions") if one.name == "campaign_effect"]


def test_without_contacts_the_page_is_whole(lonely):
    found = actions.study(lonely)
    assert actions.show_campaigns(found, lonely).kind == "nothing"
    assert all(isinstance(part(found, lonely), Shown) for part in actions.PARTS)


def test_the_list_is_written_for_the_team(run, page):
    written = pd.read_csv(run.run_dir / "lists" / "contact_list.csv")
    assert len(written) == 84
    assert written["reason"].iloc[0] == "open_complaint"
    assert "The list" in page["show_lists"].text
    assert ".csv" not in page["show_lists"].text


def planned():
    return pd.DataFrame([{"customers": 1264, "control_share": 0.13, "visible": 0.079, "horizon_days": 60}])


def test_the_experiment_is_read_from_chapter_03(run):
    other = replace(run, run_dir=run.run_dir.with_name("planned"))
    other.write("experiment", planned(), by=["customers"])
    assert actions.study(other).experiment["control_share"] == 0.13
    assert actions.study(run).experiment is None
