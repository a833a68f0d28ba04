"""Numbers that a spreadsheet cut: refused with the remedy, before orders or customers fall together."""

import ibis
import pandas as pd
import pytest
from openpyxl import Workbook

from crmlib.prep import InputRejectedError
from crmlib.prep.parsing.text import broken_ids, is_broken_id

HEADER = "no,at,sku,qty,price,who\n"


def lines(no="1", sku="A", who="K1"):
    return HEADER + f"7,2026-02-01,A,1,2.50,K1\n{no},2026-02-02,{sku},1,2.50,{who}\n"


@pytest.mark.parametrize(("column", "words"), [("no", "order id"), ("who", "customer id")])
@pytest.mark.parametrize("cut", ["2.10000E+18", "6.9012E+12", "2.1e+18", "7E+09"])
def test_ids_that_hold_lines_together_stop_the_run(shop, column, words, cut):
    message = (
        rf"a\.csv, line 3: {words} is a number cut by a spreadsheet.*; export it anew as text, or format the column"
    )
    with pytest.raises(InputRejectedError, match=message):
        shop({"a.csv": lines(**{column: cut})})


FEW = HEADER + "".join(f"{n},2026-02-01,A,1,2.50,K1\n" for n in range(100, 298)) + "2.1E+18,2026-02-01,A,1,2.50,K1\n"


def test_one_among_many_is_set_aside_and_told(shop):
    run, account = shop({"a.csv": FEW})
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert aside[["line", "reasons"]].to_numpy().tolist() == [[200, "broken_order_id"]]
    assert account.rules[["rule", "severity", "lines"]].to_numpy().tolist() == [["broken_order_id", "quarantine", 1]]
    assert account.reconciliation["clean"].tolist() == [198]


@pytest.mark.parametrize("second", [lines(no="7E+09").replace("\n7,", "\n8E+09,"), lines(no="7E+09") + "8E+09,,,,,\n"])
def test_more_than_a_hundredth_and_a_file_full_of_them_are_refused(shop, second):
    with pytest.raises(InputRejectedError, match=r"line 200: order id is a number cut"):
        shop({"a.csv": FEW + "".join(f"2.{n}E+18,2026-02-02,A,1,2.50,K1\n" for n in (2, 3))})
    with pytest.raises(InputRejectedError, match=r"b\.csv, line"):
        shop({"a.csv": FEW.replace("2.1E+18", "99"), "b.csv": second})


def test_one_of_a_small_daily_file_refuses_nothing(shop):
    _run, account = shop({"a.csv": FEW.replace("2.1E+18", "99"), "b.csv": lines(no="7E+09")})
    assert account.rules["rule"].tolist() == ["broken_order_id"]


def test_the_parameters_may_keep_the_rest_or_stop_at_one(shop):
    _run, account = shop({"a.csv": lines(no="7E+09")}, cleaning={"severity": {"broken_order_id": "quarantine"}})
    assert account.reconciliation["clean"].tolist() == [1]
    with pytest.raises(InputRejectedError, match="order id is a number cut"):
        shop({"a.csv": FEW}, cleaning={"severity": {"broken_order_id": "stop"}})


def test_with_a_name_space_and_joined_they_are_seen_too(shop):
    with pytest.raises(InputRejectedError, match="customer id is a number cut"):
        shop({"a.csv": lines(who="2.1E+18")}, source={"id_namespace": "web"})
    columns = {"order_id": ["sku", "no"], "ordered_at": "at", "quantity": "qty", "unit_price": "price"}
    with pytest.raises(InputRejectedError, match="order id is a number cut"):
        shop({"a.csv": lines(no="2.1E+18")}, source={"columns": columns})


def test_articles_are_set_aside_and_the_parameters_may_choose(shop):
    run, account = shop({"a.csv": lines(sku="6.90120E+12")})
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert aside["reasons"].tolist() == ["broken_product_id"]
    _run, account = shop({"a.csv": lines(no="2.1E+18")}, cleaning={"severity": {"broken_order_id": "warn"}})
    assert account.reconciliation["clean"].tolist() == [2]


def test_codes_and_numbers_written_whole_are_none(shop):
    whole = ["6.901201234567E+12", "3E05", "1E+3", "A+B", "E+12", "12E+15", "0.5E+10"]
    _run, account = shop({f"{n}.csv": lines(no=code, sku=code, who=f"K{n}") for n, code in enumerate(whole)})
    assert account.reconciliation[["clean", "merged"]].values.tolist() == [[len(whole) + 1, len(whole) - 1]]


def test_numbers_of_a_sheet_beyond_what_it_can_hold(shop, tmp_path):
    book = Workbook()
    for row in (HEADER.strip().split(","), [2100000000012345678, "2026-02-01", "A", 1, 2.5, "K1"]):
        book.active.append(row)
    (tmp_path / "data").mkdir()
    book.save(tmp_path / "data" / "a.xlsx")
    with pytest.raises(InputRejectedError, match=r"a\.xlsx, line 2: order id is a number cut"):
        shop({}, source={"path": "../data/a.xlsx"})


@pytest.mark.parametrize(
    ("values", "share"),
    [
        (["6.90120E+12", "6.90121E+12"], 1.0),
        (["2,1E+18", "210000000000000001"], 0.5),
        ([f"2100000000{n:05}0000" for n in range(9)], 1.0),
        ([f"2100000000{n:05}0001" for n in range(9)], 0.0),
        (["2100000000012340000"], 0.0),
        (["6901201234567"], 0.0),
        ([], 0.0),
    ],
)
def test_the_share_of_cut_numbers(values, share):
    assert broken_ids(values) == share


def test_ids_in_scientific_notation_lack_digits_if_few_decimals_are_written():
    ids = ibis.memtable({"id": ["2.10000E+18", "6.901201234567E+12", "3E05", "A1", None, "web:7E+09"]})
    assert is_broken_id(ids.id).name("broken").to_list() == [True, False, False, False, False, True]


def test_long_numbers_that_all_end_in_noughts_are_cut_too():
    assert broken_ids(["2.10000E+18", "A1"]) == 0.5
    assert broken_ids(["2100000000012340000", "2100000000012350000"] * 3) == 1
