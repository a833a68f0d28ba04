"""A file that is empty, unreadable, cut off or changes its columns is named; it stops the run or is set aside whole."""

import gzip
import io
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from openpyxl import Workbook

from crmlib.prep import InputRejectedError

HEADER = "no,at,sku,qty,price,who\n"
GOOD = HEADER + "1,2026-02-01,A,1,2,7\n2,2026-02-01,B,1,3,7\n"
MANY = HEADER + "".join(f"{i},2026-02-01,A{i * 7919 % 1013},1,2,{i * 31 % 977}\n" for i in range(3000))


def workbook():
    book = Workbook()
    for line in GOOD.splitlines():
        book.active.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(**columns):
    out = io.BytesIO()
    given = dict(
        zip(HEADER.strip().split(","), zip(*[r.split(",") for r in GOOD.splitlines()[1:]], strict=True), strict=True)
    )
    pq.write_table(pa.table({**{k: list(v) for k, v in given.items()}, **columns}), out)
    return out.getvalue()


BROKEN = {
    "nothing in it": ("b.csv", b"", r"b\.csv: is empty", 1),
    "a mark and blanks": ("b.csv", b"\xef\xbb\xbf\r\n \r\n", r"b\.csv: is empty", 1),
    "gzip cut off": ("b.csv.gz", gzip.compress(MANY.encode())[:9000], r"b\.csv\.gz: cannot be read to its end", 1),
    "zstd cut off": ("b.csv.zst", zstandard.compress(MANY.encode())[:9000], r"b\.csv\.zst: cannot be read to its", 1),
    "no gzip at all": ("b.csv.gz", b"plain text", r"b\.csv\.gz: cannot be read to its end", 1),
    "a short last line": ("b.csv", (GOOD + "3,2026-02-01,A").encode(), r"b\.csv, line 4: is cut off: .* 3 of 6", 4),
    "a last line in quotes": ("b.csv", (GOOD + '3,2026-02-01,A,1,2,"7').encode(), r"line 4: is cut off: .* quotes", 4),
    "quotes from the middle on": ("b.csv", (GOOD + '3,2026-02-01,"A\n4,2026').encode(), r"line 5: is cut off", 5),
    "more columns from a line on": (
        "b.csv",
        (GOOD + "3,2026-02-01,A,1,2,7,x\n4,2026-02-01,A,1,2,7,x\n5,2026-02-01,A,1,2,7,x\n").encode(),
        r"b\.csv, line 4: changes its columns: from here on lines have 7 fields where the header has 6",
        6,
    ),
    "fewer columns for a while": (
        "b.csv",
        (GOOD + "3,2026-02-01,A,1,2\n" * 20 + "4,2026-02-01,A,1,2,7\n").encode(),
        r"b\.csv, line 4: changes its columns: from here on lines have 5 fields",
        24,
    ),
    "another header": (
        "b.csv",
        (GOOD + "no,at,sku,price,qty,card\n3,2026-02-01,A,2,1,7\n").encode(),
        r"b\.csv, line 4: changes its columns: here stands another header",
        5,
    ),
    "a column less": ("b.csv", b"no,at,sku,qty,who\n1,2026-02-01,A,1,7\n", r"b\.csv, line 1: has no column 'price'", 2),
    "no text of its encoding": ("b.csv", GOOD.encode() + b"3,2026-02-01,\xff,1,2,7\n", r"line 4: is not utf-8 text", 1),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_stops_the_run_and_is_named_with_its_line(shop, kind):
    name, content, message, _lines = BROKEN[kind]
    with pytest.raises(InputRejectedError, match=message):
        shop({"a.csv": GOOD, name: content}, source={"path": "../data/*.csv*", "encoding": "utf-8"})


def test_or_is_set_aside_whole_and_nothing_else_is(shop):
    files = {f"{n}_{name}": (content, lines) for n, (name, content, _said, lines) in enumerate(BROKEN.values())}
    run, account = shop(
        {"a.csv": GOOD} | {name: content for name, (content, _lines) in files.items()},
        source={"path": "../data/*.csv*", "encoding": "utf-8"},
        cleaning={"broken_files": "quarantine"},
    )
    rows = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    assert rows[["file", "line"]].values.tolist() == [["a.csv", 2], ["a.csv", 3]]
    every = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert set(every["file"]) == set(files)
    assert all("broken_file" in reasons for reasons in every["reasons"])
    row = account.reconciliation.iloc[0]
    assert (row["clean"], row["quarantined"]) == (2, len(every))
    for name, (_content, lines) in files.items():
        aside = every[every["file"] == name]
        told = aside.loc[aside["line"] == 0, "original"].tolist()
        assert len(told) == 1
        assert told[0].startswith(f"{name}, line ")
        if lines > 1:  # what could be read is kept, line by line
            assert len(aside) >= lines
            assert "1,2026-02-01,A,1" in aside.loc[aside["line"] == 2, "original"].iloc[0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("b.parquet", parquet()[:-30], r"b\.parquet: is no complete Parquet file"),
        ("b.parquet", b"PAR1", r"b\.parquet: is no complete Parquet file"),
    ],
)
def test_a_parquet_file_that_is_cut_off(shop, name, content, message):
    source = {"path": "../data/*.parquet"}
    with pytest.raises(InputRejectedError, match=message):
        shop({"a.parquet": parquet(), name: content}, source=source)
    rules = {"broken_files": "quarantine"}
    run, account = shop({"a.parquet": parquet(), name: content}, source=source, cleaning=rules)
    assert account.reconciliation[["lines_in", "clean", "quarantined"]].values.tolist() == [[3, 2, 1]]
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert aside["original"].tolist() == ["b.parquet: is no complete Parquet file"]


