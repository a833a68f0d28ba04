"""Saying in three lines what went wrong: which notebook, which cell, which error, and no value of the data."""

from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.outline import Outline
from crmlib.running.schedule import NotebookFailedError
from crmlib.running.wording import first_line, is_rejection


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
    outcome = Outcome.INPUT_REJECTED if is_rejection(error.origin) else fault.outcome
    return RunFailureError(
        outcome, f"notebook: {error.job.stem}", _place(error, outline), f"{fault.error}: {first_line(fault.message)}"
    )


def _place(error: NotebookFailedError, outline: Outline) -> str:
    fault = error.fault
    if fault.cell is None:
        return "cell: none was under way"
    heading = outline.heading(fault.cell)
    under = f", under “{heading}”" if heading else ""
    source = f": {fault.source}" if fault.source else ""
    return f"cell: {fault.cell} of {len(outline)}{under}{source}"
