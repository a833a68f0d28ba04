"""The membership on the page: who joined, who comes back, who leaves it, and what its points are worth."""

from __future__ import annotations

from datetime import timedelta
from math import isnan
from typing import TYPE_CHECKING

from crmlib.actions.membership.members import ACTIVATED, AHEAD
from crmlib.reporting import (
    Shown,
    exact,
    figure,
    folded,
    gate,
    label,
    note,
    nothing,
    palette,
    people,
    rate,
    show_all,
)
from crmlib.reporting.ticks import month_ticks, write_ticks
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.actions.membership.members import Members
    from crmlib.actions.study import Study
    from crmlib.workspace import Run


def show_membership(found: Study, run: Run) -> Shown:
    """Show new members by month between the limits of chance; fold sources, tiers and points."""
    members = found.members
    if members is None or run.too_few(len(members.joined) and int(members.joined["members"].sum())):
        return nothing(_("no list of members says when they joined, or too few did"))
    said = activation_words(members, run)
    tables = [*_sources(members, run), *_tiers(members, run), note(*points_words(members, run), not_told())]
    return show_all(
        _picture(members, run),
        *([note(*said)] if said else []),
        folded(_("Where they come from, tiers and points"), *tables),
    )


def membership_title(members: Members, run: Run) -> str:
    """Say how many joined in the last month, and whether that is unusual."""
    last = members.joined.iloc[-1]
    words = _("{n:people} members joined in {period}")
    if members.unusual:
        more = last["members"] > last["high"]
        words += _(", more than chance makes of the months before") if more else _(", fewer than chance makes")
    elif members.joined["low"].notna().any():
        words += _(", no more and no fewer than chance makes of the months before")
    return run.say(words, n=int(last["members"]), period=run.period_label)


def activation_words(members: Members, run: Run) -> list[str]:
    """Say how many come back in time, and how many memberships end soon."""
    said = []
    if members.activated.is_known:
        words = _("{share:share0} of customers won buy a second time within {days:days} of the first.")
        said.append(run.say(words, share=members.activated, days=ACTIVATED))
    if members.ending is not None and not run.too_few(members.ending):
        words = _("{n:people} memberships end in the next {days:days}.")
        said.append(run.say(words, n=members.ending, days=AHEAD))
    return said


def points_words(members: Members, run: Run) -> list[str]:
    """Say how many points members hold, what they are worth where that is known, and how many were spent in a year."""
    if members.points is None:
        return []
    value = run.params.actions.point_value
    words = _("Members hold {points:count} points; what one is worth was not said.")
    if value is not None:
        words = _("Members hold {points:count} points, worth {money:money0} if all are redeemed.")
    said = [run.say(words, points=round(members.points), money=members.points * (value or 0.0))]
    if members.redeemed is not None:
        words = _("{spent:count} were redeemed in the last twelve months, {share:part} of those held now.")
        share = members.redeemed / members.points if members.points else 0.0
        said.append(run.say(words, spent=round(members.redeemed), share=share))
    return said


def not_told() -> str:
    """Say what one list of members cannot tell."""
    return _(
        "Who moved between tiers, and what a tier goes with, is not told: the list says the tier of its own day, which "
        "purchases since may have moved. It would take the lists of two months."
    )


def _picture(members: Members, run: Run) -> Shown:
    rows = members.joined[["month", "members"]]
    gated = gate(rows, run, label("month"), people("members"))
    first, last = rows["month"].iloc[0], rows["month"].iloc[-1]
    alt = _("Bars of new members by month, {first:month} to {last:month}.")
    low, high = (float(members.joined[name].iloc[-1]) for name in ("low", "high"))

    def draw(axes: Axes, frame: pd.DataFrame) -> None:
        _draw(axes, frame, low, high)

    return figure(
        draw, gated, title=membership_title(members, run), alt=run.say(alt, first=first, last=last),
        read=_("The band: where chance leaves the last month, given those before."),
        limits=_("Who has left the list since is not in it."),
        source=run.say(_("list of members, up to {day:day}, n = {n:people}"), day=run.as_of - timedelta(days=1),
                       n=int(rows["members"].sum())),
        size=(7.2, 2.5),
    )  # fmt: skip


def _draw(axes: Axes, frame: pd.DataFrame, low: float, high: float) -> None:
    places = range(len(frame))
    shades = [palette.CONTEXT] * (len(frame) - 1) + [palette.ACCENT]
    if not isnan(low):
        axes.axhspan(low, high, color=palette.CONTEXT, alpha=0.25, linewidth=0)
    axes.bar(places, frame["members"], width=0.72, color=shades)
    axes.set_title(_("New members"), color=palette.MUTED, fontweight="normal")
    write_ticks(axes.yaxis, "people")
    month_ticks(axes, frame["month"])


def _sources(members: Members, run: Run) -> list[Shown]:
    if members.sources.empty:
        return []
    gated = gate(
        members.sources, run, label("source", _("Won by")), people("members", _("Members who joined")), totals=True
    )
    return [gated.table(run.say(_("Where the members of {period} come from"), period=run.period_label))]


def _tiers(members: Members, run: Run) -> list[Shown]:
    if members.tiers.empty:
        return []
    gated = gate(
        members.tiers, run, label("tier", _("Tier")), people("members", _("Members")), people("active"),
        rate("share", _("Active"), per=("active", "members"), decimals=0),
        exact("points", _("Points"), "number", of="members", decimals=0),
    )  # fmt: skip
    return [gated.table(_("The tiers as of the list: members, those who are active, and their points"))]