def test_parquet_files_may_order_their_columns_differently_and_lack_what_nobody_needs(shop):
    table = pq.read_table(io.BytesIO(parquet(more=[1, 2])))
    out = io.BytesIO()
    pq.write_table(table.select(["who", "price", "qty", "sku", "at", "no"]), out)
    run, _account = shop(
        {"a.parquet": parquet(more=[1, 2]), "b.parquet": out.getvalue()}, source={"path": "../data/*.parquet"}
    )
    rows = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    assert rows[["file", "line", "amount"]].values.tolist() == [
        ["a.parquet", 1, Decimal(2)],
        ["a.parquet", 2, Decimal(3)],
        ["b.parquet", 1, Decimal(2)],
        ["b.parquet", 2, Decimal(3)],
    ]


def test_a_workbook_that_is_cut_off(shop):
    with pytest.raises(InputRejectedError, match=r"b\.xlsx: cannot be read as a workbook"):
        shop({"a.xlsx": workbook(), "b.xlsx": workbook()[:2000]}, source={"path": "../data/*.xlsx"})
    rules = {"broken_files": "quarantine"}
    files = {"a.xlsx": workbook(), "b.xlsx": workbook()[:2000]}
    _run, account = shop(files, source={"path": "../data/*.xlsx"}, cleaning=rules)
    assert account.reconciliation[["lines_in", "clean", "quarantined"]].values.tolist() == [[3, 2, 1]]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", '{"no": "1", "at": "2026-02-01"}\n{"no": "2", "a', r"a\.jsonl, line 2: is cut off"),
        ("a.txt", "1 2026-02-01 2.50\n2 2026-02-0", r"a\.txt, line 2: is cut off"),
    ],
)
def test_lines_of_json_and_of_fixed_width_that_are_cut_off(shop, name, text, message):
    fixed = {"format": "fixed", "widths": [2, 11, 5], "names": ["no", "at", "price"], "header": False}
    columns = {"order_id": "no", "ordered_at": "at", "amount": "price"}
    source = {"path": f"../data/{name}", "columns": columns} | (fixed if name == "a.txt" else {})
    if name == "a.jsonl":
        source["columns"] = columns | {"amount": "no"}
    with pytest.raises(InputRejectedError, match=message):
        shop({name: text}, source=source)


