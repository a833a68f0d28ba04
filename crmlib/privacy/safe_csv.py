"""CSV for people: files that open in a spreadsheet without a cell of text becoming a formula."""

from __future__ import annotations

import csv
import io
import os
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

# a spreadsheet reads these as the start of a formula; NFKC folds the full-width forms into them
FORMULA_STARTS = ("=", "+", "-", "@", "|", "\u2212")
BREAKS = frozenset("\t\r\n")
BYTE_ORDER_MARK = "\ufeff"


def safe_text(text: str) -> str:
    """Give text as it may stand in a spreadsheet's cell: never a formula.

    A leading apostrophe marks what a spreadsheet would otherwise compute. Full-width signs, and signs behind blanks or
    characters of no width, count as well, since spreadsheets skip them. Line ends become one kind.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # a bare return would end the row in some readers
    skipped = _skipped(text)
    start = unicodedata.normalize("NFKC", text[len(skipped) :][:1])
    return "'" + text if start.startswith(FORMULA_STARTS) or BREAKS.intersection(skipped) else text


def to_safe_csv(frame: pd.DataFrame) -> str:
    """Give a frame as CSV text for a spreadsheet, headers and text cells made safe, numbers untouched."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([safe_text(str(name)) for name in frame.columns])
    columns = [[_cell(value) for value in frame[name].tolist()] for name in frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()


def write_safe_csv(frame: pd.DataFrame, path: Path) -> None:
    r"""Write a frame for a spreadsheet, readable by the owner alone; UTF-8 with a mark, so that Excel shows Chinese.

    The rows are written in the order they come; the same frame gives the same bytes. The file appears complete or not
    at all.

    Examples
    --------
    >>> import pandas as pd, tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "list.csv"
    >>> write_safe_csv(pd.DataFrame({"门店": ["南京路"]}), path)
    >>> path.read_text(encoding="utf-8-sig")
    '门店\n南京路\n'
    """
    aside = path.with_name(path.name + ".part")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK + to_safe_csv(frame))
    aside.replace(path)


def _skipped(text: str) -> str:
    """Give the blanks and characters of no width at the start of a text, which a spreadsheet may skip."""
    for place, character in enumerate(text):
        if not character.isspace() and unicodedata.category(character) not in {"Cf", "Cc", "Zs"}:
            return text[:place]
    return text


def _cell(value: object) -> object:
    """Give a cell as the csv module shall write it: empty where missing, text made safe."""
    import pandas as pd

    if isinstance(value, str):
        return safe_text(value)
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ")
    return value
