"""The first screen of the chapter: the answer, and the headline numbers beside what they were a period ago."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from crmlib.measures import Measure
from crmlib.reporting import Shown, answer, gate, insufficient, people, show_all, show_headlines
from crmlib.reporting.statements import returns_not_known
from crmlib.segmentation.business.glance import ALL
from crmlib.segmentation.business.measures import FIGURES, MONTHS, Figure, fillings
from crmlib.segmentation.business.period_words import cut_short, period_in_words
from crmlib.segmentation.customers.lifecycle import OVERDUE
from crmlib.segmentation.customers.migration import best_segments, migration_answer
from crmlib.segmentation.customers.profile import segments_answer
from crmlib.segmentation.customers.segments import with_role
from crmlib.segmentation.value import value_answer, value_headlines
from crmlib.segmentation.value.forecast import VALUE_AHEAD
from crmlib.stats import Estimate
from crmlib.stats.concentration import top_share
from crmlib.stats.intervals import proportion
from crmlib.words import N_, _

if TYPE_CHECKING:
    from crmlib.measures import Headline
    from crmlib.segmentation.customers.base import CustomerBase
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run


def headlines(found: Study, run: Run) -> list[Headline]:
    """Collect the headline numbers of the chapter: of the business, of the customers and of their value."""
    if found.months.empty:
        return []
    return [
        *business_headlines(found, run),
        *customer_headlines(found.base, run),
        *value_headlines(found.forecast, run),
    ]


HISTORY: Final = 13


def business_headlines(found: Study, run: Run) -> list[Headline]:
    """Collect the figures of the business that are recorded, where the data have what they need."""
    months, earlier, glance = found.months, found.earlier, found.glance
    # a month that the data begin within is nothing to put a whole one beside
    then = earlier.iloc[-1] if len(earlier) and not cut_short(earlier.iloc[-1], run) else None
    by_month = (months.iloc[-1], then)
    whole = glance.figures[glance.figures["part"] == ALL].set_index("window")
    spans = tuple(whole.loc[code] if code in whole.index else None for code in ("period", "before"))
    settled = found.base.measure is not None and found.base.measure.is_settled
    untold = returns_not_known() if whole["returned"].isna().all() else ""
    told = fillings(run, glance.lost_after)
    return [
        _headline(
            figure, by_month if MONTHS in figure.tables else spans, months, run,
            told=told, more=untold if "returned" in figure.per else "",
        )
        for figure in FIGURES
        if figure.recorded and (settled or not figure.by_limits)
        if not (figure.needs and whole[figure.needs].isna().all())
    ]  # fmt: skip


def _headline(
    figure: Figure, rows: tuple[pd.Series | None, ...], months: pd.DataFrame, run: Run, **more: Any
) -> Headline:
    now, then = (_value(figure, row, run) for row in rows)
    if figure.tile:
        more["history"] = [_value(figure, row, run) for _place, row in months.tail(HISTORY).iterrows()]
    if figure.has_interval:
        return figure.headline(now, previous=then, counted=_counted(figure, rows[0], run), **more)
    counts = {
        name: value.n if isinstance(value, Estimate) else None
        for name, value in (("people", now), ("previous_people", then))
    }
    points = [value.value if isinstance(value, Estimate) else value for value in (now, then)]
    return figure.headline(points[0], previous=points[1], **counts, **more)


def _value(figure: Figure, row: pd.Series | None, run: Run) -> Estimate | float | None:
    """Give a figure of a span: a number of people, or an estimate that knows how many people it rests on."""
    if row is None or pd.isna(row[figure.column]):
        return None
    value = float(row[figure.column])
    if figure.unit == "people":
        return value
    if figure.is_per_head:
        # as a table divides it: an exact number of people could be had from an exact mean
        total, number = figure.per
        value = float(row[total]) / _rounded(row, number, run=run)[number]
    low, high = (float(row.get(f"{figure.column}_{end}", float("nan"))) for end in ("low", "high"))
    return Estimate(value, low, high, int(row[figure.people]))


def _counted(figure: Figure, now: pd.Series | None, run: Run) -> str:
    """Say what the people are that an estimate rests on: of an average customers, and orders of nobody known."""
    if figure.people != "buyers":
        return _("customers of the month before") if figure.people == "before" else _("customers")
    anonymous = 0 if now is None else int(now["buyers"] - now["active"])
    if now is None or anonymous == 0:
        return _("customers")
    shown = _rounded(now, "active", "buyers", run=run)
    if shown.isna().any() or run.too_few(anonymous):
        return _("customers and anonymous orders")
    # the rest of what is shown, so that the parts add up
    words = _("({customers:count} customers and {orders:count} anonymous orders)")
    return run.say(words, customers=shown["active"], orders=shown["buyers"] - shown["active"])


def _rounded(row: pd.Series, *names: str, run: Run) -> pd.Series:
    """Give numbers of people as a table shows them: missing where they are too few."""
    frame = pd.DataFrame({name: [float(row[name])] for name in names})
    return gate(frame, run, *(people(name) for name in names)).frame.astype("float64").iloc[0]


BEST_SHARE: Final = Measure(
    code="best_segments_share", title=N_("In the best segments"), unit="share", people="customers",
    meaning=N_("{best} among all customers who ever bought."),
)  # fmt: skip
TOP_TENTH: Final = Measure(
    code="top_tenth_share", title=N_("Revenue from the top tenth"), unit="share", people="the tenth",
    meaning=N_("Share of all revenue so far that the tenth of customers with the highest spend brought."),
)  # fmt: skip
OVERDUE_CUSTOMERS: Final = Measure(
    code="overdue_customers", title=N_("Overdue customers"), unit="people",
    meaning=N_("Customers who by their own rhythm are overdue but not yet lost (slipping or dormant)."),
)  # fmt: skip
LEFT_BEST: Final = Measure(
    code="left_best_segments", title=N_("Left the best segments"), unit="people",
    meaning=N_("Customers who were in the best segments ({best}) a month ago and are not now."),
)  # fmt: skip


def customer_headlines(base: CustomerBase, run: Run) -> list[Headline]:
    """Give the headline numbers of the customer base, now and a month ago; none where nobody has bought.

    While the history is too short for limits of the stages that last, each month has its own: who is overdue is no
    headline then, and the share of the best, which hangs on them too, is held against no other month.
    """
    if base.now.empty:
        return []
    both = (base.now, base.before)
    best = run.say("{best:list}", best=best_segments(run))
    codes = with_role(run.params.segmentation.segments, "best")
    share, share_before = (
        proportion(int(customers["segment"].isin(codes).sum()), len(customers)) if len(customers) else None
        for customers in both
    )
    top, top_before = (top_share(customers["spend"]) if len(customers) else None for customers in both)
    tenth, tenth_before = (int(0.1 * len(customers)) for customers in both)
    settled = base.measure is not None and base.measure.is_settled
    found = [
        BEST_SHARE.headline(share, previous=share_before if settled else None, told={"best": best}),
        TOP_TENTH.headline(top, previous=top_before, people=tenth, previous_people=tenth_before),
    ]
    if settled:
        overdue, before = (float(customers["lifecycle"].isin(OVERDUE).sum()) for customers in both)
        found.append(OVERDUE_CUSTOMERS.headline(overdue, previous=before))
    if base.migration is not None:
        found.append(LEFT_BEST.headline(float(base.migration["left_best"].sum()), told={"best": best}))
    return found


CHAPTER: Final = "02_segmentation"
TILES: Final = (*(figure.code for figure in FIGURES if figure.tile), VALUE_AHEAD.code)


def show_answer(found: Study, run: Run) -> Shown:
    """Show the chapter's answer and its headline figures, each beside the last period's; record all of these."""
    base = found.base
    if found.months.empty:
        return insufficient(
            needed=_("purchases before the report's date"), found=_("none"), therefore=_("This chapter is not shown.")
        )
    said = [period_in_words(found.months, found.earlier, run)]
    if not run.too_few(len(base.now)):
        said += filter(None, [segments_answer(base.profile, run)])
    if base.migration is not None:
        said.append(migration_answer(base.migration, run))
    said += filter(None, [value_answer(found.forecast, run)])
    tiles = show_headlines(headlines(found, run), run, CHAPTER, TILES)
    return show_all(answer(*said), *([tiles] if tiles else []))
