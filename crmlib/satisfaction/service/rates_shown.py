"""Where customers complain: the funnel plot of the stores, and the rates by channel, category and month."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.stats import norm

from crmlib.reporting import Gated, Shown, estimate, exact, figure, gate, label, note, palette, people, show_all
from crmlib.reporting.lines import label_ends
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.evidence import Gap, month_line, source
from crmlib.satisfaction.service.rates import ABOVE, ALIKE, BELOW, KINDS, PER, SURE, UNSURE, WARNED
from crmlib.stats.control import ControlLimits
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

_SHADES: Final = {ABOVE: palette.RED, BELOW: palette.BLUE, UNSURE: palette.ORANGE, ALIKE: palette.CONTEXT}
_STEPS: Final = 40


def store_names(run: Run) -> dict[str, str]:
    """Give the names of the stores, where there are any."""
    if not run.has("stores"):
        return {}
    named = run.table("stores").select("store_id", "name").to_pandas().dropna()
    return dict(zip(named["store_id"], named["name"].astype(str), strict=True))


def rate_words(found: Study, run: Run) -> str:
    """Say how often customers complain, and which stores are above the limits of chance."""
    said = []
    if found.now.complaints.is_known:
        words = _("In the last {days:count} days {x:number} complaints per 1,000 orders.")
        said.append(run.say(words, days=run.params.satisfaction.window_days, x=found.now.complaints))
    stores = found.complaint_rates[found.complaint_rates["kind"] == "store"]
    if len(stores):
        said.append(f"{_title(stores, run)}.")
    return " ".join(said)


def _title(stores: pd.DataFrame, run: Run) -> str:
    names, rate = store_names(run), PER * stores["complaints"].sum() / stores["orders"].sum()
    above = stores[(stores["stands"] == ABOVE) & ~stores["people"].map(run.too_few).astype(bool)]
    if above.empty:
        return run.say(
            _("No store has more complaints than chance explains: {x:number} per 1,000 orders in a year"), x=rate
        )
    each = [run.say(_("{name} ({rate:number})"), name=names.get(name, name), rate=rate)
            for name, rate in zip(above["name"], above["rate"], strict=True)]  # fmt: skip
    words = _("More complaints than chance explains: {stores:list}, against {x:number} per 1,000 orders in a year")
    return run.say(words, stores=each, x=rate)


def show_complaint_rates(found: Study, run: Run) -> Shown:
    """Show complaints per 1,000 orders: a funnel plot of the stores, a table of all groups, the months."""
    if isinstance(found.complaints, Gap):
        return found.complaints.show()
    rates = found.complaint_rates
    if rates.empty:
        return note(_("Where customers complain is not shown: no order tells its store, channel or category."))
    gated = _gated(rates, run)
    parts = [_funnel(rates[rates["kind"] == "store"], run)] if (rates["kind"] == "store").any() else []
    words = {kind: _(word) for kind, word in KINDS.items()}
    table = gated.ordered(["kind", "rate"], descending=True).worded("kind", words)
    caption = _("Complaints per 1,000 orders of the last {days:count} days")
    noted = _(
        "A known customer's complaint counts under its store, else that of its order, and the channel of its order. "
        "Categories: orders with such an article."
    )
    parts.append(table.table(run.say(caption, days=YEAR), note=noted))
    return show_all(*parts, *_months(found, run))


def _gated(rates: pd.DataFrame, run: Run) -> Gated:
    names = store_names(run)
    words = [
        names.get(name, name) if kind == "store" else run.say("{name:name}", name=name) if kind == "channel" else name
        for kind, name in zip(rates["kind"], rates["name"], strict=True)
    ]
    return gate(
        rates.assign(name=words, z=rates["z"].round(1)).drop(columns="complaints"), run,
        label("kind", _("By")), label("name", _("Group")), people("people", _("Who complained")),
        exact("orders", _("Orders")), estimate("rate", _("Per 1,000 orders"), "number", of="people", decimals=1),
        estimate("z", _("Standard errors from all"), "number", of="people", decimals=1), label("stands"),
    )  # fmt: skip


def _funnel(stores: pd.DataFrame, run: Run) -> Shown:
    limits = ControlLimits.of(stores["complaints"], stores["orders"])
    ends = np.linspace(stores["orders"].min() * 0.85, stores["orders"].max() * 1.08, _STEPS).round()
    lines = {f"{side}_{name}": PER * rate for name, level in (("inner", WARNED), ("outer", SURE))
             for side, rate in zip(("low", "high"), limits.limits(ends, level), strict=True)}  # fmt: skip
    curves = pd.DataFrame({"orders": ends, **lines, "all": PER * limits.rate})
    dots = _gated(stores, run).rows(lambda frame: frame["people"].notna())
    outside = dots.rows(lambda frame: frame["stands"] != ALIKE)
    wider = _("Limits are {x:number} times wider than chance alone makes them: the stores differ beyond it.")
    plain = _("Stores differ no more than chance makes them, but for those outside.")
    return figure(
        partial(_draw, names=set(outside.frame["name"])),
        {"dots": dots, "limits": gate(curves, run, label("orders"), *(exact(name) for name in [*lines, "all"]))},
        title=_title(stores, run),
        alt=_("Funnel plot, complaints per 1,000 orders against orders, stores: {dots}.").format(
            dots=dots.listing("{name} {rate}")
        ),
        read=_("Dots: stores. Lines: limits that chance keeps 95 % (inner) and 99.8 % (outer) of stores within."),
        limits=run.say(wider, x=limits.spread) if limits.spread > 1 else plain,
        source=source(run, _("complaints and members' orders"), int(stores["people"].sum()), YEAR),
        size=(7.2, 3.0),
    )  # fmt: skip


def _draw(axes: Axes, frames: dict[str, pd.DataFrame], names: set[str]) -> None:
    """Draw the rates of the stores against their orders, between the limits of chance."""
    dots, limits = frames["dots"], frames["limits"]
    axes.plot(limits["orders"], limits["all"], color=palette.CONTEXT, linewidth=1)
    end = limits.iloc[-1]
    named = [(end["orders"], end["all"], _("all stores"), palette.MUTED)]
    for name, style in (("inner", (0, (4, 3))), ("outer", "-")):
        for side in ("low", "high"):
            axes.plot(limits["orders"], limits[f"{side}_{name}"], color=palette.MUTED, linewidth=1, linestyle=style)
    label_ends(axes, [*named, (end["orders"], end["high_outer"], "99.8 %", palette.MUTED)])
    axes.scatter(dots["orders"], dots["rate"], s=42, color=[_SHADES[stands] for stands in dots["stands"]], zorder=3)
    for row in dots[dots["name"].isin(names)].itertuples():
        axes.annotate(str(row.name), (row.orders, row.rate), xytext=(0, 8), textcoords="offset points", ha="center")
    axes.set_title(_("Complaints per 1,000 orders"), color=palette.MUTED, fontweight="normal")
    axes.set_xlabel(_("Orders of members"))
    axes.set_ylim(bottom=0)
    axes.margins(x=0.12)


def _months(found: Study, run: Run) -> list[Shown]:
    months = found.complaint_months
    gated = gate(
        months.drop(columns="complaints"), run, label("month"), people("people"), exact("orders"),
        estimate("rate", kind="number", of="people", decimals=1),
    )  # fmt: skip
    gated = gated.rows(lambda frame: frame["rate"].notna())
    if len(gated) < 2:
        return []
    return [figure(
        lambda axes, frame: month_line(axes, frame, "rate", _("Complaints per 1,000 orders")),
        gated,
        title=_months_title(months, run),
        alt=run.say(_("Line over {n:count} months, from {first} to {last}."), n=len(gated), first=gated.cell(0, "rate"),
                    last=gated.cell(-1, "rate")),
        read=_("Each dot is a month's complaints per 1,000 orders of members; the band is its 95 % interval."),
        limits=_("A complaint counts in the month in which it was made, not in that of its order."),
        source=source(run, _("complaints and members' orders"), int(months["people"].max())),
        size=(7.2, 2.6),
    )]  # fmt: skip


def _months_title(months: pd.DataFrame, run: Run) -> str:
    """Say in which months there were more complaints than chance explains."""
    z = ControlLimits.of(months["complaints"], months["orders"]).z
    above = months.loc[(z > norm.ppf((1 + SURE) / 2)) & ~months["people"].map(run.too_few).astype(bool), "month"]
    if above.empty:
        return _("In no month of the last year were there more complaints than chance explains")
    told = [run.say("{when:month}", when=when) for when in above]
    return run.say(_("More complaints than chance explains in {months:list}"), months=told)
