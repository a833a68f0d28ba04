"""What the pages of customers hide cannot be had from a table, a sentence or the text of a picture beside it."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib.reporting import each, exact, gate, label, people
from crmlib.segmentation.cohorts.second_purchase import share_within
from crmlib.segmentation.cohorts.worth_shown import _words as worth_words
from crmlib.segmentation.customers.base import CustomerBase, _prospects
from crmlib.segmentation.customers.migration import _gated, migration_matrix, segment_migration
from crmlib.segmentation.customers.profile import _shares, _words, concentration, segments_answer, show_concentration
from crmlib.segmentation.customers.segments import segment_profile

AS_OF = date(2026, 4, 1)


def people_of(counts, each=100.0):
    """So many customers in every segment, one order each."""
    rows = [(f"{code}{n}", code) for code, count in counts.items() for n in range(count)]
    frame = pd.DataFrame(rows, columns=["customer_id", "segment"])
    frame["segment"] = pd.Categorical(frame["segment"], categories=list(counts), ordered=True)
    return frame.assign(spend=each, orders=1, days_since_last=5)


@pytest.fixture
def run(run_of, shop):
    return run_of(shop, AS_OF)


def test_a_mean_a_person_is_of_the_rounded_number_of_people(run):
    frame = pd.DataFrame({"segment": ["a", "b"], "customers": [1249, 3], "spend": [124_900.0, 90.0]})
    shown = gate(
        frame, run, label("segment"), people("customers"),
        exact("spend", kind="money", of="customers", exempt="a test"), each("each", per=("spend", "customers")),
    )  # fmt: skip
    assert shown.frame["each"].iloc[0] == pytest.approx(124_900 / 1250)
    assert shown.hidden["each"].tolist() == [False, True]


def test_hidden_segments_are_not_in_the_text_of_the_picture(run):
    profile = segment_profile(people_of({"champions": 60, "cant_lose": 3, "hibernating": 12, "promising": 40}))
    shown = _shares(profile, run)
    words = _words(shown, int(profile["customers"].sum()), run)
    hidden = shown.frame.loc[shown.frame["share"].isna(), "segment"].tolist()
    assert hidden == ["cant_lose", "hibernating"]
    assert "Hibernating" not in words["alt"]
    assert "Champions are" in words["alt"]


def test_the_answer_is_silent_on_a_best_segment_that_is_hidden(run):
    assert segments_answer(segment_profile(people_of({"champions": 60, "promising": 40})), run)
    assert segments_answer(segment_profile(people_of({"champions": 4, "promising": 40})), run) == ""


def test_moves_in_the_table_are_those_of_the_picture(run):
    was = people_of({"champions": 43, "promising": 60})
    then = was.assign(segment=was["segment"].astype(str))
    now = then.copy()
    now.loc[:2, "segment"] = "promising"  # three move: neither they nor who stayed may be told
    told = _gated(migration_matrix(segment_migration(then, now)), run).frame.set_index(["was", "now"])
    assert np.isnan(told.loc[("champions", "promising"), "customers"])
    assert np.isnan(told.loc[("champions", "champions"), "customers"])
    assert np.isnan(told.loc[("champions", "champions"), "spend_before"])


def test_a_top_of_which_one_holds_most_is_hidden(run):
    spend = np.concatenate([[50_000.0], np.linspace(10, 100, 1499)])
    customers = pd.DataFrame({"customer_id": [f"k{n}" for n in range(1500)], "spend": spend})
    base = CustomerBase(customers, customers, None, None, None)
    found = SimpleNamespace(base=base, concentration=concentration(customers["spend"]))
    shown = show_concentration(found, run).text
    assert "Top 1 % of customers, share of revenue | hidden" in shown


def test_what_three_customers_bring_is_not_said(run):
    cells = pd.DataFrame({
        "cohort": pd.to_datetime(["2026-01-01", "2026-02-01"]), "age": 0, "customers": 3, "partial": False,
        "opening": False,
    })  # fmt: skip
    three = pd.DataFrame({
        "age": [0], "customers": 3, "spend": 1100.0, "spend_low": 900.0, "spend_high": 1300.0, "largest": 0.4,
    })  # fmt: skip
    assert "1,100" not in str(worth_words(cells, three, ["spend"], run))
    many = three.assign(customers=30)
    assert "1,100" in str(worth_words(cells, many, ["spend"], run))
    assert "1,100" not in str(worth_words(cells, many.assign(largest=0.6), ["spend"], run))


def test_nobody_who_came_back_is_no_certainty():
    found = share_within(pd.DataFrame({"days": [40.0] * 20, "again": False}), 30)
    assert (found.value, found.n) == (0, 20)
    assert found.high == pytest.approx(0.161, abs=0.001)  # Wilson: 0 of 20


def test_everybody_who_came_back_is_no_certainty():
    found = share_within(pd.DataFrame({"days": [5.0] * 19 + [40.0], "again": True}), 40)
    assert found.value == 1
    assert found.low == pytest.approx(0.839, abs=0.001)  # Wilson: 20 of 20


def test_members_who_do_not_say_when_they_joined_are_no_prospects():
    members = pd.DataFrame({"customer_id": ["a", "b"], "joined_at": pd.to_datetime([None, None])})
    fake = SimpleNamespace(
        has=lambda _name: True, as_of=AS_OF,
        table=lambda _name: SimpleNamespace(select=lambda *_c: SimpleNamespace(to_pandas=lambda: members)),
    )  # fmt: skip
    assert _prospects(pd.DataFrame({"customer_id": ["a"]}), fake) is None
    members["joined_at"] = pd.to_datetime(["2026-01-01", None])
    assert _prospects(pd.DataFrame({"customer_id": ["x"]}), fake) == 1
