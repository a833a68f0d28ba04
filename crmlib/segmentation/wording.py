"""Small pieces that the chapter's sentences are made of."""

from datetime import timedelta
from typing import Any, TypedDict

import pandas as pd

from crmlib.reporting import formats
from crmlib.words import _
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
    last = formats.day(run.as_of - timedelta(days=1))
    if n is None:
        return _("{title}, order lines up to {day}").format(title=run.params.title, day=last)
    shown = run.rules.rounded(n) if kind == "customers" else n
    size = formats.count(shown) if shown is not None else _("fewer than {k}").format(k=run.rules.threshold)
    return _("{title}, order lines up to {day}, n = {n} {kind}").format(
        title=run.params.title, day=last, n=size, kind=_(kind)
    )


def money(run: Run, value: Any) -> str:
    """Give money in the report's currency."""
    return formats.money(value, run.params.currency)


def people(run: Run, n: float) -> str:
    """Give a number of customers as it may be said."""
    shown = run.rules.rounded(float(n))
    if shown is None:
        return _("fewer than {k} customers").format(k=run.rules.threshold)
    return _("{n} customers").format(n=formats.count(shown))


def share(value: float) -> str:
    """Give a share in whole per cent from ten up, in tenths below."""
    return formats.share(value, decimals=0 if abs(value) >= 0.1 else 1)


def changed(now: float, before: float) -> str:
    r"""Say by how much a figure rose or fell, in per cent.

    Examples
    --------
    >>> changed(110.0, 100.0), changed(90.0, 100.0), changed(100.0, 100.0)
    ('rose by 10.0\xa0%', 'fell by 10.0\xa0%', 'did not change')
    """
    if pd.isna(before) or before == 0 or pd.isna(now):
        return _("cannot be compared")
    part = now / before - 1
    if abs(part) < 0.0005:
        return _("did not change")
    words = _("rose by {share}") if part > 0 else _("fell by {share}")
    return words.format(share=formats.share(abs(part)))


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
