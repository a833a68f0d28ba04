"""Reasons in the customer's own terms, from attributions that sum, and how firm they are."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.models.contenders import CONTENDERS
from crmlib.churn.study import Study
from crmlib.churn.why import reasons
from crmlib.churn.why.facts import FACTS, facts_of
from crmlib.churn.why.reasons import (
    attribute_active,
    explain,
    explained_groups,
    probabilities,
    ranked,
    reasons_of,
    spread,
)
from crmlib.churn.why.stability import resampled_slices, stability
from crmlib.params.sections import ChurnSection


@pytest.fixture(scope="module")
def study(shop):
    return Study(shop, date(2026, 1, 1), ChurnSection(horizon_days=60, cutoffs=3, resamples=50))


def known(**altered):
    """Describe a customer who bought ten times every ten days until twenty days ago; alter what is wanted."""
    usual = {
        "days_since_last": 20, "days_since_first": 110, "purchase_days": 10, "recent_purchase_days": 4,
        "recent_spend": 80.0, "earlier_spend": 80.0, "average_order_value": 20.0, "orders": 10, "promoted_orders": 5,
        "returned": 0.0, "spend": 200.0, "category_count": 3, "complaint_count": 0, "open_complaint_count": 0,
        "recent_complaint_count": 0, "last_score": 8.0,
    }  # fmt: skip
    return {**usual, **altered}


@pytest.mark.parametrize(
    ("group", "altered", "words"),
    [
        ("rhythm", {}, "buys every 10 days, last seen 20 days ago"),
        ("rhythm", {"purchase_days": 1, "days_since_last": 64}, "bought once, 64 days ago"),
        ("rhythm", {"days_since_first": 29, "days_since_last": 20}, "buys every 1 day, last seen 20 days ago"),
        ("trend", {}, None),
        ("trend", {"recent_spend": 40.0}, "spent 50 % less in the last 60 days than in those before"),
        ("trend", {"recent_spend": 0.0}, "nothing bought in the last 60 days, €80 in those before"),
        ("trend", {"recent_spend": 90.0, "recent_purchase_days": 1}, "bought on one day in the last 60 days"),
        ("trend", {"recent_spend": 0.0, "purchase_days": 1}, None),
        ("basket", {"average_order_value": 5.0}, "small orders: €5 on average, €20 is usual"),
        ("breadth", {}, None),
        ("breadth", {"category_count": 1}, "buys from one category only"),
        ("breadth", {"category_count": 2}, "buys from 2 categories only"),
        ("promotions", {"promoted_orders": 10}, "buys on promotion only"),
        ("promotions", {"promoted_orders": 0}, "has never bought on promotion"),
        ("promotions", {}, "50 % of the orders on promotion"),
        ("returns", {}, None),
        ("returns", {"returned": 60.0}, "took back goods for 30 % of what was spent"),
        ("service", {}, None),
        ("service", {"complaint_count": 3, "open_complaint_count": 2}, "2 complaints open"),
        ("service", {"complaint_count": 3, "recent_complaint_count": 1}, "1 complaint in the last 60 days"),
        ("satisfaction", {}, None),
        ("satisfaction", {"last_score": 3.0}, "answered 3 in the last survey, 8 is usual"),
        ("satisfaction", {"last_score": np.nan}, None),
    ],
)
def test_each_fact_is_told_in_the_customers_terms(speaker, group, altered, words):
    customers, active = pd.DataFrame([known(**altered)]), pd.DataFrame([known()] * 3)
    told = facts_of(customers, active, 60, speaker.say)[group].iloc[0]
    assert (None if pd.isna(told) else told.replace("\xa0", " ").replace("€80.00", "€80")) == words


@pytest.mark.parametrize(
    ("group", "altered", "words"),
    [
        ("trend", {"recent_spend": 120.0}, "spent 50 % more in the last 60 days than in those before"),
        ("trend", {"earlier_spend": 0.0}, "bought on 4 days in the last 60 days"),
        ("trend", {"recent_spend": 0.0, "recent_purchase_days": 0}, None),
        ("breadth", {"category_count": 5}, "buys from 5 categories"),
        ("breadth", {"category_count": 1}, None),
        ("satisfaction", {"last_score": 9.0}, "answered 9 in the last survey, 8 is usual"),
        ("satisfaction", {"last_score": 3.0}, None),
    ],
)
def test_what_speaks_for_staying_is_told_too(speaker, group, altered, words):
    customers, active = pd.DataFrame([known(**altered)]), pd.DataFrame([known()] * 3)
    told = facts_of(customers, active, 60, speaker.say, staying=True)[group].iloc[0]
    assert (None if pd.isna(told) else told.replace("\xa0", " ")) == words


def test_what_a_shop_does_not_record_is_not_told(speaker, study):
    told = facts_of(study.current.customers.head(3), study.current.customers, 60, speaker.say)
    assert list(told.columns) == list(FACTS)
    assert told[["service", "satisfaction"]].isna().all(axis=None)


@pytest.mark.parametrize("rival", CONTENDERS, ids=lambda rival: rival.name)
def test_of_every_model_the_attributions_sum_to_the_score_less_the_base(study, rival):
    learnt = rival.learn(study.slices, study.current)
    customers = study.current.customers.head(30)
    groups = explained_groups(study.current.customers)
    found = attribute_active(learnt, customers, study.current.customers, groups, np.random.default_rng(1))
    summed = found.base + found.values.sum(axis=1).to_numpy()
    assert summed == pytest.approx(learnt.predict(customers).probability, abs=1e-9)


def test_what_only_makes_sense_together_moves_together(study):
    groups = explained_groups(study.current.customers)
    assert {"frequency", "recency", "T", "tenure", "silence"} <= set(groups["rhythm"])
    assert "season" not in groups


def test_of_customers_whose_complaints_were_planted_service_comes_first(speaker):
    rng = np.random.default_rng(5)
    rows = pd.DataFrame([known() for _customer in range(60)])
    rows["days_since_last"], rows["complaint_count"] = rng.integers(10, 30, 60), np.repeat([0, 4], 30)

    class Planted:
        def predict(self, customers):
            logit = 2.0 * customers["complaint_count"] + 0.1 * customers["days_since_last"] - 6
            return SimpleNamespace(probability=(1 / (1 + np.exp(-logit))).to_numpy())

    groups = {"rhythm": ["days_since_last"], "service": ["complaint_count"], "returns": ["returned"]}
    values = attribute_active(Planted(), rows, rows, groups, rng).values
    places = ranked(values, facts_of(rows, rows, 60, speaker.say).notna())
    assert set(places[0].tail(30)) == {"service"}
    assert not (places == "returns").any(axis=None)
    assert (values["returns"] == 0).all()


def test_reasons_are_ranked_by_what_speaks_for_leaving_and_small_ones_are_left_out():
    values = pd.DataFrame({"a": [0.4, -0.1, 0.2], "b": [0.005, 0.2, 0.3], "c": [0.1, -0.2, 0.5], "d": [0.0, 0.0, 0.4]})
    told = pd.DataFrame({"a": True, "b": True, "c": True, "d": [True, True, False]})
    assert ranked(values, told).to_numpy().tolist() == [["a", "c", ""], ["b", "", ""], ["c", "b", "a"]]


def test_those_put_forward_have_their_reasons(study, speaker):
    told = reasons_of(study, speaker)
    assert set(told["customer_id"]) == set(study.candidates["customer_id"])
    assert told["why"].str.contains("last seen|bought once").mean() > 0.9
    assert not told["why"].str.contains("nan|None").any()
    # the points of what is told and of all else make the probability of the usual one
    words = told["why"].str.replace("−", "-")
    moved = words.str.findall(r"\(([+-]?\d+)\)|all else ([+-]?\d+)").map(lambda all_: sum(int(a or b) for a, b in all_))
    usual, whole = (words.str.extract(rf"{end}").astype(float)[0] for end in (r"(\d+)\s%", r"together (\d+)\s%"))
    assert (usual + moved - whole).abs().max() <= 3
    scores = study.scores.set_index("customer_id")["churn_probability"].loc[told["customer_id"]].to_numpy()
    assert np.abs(100 * scores - whole).max() <= 0.5 + 1e-9
    assert study.importance["group"].iloc[0] == "rhythm"


def test_only_the_most_urgent_are_explained(study, monkeypatch):
    groups = explained_groups(study.current.customers)
    monkeypatch.setattr(reasons, "MOST_ROWS", 7 * reasons.BACKGROUND[0] * 2 ** len(groups))
    best = study.candidates.sort_values(["score", "customer_id"], ascending=[False, True])["customer_id"].head(7)
    assert explain(study).customers["customer_id"].tolist() == best.tolist()


def test_a_background_stands_for_all():
    people = pd.DataFrame({"place": np.arange(1_000)})
    drawn = spread(people, np.arange(1_000) / 1_000, np.random.default_rng(1), 20)["place"]
    assert (drawn.to_numpy() // 50).tolist() == list(range(20))


def test_an_order_without_probabilities_has_nothing_to_attribute(study):
    learnt = CONTENDERS[0].learn([], study.current)
    with pytest.raises(ValueError, match="order alone"):
        probabilities(learnt)(study.current.customers)


def test_first_reasons_are_firm_where_one_thing_alone_drives_leaving(study, speaker):
    made = study.explained
    told = facts_of(made.customers, made.active, 60, speaker.say).notna()
    firm = stability(study, made, told)
    assert firm == stability(study, made, told)
    assert firm.background > 0.8
    assert firm.refitted > 0.8


def test_customers_are_drawn_alike_at_every_cutoff(study):
    drawn = resampled_slices(study.slices, np.random.default_rng(2))
    first, last = (piece.customers["customer_id"].value_counts() for piece in (drawn[0], drawn[-1]))
    both = first.index.intersection(last.index)
    assert (first[both] == last[both]).all()
    assert first.max() > 1
