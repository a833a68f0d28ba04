"""Landing: every form of delivery comes in as text with its file and line; what cannot be read is named."""

import gzip
import hashlib
import json
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import zstandard
from openpyxl import Workbook

from crmlib.params import FileSource, ParameterError, Source
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import suffix
from crmlib.prep.landing.dialects import sniff_delimiter
from crmlib.prep.landing.excel import _text
from crmlib.prep.landing.lines import file_names, nearest_columns, repeated_names, split_lines, unique_names
from crmlib.prep.landing.reading import open_file
from crmlib.prep.landing.scanning import scan
from crmlib.prep.landing.writing import land_files, number_columns

TEXT = "id;name\n1;中文, 茶\n2;\n"


def land(path: Path, content: bytes, **source):
    """Write a file and land it: rows without landing's own columns, line numbers, broken lines."""
    path.write_bytes(content)
    target = path.parent / "landed.parquet"
    (delivered,) = land_files([path], FileSource(path=path.name, **source), "test", target)
    return delivered, pq.read_table(target)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
    ],
)
def test_encodings_are_found(tmp_path, encoding, found):
    delivered, rows = land(tmp_path / "a.csv", TEXT.encode(encoding))
    assert delivered.encoding == found
    assert rows["name"].to_pylist() == ["中文, 茶", ""]
    assert rows["_line"].to_pylist() == [2, 3]


def test_western_text_is_not_taken_for_chinese(tmp_path):
    delivered, rows = land(tmp_path / "a.csv", "id;name\n1;café\n2;naïve élan, Zoë\n".encode("latin-1"))
    assert delivered.encoding == "cp1252"
    assert rows["name"].to_pylist() == ["café", "naïve élan, Zoë"]


@pytest.mark.parametrize(("suffix", "squeeze"), [(".gz", gzip.compress), (".zst", zstandard.compress)])
def test_compressed_files_are_read_as_they_are(tmp_path, suffix, squeeze):
    delivered, rows = land(tmp_path / f"a.csv{suffix}", squeeze(TEXT.encode()))
    assert delivered.lines == rows.num_rows == 2


def test_line_numbers_count_breaks_inside_fields_blank_and_broken_lines(tmp_path):
    text = 'a,b ,c\r\n1,2,3\r\n\r\n4,"x\r\ny",6\r\n7,8\r\n9,10,11\r\n,,\r\n12,13,14,15'
    delivered, rows = land(tmp_path / "a.csv", text.encode())
    split = rows.filter(pc.is_null(rows["_broken"]))
    assert split["a"].to_pylist() == ["1", "4", "9"]
    assert split["_line"].to_pylist() == [2, 4, 7]
    broken = rows.filter(pc.is_valid(rows["_broken"]))
    assert list(zip(broken["_line"].to_pylist(), broken["_broken"].to_pylist(), strict=True)) == [
        (6, "7,8"),
        (9, "12,13,14,15"),
    ]
    assert (delivered.lines, delivered.broken) == (5, 2)


def test_a_stray_quote_swallows_no_line(tmp_path):
    delivered, rows = land(tmp_path / "a.csv", b'a,b,c\n1,2,3\n4,"xy,6\n7,8,9\n9,10,11\n')
    assert sorted(rows["_line"].to_pylist()) == [2, 3, 4, 5]
    assert delivered.broken == 1


def test_many_blocks_keep_the_count(tmp_path, monkeypatch):
    monkeypatch.setattr("crmlib.prep.landing.delimited.BLOCK", 512)
    rows = [f'{i},"two\nlines",x' if i % 7 == 0 else (f"{i},short" if i % 11 == 0 else f"{i},b,c") for i in range(1000)]
    line, expected = 2, {}
    for i, row in enumerate(rows):
        expected[i] = line
        line += 1 + row.count("\n")
    _delivered, landed = land(tmp_path / "a.csv", ("a,b,c\n" + "\n".join(rows) + "\n").encode())
    numbers = [
        int((a or b).split(",")[0]) for a, b in zip(landed["a"].to_pylist(), landed["_broken"].to_pylist(), strict=True)
    ]
    assert dict(zip(numbers, landed["_line"].to_pylist(), strict=True)) == expected


def test_header_names_are_stripped_and_made_unique():
    assert unique_names(["\ufeffid ", "", "qty", " qty"]) == ("id", "column 2", "qty", "qty (2)")


def test_a_header_may_stand_lower_or_be_missing(tmp_path):
    _delivered, rows = land(tmp_path / "a.csv", b"Export of 1 March\n\nid,qty\n1,2\n", header=3)
    assert rows["id"].to_pylist() == ["1"]
    assert rows["_line"].to_pylist() == [4]
    _delivered, rows = land(tmp_path / "b.csv", b"1,2\n3,4\n", header=False, names=["id", "qty"])
    assert rows["qty"].to_pylist() == ["2", "4"]
    assert rows["_line"].to_pylist() == [1, 2]


@pytest.mark.parametrize(("delimiter", "line"), [(",", "a,b,c"), (";", "a;b,b;c"), ("\t", "a\tb\tc"), ("|", "a|b|c")])
def test_delimiters_are_found(delimiter, line):
    assert sniff_delimiter([line, line]) == delimiter


