"""Saying in three lines what went wrong, without a value of the data.

A message that crmlib wrote is trusted: its errors name files, columns and remedies. A message that another library
wrote about the data may quote them (``could not convert string to float: '…'``), so what it quotes is left out unless
it is a word of the notebook.
"""

import re
from typing import Any, Final

from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.outline import Outline
from crmlib.running.schedule import NotebookFailedError

_REJECTED: Final = ".InputRejectedError"
_QUOTED: Final = re.compile(r"""(['"`“«])(?P<inside>.*?)(['"`”»])""")
_NUMBER: Final = re.compile(r"\d[\d.,:/-]{3,}")
_ADDRESS: Final = re.compile(r"\S+@\S+")
_LONGEST: Final = 300


def explain(error: NotebookFailedError, outline: Outline, code: str) -> RunFailureError:
    """Turn a failed notebook into the lines and the exit code of the run.

    Parameters
    ----------
    error
        What the schedule raised.
    outline
        The notebook's cells.
    code
        The notebook's code: words in it may be repeated.
    """
    fault = error.fault
    outcome = Outcome.INPUT_REJECTED if is_rejection(error.origin) else fault.outcome
    own = is_own(error.origin) or fault.outcome is Outcome.STOPPED
    message = first_line(fault.message) if own else without_values(fault.message, code)
    return RunFailureError(outcome, f"notebook: {error.job.stem}", _place(error, outline), f"{fault.error}: {message}")


def _place(error: NotebookFailedError, outline: Outline) -> str:
    fault = error.fault
    if fault.cell is None:
        return "cell: none was under way"
    heading = outline.heading(fault.cell)
    under = f", under “{heading}”" if heading else ""
    source = f": {fault.source}" if fault.source else ""
    return f"cell: {fault.cell} of {len(outline)}{under}{source}"


def is_rejection(origin: dict[str, Any]) -> bool:
    """Tell whether the exception, or a class it derives from, says that the input was rejected."""
    return any(name.startswith("crmlib.") and name.endswith(_REJECTED) for name in origin.get("lineage", []))


def is_own(origin: dict[str, Any]) -> bool:
    """Tell whether crmlib wrote the message: its own class of error, or raised in its own module."""
    lineage = origin.get("lineage", [""])
    return lineage[0].startswith("crmlib.") or str(origin.get("raised_in", "")).startswith("crmlib.")


def without_values(message: str, known: str = "") -> str:
    """Leave out of a message what may be a value of the data: what it quotes, long numbers, addresses.

    Examples
    --------
    >>> without_values("could not convert string to float: 'Li Wei'")
    "could not convert string to float: '…'"
    >>> without_values("KeyError: 'spend'", known="run.frame('segments').spend")
    "KeyError: 'spend'"
    """
    words = set(re.findall(r"\w+", known))

    def keep_known(match: re.Match[str]) -> str:
        inside = match["inside"]
        return match[0] if inside in words else f"{match[1]}…{match[3]}"

    quoted = _QUOTED.sub(keep_known, first_line(message))
    return _ADDRESS.sub("…", _NUMBER.sub("…", quoted))


def first_line(message: str) -> str:
    """Give the first line that says something, not longer than a line should be."""
    line = next((line.strip() for line in message.splitlines() if line.strip()), "no message")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