def test_if_no_file_can_be_read_the_run_stops_all_the_same(shop):
    with pytest.raises(InputRejectedError, match=r"a\.csv: is empty"):
        shop({"a.csv": b""}, cleaning={"broken_files": "quarantine"})


def test_a_repeated_header_is_a_broken_line_and_no_broken_file(shop):
    run, account = shop({"a.csv": GOOD + HEADER + "3,2026-02-01,C,1,4,7\n"})
    assert account.reconciliation[["lines_in", "clean", "quarantined"]].values.tolist() == [[4, 3, 1]]
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert aside[["reasons", "line", "original"]].values.tolist() == [["broken_line", 4, HEADER.strip()]]


def test_a_few_broken_lines_are_no_broken_file(shop):
    lines = "".join(f"{i},2026-02-01,A,1,2\n" if i % 3 == 0 else f"{i},2026-02-01,A,1,2,7\n" for i in range(60))
    _run, account = shop({"a.csv": HEADER + lines})
    assert account.reconciliation[["clean", "quarantined"]].values.tolist() == [[40, 20]]


def test_a_quote_in_the_last_column_swallows_nothing(shop):
    text = HEADER + '1,2026-02-01,A,1,2,"7\n2,2026-02-01,B,1,3,7\n3,2026-02-01,C,1,4,8\n'
    run, _account = shop({"a.csv": text})
    rows = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    assert rows[["order_id", "line"]].values.tolist() == [["2", 3], ["3", 4]]
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert aside[["reasons", "line", "original"]].values.tolist() == [["broken_line", 2, '1,2026-02-01,A,1,2,"7']]


def test_several_dialects_in_one_glob(shop):
    files = {
        "a.csv": "no,at,sku,qty,price,who\n1,2026-02-01,Tea,2,1.50,7\n",
        "b.csv": "no;at;sku;qty;price;who\n2;2026-02-01;Käse;2;1,50;7\n3;2026-02-01;Brot;1;1.250,75;7\n".encode(
            "latin-1"
        ),
        "c.csv": "no\tat\tsku\tqty\tprice\twho\n4\t2026-02-01\t绿茶\t1\t1,250\t7\n".encode("gb18030"),
        "d.csv": "no;at;sku;qty;price;who\n5;2026-02-01;Чай чёрный;1;0,5;7\n".encode("utf-16"),
        "e.csv": "no|at|sku|qty|price|who\n6|2026-02-01|Pão|1|1,250|7\n".encode("utf-8-sig"),
    }
    run, account = shop(files)
    rows = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet").sort_values("order_id")
    assert rows["product_id"].tolist() == ["Tea", "Käse", "Brot", "绿茶", "Чай чёрный", "Pão"]
    assert [str(each) for each in rows["amount"]] == [
        "3.0000",
        "3.0000",
        "1250.7500",
        "1250.0000",
        "0.5000",
        "1250.0000",
    ]
    assert account.files["encoding"].tolist() == ["utf-8", "cp1252", "gb18030", "utf-16", "utf-8-sig"]


