"""CSV for people: no cell of text is a formula, numbers stay numbers, the bytes repeat."""

import csv
import io
import stat
import unicodedata
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.privacy.safe_csv import safe_text, to_safe_csv, write_safe_csv

DANGEROUS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−"]


@pytest.mark.parametrize("sign", DANGEROUS)
@pytest.mark.parametrize("before", ["", " ", "\u3000", "\u200b", "\ufeff"])
def test_signs_that_start_a_formula_are_marked_as_text(sign, before):
    assert safe_text(f"{before}{sign}1+1") == f"'{before}{sign}1+1".replace("\r", "\n")


@pytest.mark.parametrize("text", ["Teapot - blue", "3=3", "a@b", "南京路", "", " tea ", "'quoted"])
def test_other_text_is_left_alone(text):
    assert safe_text(text) == text


@given(st.text(st.sampled_from([*"=+-@＝＋－＠ \t\r\n,\"'a1南"]), max_size=8))
def test_whatever_the_text_no_cell_starts_a_formula(text):
    rows = list(csv.reader(io.StringIO(to_safe_csv(pd.DataFrame({"x" + text: ["x"], text: [text]})), newline="")))
    header, cell = rows[0][1], rows[1][1]
    for written in (header, cell):
        start = unicodedata.normalize("NFKC", written.lstrip(" \u3000\n"))[:1]
        assert start not in {"=", "+", "-", "@", "\t", "\r"}


def test_numbers_dates_and_missing_values():
    frame = pd.DataFrame(
        {
            "change": [-2, 3],
            "money": [Decimal("-1.50"), None],
            "rate": [0.1, float("nan")],
            "when": [pd.Timestamp("2026-10-02 14:30"), pd.NaT],
        }
    )
    assert to_safe_csv(frame).splitlines() == [
        "change,money,rate,when",
        "-2,-1.50,0.1,2026-10-02 14:30:00",
        "3,,,",
    ]


def test_a_bare_return_inside_a_cell_does_not_end_the_row():
    assert to_safe_csv(pd.DataFrame({"a": ["x\r=1+1"], "b": [1]})) == 'a,b\n"x\n=1+1",1\n'


def test_headers_are_made_safe_too():
    assert to_safe_csv(pd.DataFrame({"=cmd()": ["x"]})).startswith("'=cmd()")


def test_the_file_is_the_owners_alone_and_its_bytes_repeat(tmp_path):
    frame = pd.DataFrame({"门店": ["南京路", "=1+1"]})
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    write_safe_csv(frame, first)
    write_safe_csv(frame, second)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


def test_a_file_that_was_open_to_others_is_not_after_it_is_written_again(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("old")
    path.chmod(0o644)
    write_safe_csv(pd.DataFrame({"a": [1]}), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
