"""``crm demo``: write the raw files of the simulated chain."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to write into.", show_default="data/demo of the project")
    ] = None,
) -> None:
    """Write the demo's raw files: a simulated retail chain, as messy as real exports; the same bytes every time."""
    raise NotImplementedError
