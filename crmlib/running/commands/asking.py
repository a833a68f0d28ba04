"""The options that several commands share, and what they mean."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from crmlib.running.outcomes import Outcome, RunFailureError

Month = Annotated[
    str | None,
    typer.Option(
        metavar="YYYY-MM", help="The month of the report: the same as --as-of the first day of the next month."
    ),
]
As_of = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Exclusive end of what the report may see.", show_default="as the file says"),
]
Override = Annotated[
    list[str] | None,
    typer.Option(
        "--parameter", "-p", metavar="KEY=VALUE", help="Another value for a parameter: -p churn.horizon_days=90."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Parent of reports/ and work/.", show_default="beside the folder params/"),
]


def asked_as_of(month: str | None, as_of: str | None) -> date | None:
    """Turn ``--month`` or ``--as-of`` into the exclusive end of the report.

    Raises
    ------
    RunFailureError
        With ``BAD_PARAMETERS`` if both are given or one is no date.

    Examples
    --------
    >>> asked_as_of("2026-10", None)
    datetime.date(2026, 11, 1)
    """
    if month is not None and as_of is not None:
        raise RunFailureError(Outcome.BAD_PARAMETERS, "give --month or --as-of, not both")
    if month is not None:
        return _end_of(month)
    return None if as_of is None else _date(as_of, f"--as-of {as_of}: is no date; write it as 2026-11-01")


def asked_months(first: str | None, last: str | None, other: str | None) -> list[date]:
    """Turn ``--from`` and ``--to`` into the exclusive ends of the months between; nothing where neither is given.

    Raises
    ------
    RunFailureError
        With ``BAD_PARAMETERS`` if one is missing, they are the wrong way round, or something else says the period.

    Examples
    --------
    >>> [str(end) for end in asked_months("2026-11", "2027-01", None)]
    ['2026-12-01', '2027-01-01', '2027-02-01']
    """
    if first is None and last is None:
        return []
    if first is None or last is None or other is not None:
        wrong = "give --from and --to together, and neither --month, --as-of nor --only beside them"
        raise RunFailureError(Outcome.BAD_PARAMETERS, wrong)
    ends = [_end_of(first)]
    stop = _end_of(last)
    while ends[-1] < stop:
        ends.append(_next_month(ends[-1]))
    if ends[-1] > stop:
        raise RunFailureError(Outcome.BAD_PARAMETERS, f"--from {first} lies after --to {last}")
    return ends


def _end_of(month: str) -> date:
    first = _date(f"{month}-01", f"--month {month}: is no month; write it as 2026-10")
    return _next_month(first)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _date(text: str, wrong: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RunFailureError(Outcome.BAD_PARAMETERS, wrong) from None


def asked_overrides(given: Sequence[str]) -> dict[str, str]:
    """Split ``key=value`` pairs; the model reads and validates the values.

    Raises
    ------
    RunFailureError
        With ``BAD_PARAMETERS`` if one has no equals sign.

    Examples
    --------
    >>> asked_overrides(["churn.horizon_days=90"])
    {'churn.horizon_days': '90'}
    """
    pairs = [each.partition("=") for each in given]
    for key, equals, _ in pairs:
        if not (key and equals):
            raise RunFailureError(
                Outcome.BAD_PARAMETERS, f"-p {key}: write it as KEY=VALUE, as in -p churn.horizon_days=90"
            )
    return {key: value for key, _, value in pairs}
