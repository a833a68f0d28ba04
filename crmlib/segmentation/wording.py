"""Small pieces that the chapter's sentences are made of."""

from datetime import timedelta
from typing import Any, TypedDict

import pandas as pd

from crmlib.reporting import changes
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


def rounded_share(part: float, whole: float, run: Run) -> float:
    """Give a share of people as tables have it: of numbers that are rounded; NaN where the part is hidden."""
    shown, of = run.rules.rounded(float(part)), run.rules.rounded(float(whole))
    return min(shown / of, 1.0) if shown is not None and of else float("nan")


def share(value: float) -> str:
    """Give a share in whole per cent from ten up, in tenths below."""
    return formats.share(value, decimals=0 if abs(value) >= 0.1 else 1)


def signed_share(value: float, decimals: int) -> str:
    r"""Give a change in per cent with its sign, where it can be seen.

    Examples
    --------
    >>> signed_share(0.21, 0), signed_share(-0.01, 0), signed_share(0.001, 0)
    ('+21\xa0%', '−1\xa0%', '0\xa0%')
    """
    written = formats.share(value, decimals=decimals)
    return f"+{written}" if value > 0 and changes.can_be_seen(written) else written


def changed(run: Run, now: float, before: float) -> str:
    r"""Say by how much money rose or fell: in per cent of what it was, or the amount where either is not above zero.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(params=SimpleNamespace(currency="EUR"))
    >>> changed(run, 110.0, 100.0), changed(run, 100.0, 100.0), changed(run, 100.0, -20.0)
    ('rose by 10.0\xa0%', 'did not change', 'rose by €120.00')
    """
    if pd.isna(before) or pd.isna(now):
        return _("cannot be compared")
    if abs(now - before) <= 0.0005 * abs(before):
        return _("did not change")
    words = _("rose by {size}") if now > before else _("fell by {size}")
    size = formats.share(abs(now / before - 1)) if comparable(now, before) else money(run, abs(now - before))
    return words.format(size=size)


def comparable(now: float, before: float) -> bool:
    """Say whether a change of money can be told in per cent: of nothing, or across nothing, it says nothing."""
    return now >= 0 and before > 0


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
