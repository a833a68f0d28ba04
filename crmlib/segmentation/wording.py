"""Small pieces that the chapter's sentences are made of."""

from datetime import timedelta
from typing import Any, TypedDict

from crmlib.words import _, formats
from crmlib.workspace import Run


class Words(TypedDict):
    """The words around a figure, as keyword arguments of :func:`crmlib.reporting.figure`."""

    title: str
    alt: str
    read: str
    limits: str
    source: str


def source_of(run: Run, n: int | None = None, kind: str = "") -> str:
    """Name the data, the last day seen and what the numbers rest on."""
    words = _("{title}, order lines up to {day:day}")
    if n is not None:
        words = _("{title}, order lines up to {day:day}, n = {n:count} {kind}")
    if kind == "customers":
        words = _("{title}, order lines up to {day:day}, n = {n:people} {kind}")
    return run.say(words, title=run.params.title, day=run.as_of - timedelta(days=1), n=n, kind=_(kind) if kind else "")


def money(run: Run, value: Any) -> str:
    """Give money in the report's currency."""
    return formats.money(value, run.params.currency)


def people(run: Run, n: float) -> str:
    """Give a number of customers as it may be said."""
    shown = run.rules.rounded(float(n))
    if shown is None:
        return _("fewer than {k} customers").format(k=run.rules.threshold)
    return _("{n} customers").format(n=formats.count(shown))


def rounded_share(part: float, whole: float, run: Run) -> float:
    """Give a share of people as tables have it: of numbers that are rounded; NaN where the part is hidden."""
    shown, of = run.rules.rounded(float(part)), run.rules.rounded(float(whole))
    return min(shown / of, 1.0) if shown is not None and of else float("nan")


def share(value: float) -> str:
    """Give a share in whole per cent from ten up, in tenths below."""
    return formats.share(value, decimals=0 if abs(value) >= 0.1 else 1)


def p_value(p: float) -> str:
    r"""Write a p-value with three decimals, and a very small one as such.

    Examples
    --------
    >>> p_value(0.2764), p_value(1e-9)
    ('p\xa0=\xa00.276', 'p\xa0<\xa00.001')
    """
    return "p\u00a0<\u00a00.001" if p < 0.0005 else f"p\u00a0=\u00a0{formats.fixed(p, 3)}"


def listed(names: list[str]) -> str:
    """Join names as a reader would: one, two and three.

    Examples
    --------
    >>> listed(["new", "loyal", "lost"])
    'new, loyal and lost'
    """
    if len(names) < 2:
        return "".join(names)
    return _("{first} and {last}").format(first=", ".join(names[:-1]), last=names[-1])
