"""JSON lines: one object a line, values kept as the text they were written in."""

import codecs
import json
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import islice
from typing import Any, Final

import pyarrow as pa

from crmlib.params import FileSource
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.faults import Fault
from crmlib.prep.landing.lines import Broken, broken_batch, rows_batch
from crmlib.prep.landing.scanning import Scan, open_bytes

_ROWS: Final = 50_000


class JsonLinesFile:
    """One file of JSON lines; its columns are all the keys that occur, in order of first appearance."""

    def __init__(self, scan: Scan, source: FileSource) -> None:
        del source
        self.scan = scan
        self.delimiter = ""
        self.fault: Fault | None = None
        keys: dict[str, None] = {}
        for _, row in self._rows():
            if isinstance(row, dict):
                keys.update(dict.fromkeys(row))
        if not keys:
            raise InputRejectedError.at(scan.path, "holds no JSON object", "one object a line is expected", line=1)
        self.names = tuple(keys)

    def batches(self) -> Iterator[pa.Table]:
        """Yield the objects as rows of text; lines that are no JSON object come as broken ones."""
        rows = self._rows()
        while chunk := list(islice(rows, _ROWS)):
            good = [(line, row) for line, row in chunk if isinstance(row, dict)]
            bad = [Broken(line, row) for line, row in chunk if isinstance(row, str)]
            yield rows_batch(
                self.names,
                [[_text(row.get(name)) for name in self.names] for _, row in good],
                [line for line, _ in good],
            )
            line, last = chunk[-1]
            cut = self.scan.ends_open and isinstance(last, str)
            self.fault = Fault("is cut off: its last line is no whole object", line) if cut else None
            if bad:
                yield broken_batch(self.names, bad)

    def _rows(self) -> Iterator[tuple[int, dict[str, Any] | str]]:
        """Give each line's number with its object, or with its text where it is none."""
        encoding = "utf-8-sig" if codecs.lookup(self.scan.encoding).name == "utf-8" else self.scan.encoding
        with open_bytes(self.scan.path) as stream, TextIOWrapper(stream, encoding=encoding) as text:
            for number, line in enumerate(text, start=1):
                if not line.strip():
                    continue
                row = _object(line)
                yield number, line.rstrip("\r\n") if row is None else row


def _object(line: str) -> dict[str, Any] | None:
    """Read a line as an object, or None where it is none or holds half a character, which no text can."""
    try:
        row = json.loads(line, parse_float=str, parse_int=str)
        if "\\u" in line:
            json.dumps(row, ensure_ascii=False).encode()
    except (json.JSONDecodeError, UnicodeEncodeError):
        return None
    return row if isinstance(row, dict) else None


def _text(value: Any) -> str | None:
    """Give a JSON value as text: nested values as JSON again."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
