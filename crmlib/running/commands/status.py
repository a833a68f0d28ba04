"""``crm status``: what is published, when, from what and in what time."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer


def status(
    reports: Annotated[
        Path, typer.Argument(metavar="REPORTS", help="The folder with the published series, or that of one series.")
    ] = Path("reports"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a period.")] = False,
) -> None:
    """Say what is published: when, from how many files and lines, in what time, with which warnings."""
    from crmlib.running.status import as_lines, published_below

    found = published_below(reports)
    typer.echo(json.dumps([asdict(each) for each in found], indent=2) if as_json else "\n".join(as_lines(found)))
