"""Small shops of every kind keep their report: the hard ones of the benchmark of that name, warnings being errors."""

import pandas as pd
import pytest

HARD = ("few_stay", "burst", "usual_returns", "two_plans_once", "nine", "a_week", "weekly_150")
"""Densities underflow, nobody buys in the held-out time, prices have no mean, nobody leaves, few are known."""


EACH_NIGHT = ("few_stay", "burst", "usual_returns", "two_plans_once", "nine", "a_week")
"""The shared cases of `test_cases.py` and the last stand for these by day."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.thorough if name in EACH_NIGHT else ()) for name in HARD]
)
def test_a_small_shop_keeps_its_report_and_is_told_nothing_impossible(small_shops, tmp_path, name):
    shop, as_of = small_shops.SHOPS[name], small_shops.AS_OF
    run_dir = tmp_path / "work" / "shop" / "2026-02"
    pages = small_shops.run_shop(small_shops.write(shop, tmp_path), as_of, run_dir)
    assert "0.00 ahead" not in pages["06_summary"]
    orders = pd.read_csv(tmp_path / "orders.csv", parse_dates=["at"])
    known = orders[orders["who"].notna() & (orders["money"] > 0)]
    last_day = orders["at"].max().normalize()  # nothing was observed after it
    sold = known.loc[known["at"] > last_day - pd.Timedelta(days=89), "money"].sum()
    at_risk = pd.read_json(run_dir / "results" / "03_churn.json").set_index("name")["value"]["sales_at_risk"]
    assert not at_risk > sold
    scores = pd.read_parquet(run_dir / "tables" / "churn_scores.parquet").set_index("customer_id")["churn_probability"]
    candidates = pd.read_parquet(run_dir / "tables" / "candidates_churn.parquet")
    overdue = candidates["reason"] == "just_overdue"
    listed = candidates.loc[~overdue, "customer_id"]
    assert (scores.reindex(listed) > 0.5).all()
    assert (scores.reindex(candidates.loc[overdue, "customer_id"]) <= 0.5).all()
    if name == "weekly_150":
        assert listed.empty
        assert "likely to leave</td>" not in pages["05_actions"]
        assert "nobody is put forward as likely to leave" in pages["03_churn"]
