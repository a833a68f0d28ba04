"""``crm print``: the published report as PDF, to hand on."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.running.commands.asking import As_of, Month, Out, asked_as_of


def print_(
    params: Annotated[Path, typer.Argument(metavar="PARAMS", help="The parameters file of the series.")],
    month: Month = None,
    as_of: As_of = None,
    out: Out = None,
) -> None:
    """Print a published report to PDF: its first page, and all of it.

    Both stand beside the published pages, named after series and period; a later run of the period removes them with
    the report they were made of. Needs Chromium, which fetches nothing. Exit codes: 0 written, 2 bad parameters or
    nothing published for the period, 69 no Chromium or it cannot print, 75 a run holds the series.
    """
    from crmlib.running.printing import print_report
    from crmlib.running.request import Request
    from crmlib.words import plural

    for made in print_report(Request(params, asked_as_of(month, as_of), out=out)):
        sheets = plural("{n} page", "{n} pages", made.sheets).format(n=made.sheets)
        typer.echo(f"{made.file}: {sheets}")
