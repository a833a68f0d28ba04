"""How soon customers return for a second purchase, and whether those won at another time do so otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import behind, estimate, figure, folded, gate, insufficient, label, note, palette, show_all
from crmlib.segmentation.cohorts.places import show_places
from crmlib.segmentation.cohorts.second_purchase import first_month_note
from crmlib.segmentation.cohorts.worth_shown import show_worth
from crmlib.segmentation.wording import Words, p_value, source_of
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.reporting import Shown
    from crmlib.segmentation.cohorts.second_purchase import LogRank, Return
    from crmlib.segmentation.study import Study
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

NAMED: Final = 3  # so many months that differ are named


def show_return(found: Study, run: Run) -> Shown:
    """Show how soon a second purchase comes, what customers won bring, and where they were won."""
    if run.too_few(len(found.waits)) or not found.waits["again"].any():
        return insufficient(
            needed=_("customers with a second purchase"), found=_("none or too few"),
            therefore=_("The time to the second purchase is not shown."),
        )  # fmt: skip
    curve = found.second_purchase.curve
    run.write("second_purchase", curve, by=["group", "days"])
    gated = gate(
        curve[curve["at_risk"] >= run.fewest], run, label("group"), label("days"),
        estimate("share", of="at_risk", low="low", high="high"),
    )  # fmt: skip
    words = _words(found.second_purchase, found.second_within, run)
    words["limits"] = " ".join([words["limits"], first_month_note(found.won, run)])
    second = behind(figure(_draw, gated, **words), note(cohorts_differ(found.months_differ, run)))
    places = show_places(found, run)
    won = [] if places is None else [folded(_("Customers by where they were won"), places)]
    return show_all(second, *(behind(part) for part in [show_worth(found, run)] if part is not None), *won)


def _draw(axes: Axes, frame: pd.DataFrame) -> None:
    for name, colour, words in (("latest", palette.ORANGE, _("latest")), ("all", palette.ACCENT, _("all"))):
        part = frame[frame["group"] == name]
        if part.empty:
            continue
        days, (share, low, high) = part["days"], (100 * part[name] for name in ("share", "low", "high"))
        axes.fill_between(days, low, high, step="post", color=colour, alpha=0.18, linewidth=0)
        axes.step(days, share, where="post", color=colour)
        last = share.last_valid_index()
        # the short curve lies on the long one: its name stands above it
        axes.annotate(
            words, (days[last], share[last]), xytext=(6, 0) if name == "all" else (-4, 14),
            textcoords="offset points", va="center", color=palette.INK, annotation_clip=False,
        )  # fmt: skip
    axes.set_title(_("Bought a second time, % of customers won"), color=palette.MUTED, fontweight="normal")
    axes.set_xlabel(_("Days since the first purchase"))
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=0)


def _words(found: Return, within: dict[int, Estimate], run: Run) -> Words:
    known = {days: share for days, share in within.items() if share.is_known}
    known = {days: share for days, share in known.items() if not run.too_few(round(share.value * share.n))}
    said, short = (
        [run.say(words, share=share, days=days) for days, share in known.items()]
        for words in (_("{share:share} within {days:days}"), _("{share:part:point} within {days:days}"))
    )
    title = _title(short, found.median, run)
    alt = _("Curves of the share of customers with a second purchase by days since the first: {shares}.")
    return {
        "title": title,
        "alt": alt.format(shares="; ".join(said) or title),
        "read": _("Customers still waiting count for as long as they were observed; bands are 95 % intervals."),
        "limits": latest_differ(found),
        "source": source_of(run, found.customers, "customers"),
    }


def _title(short: list[str], median: Estimate, run: Run) -> str:
    if short:
        words = _("A second purchase comes from {shares}; fewer than half of all won so far")
        if median.is_known:
            words = _("A second purchase comes from {shares}; half of all won by day {day:number:point}")
    elif median.is_known:
        words = _("Half of all customers won have bought a second time by day {day:number:point}")
    else:
        words = _("Fewer than half of all customers won have bought a second time so far")
    return run.say(words, shares=", ".join(short), day=median)


def latest_differ(found: Return) -> str:
    """Say whether the customers won lately come back differently from those before."""
    if pd.isna(found.differs):
        return _("Whether customers won in the last three months come back differently cannot be tested yet.")
    words = _("Customers won in the last three months come back {how} (log-rank test, {p}).")
    how = _("sooner than those before") if found.sooner else _("later than those before")
    if found.differs >= 0.05:
        how = _("no sooner or later than those before, as far as can be seen")
    return words.format(how=how, p=p_value(found.differs))


def cohorts_differ(tested: LogRank, run: Run) -> str:
    """Say which months' customers come back differently from all others, if at all: false discoveries held to 5 %."""
    if pd.isna(tested.p):
        return _("Whether cohorts differ cannot be tested yet.")
    p = p_value(tested.p)
    differing = tested.groups[tested.groups["q"] < 0.05].sort_values("p", kind="stable")
    if tested.p >= 0.05 or differing.empty:
        words = _("Months differ in how their customers come back, but no single one stands out ({test}).")
        if tested.p >= 0.05:
            words = _("No difference between months in how their customers come back is shown ({test}).")
        return words.format(test=_("log-rank test, {p} over all").format(p=p))
    words = _("{month:month} ({ratio:number2} times the second purchases expected)")
    named = [run.say(words, month=row.group, ratio=row.ratio) for row in differing.head(NAMED).itertuples()]
    words = _(
        "{n:count} of {all:count} months' customers come back differently from the others, false discoveries held to "
        "5 % (log-rank test, {p} over all): {named}."
    )
    more = [_("and more")] if len(differing) > NAMED else []
    return run.say(words, n=len(differing), all=len(tested.groups), p=p, named=", ".join([*named, *more]))
