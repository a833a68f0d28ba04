"""The words of the business: how the period went, computed from the numbers."""

from datetime import timedelta
from typing import Final

import pandas as pd

from crmlib.segmentation.business.compared import since
from crmlib.segmentation.wording import Words, comparable, money, people, share, source_of
from crmlib.words import _, formats, plural
from crmlib.workspace import Run

LATEST: Final = 25
"""So many months are drawn at most: this one, and two years before it."""

MOVED: Final = 0.05
"""Where the known customers' share of sales moved by so much, that of the month before is said beside it."""


def headline(months: pd.DataFrame, earlier: pd.DataFrame, run: Run) -> str:
    """Say how the period went: money, its change, and who bought; nothing of periods of too few buyers."""
    months, earlier = told(months, run), told(earlier, run)
    now = months.iloc[-1]
    if pd.isna(now["net"]):
        words = _("Fewer than {k} customers, each anonymous order counted as one, bought in {period}: no more is said.")
        return words.format(k=run.rules.threshold, period=run.period_label)
    then = None if earlier.empty else earlier.iloc[-1]
    said = _("Net revenue of {period} was {money}{since}. {customers}.")
    return said.format(
        period=run.period_label, money=money(run, now["net"]),
        since="" if then is None else since(now, then, months, run), customers=_customers(now, then, run),
    )  # fmt: skip


def told(months: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Leave open the money of the months that too few people stand behind."""
    few = months["buyers"] < run.rules.threshold
    return months.assign(net=months["net"].mask(few), net_per_day=months["net_per_day"].mask(few))


def _customers(now: pd.Series, then: pd.Series | None, run: Run) -> str:
    """Say how many customers are known, what part of the sales is theirs, and how many are new."""
    active = run.rules.rounded(float(now["active"]))
    if active is None:
        return _("Fewer than {k} known customers bought").format(k=run.rules.threshold)
    new = run.rules.rounded(float(now["new"]))
    return _("{active} known customers ({share} of sales{before}) bought, {new} of them new").format(
        active=formats.count(active),
        share=share(now["identified_share"]),
        before="" if then is None else _share_before(now, then, run),
        new=formats.count(new) if new is not None else _("fewer than {k}").format(k=run.rules.threshold),
    )


def _share_before(now: pd.Series, then: pd.Series, run: Run) -> str:
    """Give the known customers' share of the month before, where it was another one and enough of them bought."""
    hidden = pd.isna(then["net"]) or run.rules.hides(float(then["active"]))
    if hidden or not abs(now["identified_share"] - then["identified_share"]) >= MOVED:
        return ""
    words = _(", {share} the month before") if run.as_of.day == 1 else _(", {share} in the same days a month earlier")
    return words.format(share=share(then["identified_share"]))


def business(months: pd.DataFrame, run: Run) -> Words:
    """Give the words around the picture of revenue and customers by month, of which the latest are drawn."""
    months = told(months, run)
    title, limits = _title(months, run), _limits(months)
    months = months.tail(LATEST)
    now = months.iloc[-1]
    alt = _(
        "Two panels of bars by month. Net revenue: {first} in {from_}, {last} in {to}. Customers who bought: {active}."
    )
    return {
        "title": title,
        "alt": alt.format(
            first=_shown(run, months["net"].iloc[0]), from_=formats.month(months["month"].iloc[0]),
            last=_shown(run, now["net"]), to=formats.month(now["month"]), active=people(run, now["active"]),
        ),
        "read": _(
            "Net revenue is products sold less products taken back, anonymous sales included; a bar of customers is "
            "split by when they had last bought."
        ),
        "limits": limits,
        "source": source_of(run, int(months["orders"].sum()), "orders"),
    }  # fmt: skip


def _limits(months: pd.DataFrame) -> str:
    """Say what the first bars cannot tell, where they are drawn, and what is hatched, where something is."""
    said = [_("What was taken back counts in the month in which it came back.")]
    if len(months) <= LATEST:
        said = [_("Whoever bought before the data begin looks like a first purchase in the earliest months.")]
    if months["partial"].tail(LATEST).any():
        said.append(_("A hatched month is partial."))
    return " ".join(said)


def _title(months: pd.DataFrame, run: Run) -> str:
    """Say what came in, beside the mean of the whole months before."""
    now = months.iloc[-1]
    if pd.isna(now["net"]):
        return _("{period}: too few buyers to show").format(period=run.period_label)
    title = _("{period}: net revenue {money}").format(period=run.period_label, money=money(run, now["net"]))
    return title if now["partial"] else title + _beside_mean(now["net"], months[~months["partial"]]["net"], run)


def _beside_mean(now: float, whole: pd.Series, run: Run) -> str:
    """Put the last of the whole months beside the mean of those before it, as far as they are shown."""
    earlier = whole.iloc[:-1].tail(12)
    typical, n = earlier.mean(), earlier.count()
    if n == 0:
        return ""
    size = share(abs(now / typical - 1)) if comparable(now, typical) else money(run, abs(now - typical))
    months = plural("the month before", "the mean of the {n} months before", n)
    if n < len(earlier):
        months = plural("the only month before", "the mean of those {n} of the months before", n) + _(
            " that can be shown"
        )
    words = _(", {size} {side} {months}")
    return words.format(size=size, side=_("above") if now >= typical else _("below"), months=months.format(n=n))


def _shown(run: Run, value: float) -> str:
    return _("hidden") if pd.isna(value) else money(run, value)


def months_caption(run: Run) -> str:
    """Name the table of months."""
    last = run.period_label if run.as_of.day == 1 else formats.day(run.as_of - timedelta(days=1))
    return _("The last months up to {period}, newest first").format(period=last)
