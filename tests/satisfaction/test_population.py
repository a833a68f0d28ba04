"""Whom the answers should stand for; and that weighting finds the truth of the simulated chain again."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.satisfaction.answers.population import buyers, population, rake, weigh
from crmlib.satisfaction.scores.scores import mean_score, net_promoter_score, top_box

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


@pytest.fixture
def base():
    rng = np.random.default_rng(1)
    n = 8_000
    tier = rng.choice(["basic", "gold", "silver"], n, p=[0.6, 0.1, 0.3])
    channel = np.where(rng.random(n) < np.where(tier == "gold", 0.7, 0.3), "web", "store")
    happy = rng.normal(3 + (tier == "gold") * 1.0 + (channel == "web") * 0.5, 0.5)
    return pd.DataFrame({"tier": tier, "channel": channel, "score": happy})


@pytest.fixture
def answers(base):
    chance = 0.02 + 0.25 * (base["tier"] == "gold") + 0.05 * (base["channel"] == "web")
    return base[np.random.default_rng(2).random(len(base)) < chance]


def test_every_margin_agrees_with_the_customer_base(base, answers):
    raked = rake(answers, base, ["tier", "channel"])
    assert raked.largest_gap < 1e-6
    for name in ("tier", "channel"):
        weighted = raked.weights.groupby(answers[name]).sum() / raked.weights.sum()
        expected = base[name].value_counts(normalize=True)
        pd.testing.assert_series_equal(weighted.sort_index(), expected.sort_index(), check_names=False, rtol=1e-5)
    assert raked.weights.mean() == pytest.approx(1)
    assert raked.covered == 1


def test_raking_is_the_exponential_tilting_that_meets_the_margins_to_six_digits():
    # the same problem by another way: minimise the convex dual (Ireland & Kullback 1968) with Newton's steps
    rng = np.random.default_rng(7)
    asked = pd.DataFrame({"tier": rng.choice([*"abc"], 400, p=[0.2, 0.3, 0.5]), "channel": rng.choice([*"xyz"], 400)})
    base = pd.DataFrame({"tier": rng.choice([*"abc"], 900), "channel": rng.choice([*"xyz"], 900, p=[0.5, 0.3, 0.2])})
    columns = [(name, level) for name in asked for level in sorted(base[name].unique())]
    member = np.column_stack([asked[name] == level for name, level in columns]).astype(float)
    target = np.array([(base[name] == level).mean() for name, level in columns])
    multiplier = np.zeros(len(columns))
    for _ in range(50):
        weight = np.exp(member @ multiplier) / len(asked)
        step = np.linalg.lstsq((member.T * weight) @ member, target - member.T @ weight, rcond=None)[0]
        multiplier += step
    expected = np.exp(member @ multiplier)
    assert rake(asked, base, ["tier", "channel"]).weights.to_numpy() == pytest.approx(expected, rel=1e-6)


# answers of each cell, and its weight, alike from three packages of 2026, run once on this table and these shares:
# ipfn 1.4.4, ipfn(counts, totals, [[0], [1], [2]], convergence_rate=1e-12, rate_tolerance=0).iteration() / counts;
# balance 0.23.0, rake(answers, 1, base, 1, transformations=None, convergence_rate=1e-12, rate_tolerance=0);
# weightipy 0.4.2, weight_dataframe(answers, scheme_from_dict(shares in per cent))
RAKED_ELSEWHERE = {
    ("a", "x", "m"): (14, 1.28385046), ("a", "x", "n"): (22, 0.91286712),
    ("a", "y", "m"): (31, 2.17516538), ("a", "y", "n"): (11, 1.54662636),
    ("b", "x", "m"): (19, 0.77025446), ("b", "x", "n"): (27, 0.54768059),
    ("b", "y", "m"): (16, 1.30500467), ("b", "y", "n"): (25, 0.92790858),
    ("c", "x", "m"): (12, 0.54816000), ("c", "x", "n"): (30, 0.38976287),
    ("c", "y", "m"): (21, 0.92872082), ("c", "y", "n"): (17, 0.66035627),
}  # fmt: skip
SHARES = {"tier": {"a": 10, "b": 6, "c": 4}, "channel": {"x": 7, "y": 13}, "region": {"m": 3, "n": 2}}
"""Of the customers, in twentieths, twentieths and fifths."""


def test_raking_agrees_with_three_other_packages_to_six_digits():
    names = list(SHARES)
    asked = pd.DataFrame([cell for cell, (n, _) in RAKED_ELSEWHERE.items() for _ in range(n)], columns=names)
    base = pd.MultiIndex.from_product(SHARES.values(), names=names).to_frame(index=False)
    times = np.prod([base[name].map(SHARES[name]) for name in names], axis=0)
    raked = rake(asked, base.loc[base.index.repeat(times)], names)
    found = raked.weights.groupby([asked[name] for name in names]).agg(["min", "max"])
    expected = [weight for _, weight in RAKED_ELSEWHERE.values()]
    assert found["min"].to_numpy() == pytest.approx(expected, rel=1e-6)
    assert found["max"].to_numpy() == pytest.approx(expected, rel=1e-6)


def test_a_table_is_raked_to_the_margins_of_another():
    # the cross ratios of the answers stay (Deming & Stephan 1940): with two margins they and these decide every cell
    asked = pd.DataFrame({"row": ["a"] * 16 + ["b"] * 19, "column": ["x"] * 7 + ["y"] * 9 + ["x"] * 12 + ["y"] * 7})
    base = pd.DataFrame({"row": ["a"] * 5 + ["b"] * 15, "column": ["x", "y"] * 10})
    weights = rake(asked, base, ["row", "column"], fewest=1).weights
    table = (20 / 35 * weights).groupby([asked["row"], asked["column"]]).sum().to_numpy()
    # c of (c, 5 - c; 10 - c, 5 + c) with c (5 + c) / ((5 - c) (10 - c)) = 7 * 7 / (9 * 12)
    c = np.roots([1 - 49 / 108, 5 + 15 * 49 / 108, -50 * 49 / 108]).max()
    assert table == pytest.approx([c, 5 - c, 10 - c, 5 + c], rel=1e-6)


def test_weighting_takes_the_bias_away(base, answers):
    truth = base["score"].mean()
    raked = rake(answers, base, ["tier", "channel"])
    weighted = np.average(answers["score"], weights=raked.weights)
    # four standard errors of a mean over the effective number of answers
    allowed = 4 * answers["score"].std() / np.sqrt(raked.effective_n)
    assert abs(answers["score"].mean() - truth) > allowed
    assert weighted == pytest.approx(truth, abs=allowed)
    assert raked.design_effect > 1


def test_two_equal_attributes_weight_once(base, answers):
    twice = rake(answers.assign(copy=answers["tier"]), base.assign(copy=base["tier"]), ["tier", "copy"])
    once = rake(answers, base, ["tier"])
    assert np.allclose(twice.weights, once.weights)


def test_a_small_category_is_joined_and_one_without_answers_is_not_spoken_for(base):
    asked = pd.DataFrame({"tier": ["basic"] * 50 + ["gold"] * 3 + ["silver"] * 40})
    raked = rake(asked, base, ["tier"])
    assert raked.covered == 1  # gold is spoken for as "(others)"
    raked = rake(asked[asked["tier"] != "gold"], base, ["tier"])
    assert raked.covered == pytest.approx((base["tier"] != "gold").mean())


def test_nothing_to_agree_on_leaves_equal_weights(base, answers):
    raked = rake(answers, base, ["favourite_colour"])
    assert raked.by == ()
    assert (raked.weights == 1).all()
    assert (raked.design_effect, raked.effective_n) == (1, len(answers))


def test_no_weight_runs_away():
    asked = pd.DataFrame({"tier": ["basic"] * 10 + ["gold"] * 990})
    base = pd.DataFrame({"tier": ["basic"] * 900 + ["gold"] * 100})
    raked = rake(asked, base, ["tier"], cap=5)
    # cut at five times the mean, then brought back to a mean of one
    assert raked.weights.max() / raked.weights.min() == pytest.approx(5 / (0.1 / 0.99), rel=1e-6)
    assert raked.largest_gap > 0.1


def test_unknown_attributes_are_a_category_of_their_own():
    asked = pd.DataFrame({"tier": ["basic"] * 20 + [None] * 20})
    base = pd.DataFrame({"tier": ["basic"] * 30 + [None] * 10})
    assert rake(asked, base, ["tier"]).weights.iloc[0] == pytest.approx(1.5)


def test_the_frames_given_are_not_changed(base, answers):
    before = answers.copy()
    rake(answers, base, ["tier"])
    pd.testing.assert_frame_equal(answers, before)


def test_no_answers_have_no_weights(base):
    raked = rake(base.iloc[:0], base, ["tier"])
    assert len(raked.weights) == 0
    assert raked.design_effect == 1
