"""Excel sheets, read by calamine and written down as the text a person sees."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from crmlib.params import FileSource, ParameterError, did_you_mean
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import BROKEN, archive_of, open_raw
from crmlib.prep.landing.lines import rows_batch, unique_names

if TYPE_CHECKING:
    from crmlib.prep.landing.lines import Fault

_ROWS: Final = 50_000
_EXACT: Final = 2**53
"""From here on a cell's number has lost digits, whatever wrote it."""


class ExcelFile:
    """One sheet of a workbook."""

    def __init__(self, path: Path, source: FileSource) -> None:
        self.delimiter = ""
        self.fault: Fault | None = None
        self._path = path
        self._sheet = _open_sheet(path, source.sheet)
        self._header = int(source.header)
        self._first = (self._sheet.start or (0, 0))[0]
        rows = list(islice(self._sheet.iter_rows(), max(self._header - self._first, 1)))
        if not rows:
            raise InputRejectedError.at(path, f"has nothing on sheet {self._sheet.name!r}", "correct `sheet`")
        first = [_text(value) or "" for value in rows[-1]]
        self.names = tuple(source.names) if source.names else unique_names(first if self._header else [""] * len(first))

    @property
    def merged(self) -> tuple[str, ...]:
        """The columns in which cells below the header are merged down."""
        left = (self._sheet.start or (0, 0))[1]
        down = {
            column - left
            for (top, first), (bottom, last) in self._sheet.merged_cell_ranges or ()
            for column in range(first, last + 1)
            if bottom > top >= self._header
        }
        return tuple(name for place, name in enumerate(self.names) if place in down)

    def batches(self) -> Iterator[pa.Table]:
        """Yield the rows as text with their row numbers in the sheet; rows without a value are left out."""
        numbered = enumerate(self._sheet.iter_rows(), start=self._first + 1)
        rows = ((line, [_text(value) for value in row]) for line, row in numbered if line > self._header)
        filled = ((line, row) for line, row in rows if any(row))
        while chunk := list(islice(filled, _ROWS)):
            yield rows_batch(self.names, [row for _, row in chunk], [line for line, _ in chunk])


def hidden_sheets(path: Path) -> dict[str, bool]:
    """Say of each sheet of a workbook whether it is hidden; nothing where the workbook cannot be read."""
    try:
        sheets = _book(path).sheets_metadata
    except (CalamineError, OSError, *BROKEN):
        return {}
    return {sheet.name: sheet.visible != SheetVisibleEnum.Visible for sheet in sheets}


def _book(path: Path) -> CalamineWorkbook:
    if archive_of(path) is None:
        return CalamineWorkbook.from_path(str(path))
    with open_raw(path) as stream:
        return CalamineWorkbook.from_filelike(BytesIO(stream.read()))


def _open_sheet(path: Path, sheet: str | None) -> CalamineSheet:
    try:
        book = _book(path)
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise ParameterError(f"{path.name} has no sheet {sheet!r}. {did_you_mean(sheet, names)}")
        return book.get_sheet_by_name(sheet or names[0])
    except (CalamineError, OSError, *BROKEN) as error:
        raise InputRejectedError.at(
            path, f"cannot be read as a workbook ({type(error).__name__})", "save it again as .xlsx, without a password"
        ) from None


def _text(value: object) -> str | None:
    """Write a cell as text: numbers to Excel's 15 digits, dates as ISO, an empty cell as None.

    A number of which the sheet has cut digits is written as the sheet shows it, so that nobody takes it for whole.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return format(value, ".14E")  # its last digits are lost, and shall not look as if they were not
    return str(value) if isinstance(value, int) else format(value, ".15g" if abs(value) < 1e15 else ".0f")
