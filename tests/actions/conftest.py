"""A run whose other chapters have written what they put forward."""

from dataclasses import replace

import ibis
import pandas as pd
import pytest

from crmlib.orders import complete_orders, customer_days, order_rows
from crmlib.workspace import open_run

REASONS = {
    "candidates_segmentation": ("left_best_segment", range(40)),
    "candidates_churn": ("valuable_at_risk", range(30, 80)),
    "candidates_satisfaction": ("open_complaint", range(70, 84)),
}
ASSUMED = pd.Series({
    "kept_value": 100.0, "kept_value_low": 100.0, "kept_value_high": 100.0, "incentive": 5.0, "incentive_low": 2.5,
    "incentive_high": 10.0, "contact": 0.5, "contact_low": 0.25, "contact_high": 1.0, "kept": 0.3, "kept_low": 0.1,
    "kept_high": 0.5, "told_by": "nobody",
})  # fmt: skip
"""What chapter 03 assumes of a campaign."""


@pytest.fixture(scope="module")
def run(tmp_path_factory, project):
    """Open a run of ninety customers: forty left the best segments, fifty may leave, fourteen complain."""
    run = open_run(project / "params" / "demo.yaml", run_dir=tmp_path_factory.mktemp("shop") / "run")
    people = [f"C{number:02d}" for number in range(90)]
    known = pd.DataFrame({"customer_id": people, "segment": "loyal", "lifecycle": "active", "lifetime_value": 100.0})
    run.write("segments", known, by=["customer_id"])
    scores = known[["customer_id"]].assign(churn_probability=0.9, kept_value=100.0)
    run.write("churn_scores", scores, by=["customer_id"])
    run.write("campaign_assumptions", ASSUMED.to_frame().T, by=["told_by"])
    for table, (reason, numbers) in REASONS.items():
        who = pd.DataFrame({"customer_id": [people[n] for n in numbers], "reason": reason, "score": 0.5})
        run.write(table, who, by=["customer_id"])
    (run.run_dir / "clean").mkdir()
    refusing = pd.DataFrame({
        "customer_id": ["C99"], "contact_consent": [False], "joined_at": [pd.NaT], "tier": [None], "points": [None],
        "member_until": [pd.NaT], "acquired_by": [None],
    })  # fmt: skip
    stores = pd.DataFrame({"store_id": ["S9"], "name": ["Harbour"]})
    goods = pd.DataFrame({"product_id": ["p"], "category": ["c"], "unit_cost": [5.0]})
    lines = purchases_of(contacts())
    tables = {"contacts": contacts(), "customers": refusing, "stores": stores, "products": goods, "transactions": lines}
    for name, table in tables.items():
        table.to_parquet(run.run_dir / "clean" / f"{name}.parquet", index=False)
    orders = complete_orders(order_rows(ibis.memtable(lines)))
    orders.to_pandas().to_parquet(run.run_dir / "clean" / "orders.parquet", index=False)
    customer_days(orders).to_pandas().to_parquet(run.run_dir / "clean" / "customer_days.parquet", index=False)
    return run


def contacts():
    """Give a campaign with a control group, one of which too few were left out, and one without."""
    arms = [("A", "treatment", 100, 40), ("A", "control", 100, 20), ("B", "treatment", 50, 10), ("B", "control", 4, 1),
            ("C", "treatment", 60, 12)]  # fmt: skip
    day = {name: pd.Timestamp(2026, month, 1) for name, month in (("A", 5), ("B", 4), ("C", 3))}
    rows = [
        (name, f"{name}{arm}{n}", arm, day[name], day[name] + pd.Timedelta(days=8) if n < won else None)
        for name, arm, size, won in arms
        for n in range(size)
    ]
    frame = pd.DataFrame(rows, columns=["campaign_id", "customer_id", "arm", "contacted_at", "responded_at"])
    return frame.assign(responded_at=pd.to_datetime(frame["responded_at"]), cost=0.5, response_value=20.0)


def purchases_of(told):
    """Give the order line of everybody who responded, on the day of the response."""
    bought = told.dropna(subset=["responded_at"]).reset_index(drop=True)
    return pd.DataFrame({
        "customer_id": bought["customer_id"], "order_id": [f"o{n}" for n in range(len(bought))],
        "ordered_at": bought["responded_at"], "amount": 20.0, "quantity": 1.0, "product_id": "p", "channel": "web",
        "store_id": "s", "is_return": False, "is_product": True, "cost": 6.0,
        "promotion_id": pd.Series([None] * len(bought), dtype="str"), "discount": 0.0,
    })  # fmt: skip


@pytest.fixture(scope="module")
def lonely(run):
    """Open the same run without contacts."""
    sources = run.params.sources.model_copy(update={"contacts": None})
    return replace(run, params=run.params.model_copy(update={"sources": sources}))
