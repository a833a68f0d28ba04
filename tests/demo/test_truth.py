"""The truths agree with what can be counted in the chain."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crmlib.demo import Chain, Truth
from crmlib.demo.campaigns import CAMPAIGNS
from crmlib.demo.experience import DRIVERS
from crmlib.demo.segments import SEGMENTS
from crmlib.demo.truth import population_importance

FOUR = 4.0


def test_importances_add_up_to_r_squared(chain: Chain, truth: Truth) -> None:
    seen = chain.experience[chain.orders["at"].reindex(chain.experience.index) < chain.plan.as_of_day]
    x = seen[[f"score_{d}" for d in DRIVERS]].to_numpy(dtype=float)
    for outcome, importance in truth.drivers.groupby("outcome")["importance"]:
        y = seen[outcome].to_numpy(dtype=float)
        fitted = np.column_stack([x, np.ones(len(x))])
        rest = y - fitted @ np.linalg.lstsq(fitted, y, rcond=None)[0]
        assert importance.sum() == pytest.approx(1 - rest.var() / y.var(), abs=1e-9)


def test_quality_matters_most_and_the_app_least(truth: Truth) -> None:
    share = truth.drivers[truth.drivers["outcome"] == "score_satisfaction"].set_index("driver")["share"]
    assert share.sum() == pytest.approx(1)
    assert share.idxmax() == "score_quality"
    assert share.idxmin() == "score_app"
    # Neighbours in rank are apart, so that a survey of this size can tell most of them.
    assert share.sort_values().diff().min() > 0.02


def test_importance_of_uncorrelated_drivers_is_their_squared_correlation() -> None:
    rng = np.random.default_rng(3)
    x = np.linalg.qr(rng.normal(size=(400, 3)) - rng.normal(size=(400, 3)).mean(axis=0))[0]
    x = np.linalg.qr(x - x.mean(axis=0))[0]
    y = x @ [3.0, 2.0, 1.0]
    np.testing.assert_allclose(population_importance(x, y), np.array([9, 4, 1]) / 14, atol=1e-6)


def test_answers_find_the_importances(chain: Chain, truth: Truth) -> None:
    drivers = [f"score_{d}" for d in DRIVERS]
    answers = chain.surveys.dropna(subset=[*drivers, "score_satisfaction"])
    assert len(answers) > 2_000
    found = population_importance(answers[drivers].to_numpy(), answers["score_satisfaction"].to_numpy())
    true = truth.drivers[truth.drivers["outcome"] == "score_satisfaction"]["importance"].to_numpy()
    rng = np.random.default_rng(1)
    draws = [answers.iloc[rng.integers(0, len(answers), len(answers))] for _ in range(60)]
    spread = np.std(
        [population_importance(d[drivers].to_numpy(), d["score_satisfaction"].to_numpy()) for d in draws], axis=0
    )
    assert (np.abs(found - true) < FOUR * spread).all()


def test_answers_weighted_to_tiers_find_the_net_promoter_score(chain: Chain, truth: Truth) -> None:
    answers = chain.surveys.dropna(subset=["score_recommend"])
    answers = answers[answers["answered_at"] < pd.Timestamp(chain.plan.as_of)]
    points = 100.0 * ((answers["score_recommend"] >= 9).astype(int) - (answers["score_recommend"] <= 6).astype(int))
    tier = chain.people["tier"].to_numpy()[answers["person"]]
    shares = chain.people["tier"].value_counts(normalize=True)
    by_tier = points.groupby(tier).agg(["mean", "var", "size"]).join(shares)
    weighted = (by_tier["mean"] * by_tier["proportion"]).sum()
    error = np.sqrt((by_tier["var"] / by_tier["size"] * by_tier["proportion"] ** 2).sum())
    scores = truth.scores.set_index(["population", "measure"])["value"]
    # Members answer more than once, which the simple error above leaves out: half as much again covers it.
    assert abs(weighted - scores["orders_by_member_tier", "nps"]) < FOUR * 1.5 * error


def test_loyal_tiers_answer_more(chain: Chain) -> None:
    answered = chain.surveys["answered_at"].notna()
    rate = answered.groupby(chain.people["tier"].to_numpy()[chain.surveys["person"]]).mean()
    assert rate["普通"] < rate["银卡"] < rate["金卡"]
    assert 0.2 < answered.mean() < 0.4


@pytest.mark.parametrize("number", range(len(CAMPAIGNS) - 1))
def test_arms_differ_by_the_true_effect(chain: Chain, truth: Truth, number: int) -> None:
    contacts = chain.contacts[chain.contacts["campaign"] == number]
    responded = contacts["responded_at"].notna()
    treated = contacts["treated"]
    rates = responded.groupby(treated).agg(["mean", "size"])
    error = np.sqrt((rates["mean"] * (1 - rates["mean"]) / rates["size"]).sum())
    effect = truth.campaigns["effect"].iloc[number]
    assert abs((rates["mean"][True] - rates["mean"][False]) - effect) < FOUR * error
    assert effect == 0 if CAMPAIGNS[number].strength == 0 else effect > 0.02


def test_responses_are_the_potential_outcomes_of_the_arm(chain: Chain) -> None:
    contacts = chain.contacts[chain.contacts["campaign"] < len(CAMPAIGNS) - 1]
    due = contacts["buys_treated"].where(contacts["treated"], contacts["buys_untreated"])
    assert (contacts["responded_at"].notna() == due).all()
    assert (contacts["response_value"].notna() == due).all()


def test_arms_are_random(chain: Chain) -> None:
    contacts = chain.contacts
    by_campaign = contacts.groupby("campaign")["treated"].agg(["mean", "size"])
    planned = np.array([c.treated for c in CAMPAIGNS])
    error = np.sqrt(planned * (1 - planned) / by_campaign["size"])
    assert (np.abs(by_campaign["mean"] - planned) < FOUR * error).all()
    untreated = contacts.groupby("treated")["buys_untreated"].mean()
    assert abs(untreated[True] - untreated[False]) < 0.02


def test_people_carry_segment_process_and_outlook(chain: Chain, truth: Truth) -> None:
    assert set(truth.people["segment"]) == {segment.name for segment in SEGMENTS}
    buyers = truth.people["purchases"].notna()
    seen = chain.visits[chain.visits["at"] < chain.plan.as_of_day]
    assert buyers.sum() == seen["person"].nunique()
    known = truth.people[buyers]
    for horizon in (30, 60, 90, 180):
        assert known[f"no_purchase_{horizon}"].between(0, 1).all()
    assert (known["no_purchase_30"] >= known["no_purchase_180"]).all()
    assert (known["alive"].astype(bool) == ~(known["left_day"] < chain.plan.as_of_day)).all()


def test_sales_totals_are_the_lines(chain: Chain, truth: Truth) -> None:
    assert truth.sales["lines"].sum() == len(chain.sales)
    assert truth.sales["amount"].sum() == pytest.approx(chain.sales["amount"].sum(), abs=0.005)


def test_truth_is_written_one_table_a_file(truth: Truth, tmp_path: Path) -> None:
    truth.write(tmp_path / "truth")
    back = pd.read_parquet(tmp_path / "truth" / "drivers.parquet")
    pd.testing.assert_frame_equal(back, truth.drivers)
    assert len(list((tmp_path / "truth").glob("*.parquet"))) == 11
