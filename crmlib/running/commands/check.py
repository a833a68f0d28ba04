"""``crm check``: say what would come in, and what is wrong with it, without running a report."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.running.commands.asking import As_of, Month, Override


def check(
    params: Annotated[Path, typer.Argument(metavar="PARAMS", help="The parameters file of the series.")],
    month: Month = None,
    as_of: As_of = None,
    override: Override = None,
) -> None:
    """Check parameters, mapping and contracts; nothing is run or published.

    Exit codes: 0 nothing to stop a run, 2 bad parameters, 3 input that would be rejected.
    """
    raise NotImplementedError
