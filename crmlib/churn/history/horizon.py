"""Why this horizon: by when those who return have returned, and how the churn rate and its trend hang on the choice."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.churn.evidence import source
from crmlib.churn.history.gaps import RETURNED
from crmlib.churn.history.memberships import show_memberships
from crmlib.churn.history.silences import churn_history, horizons_around
from crmlib.features import before, purchases
from crmlib.orders import count_orders
from crmlib.reporting import Shown, estimate, figure, folded, gate, insufficient, label, palette, people, rate
from crmlib.reporting.figures import lines
from crmlib.stats.intervals import proportion
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import ibis
    from matplotlib.axes import Axes

    from crmlib.churn.study import Study
    from crmlib.workspace import Run

_SHOWN: Final = 3  # horizons over which the returns are drawn
_PLACES: Final = {"channel": N_("channel"), "category": N_("category")}


def anonymous_orders(rows: ibis.Table, until: date) -> ibis.Table:
    """Count ``orders`` with a purchase before a date, and the ``anonymous`` ones: they are nobody's (Ibis)."""
    bought = purchases(before(rows, until))
    return bought.agg(orders=count_orders(bought), anonymous=count_orders(bought, bought.customer_id.isnull()))


def rates_by_horizon(found: Study) -> pd.DataFrame:
    """Count the active customers of each month's end and those who left, by horizon.

    ``horizon_days, cutoff, customers, churned``.
    """
    rates = [
        churn_history(found.returned, days, found.active_days).assign(horizon_days=days)
        for days in horizons_around(found.horizon_days)
    ]
    return pd.concat(rates, ignore_index=True)[["horizon_days", "cutoff", "customers", "churned"]]


def show_horizon(found: Study, run: Run) -> Shown:
    """Show, folded, the horizon that the gaps propose beside the chosen one, and the churn rates that follow."""
    days, rates = found.horizon_days, rates_by_horizon(found)
    if rates.empty or not found.proposal.days.is_known or run.too_few(found.proposal.days.n):
        return insufficient(
            needed=run.say(_("{days:days} of sales and customers who bought on several days"), days=2 * days),
            found=run.say("{days:days}", days=found.coverage.days),
            therefore=run.say(_("Whether {days:days} is a good horizon cannot be shown."), days=days),
        )
    more = (_table(found, run), show_memberships(found, run))
    return folded(
        run.say(_("Why {days:days}"), days=days),
        _figure(found, rates, run),
        *(part for part in more if part is not None),
    )


def _figure(found: Study, rates: pd.DataFrame, run: Run) -> Shown:
    """Draw the returns by day with both horizons, and the churn rate of the active by month and horizon."""
    days = found.horizon_days
    named = rates.assign(horizon=[run.say("{days:days}", days=horizon) for horizon in rates["horizon_days"]])
    curve = found.proposal.curve.assign(customers=found.proposal.days.n)
    returns = gate(
        curve[curve["days"] <= _SHOWN * days], run, label("days"), estimate("share", of="customers")
    )  # fmt: skip
    churn = gate(
        named, run,
        label("horizon_days"), label("horizon"), label("cutoff", kind="day"), people("customers"), people("churned"),
        rate("rate", per=("churned", "customers")),
    )  # fmt: skip
    title = _title(found, run)
    rated = _rates_sentence(rates, days, run)
    read = _(
        "Left, of those who come back after a purchase, the share back by each day; who is still silent counts for as "
        "long as was seen. Right, the active customers of monthly cutoffs who then bought nothing "
        "within {rated}."
    )
    return figure(
        partial(_draw, found=found, run=run),
        {"returns": returns, "churn": churn},
        title=title,
        alt=run.say(
            _("Two panels. Left, a line of returns by day: {title}. Right: {rated}."), title=title, rated=rated
        ),
        read=run.say(read, rated=rated),
        limits=f"{_fit(found, run)} {_eligible(found, run)}",
        source=source(found, run, found.proposal.days.n),
        size=(7.2, 3.0),
        panels=(1, 2),
    )


def _title(found: Study, run: Run) -> str:
    words = _("{share:share0} of those who come back are back within {days:days}; the horizon is {horizon:days}")
    return run.say(words, share=RETURNED, days=found.proposal.days, horizon=found.horizon_days)


def _fit(found: Study, run: Run) -> str:
    """Say whom the chosen horizon calls gone too soon, and whether the proposal holds."""
    words = _("With {days:days}, {late:share0} of those who come back have counted as gone before.")
    within = found.proposal.within
    late = [run.say(words, days=found.horizon_days, late=1 - within.value)]
    if not found.proposal.settled:
        words = _("The history is short for this: seen for two thirds of the time, the gaps propose {shorter:days}.")
        late.append(run.say(words, shorter=found.proposal.shorter))
    return " ".join(late)


