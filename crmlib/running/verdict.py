"""Did the notebook run? Judged from its cells alone.

papermill marks the cells of a killed run as completed and takes ``sys.exit(0)`` for success.
"""

from dataclasses import dataclass
from typing import Any

from crmlib.running.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Fault:
    """Where and how a notebook failed.

    Attributes
    ----------
    cell
        Number of the cell in the notebook as the analyst sees it, from 1; ``None`` if no cell is to blame.
    source
        First line of that cell's code.
    error
        Name of the exception, or a plain word for what happened.
    message
        The exception's message, as the child left it: without values of the data.
    outcome
        The exit code it leads to.
    """

    cell: int | None
    source: str
    error: str
    message: str
    outcome: Outcome


def judge(notebook: dict[str, Any]) -> Fault | None:
    """Find the first cell that failed or never ran; ``None`` if all code cells ran, in order, without an error.

    Parameters
    ----------
    notebook
        The executed notebook, as JSON.

    Examples
    --------
    >>> ran = {"cell_type": "code", "source": "1 + 1", "execution_count": 1, "outputs": []}
    >>> judge({"cells": [ran]}) is None
    True
    >>> judge({"cells": [ran, {**ran, "execution_count": None}]}).error
    'NotRun'
    """
    count = 0
    number = 0
    for cell in notebook["cells"]:
        if "injected-parameters" not in cell.get("metadata", {}).get("tags", []):
            number += 1
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or not source.strip():
            continue
        count += 1
        found = _error_of(cell, count)
        if found is not None:
            first = next(line for line in source.splitlines() if line.strip())
            return Fault(number, first.strip(), *found, Outcome.NOTEBOOK_FAILED)
    return None


def _error_of(cell: dict[str, Any], count: int) -> tuple[str, str] | None:
    """Give the error's name and message, if the cell has one or did not run as the ``count``-th."""
    for output in cell.get("outputs", []):
        if output["output_type"] == "error":
            return str(output["ename"]), str(output["evalue"])
    if cell.get("execution_count") is None:
        return "NotRun", "the cell was never run"
    if cell["execution_count"] != count:
        return "OutOfOrder", f"the cell ran as number {cell['execution_count']}, not {count}"
    return None
