"""``crm backup`` and ``crm restore``: what a series cannot do without, in one encrypted file."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.running.commands.asking import Out

Params = Annotated[Path, typer.Argument(metavar="PARAMS", help="The parameters file of the series.")]


def backup(
    params: Params,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the backup is written; one there is replaced.")],
    out: Out = None,
) -> None:
    """Keep the state of a series (the identity map among it) and its published manifests and results in one file.

    The file is encrypted with the series' key, read back before it takes its place, and readable by its owner alone. It
    is worth nothing without the key: keep that elsewhere. Exit codes: 0 written and verified, 2 no key or bad
    parameters, 75 a run holds the series.
    """
    from crmlib.running.keyed import back_up_series

    typer.echo("\n".join(back_up_series(params, file, out)))


def restore(
    params: Params,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup that `crm backup` wrote.")],
    out: Out = None,
) -> None:
    """Put the state of a series and its published manifests and results back from a backup.

    All of it is verified before anything is replaced; what is replaced is kept in work/SERIES/replaced-TIME. Exit
    codes: 0 restored, 2 the backup is of another series or key or was changed, or bad parameters, 75 a run holds the
    series.
    """
    from crmlib.running.keyed import restore_series

    typer.echo("\n".join(restore_series(params, file, out)))
