"""A JSON object as lines of fields: nested objects dotted, the elements of one of its lists a line each."""

import json
from collections.abc import Iterator, Sequence
from typing import Any


def fields_of(value: dict[str, Any], before: str = "", without: str | None = None) -> dict[str, str | None]:
    """Give the fields of an object with the dotted names of those that hold them; lists stay the text they are."""
    fields: dict[str, str | None] = {}
    for key, each in value.items():
        if key == without:
            continue
        if isinstance(each, dict) and each:
            fields |= fields_of(each, f"{before}{key}.")
        else:
            fields[before + key] = text_of(each)
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
    for each in elements:
        if isinstance(each, dict):
            yield from (own | line for line in lines_of(each, path[1:], f"{name}."))
        else:
            yield own | {name: text_of(each)}


def lists_in(value: dict[str, Any], before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the lists of objects within an object by their dotted names, each with its first element."""
    for key, each in value.items():
        if isinstance(each, dict):
            yield from lists_in(each, f"{before}{key}.")
        elif isinstance(each, list) and each and isinstance(each[0], dict):
            yield before + key, each[0]
            yield from lists_in(each[0], f"{before}{key}.")


def text_of(value: Any) -> str | None:
    """Give a JSON value as text: lists and empty objects as JSON again; half a character is none."""
    if value is None or value == {}:
        return None
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
