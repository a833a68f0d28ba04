"""Whom the answers should stand for; and that weighting finds the truth of the simulated chain again."""

from datetime import date

import pandas as pd
import pytest

from crmlib.satisfaction.population import buyers, population, weigh
from crmlib.satisfaction.scores import mean_score, net_promoter_score, top_box
from crmlib.satisfaction.weighting import rake

AS_OF = date(2026, 11, 1)


def test_buyers_are_described_by_their_orders(lines):
    found = buyers(lines, date(2026, 4, 1)).to_pandas().set_index("customer_id").sort_index()
    assert found["orders"].to_dict() == {"a": 2, "b": 1}
    assert found["channel"].to_dict() == {"a": "store", "b": "web"}  # one order each: the first in the alphabet
    assert found.loc["a", "store_id"] == "S1"
    assert pd.isna(found.loc["b", "store_id"])


def test_only_the_window_counts(lines):
    assert buyers(lines, date(2026, 4, 1), days=30).to_pandas()["customer_id"].tolist() == []
    assert buyers(lines, date(2026, 4, 1), days=31).to_pandas()["customer_id"].tolist() == ["a"]


def test_a_run_describes_its_customers(demo_run):
    base = population(demo_run, AS_OF)
    assert {"customer_id", "orders", "channel", "store", "tier"} == set(base.columns)
    assert base["customer_id"].is_unique
    assert set(base["orders"]) == {"1", "2-3", "4-6", "7+"}
    assert len(population(demo_run, date(2026, 10, 1))) != len(base)


def test_weighing_leaves_answers_outside_the_base_at_the_mean(demo_run, survey):
    base = population(demo_run, AS_OF)
    weighted, raked = weigh(survey, base[base["tier"] != "普通"], ["tier"])
    outside = ~weighted.invitations["customer_id"].isin(base.loc[base["tier"] != "普通", "customer_id"])
    assert (weighted.invitations.loc[outside, "weight"] == 1).all()
    assert raked.by == ("tier",)


def _estimates(survey, base, by):
    answers = survey.answers()
    told = answers[["customer_id"]].reset_index().merge(base, on="customer_id").set_index("index").sort_index()
    weights = rake(told, base, by).weights.reindex(answers.index, fill_value=1.0)
    person = answers["person"]
    return {
        "nps": net_promoter_score(answers["score_recommend"], weights, people=person),
        "satisfaction_mean": mean_score(answers["score_satisfaction"], weights, people=person),
        "satisfaction_top_box": top_box(answers["score_satisfaction"], 5, weights, people=person),
    }


@pytest.fixture(scope="module")
def ever(clean, transactions):
    """Describe everybody who ever bought."""
    base = buyers(transactions, AS_OF, days=731).to_pandas().rename(columns={"store_id": "store"})
    bands = pd.cut(base["orders"], [0, 1, 3, 6, 12, float("inf")]).astype("string")
    return base.assign(orders=bands).merge(clean["customers"][["customer_id", "tier"]], on="customer_id")


@pytest.mark.parametrize(
    ("by", "target"),
    [(["tier"], "orders_by_member_tier"), (["tier", "channel", "store", "orders"], "members")],
)
def test_weighting_finds_the_truth_that_plain_answers_miss(ever, truth, survey, by, target):
    true = truth.scores[truth.scores["population"] == target].set_index("measure")["value"]
    weighted, plain = _estimates(survey, ever, by), _estimates(survey, ever, [])
    for measure, estimate in weighted.items():
        error = (estimate.high - estimate.low) / 3.92
        assert estimate.value == pytest.approx(true[measure], abs=4 * error)
        assert abs(estimate.value - true[measure]) < abs(plain[measure].value - true[measure])
