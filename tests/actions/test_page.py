"""What chapter 05 shows, and that it tells the same number everywhere."""

from dataclasses import replace

import pandas as pd
import pytest

from crmlib import actions
from crmlib.actions.campaigns import effect_words
from crmlib.reporting import Shown
from crmlib.stats import Estimate


@pytest.fixture(scope="module")
def page(run):
    found = actions.study(run)
    return {part.__name__: part(found, run) for part in actions.PARTS}


def test_every_part_shows(page):
    assert all(isinstance(part, Shown) and part.text for part in page.values())


def test_answer_tile_table_and_results_agree(run, page):
    recorded = {result.name: result for result in run.results("05_actions")}
    assert recorded["customers_to_contact"].value == 85
    assert "85 customers are on this month's contact list, for 3 reasons." in page["show_answer"].text
    assert "Customers to contact: 85" in page["show_numbers"].text
    listed = actions.study(run).listed
    contacted = listed[listed["arm"] == "contact"].groupby("rule").size().map(run.rules.rounded)
    assert page["show_plan"].data["table"].frame["customers"].sum() == contacted.sum()
    assert recorded["value_on_the_list"].value == 8_400
    assert "¥8,400 within 52 weeks" in page["show_answer"].text
    assert "Value on the list: ¥8,400" in page["show_numbers"].text
    assert recorded["customers_put_forward"].label == "Put forward"


def test_the_effect_told_is_the_effect_recorded(run, page):
    effect = next(result for result in run.results("05_actions") if result.name == "campaign_effect")
    told = f"by {100 * effect.value:.1f} points ({100 * effect.low:.1f} to {100 * effect.high:.1f})"
    assert told in page["show_campaigns"].words[0]


def test_campaigns_of_few_are_hidden_and_those_without_control_have_no_effect(page):
    a, b, c = page["show_campaigns"].text.splitlines()[-3:]
    assert a.startswith("A | 100 | 100 | 20.0 % (7.3 % to 31.9 %)")
    assert b == "B | 50 | hidden | hidden | hidden | hidden | hidden"
    assert c.startswith("C | 60 | hidden | not observed")
    assert "A 20.0\u00a0% (7.3\u00a0% to 31.9\u00a0%); B hidden." in page["show_campaigns"].words[2]


def test_without_contacts_no_campaign_is_measured(lonely):
    assert actions.show_campaigns(actions.study(lonely), lonely).kind == "insufficient"


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (Estimate(0.05, 0.02, 0.08, 1000), "Contact raised the response by 5.0 points (2.0 to 8.0), more than"),
        (Estimate(-0.05, -0.08, -0.02, 1000), "Contact lowered the response by 5.0 points (−8.0 to −2.0), more than"),
        (Estimate(-0.01, -0.04, 0.02, 1000), "Contact changed the response by −1.0 points at most likely (−4.0 to"),
        (Estimate.unknown(), "No campaign kept a control group"),
    ],
)
def test_the_effect_is_said_with_its_interval(run, effect, said):
    assert effect_words(effect, run).startswith(said)


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