def test_fixed_width(tmp_path):
    good = " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n"
    text = good + "much too long to be a line of this file\r\n"
    source = {"format": "fixed", "header": False, "widths": [6, 5, 9, 3, 8], "names": ["m", "c", "d", "n", "p"]}
    delivered, rows = land(tmp_path / "a.txt", text.encode(), **source)
    assert rows["p"].to_pylist() == ["29.33", "29.73", None]
    assert (delivered.lines, delivered.broken) == (3, 1)


def test_excel_gives_what_a_person_sees(tmp_path):
    from datetime import datetime

    book = Workbook()
    book.active.title = "other"
    sheet = book.create_sheet("sales")
    sheet.append(["id", " at ", "qty"])
    sheet.append([17850, datetime(2010, 12, 1, 8, 26), 0.1 + 0.2])  # noqa: DTZ001
    sheet.append([None, None, None])
    sheet.append(["007", "2010/12/2", 3])
    book.save(tmp_path / "a.xlsx")
    content = (tmp_path / "a.xlsx").read_bytes()
    _delivered, rows = land(tmp_path / "a.xlsx", content, sheet="sales")
    assert rows.select(["id", "at", "qty", "_line"]).to_pylist() == [
        {"id": "17850", "at": "2010-12-01 08:26:00", "qty": "0.3", "_line": 2},
        {"id": "007", "at": "2010/12/2", "qty": "3", "_line": 4},
    ]
    with pytest.raises(ParameterError, match=r"has no sheet 'sale'\. Did you mean sales"):
        open_file(tmp_path / "a.xlsx", FileSource(path="a.xlsx", sheet="sale"))


def test_json_lines_keep_numbers_as_written(tmp_path):
    rows = [{"id": 1, "qty": 1.10}, {"id": "x", "more": {"a": [1]}}]
    text = '{"id": 1, "qty": 1.10}\n\n' + json.dumps(rows[1]) + "\nnot json\n[1]\n"
    delivered, landed = land(tmp_path / "a.jsonl", text.encode())
    assert landed["qty"].to_pylist() == ["1.10", None, None, None]
    assert landed["_line"].to_pylist() == [1, 3, 4, 5]
    assert delivered.broken == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", r"a\.csv: is empty"),
        ("a.csv", b"\xef\xbb\xbf \r\n", r"a\.csv: is empty"),
        ("a.csv.gz", gzip.compress(TEXT.encode() * 500, mtime=0)[:60], r"a\.csv\.gz: cannot be read to its end"),
        ("a.xlsx", b"PK no workbook", r"a\.xlsx: cannot be read as a workbook"),
        ("a.jsonl", b"nothing\n", r"a\.jsonl, line 1: holds no JSON object"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, name, content, message):
    with pytest.raises(InputRejectedError, match=message):
        land(tmp_path / name, content)


def test_a_wrong_encoding_is_named_with_its_line(tmp_path):
    with pytest.raises(InputRejectedError, match=r"a\.csv, line 2: is not utf-8 text"):
        land(tmp_path / "a.csv", "id;name\n1;café\n".encode("latin-1"), encoding="utf-8")


def test_an_unknown_suffix_needs_a_format(tmp_path):
    with pytest.raises(ParameterError, match="add `format: csv`"):
        land(tmp_path / "a.dat", b"a,b\n1,2\n")
    assert land(tmp_path / "a.dat", b"a,b\n1,2\n", format="csv")[0].lines == 1


def test_the_hash_is_of_the_file_as_delivered(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n1\n")
    assert scan(path).sha256 == hashlib.sha256(b"a\n1\n").hexdigest()


def test_repeated_names_are_listed():
    assert repeated_names(["sku", "Amount", "amount ", "Amount"]) == ("Amount",)


def test_lines_end_where_files_end_them():
    assert split_lines("a\u2028b\r\nc\rd\n") == ["a\u2028b", "c", "d"]


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a/x/1.csv", "b/x/1.csv", "2.csv"], ["a/x/1.csv", "b/x/1.csv", "2.csv"]),
        (["a/shop.zip/1.csv"], ["shop.zip/1.csv"]),
    ],
)
def test_files_are_named_by_as_much_of_their_path_as_tells_them_apart(paths, names):
    assert [name for _path, name in file_names([*map(Path, paths)])] == names


def test_suggested_columns_are_few_and_short():
    assert nearest_columns("when", ["x" * 100]) == f"Known here: {'x' * 39}…."
    assert nearest_columns("when", [f"column {n}" for n in range(99)]).endswith(" 87 more are not listed.")


def test_the_suffix_of_a_compressed_file_is_that_of_what_it_holds():
    assert suffix(Path("sales.CSV.gz")) == ".csv"


def test_columns_mapped_to_numbers():
    assert number_columns(Source(path="till.csv", columns={"ordered_at": "Date", "amount": "Total"})) == ("Total",)


@pytest.mark.parametrize(
    ("cell", "text"), [(6901201234567.0, "6901201234567"), (2100000000012345678.0, "2.10000000001235E+18"), ("", None)]
)
def test_long_numbers_of_a_cell_do_not_look_whole_if_they_are_not(cell, text):
    assert _text(cell) == text
