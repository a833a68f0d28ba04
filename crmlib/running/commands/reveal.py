"""``crm reveal``: turn a list's pseudonyms into contacts, for whoever has the key."""

from pathlib import Path
from typing import Annotated

import typer

from crmlib.running.commands.asking import Out


def reveal(
    listed: Annotated[
        Path, typer.Argument(metavar="LIST", help="A list of a run: work/SERIES/PERIOD/lists/contact_list.csv.")
    ],
    params: Annotated[
        Path | None,
        typer.Option(
            metavar="PARAMS", help="The parameters file of the series.", show_default="as the list's run was given"
        ),
    ] = None,
    out: Out = None,
) -> None:
    """Write the list with names, phone numbers and addresses beside it, for its owner alone (mode 0600).

    Needs the key of the series. Who did it, when, with which list and for how many stands in the audit log
    (work/SERIES/state/identity/audit.jsonl). Exit codes: 0 written, 2 no key or bad parameters, 3 the list is of
    another series or is none, 75 a run holds the series.
    """
    from crmlib.running.keyed import reveal as reveal_list

    done = reveal_list(listed, params, out)
    typer.echo(f"{done.file}: {done.customers:,} customers, {done.with_contact:,} with a phone number or an address")
