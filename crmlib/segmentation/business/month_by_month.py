"""Revenue and customers by month: a picture of two years, and a table of one."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import Shown, exact, figure, folded, gate, insufficient, label, palette, people, show_all
from crmlib.reporting.ticks import month_ticks, write_ticks
from crmlib.segmentation.business.measures import FIGURES, MONTHS, WHOLE, gated_figures
from crmlib.segmentation.business.period_words import comparable, without_few
from crmlib.segmentation.wording import Words, source_of
from crmlib.words import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

LATEST: Final = 25  # so many months are drawn at most: this one, and two years before it
LISTED: Final = 13
KINDS: Final = {
    "again": (N_("also bought the month before"), palette.BLUE),
    "reactivated": (N_("back after a pause"), palette.SKY),
    "new": (N_("first purchase"), palette.ORANGE),
}
"""Where the customers of a month come from, each with its words and its colour."""


def show_business(found: Study, run: Run) -> Shown:
    """Show revenue and customers by month as a picture and as a table."""
    months = found.months
    if months.empty:
        return insufficient(
            needed=_("purchases before the report's date"), found=_("none"), therefore=_("No figures are shown.")
        )
    if run.too_few(months["buyers"].max()):
        return insufficient(
            needed=run.say(_("a month with at least {n:count} buyers"), n=run.fewest),
            found=_("fewer in each"),
            therefore=_("No figures by month are shown."),
        )
    latest = months.tail(LATEST)
    money = exact("net", "", "money", of="buyers", exempt=WHOLE)
    long = latest.melt(id_vars="month", value_vars=list(KINDS), var_name="kind", value_name="customers")
    data = {
        "months": gate(latest[["month", "partial", "net", "buyers"]], run, label("month"), label("partial"), money),
        # apart from the whole month: no hidden part can be computed back from it
        "kinds": gate(long, run, label("month"), label("kind"), people("customers")),
    }
    draw = partial(_draw, currency=run.params.currency)
    picture = figure(draw, data, **_words(months, run), size=(7.2, 3.5), panels=(2, 1))
    return show_all(picture, folded(_("Month by month"), _table(months.tail(LISTED).iloc[::-1], run)))


def _table(months: pd.DataFrame, run: Run) -> Shown:
    """List the months; a rate of nobody is not observed rather than hidden."""
    nobody = months["before"] == 0
    words = {True: _("{month:month} (partial)"), False: "{month:month}"}
    rows = months.assign(
        named=[run.say(words[cut], month=month) for month, cut in zip(months["month"], months["partial"], strict=True)],
        before=months["before"].mask(nobody), again=months["again"].mask(nobody),
    )  # fmt: skip
    figures = [measure for measure in FIGURES if MONTHS in measure.tables]
    last = run.period_label if run.as_of.day == 1 else run.say("{day:day}", day=run.as_of - timedelta(days=1))
    caption = run.say(_("The last months up to {period}, newest first"), period=last)
    return gated_figures(rows, run, figures, label("named", _("Month"))).table(caption)


def _words(months: pd.DataFrame, run: Run) -> Words:
    months = without_few(months, run)
    title, limits = _title(months, run), _limits(months)
    months = months.tail(LATEST)
    first, now = months.iloc[0], months.iloc[-1]
    money = [_("hidden") if pd.isna(net) else run.say("{x:money}", x=net) for net in (first["net"], now["net"])]
    alt = _(
        "Two panels of bars by month. Net revenue: {first} in {start:month}, {last} in {end:month}. Customers who "
        "bought: {active:people} customers."
    )
    return {
        "title": title,
        "alt": run.say(
            alt, first=money[0], start=first["month"], last=money[1], end=now["month"], active=now["active"]
        ),
        "read": _(
            "Net revenue is products sold less products taken back, anonymous sales included; a bar of customers is "
            "split by when they had last bought."
        ),
        "limits": limits,
        "source": source_of(run, int(months["orders"].sum()), "orders"),
    }


def _limits(months: pd.DataFrame) -> str:
    said = [_("What was taken back counts in the month in which it came back.")]
    if len(months) <= LATEST:
        said = [_("Whoever bought before the data begin looks like a first purchase in the earliest months.")]
    if months["partial"].tail(LATEST).any():
        said.append(_("A hatched month is partial."))
    return " ".join(said)


def _title(months: pd.DataFrame, run: Run) -> str:
    now = months.iloc[-1]
    if pd.isna(now["net"]):
        return run.say(_("{period}: too few buyers to show"), period=run.period_label)
    title = run.say(_("{period}: net revenue {money:money}"), period=run.period_label, money=now["net"])
    return title if now["partial"] else title + _beside_mean(now["net"], months[~months["partial"]]["net"], run)


def _beside_mean(now: float, whole: pd.Series, run: Run) -> str:
    earlier = whole.iloc[:-1].tail(12)
    typical, n = earlier.mean(), earlier.count()
    if n == 0:
        return ""
    size = run.say("{x:money}", x=abs(now - typical))
    if comparable(now, typical):
        size = run.say("{x:part}", x=abs(now / typical - 1))
    months = plural("the month before", "the mean of the {n:count} months before", n)
    if n < len(earlier):
        months = plural("the only month before", "the mean of those {n:count} of the months before", n) + _(
            " that can be shown"
        )
    words = _(", {size} above {months}") if now >= typical else _(", {size} below {months}")
    return run.say(words, size=size, months=run.say(months, n=n))


def _draw(axes: Sequence[Axes], data: dict[str, pd.DataFrame], currency: str) -> None:
    months, kinds = data["months"], data["kinds"]
    places = np.arange(len(months))
    _month_bars(axes[0], places, months["net"], months["partial"])
    axes[0].set_title(FIGURES[0].label, color=palette.MUTED, fontweight="normal")
    write_ticks(axes[0].yaxis, "money", currency)
    bottom = np.zeros(len(months))
    for kind, (words, colour) in KINDS.items():
        height = kinds.loc[kinds["kind"] == kind, "customers"].fillna(0).to_numpy()
        axes[1].bar(places, height, bottom=bottom, width=0.72, color=colour, label=_(words))
        bottom += height
    axes[1].set_title(_("Customers who bought"), color=palette.MUTED, fontweight="normal", pad=22)
    axes[1].legend(ncols=3, loc="lower left", bbox_to_anchor=(-0.01, 0.98), handlelength=1, columnspacing=1.2)
    write_ticks(axes[1].yaxis, "people")
    for panel in axes:
        month_ticks(panel, months["month"])


def _month_bars(axes: Axes, places: NDArray[np.int64], values: pd.Series, partial_months: pd.Series) -> None:
    shades = [palette.CONTEXT] * (len(values) - 1) + [palette.ACCENT]
    bars = axes.bar(places, values, width=0.72, color=shades)
    for bar, cut in zip(bars, partial_months, strict=True):
        if cut:
            bar.set(fill=False, hatch="////", edgecolor=palette.ACCENT, linewidth=1)
