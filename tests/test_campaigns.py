"""Campaigns against their control groups."""

import numpy as np
import pandas as pd
import pytest

from crmlib.campaigns import campaign_effects, overall_effect, share_won


def counts(*rows):
    frame = pd.DataFrame([row[:4] for row in rows], columns=["campaign_id", "arm", "customers", "responses"])
    return frame.assign(started_at=pd.Timestamp("2026-01-01"))


def test_effect_is_the_difference_with_newcombes_interval():
    # Newcombe 1998, table II, contrast (a): 56/70 against 48/80 gives 0.2000 with 0.0524 to 0.3339 by method 10
    effect = campaign_effects(
        counts(("A", "treatment", 70, 56, 7.0, 560.0), ("A", "control", 80, 48, 0.0, 480.0))
    ).iloc[0]
    assert effect.effect == pytest.approx(0.2)
    assert (effect.low, effect.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)  # printed to four digits


def test_without_a_control_group_no_effect_is_claimed():
    effect = campaign_effects(counts(("A", "treatment", 70, 56, 7.0, 560.0))).iloc[0]
    assert effect.treated_rate == pytest.approx(0.8)
    assert np.isnan(effect.effect)
    assert not overall_effect(campaign_effects(counts(("A", "treatment", 70, 56, 7.0, 560.0)))).is_known


def test_one_campaign_pooled_is_the_campaign():
    one = counts(("A", "treatment", 70, 56, 7.0, 560.0), ("A", "control", 80, 48, 0.0, 480.0))
    pooled = overall_effect(campaign_effects(one))
    assert pooled.value == pytest.approx(0.2)
    wald = 1.959964 * (0.8 * 0.2 / 70 + 0.6 * 0.4 / 80) ** 0.5  # with one stratum the variance is the plain Wald one
    assert pooled.high - pooled.value == pytest.approx(wald)


def test_pooling_does_not_mix_campaigns_of_different_level():
    # equal effect .1 in each, but the campaign with the high level has few controls: a pooled rate would mislead
    both = counts(
        ("A", "treatment", 100, 20, 0, 0),
        ("A", "control", 100, 10, 0, 0),
        ("B", "treatment", 1000, 900, 0, 0),
        ("B", "control", 50, 40, 0, 0),
    )
    effects = campaign_effects(both)
    assert overall_effect(effects).value == pytest.approx(0.1)
    assert (effects.treated_rate * effects.treated).sum() / effects.treated.sum() == pytest.approx(920 / 1100)


def test_the_share_won_of_one_campaign_is_one_less_its_risk_ratio():
    # without a response: 14 of 70 treated, 32 of 80 left out; the log ratio's textbook variance (Katz 1978)
    won = share_won(
        campaign_effects(counts(("A", "treatment", 70, 56, 7.0, 560.0), ("A", "control", 80, 48, 0.0, 480.0)))
    )
    assert won.value == pytest.approx(1 - (14 / 70) / (32 / 80))
    half = 1.959964 * (1 / 14 - 1 / 70 + 1 / 32 - 1 / 80) ** 0.5
    assert (won.low, won.high) == pytest.approx((1 - 0.5 * np.exp(half), 1 - 0.5 * np.exp(-half)))


def test_the_share_won_is_the_pooled_effect_over_the_control_groups_level():
    both = campaign_effects(
        counts(("A", "treatment", 100, 40, 0, 0), ("A", "control", 100, 20, 0, 0),
               ("B", "treatment", 400, 280, 0, 0), ("B", "control", 100, 60, 0, 0))
    )  # fmt: skip
    # both won a quarter of those who would not have responded: 80 to 60 %, 40 to 30 %
    assert share_won(both).value == pytest.approx(0.25)
    assert not share_won(campaign_effects(counts(("A", "treatment", 70, 56, 7.0, 560.0)))).is_known