def _eligible(found: Study, run: Run) -> str:
    """Say who is counted, and what is left out."""
    words = _(
        "Counted are {n:people} customers with a purchase; {anonymous:count} of {orders:count} orders carry no "
        "customer number and are left out{accounts}."
    )
    kinds = run.params.cleaning.accounts.as_anonymous
    accounts = run.say(_(", those of {kinds:list} accounts among them"), kinds=[_(kind) for kind in kinds])
    return run.say(
        words, n=found.proposal.days.n, accounts=accounts if kinds else "",
        orders=found.orders_counted["orders"], anonymous=found.orders_counted["anonymous"],
    )  # fmt: skip


def _rates_sentence(rates: pd.DataFrame, days: int, run: Run) -> str:
    """Say how many active customers left by the chosen horizon, lately and at first, and by the others."""
    parts = []
    for horizon, own in rates.groupby("horizon_days"):
        ends = own.iloc[[0, -1]] if horizon == days else own.iloc[[-1]]
        said = [
            run.say(
                _("{rate:share0} after {cutoff:day}"), rate=proportion(row.churned, row.customers), cutoff=row.cutoff
            )
            for row in ends.itertuples()
        ]
        parts.append(run.say(_("{days:days}: {said:list}"), days=horizon, said=said))
    return "; ".join(parts)


def _table(found: Study, run: Run) -> Shown | None:
    """Show the proposal for all customers and by the channel and category of most of their orders, where told."""
    if not found.proposals:
        return None
    days, within = found.proposal.days, found.proposal.within
    everybody = pd.DataFrame([{
        "by": "", "place": _("all"), "customers": days.n,
        "days": days.value, "days_low": days.low, "days_high": days.high,
        "within": within.value, "within_low": within.low, "within_high": within.high,
    }])  # fmt: skip
    rows = pd.concat([everybody, *(places.assign(by=by) for by, places in found.proposals.items())], ignore_index=True)
    rows["by"] = [_(_PLACES[by]) if by else "" for by in rows["by"]]
    gated = gate(
        rows, run,
        label("place", _("Customers of"), "name"), label("by", _("By")), people("customers", _("Customers")),
        estimate("days", run.say(_("{share:share0} back within, days"), share=RETURNED), "number", of="customers",
                 decimals=0),
        estimate("within", run.say(_("Back within {days:days}"), days=found.horizon_days), of="customers", decimals=0),
    )  # fmt: skip
    return gated.table(_("The horizon that the gaps propose, by channel and category of most orders"))


def _draw(panels: Sequence[Axes], frames: dict[str, pd.DataFrame], found: Study, run: Run) -> None:
    """Draw the returns by day with both horizons, and the churn rate of active customers by month and horizon."""
    returns, rates = panels
    days, proposed = found.horizon_days, found.proposal.days
    lines(returns, frames["returns"], x="days", y="share", unit=_("Back, of those who come back"), kind="share")
    returns.set_xlabel(_("Days since the purchase"))
    returns.set_ylim(0, 1.02)
    _mark(returns, days, proposed.value, run)
    churn = frames["churn"].assign(cutoff=pd.to_datetime(frames["churn"]["cutoff"]))
    shades = {
        name: palette.RED if own["horizon_days"].iloc[0] == days else palette.CONTEXT
        for name, own in churn.groupby("horizon")
    }
    unit = _("Active customers who left")
    lines(
        rates, churn, x="cutoff", y="rate", low="rate_low", high="rate_high", series="horizon", unit=unit, kind="share",
        colour=shades,
    )  # fmt: skip
    rates.locator_params(axis="y", nbins=5)


def _mark(axes: Axes, chosen: float, proposed: float, run: Run) -> None:
    """Mark both horizons, each named on the side where there is room."""
    axes.set_xlim(0, axes.get_xlim()[1])
    room = axes.get_xlim()[1] / 3
    marks = (
        (chosen, 0.06, palette.RED, _("chosen\n{days:days}")),
        (proposed, 0.3, palette.MUTED, _("proposed\n{days:days}")),
    )
    for place, height, shade, name in marks:
        axes.axvline(place, color=shade, linewidth=1.2)
        other = proposed if place == chosen else chosen
        free = place + room < axes.get_xlim()[1] and not place <= other < place + room
        side, offset = ("left", 5) if free else ("right", -5)
        words = run.say(name, days=place)
        axes.annotate(words, (place, height), xytext=(offset, 0), textcoords="offset points", ha=side, color=shade)
