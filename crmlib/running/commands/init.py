"""``crm init``: look at files and propose a parameters file, every guess with its evidence."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    files: Annotated[list[Path], typer.Argument(metavar="FILES…", help="Files, folders or globs: what was delivered.")],
    out: Annotated[
        Path | None, typer.Option(metavar="PARAMS", help="The file to write.", show_default="params/<series>.yaml")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Look at your files and write a parameters file for them, with comments.

    Tables, columns, encodings, date formats and marks are told from headers in seven languages and from values; the
    numbers are held against one another. Each guess is marked with its evidence, and what decides the report and could
    not be told is asked. Then: crm check. Exit codes: 0 written, 2 a file that is not there or would be written over,
    3 no file can be read.
    """
    from crmlib.running.initial import write_initial

    typer.echo("\n".join(write_initial(files, out, force=force)))
