"""Repeating an error's message without the values of the data that it may quote.

A message that crmlib wrote is trusted: its errors name files, columns and remedies. A message that another library
wrote about the data may quote them (``could not convert string to float: '…'``), so what it quotes is left out unless
it is a word of the notebook or the name of a canonical table or column.
"""

import re
from collections.abc import Collection
from functools import cache
from typing import Any, Final

from crmlib.privacy.masking import mask
from crmlib.tables import TABLES

_QUOTED: Final = re.compile(r"""(['"`“«])(?P<inside>.*?)(['"`”»])""")
_NUMBER: Final = re.compile(r"\d[\d.,:/-]{3,}")
_ADDRESS: Final = re.compile(r"\S+@\S+")
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_PLACE: Final = re.compile(r"Cell In\[\d+\], line \d+|File .+:\d+, in ")
_ASIDE: Final = re.compile("\x00(\\d+)\x00")
_IN_PATH: Final = r"""[^\s'"`”»,;:]*"""
_LONGEST: Final = 300


def is_own(origin: dict[str, Any]) -> bool:
    """Tell whether crmlib wrote the message: its own class of error, or raised in its own module."""
    lineage = origin.get("lineage", [""])
    return lineage[0].startswith("crmlib.") or str(origin.get("raised_in", "")).startswith("crmlib.")


def without_values(message: str, known: str = "", own: Collection[str] = ()) -> str:
    """Leave out of a message what may be a value of the data: what it quotes, long numbers, addresses.

    Paths below the folders ``own`` are the run's, not the data's, and stay; personal data in a name are masked.

    Examples
    --------
    >>> without_values("could not convert string to float: 'Li Wei'")
    "could not convert string to float: '…'"
    >>> without_values("KeyError: 'spend'", known="run.frame('segments').spend")
    "KeyError: 'spend'"
    >>> without_values("No such file: '/srv/shop/2026-10.csv' for 'Li Wei'", own=["/srv/shop"])
    "No such file: '/srv/shop/2026-10.csv' for '…'"
    """
    words = {*re.findall(r"\w+", known), *vocabulary()}
    kept: list[str] = []

    def lay_aside(match: re.Match[str]) -> str:
        kept.append(mask(match[0]))
        return f"\x00{len(kept) - 1}\x00"

    def keep_known(match: re.Match[str]) -> str:
        inside = match["inside"]
        return match[0] if inside in words or _ASIDE.fullmatch(inside) else f"{match[1]}…{match[3]}"

    folders = "|".join(re.escape(folder) for folder in sorted(own, key=len, reverse=True))
    line = first_line(message.replace("\x00", ""))
    path = rf"(?<=(['\"`]))(?:{folders})/[^'\"`]*(?=\1)|(?:{folders})(?:/{_IN_PATH})?"
    line = re.sub(path, lay_aside, line) if folders else line
    masked = _ADDRESS.sub("…", _NUMBER.sub("…", _QUOTED.sub(keep_known, line)))
    return _ASIDE.sub(lambda match: kept[int(match[1])], masked)


@cache
def vocabulary() -> frozenset[str]:
    """Give the names of the canonical tables and their columns: no value of the data is called so."""
    columns = {column.name for table in TABLES.values() for column in table.columns}
    return frozenset({*TABLES, *columns})


def first_line(message: str) -> str:
    """Give the first line that says something, not longer than a line should be."""
    line = next((line.strip() for line in message.splitlines() if line.strip()), "no message")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def masked_error(output: dict[str, Any], message: str) -> dict[str, Any]:
    r"""Give a notebook's error output with another message, and of its traceback only the frames: places and code.

    Examples
    --------
    >>> frames = "Cell In[2], line 1\n----> 1 float(name)\n\nValueError: could not convert 'Li Wei'"
    >>> error = {"output_type": "error", "ename": "ValueError", "evalue": "…", "traceback": [frames]}
    >>> masked_error(error, "could not convert '…'")["traceback"]
    ['Cell In[2], line 1\n----> 1 float(name)', "ValueError: could not convert '…'"]
    """
    blocks = _COLOUR.sub("", "\n".join(output["traceback"])).split("\n\n")
    frames = [_frame(block) for block in blocks]
    return {**output, "evalue": message, "traceback": [*filter(None, frames), f"{output['ename']}: {message}"]}


def _frame(block: str) -> str:
    """Keep a frame from the line that names its place; what stands before it may be a message."""
    lines = block.splitlines()
    starts = [n for n, line in enumerate(lines) if _PLACE.match(line)]
    return "\n".join(lines[starts[-1] :]) if starts else ""
