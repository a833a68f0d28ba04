"""The objects of a JSON file, of lines, an array or lists within a document, and objects as lines of dotted fields."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, TextIO

_DECODER: Final = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
_CHUNK: Final = 1 << 20
_DEEPEST: Final = 4
"""So many objects deep a document's lists are looked for."""
_BLANKS: Final = re.compile(r"[ \t\r\n]*")


def fields_of(value: dict[str, Any], before: str = "", without: str | None = None) -> dict[str, str | None]:
    """Give the fields of an object with the dotted names of those that hold them; lists stay the text they are."""
    fields: dict[str, str | None] = {}
    for key, inner in value.items():
        if key == without:
            continue
        if isinstance(inner, dict) and inner:
            fields |= fields_of(inner, f"{before}{key}.")
        else:
            fields[before + key] = text_of(inner)
    return fields


def lines_of(value: dict[str, Any], path: Sequence[str], before: str = "") -> Iterator[dict[str, str | None]]:
    """Make a line of each element of a list within an object, the fields of all that hold it beside its own.

    ``path`` says where the list stands; a list on the way is gone through, too. An object without elements is a line
    without them, so that nothing is lost.
    """
    if not path:
        yield fields_of(value, before)
        return
    key, name = path[0], before + path[0]
    own, inner = fields_of(value, before, key), value.get(key)
    elements = inner if isinstance(inner, list) else [] if inner is None else [inner]
    if not elements:
        yield own
    for element in elements:
        if isinstance(element, dict):
            yield from (own | line for line in lines_of(element, path[1:], f"{name}."))
        else:
            yield own | {name: text_of(element)}


def lists_in(value: dict[str, Any], before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the lists of objects within an object by their dotted names, each with its first element."""
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from lists_in(inner, f"{before}{key}.")
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict):
            yield before + key, inner[0]
            yield from lists_in(inner[0], f"{before}{key}.")


def text_of(value: Any) -> str | None:
    """Give a JSON value as text: lists and empty objects as JSON again; half a character is none."""
    if value is None or value == {}:
        return None
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


class JsonError(ValueError):
    """A document that is no JSON, from a line on."""

    def __init__(self, line: int) -> None:
        super().__init__("is no complete JSON: here it cannot be read on")
        self.line = line


def is_lines(text: TextIO) -> bool:
    """Tell JSON lines, an object on each line, from a document; read from the file's beginning."""
    written = (line for line in text if line.strip())
    first, second = next(written, ""), next(written, "")
    if not first.lstrip().startswith("{"):
        return not first.lstrip().startswith("[")
    if not second:
        only = line_object(first)
        return only is not None and not any(lists_in(only))
    return line_object(second) is not None or line_object(first) is not None


def line_records(text: TextIO) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Give each line's number with its object, or with its text where it is none."""
    for number, line in enumerate(text, start=1):
        if line.strip():
            row = line_object(line)
            yield number, line.rstrip("\r\n") if row is None else row


def line_object(line: str) -> dict[str, Any] | None:
    """Read a line as an object, or None where it is none or holds half a character, which no text can."""
    try:
        row = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
        if "\\u" in line:
            json.dumps(row, ensure_ascii=False).encode()
    except (json.JSONDecodeError, UnicodeEncodeError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def document_records(text: TextIO) -> Iterator[tuple[str, Any]]:
    """Give the elements of every list of objects in a document, each with the dotted name of its list.

    The name of an array that is the whole document is empty. Only so much of the document is held as one element needs.
    """
    document = _Document(text)
    try:
        yield from _lists(document, "", 0)
        if document.peek():
            raise JsonError(document.line)
    except (json.JSONDecodeError, RecursionError):
        raise JsonError(document.line) from None


def _lists(document: "_Document", name: str, depth: int) -> Iterator[tuple[str, Any]]:
    if document.peek() == "[":
        yield from ((name, value) for value in document.elements() if isinstance(value, dict) or not name)
    elif document.peek() == "{" and depth < _DEEPEST:
        for key in document.names():
            yield from _lists(document, f"{name}.{key}" if name else key, depth + 1)
    else:
        document.value()


class _Document:
    """A JSON text that is read on as it is needed."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._place = self._lines_before = 0
        self._ended = False

    @property
    def line(self) -> int:
        """The line on which stands what is read next."""
        return self._lines_before + self._buffer.count("\n", 0, self._place) + 1

    def peek(self) -> str:
        """Give the next character that is no blank, none at the end."""
        while True:
            found = _BLANKS.match(self._buffer, self._place)
            self._place = found.end() if found else self._place
            if self._place < len(self._buffer):
                return self._buffer[self._place]
            if not self._read_on():
                return ""

    def value(self) -> Any:
        """Read a value."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._place)
            except json.JSONDecodeError:
                if self._read_on():
                    continue
                raise
            if end == len(self._buffer) and self._read_on():
                continue
            self._place = end
            return value

    def elements(self) -> Iterator[Any]:
        """Read an array's values."""
        return (self.value() for _ in self._parts("[", "]"))

    def names(self) -> Iterator[str]:
        """Give an object's keys; who takes one reads its value before the next."""
        for _ in self._parts("{", "}"):
            key = self.value()
            self._take(":")
            yield str(key)

    def _parts(self, opening: str, closing: str) -> Iterator[None]:
        self._take(opening)
        if self.peek() == closing:
            self._take(closing)
            return
        while True:
            yield
            if self.peek() == closing:
                self._take(closing)
                return
            self._take(",")

    def _take(self, mark: str) -> None:
        if self.peek() != mark:
            raise json.JSONDecodeError(f"{mark} is missing", "", 0)
        self._place += 1

    def _read_on(self) -> bool:
        """Read more, at least as much again as is held, so that a long value is not begun too often."""
        if self._ended:
            return False
        self._lines_before += self._buffer.count("\n", 0, self._place)
        rest = self._buffer[self._place :]
        read = self._text.read(max(_CHUNK, len(rest)))
        self._buffer, self._place, self._ended = rest + read, 0, not read
        return not self._ended
