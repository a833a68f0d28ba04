"""One run's folders: who may enter, what is written, what is missing."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import ibis
import pandas as pd
import pytest

from crmlib.params import ParameterError
from crmlib.stats import Estimate
from crmlib.tables import clean_tables_page
from crmlib.workspace import MissingTableError, MixedRunError, open_run, period_of, private_folder

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


def test_what_does_not_fit_into_memory_goes_into_the_private_folder_and_nowhere_else(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run.con.raw_sql("SET memory_limit = '50MB'")
    run.con.raw_sql(
        "CREATE TEMP TABLE texts AS SELECT hash(i)::VARCHAR || hash(i + 1)::VARCHAR AS a FROM range(2000000) t(i)"
    )
    assert [each.name.startswith("landed_spill_") for each in run.run_dir.iterdir()] == [True]
    assert not (tmp_path / ".tmp").exists()
    run.con.disconnect()
    assert list(run.run_dir.iterdir()) == []


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


def test_a_list_can_be_read_by_its_owner_alone_and_an_experiments_stands_apart(run, file):
    path = run.write_list("contact_list", pd.DataFrame({"customer_id": ["a"], "action": ["=call"]}))
    assert path == run.run_dir / "lists" / "contact_list.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "\n=call" not in path.read_text(encoding="utf-8-sig").replace(",", "\n")
    other = open_run(file, knobs={"actions.at_most": 3})
    assert other.write_list("contact_list", pd.DataFrame({"customer_id": ["b"]})).parent.parent == other.out_dir


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


def scores(*customers):
    return pd.DataFrame({"customer_id": customers, "churn_probability": 0.5})


@pytest.fixture
def file(run):
    return run.params.home / "params" / "shop.yaml"


def test_an_experiment_leaves_the_run_and_the_state_alone(run, file):
    run.write("churn_scores", scores("a"), by=["customer_id"])
    (run.state_dir / "cut_points.json").write_text("{}")
    other = open_run(file, knobs={"churn.horizon_days": 30})
    assert other.scratch
    assert not open_run(file, knobs={"churn.horizon_days": run.params.churn.horizon_days}).scratch
    other.write("churn_scores", scores("b"), by=["customer_id"])
    other.record("03_churn", "churn_rate", 0.5, unit="share", definition="d")
    other.caution("03_churn", ["careful"])
    assert (other.state_dir / "cut_points.json").read_text() == "{}"
    (other.state_dir / "cut_points.json").write_text("changed")
    assert run.frame("churn_scores").customer_id.tolist() == ["a"]
    assert (run.state_dir / "cut_points.json").read_text() == "{}"
    assert run.results() == []
    assert not (run.run_dir / "cautions").exists()
    assert other.out_dir == run.run_dir.parent / "scratch" / "2026-10"


def test_an_experiment_reads_its_own_tables_where_they_fit_and_the_runs_otherwise(run, file):
    run.write("churn_scores", scores("a"), by=["customer_id"])
    run.write_clean("transactions", ibis.memtable({"order_id": ["1"]}), by=["order_id"])
    other = open_run(file, knobs={"churn.horizon_days": 30})
    other.write("churn_scores", scores("b"), by=["customer_id"])
    assert open_run(file, knobs={"churn.horizon_days": 30}).frame("churn_scores").customer_id.tolist() == ["b"]
    assert open_run(file, knobs={"churn.horizon_days": 31}).frame("churn_scores").customer_id.tolist() == ["a"]
    assert other.table("transactions").to_pandas().order_id.tolist() == ["1"]


def test_an_experiment_with_cleaning_keeps_the_clean_tables_of_the_run(run, file):
    run.write_clean("transactions", ibis.memtable({"order_id": ["1"]}), by=["order_id"])
    other = open_run(file, knobs={"cleaning.zero_price": "purchase"})
    assert other.scratch
    assert other.table("transactions").to_pandas().order_id.tolist() == ["1"]
    other.write_clean("transactions", ibis.memtable({"order_id": ["2"]}), by=["order_id"])
    assert other.table("transactions").to_pandas().order_id.tolist() == ["2"]
    assert run.table("transactions").to_pandas().order_id.tolist() == ["1"]
    assert open_run(file, knobs={"churn.horizon_days": 30}).table("transactions").to_pandas().order_id.tolist() == ["1"]


def test_a_run_refuses_tables_made_with_other_knobs(run, file):
    run.write("churn_scores", scores("a"), by=["customer_id"])
    file.write_text(PARAMETERS + "churn: {horizon_days: 30}\n")
    with pytest.raises(MixedRunError, match=r"churn_scores.parquet .* \(churn.horizon_days: \d+ there, 30 here\)"):
        open_run(file).frame("churn_scores")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("segmnets", r"no table is called segmnets; did you mean segments\? run.tables\(\) lists all"),
        ("churn", "no table is called churn; there are affinities, business_figures"),
        ("transactions", r'transactions is opened by run.table\("transactions"\)'),
    ],
)
def test_a_misspelt_table_says_what_was_meant(run, asked, said):
    with pytest.raises(MissingTableError, match=said):
        run.frame(asked)


def test_what_tables_there_are_and_what_they_hold(run):
    run.write_clean("transactions", ibis.memtable({"order_id": ["1"]}), by=["order_id"])
    run.write("churn_scores", scores("a"), by=["customer_id"])
    listed = run.tables().set_index("table")
    assert listed.loc["transactions", "opened_by"] == 'run.table("transactions")'
    assert "One row" in listed.loc["churn_scores", "holds"]
    assert "churn_probability" in run.tables("churn_scores")["column"].tolist()
    assert run.tables("transactions").set_index("column").loc["amount", "unit"] == "money"
    with pytest.raises(MissingTableError, match="did you mean churn_scores"):
        run.tables("chrn_scores")


def test_purchases_are_what_the_report_may_see(run):
    lines = pd.DataFrame(
        {
            "order_id": ["1", "2", "3"],
            "ordered_at": pd.to_datetime(["2026-10-31", "2026-11-01", "2026-10-30"]),
            "is_purchase": [True, True, False],
        }
    )
    run.write_clean("transactions", ibis.memtable(lines), by=["order_id"])
    assert run.purchases().to_pandas().order_id.tolist() == ["1"]
    assert run.table("transactions").count().execute() == 3


@pytest.mark.parametrize(
    ("table", "column", "horizon"),
    [
        ("segments", "probability_of_purchase", "`segmentation.lifetime_weeks`, by default 52 weeks"),
        ("segments", "lifetime_value", "`segmentation.lifetime_weeks`, by default 52 weeks"),
        ("segment_figures", "churn_risk", "`segmentation.lifetime_weeks`, by default 52 weeks"),
        ("churn_scores", "churn_probability", "`churn.horizon_days`, by default 90 days"),
        ("churn_scores", "expected_orders", "`churn.horizon_days`, by default 90 days"),
    ],
)
def test_a_column_says_its_horizon(run, table, column, horizon):
    assert run.tables(table).set_index("column").loc[column, "meaning"].endswith(f" within {horizon}")
    key, days = re.fullmatch(r"`(\S+)`, by default (\d+) .*", horizon).groups()
    section, name = key.split(".")
    assert type(getattr(run.params, section)).model_fields[name].default == int(days)


def test_money_is_a_number_in_a_frame_and_exact_in_the_engine(run):
    lines = ibis.memtable({"store_id": ["a", "a", "b"], "amount": [0.1, 0.2, 5.0]})
    lines = lines.mutate(amount=lines.amount.cast("decimal(18, 4)"))
    sums = lines.group_by("store_id").agg(amount=lines.amount.sum()).order_by("store_id")
    assert sums.to_pandas()["amount"].map(str).tolist() == ["0.3000", "5.0000"]
    frame = run.frame(sums)
    assert (frame["amount"].dtype, frame["amount"].tolist()) == ("float64", [0.3, 5.0])
    run.write("return_matches", sums.to_pandas(), by=["store_id"])
    pd.testing.assert_frame_equal(run.frame("return_matches"), frame)


def test_the_documented_clean_tables_are_those_of_the_vocabulary(project):
    page = (project / "docs" / "tables.md").read_text(encoding="utf-8")
    assert clean_tables_page(page) == page
    assert "### `surveys`" in page
    with pytest.raises(ValueError, match="two lines"):
        clean_tables_page("nothing")


def sales(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "order_id", "ordered_at", "store_id", "amount"])
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"])
    table = ibis.memtable(frame.assign(channel="web", is_product=True, is_return=False, is_purchase=True))
    return table.mutate(amount=table.amount.cast("decimal(18, 4)"))


def test_orders_and_days_of_older_runs_are_made_once_and_anew_for_other_lines(run):
    first = ("a", "1", "2026-10-30 09:00", "s", 1.0)
    run.write_clean("transactions", sales(first, ("a", "2", "2026-11-02 09:00", "s", 2.0)), by=["order_id"])
    assert run.orders().to_pandas().order_id.tolist() == ["1"]
    assert run.table("orders").count().to_pandas() == 2
    assert run.customer_days().to_pandas().amount.tolist() == [1]
    kept = sorted((run.run_dir / "shared").iterdir())
    assert [file.name.partition("-")[0] for file in kept] == ["customer_days", "orders"]
    run.table("orders")
    assert sorted((run.run_dir / "shared").iterdir()) == kept
    run.write_clean("transactions", sales(first), by=["order_id"])
    assert run.table("orders").count().to_pandas() == 1


def test_what_is_asked_twice_is_computed_once(run):
    run.write_clean("transactions", sales(("a", "1", "2026-10-30", "s", 1.0)), by=["order_id"])
    lines = run.table("transactions")

    def asked(number, at_least=0):
        other = ibis.memtable({"number": [number]})
        return lines.filter(lines.amount > at_least).cross_join(other).select("order_id", "number")

    assert run.once("asked", asked(1), 1).to_pandas().number.tolist() == [1]
    assert run.once("asked", asked(1), 1).to_pandas().number.tolist() == [1]
    assert len(list((run.run_dir / "shared").glob("asked-*"))) == 1
    # the query names no table that it brings along: the key does
    assert run.once("asked", asked(2), 2).to_pandas().number.tolist() == [2]
    assert run.once("asked", asked(2, at_least=5), 2).to_pandas().empty
    assert len(list((run.run_dir / "shared").glob("asked-*"))) == 3


def test_two_kernels_that_compute_the_same_do_not_disturb_one_another(run, file):
    run.write_clean("transactions", sales(("a", "1", "2026-10-30", "s", 1.0)), by=["order_id"])
    (run.run_dir / "shared").mkdir(exist_ok=True)
    other = open_run(file, run_dir=run.run_dir)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(lambda each=each: each.once("count", each.table("transactions")).count().to_pandas())
                for each in (run, other)]  # fmt: skip
    assert [each.result() for each in both] == [1, 1]
    assert [file.suffix for file in (run.run_dir / "shared").iterdir()] == [".parquet"]
