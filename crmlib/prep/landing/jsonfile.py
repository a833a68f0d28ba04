"""JSON files: lines, arrays and documents; each object a row, or each element of a list within it."""

import codecs
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import islice
from typing import Any, Final, TextIO

import pyarrow as pa

from crmlib.params import FileSource, ParameterError, did_you_mean
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.archives import open_bytes
from crmlib.prep.landing.json_records import JsonError, document_records, is_lines, line_records, lines_of, lists_in
from crmlib.prep.landing.lines import OWN, Broken, Fault, broken_batch, rows_batch
from crmlib.prep.landing.scanning import Scan

_ROWS: Final = 50_000
_NOT_COMPLETE: Final = "deliver it again, as JSON lines or as one array of objects"


class JsonFile:
    """One JSON file; its columns are all the fields that occur, in order of first appearance.

    ``lists`` has the lists of objects within the objects, by name, each with the names of its elements' fields.
    """

    def __init__(self, scan: Scan, source: FileSource) -> None:
        self.scan = scan
        self.delimiter = ""
        self.fault: Fault | None = None
        self.lists: dict[str, dict[str, None]] = {}
        with self._text() as text:
            self.by_line = is_lines(text)
        keys = self._survey(source.rows)
        self._within = self._choose(list(keys), source.rows)
        self._path = _beyond(source.rows, self._within)
        self._keys = tuple(keys.get(self._within, ()))
        if not self._keys:
            raise InputRejectedError.at(scan.path, "holds no JSON object", "one object a line is expected", line=1)
        if self._path and ".".join(self._path) not in self.lists:
            near = did_you_mean(source.rows or "", [*self.lists]) if self.lists else "They hold no list of objects."
            raise ParameterError(f"{scan.path.name}: no object has a list {source.rows!r} (`rows`). {near}")
        self.names = tuple(f"{name} (2)" if name in OWN else name for name in self._keys)

    def batches(self) -> Iterator[pa.Table]:
        """Yield the rows as text, what is no JSON object as broken; the number is the line where each line is a row."""
        numbered = self._numbered()
        while chunk := list(islice(numbered, _ROWS)):
            good = [(line, row) for line, row in chunk if isinstance(row, dict)]
            bad = [Broken(line, row) for line, row in chunk if isinstance(row, str)]
            yield rows_batch(
                self.names, [[row.get(key) for key in self._keys] for _, row in good], [line for line, _ in good]
            )
            line, last = chunk[-1]
            cut = self.by_line and self.scan.ends_open and isinstance(last, str)
            self.fault = Fault("is cut off: its last line is no whole object", line) if cut else None
            if bad:
                yield broken_batch(self.names, bad)

    def _numbered(self) -> Iterator[tuple[int, dict[str, str | None] | str]]:
        """Give the rows with their numbers, and the texts that are none with theirs."""
        count = 0
        for number, row in self._objects():
            if isinstance(row, str):
                count += not self.by_line
                yield number if self.by_line else count, row
                continue
            for line in lines_of(row, self._path):
                count += 1
                yield number if self.by_line and not self._path else count, line

    def _objects(self) -> Iterator[tuple[int, dict[str, Any] | str]]:
        """Give each object with its number, or its text where it is none."""
        if self.by_line:
            with self._text() as text:
                yield from line_records(text)
            return
        rows = (row for name, row in self._elements() if name == self._within)
        yield from ((n, row if isinstance(row, dict) else str(row)) for n, row in enumerate(rows, start=1))

    def _elements(self) -> Iterator[tuple[str, Any]]:
        """Give the elements of a document's lists, or the objects of the lines, with the names of the lists."""
        with self._text() as text:
            if self.by_line:
                yield from (("", row) for _, row in line_records(text))
                return
            try:
                yield from document_records(text)
            except JsonError as error:
                raise InputRejectedError.at(self.scan.path, str(error), _NOT_COMPLETE, error.line) from None

    def _survey(self, rows: str | None) -> dict[str, dict[str, None]]:
        """Note the fields that occur in the elements of each list, and the lists in those."""
        keys: dict[str, dict[str, None]] = {}
        for name, row in self._elements():
            known = keys.setdefault(name, {})
            if isinstance(row, dict):
                for inner, element in lists_in(row):
                    self.lists.setdefault(inner, {}).update(dict.fromkeys(element))
                for line in lines_of(row, _beyond(rows, name)):
                    known.update(dict.fromkeys(line))
        return keys

    def _choose(self, lists: Sequence[str], rows: str | None) -> str:
        """Choose the list of a document whose elements are the objects."""
        meant = [name for name in lists if rows is not None and f"{rows}.".startswith(f"{name}.")]
        chosen = meant if len(lists) > 1 else lists
        if len(chosen) == 1 or not lists:
            return chosen[0] if chosen else ""
        raise InputRejectedError.at(
            self.scan.path,
            f"holds several lists: {', '.join(sorted(lists))}",
            f"say which of them with `rows`, such as rows: {min(lists)}",
        )

    @contextmanager
    def _text(self) -> Iterator[TextIO]:
        encoding = "utf-8-sig" if codecs.lookup(self.scan.encoding).name == "utf-8" else self.scan.encoding
        with open_bytes(self.scan.path) as stream, TextIOWrapper(stream, encoding=encoding) as text:
            yield text


def _beyond(rows: str | None, within: str) -> tuple[str, ...]:
    """Give the way from an object to its lines; a name that begins with that of the document's list goes on from it."""
    if rows is None or f"{rows}." == f"{within}.":
        return ()
    return tuple((rows.removeprefix(f"{within}.") if within else rows).split("."))
