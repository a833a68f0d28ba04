"""What the page says of complaints, whatever the source delivers of them."""

from types import SimpleNamespace

import ibis
import pandas as pd
import pytest

from crmlib import satisfaction as sat
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.journey.page import way
from crmlib.satisfaction.service.complaints import read_contacts, waiting
from crmlib.satisfaction.service.followed import events_of, follow
from crmlib.satisfaction.service.waiting_now import open_by_owner
from crmlib.stats import Estimate


def _told(run, contacts):
    """Open the chapter with other contacts, and without its survey."""
    found = sat.study(run)
    waits = waiting(contacts[contacts["kind"] == "complaint"], run.as_of)
    found.__dict__["contacts"] = contacts
    found.__dict__["now"] = SimpleNamespace(survey=None, waits=waits, complaints=Estimate.unknown())
    return found


@pytest.fixture(scope="module")
def contacts(demo_run):
    return read_contacts(demo_run)


def test_the_page_says_from_which_day_on_open_complaints_stay_open(demo_run, contacts):
    shown = sat.show_complaints(_told(demo_run, contacts), demo_run)
    assert shown.words[0].startswith("What is not settled in ")
    assert "成都𠮷㵘广场店" in shown.text
    assert "complain again" in shown.text
    assert "were adopted" in shown.text


CHANGES = {
    "never settled": ({"resolved_at": pd.NaT}, "Fewer than half of the complaints are settled: 0"),
    "no times at all": ({"resolved_at": pd.NaT, "first_response_at": pd.NaT}, "answered not noted"),
    "settled before they were made": ({"resolved_at": pd.Timestamp("2020-01-01")}, "No complaint is open."),
    "all in one store": ({"store_id": "S01", "order_id": None}, "per 1,000 orders in"),
    "no team in charge": ({"owner": None}, "no team is named (column owner)"),
    "nothing but times": (
        dict.fromkeys(("store_id", "order_id", "topic", "touchpoint", "channel", "adopted")),
        "no order tells its store",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_complaints_of_which_little_is_known_are_told_as_far_as_it_goes(demo_run, contacts, change):
    values, says = CHANGES[change]
    shown = sat.show_complaints(_told(demo_run, contacts.assign(**values)), demo_run)
    assert says in shown.text
    assert "nan" not in shown.text.lower()


def test_open_complaints_stand_by_the_team_in_charge(demo_run, contacts):
    waits = waiting(contacts[contacts["kind"] == "complaint"], demo_run.as_of)
    found = open_by_owner(waits)
    still = waits[~waits["settled"]]
    assert found["complaints"].sum() == len(still)
    quality = still[still["owner"] == "质量部"]
    row = found.set_index("owner").loc["质量部"]
    expected = [quality["customer_id"].nunique(), len(quality), (quality["days"] > 90).sum()]
    assert row[["people", "complaints", "long"]].tolist() == expected
    text = sat.show_open_complaints(_told(demo_run, contacts), demo_run).text
    assert "In charge | Customers | Open complaints | For more than 90 days | Without any answer\n客服中心" in text
    assert "Nobody named | hidden" in text


def test_complaints_without_customers_are_too_few_to_tell_of(demo_run, contacts):
    shown = sat.show_complaints(_told(demo_run, contacts.assign(customer_id=None)), demo_run)
    assert shown.kind == "insufficient"


def test_contacts_without_a_complaint_are_a_gap_of_what_was_delivered(demo_run, contacts):
    found = sat.study(demo_run)
    found.__dict__["contacts"] = contacts[contacts["kind"] != "complaint"]
    assert isinstance(found.complaints, Gap)
    assert found.complaints.delivered


def test_the_stores_to_visit_are_those_that_stand_apart(demo_run, contacts):
    shown = sat.show_visits(_told(demo_run, contacts), demo_run)
    assert "成都𠮷㵘广场店 | more complaints than chance explains" in shown.text
    nobody = SimpleNamespace(visits=pd.DataFrame(), complaint_rates=pd.DataFrame({"rate": [1.0]}))
    assert "No store stands apart" in sat.show_visits(nobody, demo_run).text


def test_the_way_without_a_survey_has_orders_consultations_and_complaints(demo_run, contacts):
    text = sat.show_journey(_told(demo_run, contacts), demo_run).text
    steps = [line.split(" | ")[0] for line in text[text.index("Step | ") :].splitlines()[1:6]]
    assert steps == ["Consultation", "Order: store", "Order: mini program", "Order: web", "Complaint"]
    assert "Net promoter score" not in text


def test_what_was_taken_back_is_a_step_of_the_way(demo_run, contacts, monkeypatch):
    orders = demo_run.table("orders")
    recent = orders.filter(
        orders.lines > 0, orders.customer_id.notnull(), orders.ordered_at >= ibis.timestamp("2026-03-01")
    )
    bought = recent.order_by("ordered_at").limit(400).to_pandas()
    matches = bought[["order_id", "customer_id", "ordered_at"]].set_axis(
        ["purchase_order_id", "customer_id", "returned_at"], axis=1
    )
    monkeypatch.setattr(type(demo_run), "frame", lambda _run, _name: matches)
    steps = way(demo_run, orders, contacts.assign(order_channel=None), None).set_index("stage")
    assert steps.loc["return", "people"] <= bought["customer_id"].nunique()
    assert 0 < steps.loc["return", "silent"] < 1


def test_the_way_of_a_shop_of_orders_of_one_kind_is_not_shown(demo_run):
    nothing = follow(demo_run.table("orders"), events_of(Gap("", "", ""), None, None, demo_run.as_of), demo_run.as_of)
    store = demo_run.table("orders").filter(ibis._.channel == "store")
    found = way(demo_run, store, nothing, None)
    assert isinstance(found, Gap)
    assert not found.delivered
