"""``crm run``: run the notebooks of a series for one period and publish the report."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.running.commands.asking import As_of, Month, Out, Override, asked_as_of, asked_overrides


def run(  # noqa: PLR0917  (the command line passes them by name)
    params: Annotated[
        Path, typer.Argument(metavar="PARAMS", help="The parameters file of the series, params/demo.yaml.")
    ],
    month: Month = None,
    as_of: As_of = None,
    override: Override = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="NOTEBOOK", help="Run one notebook (03_churn, 03 or churn) on earlier tables; publish nothing."
        ),
    ] = None,
    out: Out = None,
) -> None:
    """Run the notebooks and publish the report; its path is printed.

    Exit codes: 0 published, 2 bad parameters, 3 input rejected, 4 a notebook failed, 5 timed out or killed,
    6 the report failed its own checks, 7 a question that decides the report is open, 75 another run holds the series.
    """
    from crmlib.running.printer import ReportPrinter
    from crmlib.running.progress import shown_progress
    from crmlib.running.run import Request, chapters_in, load_checked
    from crmlib.running.run import run as run_report

    request = Request(params, asked_as_of(month, as_of), asked_overrides(override or []), only, out)
    chapters = chapters_in(request, load_checked(request))
    with shown_progress(1 if only else len(chapters)) as progress:
        page = run_report(request, ReportPrinter(), [progress])
    typer.echo(page)
