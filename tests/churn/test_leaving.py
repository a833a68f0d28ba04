"""How things stand with each active customer, and who is put forward for it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib.churn.who.candidates import COLUMNS, LIKELY, OVERDUE, VALUABLE, retention_candidates
from crmlib.churn.who.leaving import leaving_customers

LAST_DAY = date(2026, 10, 31)
ACTIVE = pd.DataFrame({
    "customer_id": list("abcdefg"),
    "churn_probability": [0.9, 0.8, 0.7, 0.2, 0.5, 0.3, 0.6],
    "days_since_last": [40, 50, 60, 45, 3, 90, 5],
    "usual_spend": [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0],
})  # fmt: skip
GAIN = pd.Series([90.0, 80.0, 7.0, 2.0, 1.0, 3.0, 4.0])
# b is beyond the limit of the gone, d 15 days over the own limit and f 60; g is none of chapter 02's
SEGMENTS = pd.DataFrame({
    "customer_id": list("abcdefz"),
    "segment": "x",
    "main_store": None,
    "main_channel": "web",
    "typical_gap": [39.5, 10.0, 50.0, 20.0, 10.0, 20.0, 1.0],
    "limit_at_risk": [50.0, 20.0, 70.0, 30.0, 30.0, 30.0, 1.0],
    "limit_dormant": [90.0, 40.0, 90.0, 90.0, 90.0, 120.0, 1.0],
    "lifetime_value": [500.0, 900.0, 10.0, 20.0, 30.0, 40.0, 1e6],
})  # fmt: skip


def test_seven_customers_by_hand():
    found = leaving_customers(ACTIVE, SEGMENTS, least_risk=0.5, days=31).set_index("customer_id")
    assert found["value_ahead"].tolist() == [500, 900, 10, 20, 30, 40, 0]
    marked = {name: "".join(found.index[found[name]]) for name in ("valuable", "likely", "gone", "due", "crossed")}
    assert marked == {"valuable": "ab", "likely": "acg", "gone": "b", "due": "abcdfg", "crossed": "bd"}


def test_each_is_put_forward_for_one_reason_and_those_who_are_gone_for_none():
    put_forward = retention_candidates(leaving_customers(ACTIVE, SEGMENTS, 0.5, 31), GAIN, LAST_DAY)
    assert tuple(put_forward.columns) == COLUMNS
    reasons = put_forward.set_index("customer_id")["reason"].to_dict()
    assert reasons == {"a": VALUABLE, "c": LIKELY, "d": OVERDUE, "g": LIKELY}
    first = put_forward.iloc[0]
    assert first["score"] == 90
    assert (first["last_purchase"], first["late_since"]) == (pd.Timestamp("2026-09-21"), pd.Timestamp("2026-10-31"))


def test_nobody_is_put_forward_who_is_silent_no_longer_than_usual_or_with_whom_a_contact_does_not_pay():
    seldom = SEGMENTS.assign(typical_gap=SEGMENTS["typical_gap"].mask(SEGMENTS["customer_id"] == "a", 40.0))
    put_forward = retention_candidates(leaving_customers(ACTIVE, seldom, 0.5, 31), GAIN - 3, LAST_DAY)
    assert put_forward["customer_id"].tolist() == ["c", "g"]
    unknown = retention_candidates(leaving_customers(ACTIVE, SEGMENTS, 0.5, 31), GAIN * np.nan, LAST_DAY)
    assert unknown["customer_id"].tolist() == ["a", "c", "d", "g"]
    assert unknown["score"].iloc[0] == pytest.approx(500 * 0.9)


def test_without_chapter_02_the_usual_spend_is_the_worth_and_nobody_is_known_to_be_gone_or_overdue():
    found = leaving_customers(ACTIVE, None, 0.5, 31)
    assert found["value_ahead"].tolist() == ACTIVE["usual_spend"].tolist()
    assert not found[["gone", "crossed"]].to_numpy().any()
    unvalued = leaving_customers(ACTIVE, SEGMENTS.assign(lifetime_value=np.nan), 0.5, 31)
    assert unvalued["value_ahead"].tolist() == ACTIVE["usual_spend"].tolist()
    assert unvalued["gone"].sum() == 1


def test_of_nobody_nobody_is_put_forward():
    none = retention_candidates(leaving_customers(ACTIVE.head(0), SEGMENTS, 0.5, 31), GAIN.head(0), LAST_DAY)
    assert none.empty
    assert tuple(none.columns) == COLUMNS


@pytest.mark.parametrize("seed", range(5))
def test_lists_hold_to_their_names_whatever_the_customers(seed):
    rng = np.random.default_rng(seed)
    n, ids = 500, [f"k{number}" for number in range(500)]
    active = pd.DataFrame({
        "customer_id": ids, "churn_probability": rng.uniform(size=n), "days_since_last": rng.integers(0, 180, n),
        "usual_spend": rng.gamma(1, 90, n),
    })  # fmt: skip
    told = SEGMENTS.iloc[[0]].drop(columns="customer_id").merge(pd.DataFrame({"customer_id": ids}), how="cross")
    told["typical_gap"], told["lifetime_value"] = rng.uniform(2, 60, n), rng.pareto(1.5, n)
    told["limit_at_risk"], told["limit_dormant"] = 2 * told["typical_gap"], 4 * told["typical_gap"]
    gain = pd.Series(rng.normal(1, 1, n))
    put_forward = retention_candidates(leaving_customers(active, told, 0.5, 30), gain, LAST_DAY)
    assert put_forward["customer_id"].is_unique
    assert put_forward["score"].min() > 0
    both = put_forward.merge(told[["customer_id", "typical_gap", "limit_at_risk", "limit_dormant"]], on="customer_id")
    away = (pd.Timestamp(LAST_DAY) - both["last_purchase"]).dt.days
    assert away.between(both["typical_gap"], both["limit_dormant"], inclusive="right").all()
    by_reason = dict(iter(both.groupby("reason")))
    assert set(by_reason) == {VALUABLE, LIKELY, OVERDUE}
    mean = told["lifetime_value"].mean()
    assert by_reason[VALUABLE]["value_ahead"].min() > mean >= by_reason[LIKELY]["value_ahead"].max()
    assert both.loc[both["reason"] != OVERDUE, "churn_probability"].min() > 0.5
    assert by_reason[OVERDUE]["churn_probability"].max() <= 0.5
    silent = (pd.Timestamp(LAST_DAY) - by_reason[OVERDUE]["last_purchase"]).dt.days
    assert (silent - by_reason[OVERDUE]["limit_at_risk"]).between(0, 30, inclusive="right").all()
