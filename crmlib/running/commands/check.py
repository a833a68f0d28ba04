"""``crm check``: say what would come in, and what is wrong with it, without running a report."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.running.commands.asking import As_of, Month, Out, Override, asked_as_of, asked_overrides


def check(
    params: Annotated[Path, typer.Argument(metavar="PARAMS", help="The parameters file of the series.")],
    month: Month = None,
    as_of: As_of = None,
    override: Override = None,
    out: Out = None,
) -> None:
    """Check parameters, mapping and contracts; nothing is run or published.

    Says table by table what would come in, the first ten problems, what the data say against the mapping, and how the
    figures stand to the shop's own books. Exit codes: 0 a run would go on, 2 bad parameters, 3 input rejected, 7 a
    question is open.
    """
    from crmlib.running.checking import check_input
    from crmlib.running.request import Request

    request = Request(params, asked_as_of(month, as_of), asked_overrides(override or []), out=out)
    typer.echo("\n".join(check_input(request)))
