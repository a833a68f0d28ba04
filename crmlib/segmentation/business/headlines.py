"""The headline numbers of the business, each beside what it was a month ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from crmlib.reporting.statements import returns_not_known
from crmlib.segmentation.business.glance import ALL
from crmlib.segmentation.business.measures import FIGURES, MONTHS, Figure, fillings
from crmlib.segmentation.business.period_words import cut_short
from crmlib.stats import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.measures import Headline
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

HISTORY: Final = 13


def business_headlines(found: Study, run: Run) -> list[Headline]:
    """Collect the figures of the business that are recorded, where the data have what they need."""
    months, earlier, glance = found.months, found.earlier, found.glance
    if months.empty:
        return []
    # a month that the data begin within is nothing to put a whole one beside
    then = earlier.iloc[-1] if len(earlier) and not cut_short(earlier.iloc[-1], run) else None
    by_month = (months.iloc[-1], then)
    whole = glance.figures[glance.figures["part"] == ALL].set_index("window")
    spans = tuple(whole.loc[code] if code in whole.index else None for code in ("period", "before"))
    untold = returns_not_known() if whole["returned"].isna().all() else ""
    told = fillings(run, glance.lost_after)
    return [
        _headline(
            each, by_month if MONTHS in each.tables else spans, months, run,
            told=told, more=untold if "returned" in each.per else "",
        )
        for each in FIGURES
        if each.recorded and not (each.needs and whole[each.needs].isna().all())
    ]  # fmt: skip


def _headline(
    figure: Figure, rows: tuple[pd.Series | None, ...], months: pd.DataFrame, run: Run, **more: Any
) -> Headline:
    """Give a figure now and a month ago, with the people that it rests on and what it was in the months before."""
    now, then = (_value(figure, row, run) for row in rows)
    if figure.tile:
        more["history"] = [_value(figure, row, run) for _place, row in months.tail(HISTORY).iterrows()]
    if figure.has_interval:
        return figure.headline(now, previous=then, counted=_counted(figure, rows[0], run), **more)
    people = {
        name: value.n if isinstance(value, Estimate) else None
        for name, value in (("people", now), ("previous_people", then))
    }
    points = [value.value if isinstance(value, Estimate) else value for value in (now, then)]
    return figure.headline(points[0], previous=points[1], **people, **more)


def _value(figure: Figure, row: pd.Series | None, run: Run) -> Estimate | float | None:
    """Give a figure of a span: a number of people, or an estimate that knows how many people it rests on."""
    if row is None or pd.isna(row[figure.column]):
        return None
    value = float(row[figure.column])
    if figure.unit == "people":
        return value
    if figure.is_per_head:
        # as a table divides it: an exact number of people could be had from an exact mean
        total, people = (row[name] for name in figure.per)
        value = float(total) / (run.rules.rounded(people) or float("nan"))
    low, high = (float(row.get(f"{figure.column}_{end}", float("nan"))) for end in ("low", "high"))
    return Estimate(value, low, high, int(row[figure.people]))


def _counted(figure: Figure, now: pd.Series | None, run: Run) -> str:
    """Say what the people are that an estimate rests on: of an average customers, and orders of nobody known."""
    if figure.people != "buyers":
        return _("customers of the month before") if figure.people == "before" else _("customers")
    anonymous = 0 if now is None else int(now["buyers"] - now["active"])
    if now is None or anonymous == 0:
        return _("customers")
    known, buyers = run.rules.rounded(float(now["active"])), run.rules.rounded(float(now["buyers"]))
    if known is None or buyers is None or run.too_few(anonymous):
        return _("customers and anonymous orders")
    # the rest of what is shown, so that the parts add up
    words = _("({customers:count} customers and {orders:count} anonymous orders)")
    return run.say(words, customers=known, orders=buyers - known)
