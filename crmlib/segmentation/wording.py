"""Small pieces that the chapter's sentences are made of."""

from datetime import timedelta
from typing import TypedDict

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


def p_value(p: float) -> str:
    r"""Write a p-value with three decimals, and a very small one as such.

    Examples
    --------
    >>> p_value(0.2764), p_value(1e-9)
    ('p\xa0=\xa00.276', 'p\xa0<\xa00.001')
    """
    return "p\u00a0<\u00a00.001" if p < 0.0005 else f"p\u00a0=\u00a0{formats.fixed(p, 3)}"
