"""Merged cells: a value that stands once is that of each line it stands for, and never the next order's."""

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest
from openpyxl import Workbook

from crmlib.params import FileSource, ParameterError
from crmlib.prep.landing import filled as filling

HEADER = "no,at,sku,qty,price,who\n"
MERGED = "1,2026-02-01,A,1,2.50,K1\n,,B,1,2.50,\n2,2026-02-02,A,1,2.50,\n,,B,1,2.50,\n3,2026-02-03,C,1,2.50,K3\n"


def filled(shop, lines, columns, **source):
    run, account = shop({"a.csv": HEADER + lines}, source={"fill_down": columns, **source})
    rows = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet").sort_values("line")
    return rows, account


def test_values_are_filled_down_within_an_order(shop):
    rows, account = filled(shop, MERGED, ["no", "at", "who"])
    assert account.reconciliation[["lines_in", "clean"]].values.tolist() == [[5, 5]]
    assert rows["order_id"].tolist() == ["1", "1", "2", "2", "3"]
    assert rows["ordered_at"].dt.day.tolist() == [1, 1, 2, 2, 3]
    assert rows["customer_id"].isna().tolist() == [False, False, True, True, False]  # order 2 has no customer


def test_a_key_that_is_whole_carries_as_long_as_it_stays_the_same(shop):
    lines = "1,2026-02-01,A,1,2.50,K1\n1,,B,1,2.50,\n2,2026-02-02,A,1,2.50,\n2,,B,1,2.50,\n1,2026-02-03,C,1,2.50,K3\n"
    rows, _account = filled(shop, lines, ["at", "who"])
    assert rows["ordered_at"].dt.day.tolist() == [1, 1, 2, 2, 3]
    assert rows["customer_id"].isna().tolist() == [False, False, True, True, False]


def test_an_order_without_a_day_of_its_own_takes_no_other_ones(shop):
    lines = "1,2026-02-01,A,1,2.50,K1\n2,,A,1,2.50,K2\n"
    _rows, account = filled(shop, lines, ["no", "at"])
    assert account.reconciliation[["clean", "quarantined"]].values.tolist() == [[1, 1]]


def test_broken_lines_and_blank_ones_carry_nothing_and_stop_nothing(shop):
    lines = "1,2026-02-01,A,1,2.50,K1\n2,2026-02-02\n\n,,B,1,2.50,\n"
    rows, account = filled(shop, lines, ["no", "at", "who"])
    assert account.reconciliation[["clean", "quarantined"]].values.tolist() == [[2, 1]]
    assert rows["order_id"].tolist() == ["1", "1"]


def test_each_file_begins_anew(shop):
    files = {"a.csv": HEADER + MERGED, "b.csv": HEADER + ",,A,1,2.50,\n"}
    _run, account = shop(files, source={"fill_down": ["no", "at", "who"]})
    assert account.reconciliation[["clean", "quarantined"]].values.tolist() == [[5, 1]]


def test_a_workbook_with_merged_cells(shop, tmp_path):
    book = Workbook()
    book.active.append(HEADER.strip().split(","))
    for n in range(1, 5):
        book.active.append([f"A{n}", dt.datetime(2026, 2, n), "S1", 1, 2.5, f"K{n}"])  # noqa: DTZ001
        book.active.append([None, None, "S2", 1, 2.5, None])
        for column in "ABF":
            book.active.merge_cells(f"{column}{2 * n}:{column}{2 * n + 1}")
    (tmp_path / "data").mkdir()
    book.save(tmp_path / "data" / "a.xlsx")
    source = {"path": "../data/a.xlsx", "fill_down": ["no", "at", "who"]}
    run, account = shop({}, source=source)
    rows = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    assert account.reconciliation[["clean", "quarantined"]].values.tolist() == [[8, 0]]
    assert (rows["order_id"].nunique(), rows["customer_id"].nunique()) == (4, 4)


def test_a_column_that_is_not_there_is_refused(shop):
    with pytest.raises(ParameterError, match=r"fill_down: a.csv has no column 'number'"):
        filled(shop, MERGED, ["number"])


@pytest.mark.parametrize(
    "given",
    [
        {"path": "a.parquet"}, {"path": "a.dat", "format": "parquet"}, {"path": ["a.parquet", "b.pq"]},
        {"url": "sqlite:///a.db", "table": "orders"}, {"query": "SELECT 1"},
    ],
)  # fmt: skip
def test_sources_read_in_place_refuse_it_with_the_remedy(given):
    with pytest.raises(ValueError, match="fill_down is for text files and workbooks; elsewhere give a query"):
        FileSource(**given, fill_down=["no"])


def test_rows_are_of_json_only():
    with pytest.raises(ValueError, match="rows is for JSON files"):
        FileSource(path="a.csv", format="csv", rows="items")


@pytest.mark.parametrize(("keys", "at"), [(["no"], ["a", "a", "", "b"]), ([], ["a", "a", "a", "b"])])
def test_a_key_among_the_columns_starts_all_of_them_anew(keys, at):
    rows = pa.table({"no": ["1", "", "2", ""], "at": ["a", "", "", "b"], "_broken": pa.nulls(4, pa.string())})
    assert filling.filled(rows, ["no", "at"], keys).to_pydict()["at"] == at
