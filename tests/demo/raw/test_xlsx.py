"""The workbook writer: read back by two readers, and the same bytes every time."""

from datetime import date
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

from crmlib.demo.raw.xlsx import Sheet, serial, write_workbook

ROWS = [["会员号", "日期", "备注"], [100001, date(2025, 3, 22), "<b>&\"'"], [2.5, None, " 空 "], [45738, "=1+1", "𠮷"]]


def test_both_readers_find_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_workbook(path, [Sheet("说明", [["x"]]), Sheet("会员", ROWS)])
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["说明", "会员"]
    rows = book.get_sheet_by_name("会员").to_python()
    assert rows[1][:2] == [100001.0, date(2025, 3, 22)]
    assert rows[1][2] == "<b>&\"'"
    assert rows[3] == [45738.0, "=1+1", "𠮷"]
    sheet = openpyxl.load_workbook(path)["会员"]
    assert sheet["B2"].value.date() == date(2025, 3, 22)
    assert sheet["C3"].value == " 空 "
    assert sheet["B3"].value is None


def test_the_bytes_hold_no_clock(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(tmp_path / name, [Sheet("会员", ROWS)])
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_serial_numbers_are_excels() -> None:
    assert serial(date(1900, 3, 1)) == 61
    assert serial(date(2026, 11, 1)) == 46327