def test_files_of_the_same_name_in_different_folders_are_told_apart(shop):
    files = {"x/2026/a.csv": GOOD, "y/2026/a.csv": GOOD.replace("2026-02-01", "2026-02-02")}
    run, account = shop(files, source={"path": "../data/**/*.csv"})
    assert account.files["name"].tolist() == ["x/2026/a.csv", "y/2026/a.csv"]
    assert len(pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")) == 4


def test_an_empty_line_before_the_header_is_named_with_its_remedy(shop):
    with pytest.raises(InputRejectedError, match=r"a\.csv, line 1: has an empty line .*; give `header: 3`"):
        shop({"a.csv": "\n\nno,at,sku,qty,price,who\n1,2026-02-01,A,1,1,7\n"})


def test_files_with_headers_only_are_no_shop(shop):
    with pytest.raises(InputRejectedError, match="there is no order line in any file"):
        shop({"a.csv": "no,at,sku,qty,price,who\n"})


def test_half_a_character_breaks_a_line_and_no_more(shop):
    good = '{"no": "1", "at": "2026-02-01", "sku": "A", "qty": 1, "price": 1, "who": "7"}\n'
    source = {"path": "../data/*.jsonl", "format": "jsonl"}
    run, _account = shop({"a.jsonl": good + good.replace('"7"', '"\\ud800"')}, source=source)
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert aside[["reasons", "line"]].values.tolist() == [["broken_line", 2]]


FOOTED = (
    '"no","at","sku","qty","price","who"\n,,,,,\n"1","2026-02-01","A","1","2.50","K1"\n'
    '"2","2026-02-02","A","1","2.50","K2"\n\n'
)


def test_what_stands_below_the_table_is_set_aside_and_no_more(shop):
    footers = [
        '2,"record(s) downloaded,"," from ","May-01-26"," to "\n"Seller ID : shop"\n',
        '2,"record(s) downloaded,"," from ","May-01-26"," to "\n"Seller ID : shop"',
        "exported by the till\nof the shop\nin the square\nby ann",
    ]
    files = {f"{n}.csv": ",,,,,\n" + FOOTED.replace('"A"', f'"A{n}"') + below for n, below in enumerate(footers)}
    run, _account = shop(files, source={"header": 2})
    clean, aside = (pd.read_parquet(run.run_dir / each / "transactions.parquet") for each in ("clean", "quarantine"))
    assert clean["file"].value_counts().to_dict() == dict.fromkeys(files, 2)
    of_files = {name: len(below.splitlines()) for name, below in zip(files, footers, strict=True)}
    assert aside["file"].value_counts().to_dict() == of_files


def test_a_last_line_cut_off_is_no_footer(shop):
    with pytest.raises(InputRejectedError, match="is cut off: its last line has 2 of 6 fields"):
        shop({"a.csv": FOOTED.rstrip("\n") + "\n3,2026"})


def test_separators_at_the_end_of_lines_are_no_column(shop):
    header = "no,at,sku,qty,price,who"
    ended = [(header, ","), (f"{header},", ","), (f"{header},", "")]
    files = {}
    for case, (first, ends) in enumerate(ended):
        lines = "".join(f"{case}{n},2026-02-{n:02},A,1,2.50,K{n}{ends}\n" for n in range(1, 9))
        files[f"{case}.csv"] = f"{first}\n{lines}{case}9,2026-02-09,A,1,2.50,K9,,,\n"
    _run, account = shop(files)
    assert account.reconciliation[["clean", "quarantined"]].values.tolist() == [[27, 0]]


def test_a_decimal_comma_is_found_out_by_column(shop):
    kilos = "no;at;sku;qty;price;who\n1;2026-02-01;A;0,750;8,000;7\n2;2026-02-02;A;1,250;8,000;7\n"
    quoted = 'no,at,sku,qty,price,who\n3,2026-02-01,A,2.0,"0,90 €",7\n4,2026-02-01,A,1.0,"1,20 €",7\n'
    run, _account = shop({"a.csv": kilos, "b.csv": quoted})
    rows = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet").sort_values("order_id")
    assert [float(each) for each in rows["amount"]] == [6.0, 10.0, 1.8, 1.2]


def test_marks_that_the_parameters_give_are_obeyed(shop):
    kilos = "no;at;sku;qty;price;who\n1;2026-02-01;A;0,750;8,000;7\n2;2026-02-02;A;1,250;8,000;7\n"
    _run, account = shop({"a.csv": kilos}, source={"decimal": "."})
    assert account.reconciliation[["clean", "quarantined"]].values.tolist() == [[1, 1]]
