"""The words of the business: how the period went, computed from the numbers."""

from datetime import timedelta
from typing import Final

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.wording import Words, changed, comparable, money, people, share, source_of
from crmlib.words import _, plural
from crmlib.workspace import Run

MATERIAL: Final = 0.005
"""Changes of the whole and of a day that are further apart are both told: the months differ in length."""

ENOUGH_CHANGES: Final = 6


def headline(months: pd.DataFrame, earlier: pd.DataFrame, run: Run) -> str:
    """Say how the period went: money, its change, and who bought; nothing of periods of too few buyers."""
    months, earlier = told(months, run), told(earlier, run)
    now = months.iloc[-1]
    if pd.isna(now["net"]):
        words = _("Fewer than {k} customers, each anonymous order counted as one, bought in {period}: no more is said.")
        return words.format(k=run.rules.threshold, period=run.period_label)
    said = _("Net revenue of {period} was {money}").format(period=run.period_label, money=money(run, now["net"]))
    if not earlier.empty:
        said = _("{sentence}; {change}").format(sentence=said, change=_since(now, earlier.iloc[-1], months, run))
    return _("{money}. {customers}.").format(money=said, customers=_customers(now, run))


def _since(now: pd.Series, then: pd.Series, months: pd.DataFrame, run: Run) -> str:
    """Say how money moved since the period before and a year ago, or that too few bought then to say it."""
    before = _("the period before") if run.as_of.day == 1 else _("the same days of the month before")
    if pd.isna(then["net"]):
        few = _("too few bought in {before} to compare it with them").format(before=before)
        return few + _year(months, now, run, _("; it {change} on a year ago"))
    return _("it {change} on {before}{day}{year}").format(
        change=changed(run, now["net"], then["net"]), before=before,
        day=_beside(now, then, usual_changes(months), run),
        year=_year(months, now, run, _(" and {change} on a year ago")),
    )  # fmt: skip


def told(months: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Leave open the money of the months that too few people stand behind."""
    few = months["buyers"] < run.rules.threshold
    return months.assign(net=months["net"].mask(few), net_per_day=months["net_per_day"].mask(few))


def usual_changes(months: pd.DataFrame) -> pd.Series:
    """Give the changes of revenue a day from month to month before the last, up to twelve, of whole months only.

    Examples
    --------
    >>> months = pd.DataFrame({"net_per_day": [10.0, 11.0, 9.9, 12.0], "partial": [True, False, False, False]})
    >>> usual_changes(months).round(3).tolist()
    [-0.1]
    """
    daily = months["net_per_day"].where(~months["partial"])
    changes = daily / daily.shift().where(lambda money: money > 0) - 1
    return changes.iloc[:-1].dropna().tail(12)


def _beside(now: pd.Series, then: pd.Series, usual: pd.Series, run: Run) -> str:
    """Put the change of a day beside that of the span where they differ, and the range of the changes before."""
    parts = []
    if then["net"] > 0 and abs(now["net"] / then["net"] - now["net_per_day"] / then["net_per_day"]) >= MATERIAL:
        parts.append(_("per day it {change}").format(change=changed(run, now["net_per_day"], then["net_per_day"])))
    if len(usual) >= ENOUGH_CHANGES and not now["partial"]:
        words = _("the {n} changes before lay between {low} and {high} per day")
        parts.append(words.format(n=len(usual), low=_signed(usual.min()), high=_signed(usual.max())))
    return _(" ({words})").format(words="; ".join(parts)) if parts else ""


def _signed(part: float) -> str:
    return ("+" if part > 0 else "") + formats.share(part, decimals=0)


def _year(months: pd.DataFrame, now: pd.Series, run: Run, words: str) -> str:
    ago = months.loc[months["month"] == now["month"] - pd.DateOffset(years=1), "net"]
    if ago.isna().all() or now["partial"]:
        return ""
    return words.format(change=changed(run, now["net"], ago.iloc[0]))


def _customers(now: pd.Series, run: Run) -> str:
    """Say how many customers are known, what part of the sales is theirs, and how many are new."""
    active = run.rules.rounded(float(now["active"]))
    if active is None:
        return _("Fewer than {k} known customers bought").format(k=run.rules.threshold)
    new = run.rules.rounded(float(now["new"]))
    return _("{active} known customers ({share} of sales) bought, {new} of them new").format(
        active=formats.count(active),
        share=share(now["identified_share"]),
        new=formats.count(new) if new is not None else _("fewer than {k}").format(k=run.rules.threshold),
    )


def business(months: pd.DataFrame, run: Run) -> Words:
    """Give the words around the picture of revenue and customers by month."""
    months = told(months, run)
    now = months.iloc[-1]
    alt = _(
        "Two panels of bars by month. Net revenue: {first} in {from_}, {last} in {to}. Customers who bought: {active}."
    )
    return {
        "title": _title(months, run),
        "alt": alt.format(
            first=_shown(run, months["net"].iloc[0]), from_=formats.month(months["month"].iloc[0]),
            last=_shown(run, now["net"]), to=formats.month(now["month"]), active=people(run, now["active"]),
        ),
        "read": _(
            "Net revenue is products sold less products taken back, anonymous sales included; a bar of customers is "
            "split by when they had last bought."
        ),
        "limits": _(
            "Whoever bought before the data begin looks like a first purchase in the earliest months; a hatched month "
            "is partial."
        ),
        "source": source_of(run, int(months["orders"].sum()), "orders"),
    }  # fmt: skip


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
