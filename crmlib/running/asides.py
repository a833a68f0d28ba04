"""What libraries wrote to standard error while a notebook ran: no part of a page, but told in the manifest.

A numerical warning on extreme data is no reason to publish nothing. It is kept without values of the data, so that the
executed notebook and the manifest may hold it.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Final

from crmlib.running.wording import without_values

_WARNING: Final = re.compile(r"^(?P<file>.+?):(?P<line>\d+): (?P<kind>\w*Warning): (?P<message>.*)$")
_ELSE: Final = "text on standard error"


def masked_aside(text: str) -> str:
    r"""Give what was written to standard error without values: each warning with its kind and place, the rest unsaid.

    Examples
    --------
    >>> masked_aside("/srv/crm/btyd/silence.py:108: RuntimeWarning: divide by zero\n  total / n\n")
    'RuntimeWarning: divide by zero (silence.py, line 108)\n'
    >>> masked_aside("Li Wei was here\n")
    'text on standard error\n'
    """
    warned = [_told(match) for line in text.splitlines() if (match := _WARNING.match(line))]
    return "".join(f"{line}\n" for line in dict.fromkeys(warned or [_ELSE]))


def _told(match: re.Match[str]) -> str:
    place = f"{PurePath(match['file']).name}, line {match['line']}"
    if match["file"].startswith(("<", "/tmp/ipykernel")):  # noqa: S108 - the name that a kernel gives to a cell
        place = f"line {match['line']} of the cell"
    return f"{match['kind']}: {without_values(match['message'])} ({place})"


def asides_of(notebook: dict[str, Any]) -> list[str]:
    r"""List what an executed notebook's libraries wrote to standard error, each once, with the cell it came from.

    Examples
    --------
    >>> cell = {"id": "value", "outputs": [{"name": "stderr", "text": ["UserWarning: few rows (a.py, line 3)\n"]}]}
    >>> asides_of({"cells": [cell]})
    ['cell value: UserWarning: few rows (a.py, line 3)']
    """
    return list(dict.fromkeys(_asides(notebook)))


def _asides(notebook: dict[str, Any]) -> Iterator[str]:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                for line in "".join(output["text"]).splitlines():
                    yield f"cell {cell.get('id', '?')}: {line}"
