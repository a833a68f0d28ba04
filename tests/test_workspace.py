"""One run's folders: who may enter, what is written, what is missing."""

import stat
from dataclasses import replace
from datetime import date

import ibis
import pandas as pd
import pytest

from crmlib.params import ParameterError
from crmlib.stats import Estimate
from crmlib.workspace import MissingTableError, open_run, period_of, private_folder

PARAMETERS = """\
series: shop
title: A shop
as_of: 2026-11-01
sources:
  transactions: {path: lines.csv, columns: {ordered_at: When, amount: Paid}}
"""


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "params"
    folder.mkdir()
    (folder / "shop.yaml").write_text(PARAMETERS)
    return open_run(folder / "shop.yaml")


def test_a_run_knows_its_period_and_folders(run, tmp_path):
    assert (run.period, run.period_label, run.previous_as_of) == ("2026-10", "October 2026", date(2026, 10, 1))
    assert run.run_dir == tmp_path / "work" / "shop" / "2026-10"
    assert run.state_dir == tmp_path / "work" / "shop" / "state"


@pytest.mark.parametrize(
    ("as_of", "period"),
    [(date(2026, 1, 1), "2025-12"), (date(2026, 3, 2), "2026-03-02"), (date(2026, 3, 1), "2026-02")],
)
def test_a_month_is_named_by_its_own_name_and_anything_else_by_its_date(as_of, period):
    assert period_of(as_of) == period


@pytest.mark.parametrize(
    ("as_of", "label"),
    [(date(2026, 3, 1), "February 2026"), (date(2026, 3, 2), "1 March 2026"), (date(2026, 3, 15), "1–14 March 2026")],
)
def test_a_month_that_is_not_over_is_called_by_its_days(run, as_of, label):
    assert replace(run, as_of=as_of).period_label == label


def test_the_number_of_people_of_the_last_period_reaches_the_gate(run):
    few = run.record("x", "m", 5.0, unit="money", definition="d", people=50, previous=7.0, previous_people=3)
    assert (few.value, few.previous) == (5.0, None)


def test_the_private_folders_can_be_entered_by_their_owner_alone(run, tmp_path):
    for folder in (tmp_path / "work", tmp_path / "work" / "shop", run.run_dir, run.state_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert private_folder(tmp_path).exists()


def test_a_missing_table_says_which_notebook_makes_it(run):
    with pytest.raises(MissingTableError, match=r"tables/churn_scores.parquet .* Run notebooks/03_churn.ipynb"):
        run.frame("churn_scores")
    with pytest.raises(MissingTableError, match=r"clean/transactions.parquet .* Run notebooks/01_data_prep.ipynb"):
        run.table("transactions")


def test_tables_are_written_sorted_and_read_back(run):
    run.write("segments", pd.DataFrame({"customer_id": ["b", "a"], "segment": ["x", "y"]}), by=["customer_id"])
    assert run.frame("segments").customer_id.tolist() == ["a", "b"]
    run.write_clean("transactions", ibis.memtable({"order_id": ["2", "1"]}), by=["order_id"])
    assert run.table("transactions").to_pandas().order_id.tolist() == ["1", "2"]
    assert list((run.run_dir / "clean").iterdir()) == [run.run_dir / "clean" / "transactions.parquet"]


def test_as_of_must_come_from_somewhere(tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text(PARAMETERS.replace("as_of: 2026-11-01\n", ""))
    with pytest.raises(ParameterError, match="as_of is missing"):
        open_run(file)
    assert open_run(file, as_of="2026-03-01", knobs={"churn.horizon_days": None}).period == "2026-02"


def test_the_latest_record_of_a_name_stands(run):
    run.record("03_churn", "auc", Estimate(0.7, 0.6, 0.8, 400), unit="number", definition="area under the curve")
    run.record("03_churn", "auc", Estimate(0.8, 0.7, 0.9, 401), unit="number", definition="area under the curve")
    run.record("02_segmentation", "revenue", 1234.5, unit="money", definition="gross", previous=1000)
    revenue, auc = run.results()
    assert (revenue.value, revenue.previous, revenue.n, revenue.hidden) == (1234.5, 1000.0, None, False)
    assert (auc.value, auc.low, auc.high, auc.n) == (0.8, 0.7, 0.9, 400)  # n is a count of people: rounded to five


@pytest.mark.parametrize(
    ("value", "unit", "people", "shown"),
    [
        (3, "people", None, None),
        (13, "people", None, 15.0),
        (0.5, "share", 9, None),
        (0.5, "share", 10, 0.5),
        (None, "days", None, None),
        (float("nan"), "days", 100, None),
    ],
)
def test_few_people_do_not_reach_the_results(run, value, unit, people, shown):
    assert run.record("x", "n", value, unit=unit, definition="d", people=people).value == shown
