"""``crm demo``: write the raw files of the simulated chain."""

from typing import Annotated

import typer

from crmlib.running.commands.asking import Out


def demo(
    out: Out = None,
    again: Annotated[bool, typer.Option("--again", help="Write them even where they are up to date.")] = False,
) -> None:
    """Write the demo's raw files into work/demo/raw; the same bytes every time.

    A simulated retail chain: eight stores, a web shop and a mini-programme, as messy as real exports. Files that this
    version has written already are left as they are.
    """
    from crmlib.running.demo_files import write_demo
    from crmlib.workspace import PROJECT

    typer.echo(write_demo(PROJECT if out is None else out.resolve(), again=again))
