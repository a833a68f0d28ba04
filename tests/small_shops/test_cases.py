"""Small inputs that showed a fault in the chapters of customers: each gives its right value, and no library warns."""

import json
import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytestmark = pytest.mark.shared_data

LATER = """series: s
title: T
currency: EUR
sources:
  transactions:
    path: {folder}/exports/*.csv
    columns: {{order_id: Order No, ordered_at: Date, quantity: Qty, amount: Amount, customer_id: Customer ID}}
privacy: {{demo_key: true}}
"""


@dataclass(frozen=True)
class Report:
    """What was published of a case."""

    pages: dict[str, str]
    run_dir: Path

    def text(self, stem: str) -> str:
        """Give the words of a page."""
        return unescape(re.sub(r"<[^>]+>", " ", self.pages[stem])).replace("\xa0", " ")

    def result(self, name: str) -> dict[str, Any]:
        """Give a headline number."""
        files = (self.run_dir / "results").glob("*.json")
        return next(row for file in files for row in json.loads(file.read_text()) if row["name"] == name)

    def table(self, name: str) -> pd.DataFrame:
        """Give a table of the run."""
        return pd.read_parquet(self.run_dir / "tables" / f"{name}.parquet")


@pytest.fixture
def report(small_shops, project, tmp_path):
    """Run a case as of a date, up to the chapter that is asked for."""

    def run(case: str, as_of: date, until: str = "06_summary") -> Report:
        folder = project.parent / "shared" / "cases" / case
        if not folder.is_dir():
            pytest.skip(f"case not found: expected the folder {folder}")
        file = folder / "params" / "p.yaml"
        if not file.exists():
            file = tmp_path / "p.yaml"
            file.write_text(LATER.format(folder=folder))
        run_dir = tmp_path / "work" / "s" / "now"
        return Report(small_shops.run_shop(file, as_of, run_dir, until), run_dir)

    return run


MARCH = date(2026, 3, 1)


def test_a_density_that_underflows_costs_no_report(report):
    assert report("pareto_warning", MARCH, "02_segmentation").result("value_ahead")["value"] > 0


@pytest.mark.parametrize("case", ["samespend", "onemonth"])
def test_what_is_not_known_adds_up_to_not_observed(report, case):
    found = report(case, MARCH)
    assert "ahead" not in found.text("06_summary").split("The month in five sentences")[-1].split("Net revenue:")[0]
    assert found.result("expected_gain")["value"] != 0
    assert "€0.00" not in found.text("05_actions")


def test_one_time_buyers_of_two_plans_are_expected_to_pay_what_plans_cost(report):
    found = report("twoplans", MARCH, "02_segmentation")
    expected = found.table("segments")["expected_spend"].dropna()
    assert len(expected) > 400
    assert expected.between(5, 50).all()
    assert "Gamma-Gamma no mean to be believed" in found.text("02_segmentation")


def test_no_money_of_fewer_than_ten_is_in_a_sentence(report):
    found = report("fewactive", MARCH, "03_churn")
    assert "Fewer than 10 customers bought in the last 180 days" in found.text("03_churn")
    assert "€" not in found.text("03_churn")
    assert found.result("sales_at_risk")["value"] is None


def test_a_share_that_fell_is_not_told_to_have_risen(report):
    found = report("rounded_change", date(2025, 8, 1))
    assert found.result("repurchase_rate")["value"] == pytest.approx(85 / 120)
    assert "bought again, no clear change on" in found.text("06_summary").replace("\xa0", " ")
    assert "up 4.2 points" not in "".join(found.text(stem) for stem in found.pages)


def test_sales_at_risk_are_no_more_than_is_sold_in_the_horizon(report, project):
    found = report("exports/21_sales_at_risk_beyond_all_sales", date(2026, 7, 1))
    file = project.parent / "shared/cases/exports/21_sales_at_risk_beyond_all_sales/exports/orders.csv"
    orders = pd.read_csv(file, parse_dates=["Date"])
    sold = orders.loc[orders["Date"] >= "2026-04-02", "Amount"].sum()
    at_risk = found.result("sales_at_risk")["value"]
    assert 0.5 * sold < at_risk < sold
    assert f"€{at_risk:,.0f} is at risk" in found.text("03_churn").replace("\xa0", " ")
    assert f"sales at risk are €{at_risk:,.0f}" in found.text("06_summary")
