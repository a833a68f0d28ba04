"""Stages by each customer's own rhythm."""

import numpy as np
import pandas as pd
import pytest

from crmlib.segmentation.customers.lifecycle import (
    STAGE_CODES,
    LifecycleLimits,
    lifecycle_stages,
    stage_label,
    stage_meaning,
)
from crmlib.segmentation.customers.rhythm import RHYTHMS

LIMITS = LifecycleLimits("2026-11-01", 30, dict.fromkeys(RHYTHMS, (2, 3, 5)), 900)


def customer(purchase_days, gap_days, days_since_last, last_gap=np.nan):
    gaps = max(purchase_days - 1, 1)
    return {
        "purchase_days": purchase_days, "gap_days": gap_days, "gap_squares": gap_days**2 // gaps * 2,
        "days_since_last": days_since_last, "last_gap": last_gap,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "stage"),
    [
        (customer(1, 0, 60), "new"),
        (customer(1, 0, 61), "at_risk"),
        (customer(1, 0, 91), "dormant"),
        (customer(1, 0, 151), "lost"),
        (customer(3, 61, 10, 30), "developing"),
        (customer(4, 90, 10, 30), "loyal"),
        (customer(4, 300, 10, 260), "back_again"),
        # the wait that is judged does not lengthen the limit: with two purchase days it is the population's
        (customer(2, 100, 10, 100), "back_again"),
        (customer(2, 90, 10, 90), "developing"),
        (customer(4, 160, 10, 120), "back_again"),
        # a weekly shopper is overdue after three weeks, a slow one is not
        (customer(30, 203, 21, 7), "at_risk"),
        (customer(5, 400, 80, 100), "loyal"),
    ],
)
def test_each_stage(who, stage):
    assert lifecycle_stages(pd.DataFrame([who]), LIMITS)["lifecycle"].item() == stage


def test_every_customer_has_a_stage_and_limits_of_their_own():
    rng = np.random.default_rng(5)
    bought = rng.integers(1, 20, 500)
    gap = rng.integers(1, 60, 500)
    frame = pd.DataFrame({
        "purchase_days": bought, "gap_days": (bought - 1) * gap, "gap_squares": (bought - 1) * gap**2,
        "days_since_last": rng.integers(0, 400, 500),
        "last_gap": np.where(bought > 1, rng.integers(1, 200, 500), np.nan),
    })  # fmt: skip
    stages = lifecycle_stages(frame, LIMITS)
    assert stages["lifecycle"].notna().all()
    assert list(stages["lifecycle"].cat.categories) == list(STAGE_CODES)
    assert (stages["limit_at_risk"] < stages["limit_dormant"]).all()
    assert (stages["limit_dormant"] < stages["limit_lost"]).all()


def test_without_limits_nobody_is_overdue():
    frame = pd.DataFrame([customer(1, 0, 500), customer(1, 0, 5)])
    stages = lifecycle_stages(frame, None)
    assert stages["lifecycle"].tolist() == ["new", "new"]
    assert stages["limit_lost"].isna().all()


def test_laxer_limits_never_make_anybody_more_overdue():
    frame = pd.DataFrame([customer(1, 0, days) for days in range(0, 300, 7)])
    strict = lifecycle_stages(frame, LIMITS)["lifecycle"].cat.codes
    lax = lifecycle_stages(frame, LIMITS.scaled(1.25))["lifecycle"].cat.codes
    assert (lax <= strict).all()


def test_stages_have_names_and_meanings():
    assert stage_label("at_risk") == "At risk"
    assert all(stage_meaning(code) for code in STAGE_CODES)
