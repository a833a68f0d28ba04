"""``crm forget``: erase a person from everything the workbook keeps."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from crmlib.running.commands.asking import Out


def forget(
    customer: Annotated[
        str,
        typer.Argument(
            metavar="CUSTOMER",
            help="Customer number (web:… with its name space), pseudonym, phone number or e-mail address; - reads it "
            "from standard input, so that it stays out of the shell's history.",
        ),
    ],
    params: Annotated[Path, typer.Argument(metavar="PARAMS", help="The parameters file of the series.")],
    out: Out = None,
) -> None:
    """Erase a person from the identity map and every kept period, and prove it by a search.

    Sales stay in the shop's totals without a customer. A keyed hash recognises the person in later deliveries, whose
    lines then have no customer. The delivered files themselves are the source's to correct. Exit codes: 0 nothing is
    left, 2 no key or bad parameters, 3 nobody or more than one is meant, 6 the search found something, 75 a run holds
    the series.
    """
    from crmlib.running.keyed import forget as forget_person

    told = sys.stdin.readline().strip() if customer == "-" else customer
    typer.echo("\n".join(forget_person(told, params, out)))
