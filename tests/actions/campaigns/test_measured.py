"""Campaigns against those left out at random: planted effects are found, nulls are null, broken lots are seen."""

import numpy as np
import pandas as pd
import pytest

from crmlib.actions.campaigns.measured import measure_campaigns, together
from crmlib.actions.campaigns.outcomes import in_two_at_once
from crmlib.actions.campaigns.words import campaign_title
from crmlib.workspace import open_run


def campaign(rng, *, name="A", day="2026-05-01", size=4_000, won=0.0, forward=0.0, cost=0.5, share=0.5, lots=None):
    """Simulate a campaign: a share of those who would not buy is won over, part of them from the weeks after."""
    before = rng.gamma(1.5, 80.0, size)
    treated = rng.random(size) < share if lots is None else lots(before, rng)
    would, later = rng.random(size) < 0.15, rng.random(size) < 0.3
    moved = treated & ~would & (rng.random(size) < won / 0.85)
    pulled = moved & (rng.random(size) < forward)
    spend = np.where(would | moved, 20.0 + 0.3 * before + rng.gamma(2.0, 10.0, size), 0.0)
    return pd.DataFrame({
        "campaign_id": name, "customer_id": [f"c{n}" for n in range(size)], "day": pd.Timestamp(day),
        "arm": np.where(treated, "treatment", "control"), "cost": np.where(treated, cost, 0.0),
        "responded": moved | would,
        "bought": (would | moved).astype(float), "spend": spend, "full_price": spend,
        "bought_later": (later & ~pulled).astype(float),
        "spend_before": before, "bought_before": np.ceil(before / 60), "idle": rng.integers(1, 200, size),
    })  # fmt: skip


def of(*campaigns, margin=0.4):
    return measure_campaigns(pd.concat(campaigns, ignore_index=True), margin)


def within_four(estimate, truth):
    return abs(estimate.value - truth) < 4 * (estimate.high - estimate.low) / (2 * 1.96)


def test_a_planted_effect_is_found_and_pays():
    one = of(campaign(np.random.default_rng(1), won=0.06))[0]
    assert within_four(one.effect.won, 0.06)
    assert one.decision == "repeat"
    assert one.gain.low > 0
    assert one.extra.value == pytest.approx(one.effect.won.value * one.contacted)


@pytest.mark.parametrize(("days", "twice"), [(13, 2), (14, 0)])
def test_who_is_in_two_campaigns_at_once_is_counted(days, twice):
    first = pd.DataFrame({"customer_id": ["a", "b", "c"], "day": pd.Timestamp("2026-05-01")})
    second = pd.DataFrame({"customer_id": ["b", "c", "d"], "day": pd.Timestamp("2026-05-01") + pd.Timedelta(days=days)})
    assert in_two_at_once(pd.concat([second, first], ignore_index=True), 14) == twice


def test_what_spend_before_explains_makes_money_surer():
    one = of(campaign(np.random.default_rng(2), won=0.06))[0].effect
    assert one.spend.high - one.spend.low < one.plain.high - one.plain.low


def test_a_null_is_called_null_about_nineteen_times_in_twenty():
    rng = np.random.default_rng(3)
    found = [of(campaign(rng, size=800, cost=0.0))[0] for _ in range(120)]
    assert sum(one.effect.won.excludes(0) for one in found) <= 14
    assert np.mean([one.decision == "nothing" for one in found]) > 0.85


def test_a_costly_null_is_stopped():
    assert of(campaign(np.random.default_rng(4), cost=15.0))[0].decision == "stop"


def test_purchases_pulled_forward_are_seen_in_the_weeks_after():
    rng = np.random.default_rng(5)
    pulled, won = of(campaign(rng, name="B", size=20_000, won=0.1, forward=1.0), campaign(rng, size=20_000, won=0.1))
    # three in ten would have bought in the weeks after
    assert within_four(pulled.effect.later_share, -0.3 * 0.1)
    assert pulled.effect.later_share.high < 0
    assert not won.effect.later_share.excludes(0)


def by_spend(before, _rng):
    """Contact who spent most, not who was drawn."""
    return before > 100


def leaning(before, rng):
    """Draw lots in which who spent more has the better chance."""
    return rng.random(len(before)) < 0.3 + 0.004 * before.clip(max=100)


@pytest.mark.parametrize("lots", [by_spend, leaning])
def test_arms_that_were_unlike_before_tell_nothing(lots):
    one = of(campaign(np.random.default_rng(6), won=0.1, lots=lots))[0]
    assert (one.decision, one.effect) == ("broken", None)
    assert not one.gain.is_known


def test_too_few_and_nobody_left_out_tell_nothing():
    rng = np.random.default_rng(7)
    few, alone = of(campaign(rng, name="B", size=60), campaign(rng, share=1.0))
    assert (few.decision, alone.decision) == ("few", "no_control")


def test_the_latest_stands_first_and_false_discoveries_are_held_down():
    rng = np.random.default_rng(8)
    found = of(*(campaign(rng, name=f"N{n}", day=f"2026-0{n}-01", size=400) for n in range(1, 7)))
    assert [one.name for one in found] == ["N6", "N5", "N4", "N3", "N2", "N1"]
    assert min(one.chance for one in found) > 0.05


def test_the_sum_covers_what_was_planted():
    rng = np.random.default_rng(9)
    hits = []
    for _ in range(40):
        effects = rng.uniform(0.0, 0.1, 4)
        found = of(*(campaign(rng, name=f"{n}", size=1_500, won=won) for n, won in enumerate(effects)))
        each = 0.4 * (20.0 + 0.3 * 120.0 + 20.0)
        truth = sum(one.contacted * (effects[int(one.name)] * each - 0.5) for one in found)
        hits.append(together(found).low <= truth <= together(found).high)
    assert np.mean(hits) >= 0.85


def test_titles_claim_only_what_intervals_allow(project):
    run = open_run(project / "params" / "demo.yaml")
    rng = np.random.default_rng(10)
    null, won = of(campaign(rng, name="B", day="2026-09-15", cost=0.0), campaign(rng, won=0.08))
    words = campaign_title([null, won], together([null, won]), run).replace("\xa0", " ")
    assert words.startswith("The latest campaign (B, 15 Sep 2026) won nobody over beyond chance (")
    assert "all 2 together brought" in words
    assert "(A, 1 May 2026) won " in campaign_title([won], together([won]), run).replace("\xa0", " ")
