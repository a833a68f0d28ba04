"""YAML that no value can break: scalars and lists quoted where they must be, comments of one line."""

import json
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

import yaml

from crmlib.params.reading import read_scalar
from crmlib.privacy.masking import mask
from crmlib.words import _

Line = str | tuple[str, str]
"""A line of YAML, or one with the remark that stands behind it."""

_WIDE: Final = 1_000_000
_LONGEST_NAME: Final = 60


def scalar(value: Any) -> str:
    """Write one value so that the parameters are read back as it was."""
    text = yaml.safe_dump(value, allow_unicode=True, width=_WIDE, default_flow_style=True)
    plain = text.removesuffix("\n").removesuffix("\n...")
    if "\n" not in plain and read_scalar(plain) == value and type(read_scalar(plain)) is type(value):
        return plain
    return yaml.safe_dump(value, width=_WIDE, default_flow_style=True, default_style='"').removesuffix("\n")


def listed(values: Sequence[str | int]) -> str:
    """Write a list on one line."""
    return scalar(list(values))


def flow(value: Any) -> str:
    """Write a value of any depth on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inside(key)}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    return "null" if value is None else _inside(value)


def _inside(value: Any) -> str:
    """Write a scalar that may stand within brackets; what YAML might break on is written as JSON writes it."""
    if isinstance(value, str) and any(
        (unicodedata.category(letter)[0] == "Z" and letter != " ") or not letter.isprintable() for letter in value
    ):
        return json.dumps(value)
    return listed([value])[1:-1]


def comment(text: str) -> str:
    """Make a comment of one line: what could end it gives way, personal data are masked."""
    plain = "".join(letter if unicodedata.category(letter)[0] not in "CZ" else " " for letter in text)
    return f"# {mask(' '.join(plain.split()))}"


def indented(line: Line, start: str) -> Line:
    """Put blanks, or the mark of an item, before a line."""
    return f"{start}{line}" if isinstance(line, str) else (f"{start}{line[0]}", line[1])


def percent(share: float) -> str:
    """Write a share as a whole percentage; never 100 % where something is missing."""
    if 0 < share < 0.01:
        return _("under 1 %")
    return f"{int(share * 100) if share < 1 else 100} %"


def named(name: str) -> str:
    """Write a column's name for a comment, shortened."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
