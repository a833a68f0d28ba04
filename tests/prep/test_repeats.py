"""Sheets and files whose lines stand in another one too: counted once, and told."""

import pytest
from openpyxl import Workbook

from crmlib.prep.proposal.groups import group_files, sample_group
from crmlib.prep.proposal.together import without_repeats

HEADER = ["order no", "order date", "sku", "amount"]


def line(n):
    return [f"A{n}", f"2026-03-{n % 28 + 1:02}", f"S{n % 5}", n + 0.5]


@pytest.fixture
def sampled(tmp_path):
    """Give a function that writes a workbook of sheets, and gives what is left of them and what is said."""

    def made(sheets, hidden=()):
        book = Workbook()
        book.remove(book.active)
        for name, lines in sheets.items():
            sheet = book.create_sheet(name)
            for row in (HEADER, *lines):
                sheet.append(row)
            sheet.sheet_state = "hidden" if name in hidden else "visible"
        book.save(tmp_path / "shop.xlsx")
        folder = tmp_path / "private"
        folder.mkdir()
        groups, _unreadable = group_files([tmp_path / "shop.xlsx"], folder)
        return without_repeats([sample_group(each, folder) for each in groups])

    return made


def test_a_hidden_copy_is_left_out_wherever_it_stands(sampled):
    lines = [line(n) for n in range(20)]
    left, said = sampled({"Copy": lines, "Orders": lines}, hidden=["Copy"])
    assert [each.group.first.sheet for each in left] == ["Orders"]
    (reason,) = said
    assert reason.startswith("shop.xlsx, sheet Copy: repeats lines of shop.xlsx, sheet Orders and is hidden; only")


def test_a_part_of_a_sheet_is_left_out(sampled):
    left, said = sampled({"May": [line(n) for n in range(10)], "Quarter": [line(n) for n in range(30)]})
    assert [each.group.first.sheet for each in left] == ["Quarter"]
    assert len(said) == 1


def test_sheets_that_overlap_stay_and_say_so(sampled):
    left, said = sampled({"May": [line(n) for n in range(10)], "June": [line(n) for n in range(8, 20)]})
    assert [each.group.first.sheet for each in left] == ["May", "June"]
    assert said == []
    assert left[0].remarks == (
        "20 % of the lines of shop.xlsx, sheet May stand in shop.xlsx, sheet June, too; both would count them twice",
    )


def test_sheets_of_different_lines_and_hidden_ones_alone_stay(sampled):
    left, said = sampled(
        {"May": [line(n) for n in range(10)], "June": [line(n) for n in range(10, 20)]}, hidden=["June"]
    )
    assert ([each.remarks for each in left], said) == ([(), ("the workbook hides this sheet",)], [])
