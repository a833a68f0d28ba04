"""Control totals in words: for the answer of page 01 and for ``crm check``."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import pandas as pd
from ibis import Table

from crmlib.features import before
from crmlib.params import Parameters
from crmlib.params.control import ControlRules
from crmlib.params.control import period as period_of
from crmlib.prep.control import MONEY, Held, hold
from crmlib.words import _, plural
from crmlib.words.saying import Say

_MOST_EXPLAINED: Final = 2
"""More parts of exactly the same money explain nothing."""


def measure_label(measure: str) -> str:
    """Name a figure of the books."""
    return {
        "net_revenue": _("Net revenue"), "gross_revenue": _("Gross revenue"), "returned": _("Money taken back"),
        "orders": _("Orders"), "units": _("Units"), "lines": _("Order lines"),
    }[measure]  # fmt: skip


def period_label(period: str, say: Say) -> str:
    """Name a month or a day of the books."""
    first, end = period_of(period)
    return say("{first:day}" if end - first == timedelta(days=1) else "{first:month}", first=first)


def written(value: Decimal | None, measure: str, say: Say) -> str:
    """Write a figure exactly: money to the cent."""
    whole = value is None or value == value.to_integral_value()
    kind = "money2" if measure in MONEY else "count" if whole else "number2"
    return say(f"{{value:{kind}}}", value=value)


def difference_sentences(held: Sequence[Held], say: Say) -> list[str]:
    """Say where the report and the books differ: the first figure in full, of the others how many."""
    apart = [figure for figure in held if not figure.agrees]
    if not apart:
        return []
    rest = len(apart) - 1
    words = plural("One more figure differs.", "{n:count} more figures differ.", rest)
    return [_difference(apart[0], say) + (f" {say(words, n=rest)}" if rest else "")]


def _difference(held: Held, say: Say) -> str:
    named = f"{measure_label(held.measure)} ({held.source})" if held.source else measure_label(held.measure)
    period = period_label(held.period, say)
    if held.difference is None:
        words = _("{figure} of {period} cannot be held against the books of the shop: the lines do not say it.")
        return say(words, figure=named, period=period)
    by = written(abs(held.difference), held.measure, say)
    if held.measure in MONEY:
        way = _("{by} above") if held.difference > 0 else _("{by} below")
        words = _("{figure} of {period} is {way} the books of the shop: {report}, not {books}{why}.")
    else:
        way = _("{by} more than") if held.difference > 0 else _("{by} fewer than")
        words = _("{figure} of {period} are {way} in the books of the shop: {report}, not {books}{why}.")
    report, books = (written(value, held.measure, say) for value in (held.report, held.books))
    why = explained(held, say)
    return say(
        words, figure=named, period=period, way=say(way, by=by), report=report, books=books, why=why and f"; {why}"
    )


def explained(held: Held, say: Say) -> str:
    """Say which parts of the report have exactly the money of the difference; empty where none has, or too many."""
    if not 0 < len(held.explained) <= _MOST_EXPLAINED:
        return ""
    names = {
        "services": _("postage, fees and vouchers"), "returned": _("what was taken back"),
        "set_aside": _("what was set aside"), "merged": _("what was delivered twice"),
    }  # fmt: skip
    parts = [
        period_label(name, say) if kind == "day" else name if kind == "source" else names[kind]
        for kind, name in held.explained
    ]
    return say(_("exactly the money of {parts}"), parts=_(" or of ").join(parts))


def agreement(held: Sequence[Held], say: Say) -> str:
    """Say that report and books agree, and in what."""
    periods = sorted({figure.period for figure in held})
    named = period_label(periods[0], say)
    if len(periods) > 1:
        named = say(_("{first} to {last}"), first=named, last=period_label(periods[-1], say))
    words = plural(
        "The books of the shop agree to the cent: one figure of {period}.",
        "The books of the shop agree to the cent: {n:count} figures of {period}.",
        len(held),
    )
    return say(words, n=len(held), period=named)


def control_lines(held: Sequence[Held], lines: Table, params: Parameters, say: Say) -> list[str]:
    """Say for ``crm check`` how good order lines hold to the books: a line a figure; without books, ask for one."""
    if held:
        return [_("held against the books of the shop:"), *(f"  {_line(figure, say)}" for figure in held)]
    if params.control:
        return [_("no month or day under `control` is over at {day}").format(day=params.as_of)]
    return _asked(lines, params, say)


def _line(held: Held, say: Say) -> str:
    named = ", ".join(filter(None, [period_label(held.period, say), measure_label(held.measure).lower(), held.source]))
    report, books = (written(value, held.measure, say) for value in (held.report, held.books))
    if held.agrees:
        return say(_("{named}: {books}, agrees"), named=named, books=books)
    if held.difference is None:
        return say(_("{named}: books {books}, the lines do not say it"), named=named, books=books)
    by = ("+" if held.difference > 0 else "") + written(held.difference, held.measure, say)
    words = _("{named}: books {books}, report {report}, difference {by}")
    why = explained(held, say)
    return say(words, named=named, books=books, report=report, by=by) + (f" ({why})" if why else "")


def _asked(lines: Table, params: Parameters, say: Say) -> list[str]:
    """Ask for one figure of the last whole month, beside what the report would say."""
    month = _last_month(lines, params.as_of)
    if month is None:
        return []
    rules = ControlRules.model_validate({"net_revenue": "0", "orders": "0"})
    found = {held.measure: held.report for held in hold(lines, {month: rules}, None, months_only=True)}
    money, orders = (written(found[name], name, say) for name in ("net_revenue", "orders"))
    words = _("  {month}: the report has net revenue {money} of {orders} orders")
    return [
        _("is the mapping right? Hold it against one figure of the shop's own books:"),
        say(words, month=period_label(month, say), money=money, orders=orders),
        say(_("  give what the books have: control: {{{month}: {{net_revenue: ..., orders: ...}}}}"), month=month),
    ]


def _last_month(lines: Table, as_of: date | None) -> str | None:
    """Give the last month that is over and has lines, at the end of the report or of the data; else the last begun."""
    seen = lines if as_of is None else before(lines, as_of)
    span = seen.agg(first=seen.ordered_at.min(), last=seen.ordered_at.max()).to_pandas().iloc[0]
    if pd.isna(span["last"]):
        return None
    end = pd.Timestamp(as_of) if as_of is not None else span["last"].normalize() + pd.Timedelta(days=1)
    over = min(end.to_period("M") - 1, span["last"].to_period("M"))
    return str(max(over, span["first"].to_period("M")))
