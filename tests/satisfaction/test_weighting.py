"""Weights that bring the answers back to the shape of the customer base."""

import numpy as np
import pandas as pd
import pytest

from crmlib.satisfaction.weighting import rake


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
