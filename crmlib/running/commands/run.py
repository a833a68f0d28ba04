"""``crm run``: run the notebooks of a series for one period and publish the report."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from crmlib.running.commands.asking import As_of, Month, Out, Override, asked_as_of, asked_months, asked_overrides


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
    again: Annotated[
        bool, typer.Option("--again", help="Make a report anew that is published already and would be the same.")
    ] = False,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on from the notebook at which the last run stopped, if nothing changed."),
    ] = False,
    per_store: Annotated[
        bool, typer.Option("--per-store", help="Publish a page of its own for each store, as running.per_store does.")
    ] = False,
    first: Annotated[
        str | None, typer.Option("--from", metavar="YYYY-MM", help="With --to: publish every month from this one on.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="The last month of --from.")] = None,
    out: Out = None,
) -> None:
    """Run the notebooks and publish the report; its path is printed.

    What is published already from the same inputs, parameters and code is left alone.

    Exit codes: 0 published, 2 bad parameters, 3 input rejected, 4 a notebook failed, 5 timed out or killed,
    6 the report failed its own checks, 7 a question that decides the report is open, 8 the disk is full or refused,
    75 another run holds the series.
    """
    from crmlib.running.printer import ReportPrinter
    from crmlib.running.progress import shown_progress
    from crmlib.running.request import Request, chapters_in, load_checked
    from crmlib.running.run import run as run_report
    from crmlib.running.run import run_periods

    overrides = asked_overrides(override or []) | ({"running.per_store": "true"} if per_store else {})
    asked = Request(params, asked_as_of(month, as_of), overrides, only, out, again=again, resume=resume)
    ends = asked_months(first, last, month or as_of or only)
    requests = [replace(asked, as_of=end) for end in ends] or [asked]
    chapters = chapters_in(requests[0], load_checked(requests[0]))
    with shown_progress(1 if only else len(chapters), many=bool(ends)) as progress:
        watchers = [progress]
        pages = (
            run_periods(requests, ReportPrinter(), watchers) if ends else [run_report(asked, ReportPrinter(), watchers)]
        )
    typer.echo("\n".join(str(page) for page in pages))
