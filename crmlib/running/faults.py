"""Saying in three lines what went wrong: which notebook, which cell, which error, and no value of the data."""

from typing import Any, Final

from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.outline import Outline
from crmlib.running.schedule import NotebookFailedError
from crmlib.running.trouble import refused_in_notebook
from crmlib.running.wording import first_line

_BLAMED: Final = {
    "InputRejectedError": Outcome.INPUT_REJECTED,
    "NothingSoldError": Outcome.INPUT_REJECTED,
    "ParameterError": Outcome.BAD_PARAMETERS,
}


def explain(error: NotebookFailedError, outline: Outline) -> RunFailureError:
    """Turn a failed notebook into the lines and the exit code of the run.

    Parameters
    ----------
    error
        What the schedule raised.
    outline
        The notebook's cells.
    """
    fault = error.fault
    trouble = refused_in_notebook(error.origin, fault.message)
    if trouble is not None:
        return trouble
    outcome = blamed_on_input(error.origin) or fault.outcome
    return RunFailureError(
        outcome, f"notebook: {error.job.stem}", _place(error, outline), f"{fault.error}: {first_line(fault.message)}"
    )


def blamed_on_input(origin: dict[str, Any]) -> Outcome | None:
    """Tell whether the parameters or the data are to blame, by the exception's class and its bases.

    Examples
    --------
    >>> blamed_on_input({"lineage": ["crmlib.params.errors.ParameterError", "builtins.ValueError"]}).name
    'BAD_PARAMETERS'
    """
    for name in origin.get("lineage", []):
        package, _, short = name.rpartition(".")
        if package.startswith("crmlib.") and short in _BLAMED:
            return _BLAMED[short]
    return None


def _place(error: NotebookFailedError, outline: Outline) -> str:
    fault = error.fault
    if fault.cell is None:
        return "cell: none was under way"
    heading = outline.heading(fault.cell)
    under = f", under “{heading}”" if heading else ""
    source = f": {fault.source}" if fault.source else ""
    return f"cell: {fault.cell} of {len(outline)}{under}{source}"
