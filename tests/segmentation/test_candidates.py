"""Whom chapter 02 puts forward, since when and why."""

from datetime import date
from types import SimpleNamespace

import pandas as pd

from crmlib.segmentation import candidates
from crmlib.segmentation.candidates import COLUMNS, left_best, next_category, second_purchase, win_back

RUN = SimpleNamespace(
    as_of=date(2026, 11, 1), previous_as_of=date(2026, 10, 1),
    params=SimpleNamespace(
        currency="GBP", churn=SimpleNamespace(horizon_days=90), segmentation=SimpleNamespace(margin=0.5)
    ),
)  # fmt: skip
CUSTOMERS = pd.DataFrame({
    "customer_id": ["a", "b", "c", "d", "e"],
    "segment": ["cant_lose", "cant_lose", "first_timers", "first_timers", "champions"],
    "lifecycle": ["dormant", "lost", "new", "new", "loyal"],
    "spend": [900.0, 800.0, 20.0, 30.0, 500.0],
    "days_since_last": [100, 400, 60, 10, 3],
    "purchase_days": [9, 9, 1, 1, 20],
    "limit_at_risk": [50.0, 50.0, 100.0, 100.0, 20.0],
    "limit_dormant": [80.0, 80.0, 150.0, 150.0, 40.0],
})  # fmt: skip


def test_the_second_purchase_of_who_has_half_of_the_usual_time_behind():
    listed = second_purchase(CUSTOMERS, RUN)
    assert tuple(listed.columns) == COLUMNS
    assert listed[["customer_id", "reason", "score"]].to_numpy().tolist() == [["c", "second_purchase", 20.0]]
    assert listed["since"].tolist() == [pd.Timestamp("2026-09-01")]
    assert listed["why"].tolist() == ["bought once, 60 days ago, for £20"]


def test_the_value_ahead_weighs_a_second_purchase():
    known = CUSTOMERS.assign(lifetime_value=[50.0, 1.0, 77.0, 5.0, 9.0])
    assert second_purchase(known, RUN)["score"].tolist() == [77.0]


def test_who_left_the_best_segments_is_a_candidate_unless_gone():
    left = pd.DataFrame({"customer_id": ["a", "b", "c", "e"], "left_best": [True, True, True, False]})
    listed = left_best(CUSTOMERS, left, RUN)
    assert listed[["customer_id", "since"]].to_numpy().tolist() == [["c", pd.Timestamp("2026-10-01")]]
    assert listed["why"].str.contains("among the best customers a month ago").all()


def test_who_has_gone_within_the_horizon_is_to_be_won_back_and_nobody_else():
    listed = win_back(CUSTOMERS, RUN)
    assert listed["customer_id"].tolist() == ["a"]  # b has been gone for longer, the others are here
    assert listed["since"].tolist() == [pd.Timestamp("2026-10-11")]  # last seen on 23 July, 80 days on


def test_who_began_with_a_category_and_lacks_its_companion_is_told_of_it(monkeypatch):
    pairs = pd.DataFrame({"first": ["tea", "jam"], "second": ["cups", "cups"], "share": [0.2, 0.1], "lift": [2.0, 3.0]})
    monkeypatch.setattr(candidates, "companions", lambda *_: pairs)
    monkeypatch.setattr(candidates, "_spend_by_category", lambda *_: pd.Series({"cups": 40.0}))
    days = {
        "c": ("tea", "2026-10-01"),
        "d": ("tea", "2026-01-01"),
        "e": ("jam", "2026-10-02"),
        "a": ("tea", "2026-10-01"),
    }
    bought = pd.DataFrame([(who, what, pd.Timestamp(day)) for who, (what, day) in days.items()]
                          + [("e", "tea", pd.Timestamp("2026-10-02")), ("b", "cups", pd.Timestamp("2026-10-02"))],
                          columns=["customer_id", "category", "first_at"])  # fmt: skip
    listed = next_category(CUSTOMERS, bought, RUN).set_index("customer_id")
    # a has gone, d began long ago; e has both, and more is at stake with who would add it more rarely
    assert sorted(listed.index) == ["c", "e"]
    assert listed["value_at_stake"].to_dict() == {"c": 0.8 * 40 * 0.5, "e": 0.9 * 40 * 0.5}
    assert listed.loc["e", "why"] == "began with jam; its customers add cups 3 times as often as others"
