"""The words of the business: how the period went, computed from the numbers."""

from typing import Final

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.wording import Words, changed, money, people, share, source_of
from crmlib.words import _
from crmlib.workspace import Run

MATERIAL: Final = 0.005
"""Changes of the whole and of a day that are further apart are both told: the months differ in length."""

ENOUGH_CHANGES: Final = 6


def headline(months: pd.DataFrame, earlier: pd.DataFrame, run: Run) -> str:
    """Say how the period went: money, its change, and who bought."""
    now = months.iloc[-1]
    said = _("Net revenue of {period} was {money}").format(period=run.period_label, money=money(run, now["net"]))
    if not earlier.empty:
        said = _("{sentence}; it {change} on the period before{day}{year}").format(
            sentence=said,
            change=changed(now["net"], earlier["net"].iloc[-1]),
            day=_beside(now, earlier.iloc[-1], usual_changes(months)),
            year=_year(months, now),
        )
    return _("{money}. {customers}.").format(money=said, customers=_customers(now, run))


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


def _beside(now: pd.Series, then: pd.Series, usual: pd.Series) -> str:
    """Put the change of a day beside that of the span where they differ, and the range of the changes before."""
    parts = []
    if then["net"] > 0 and abs(now["net"] / then["net"] - now["net_per_day"] / then["net_per_day"]) >= MATERIAL:
        parts.append(_("per day it {change}").format(change=changed(now["net_per_day"], then["net_per_day"])))
    if len(usual) >= ENOUGH_CHANGES and not now["partial"]:
        words = _("the {n} changes before lay between {low} and {high} per day")
        parts.append(words.format(n=len(usual), low=_signed(usual.min()), high=_signed(usual.max())))
    return _(" ({words})").format(words="; ".join(parts)) if parts else ""


def _signed(part: float) -> str:
    return ("+" if part > 0 else "") + formats.share(part, decimals=0)


def _year(months: pd.DataFrame, now: pd.Series) -> str:
    ago = months.loc[months["month"] == now["month"] - pd.DateOffset(years=1), "net"]
    if ago.empty or now["partial"]:
        return ""
    return _(" and {change} on a year ago").format(change=changed(now["net"], ago.iloc[0]))


def _customers(now: pd.Series, run: Run) -> str:
    """Say how many customers are known, what part of the sales is theirs, and how many are new."""
    active = run.rules.rounded(float(now["active"]))
    if active is None:
        return _("Fewer than {k} customers are known").format(k=run.rules.threshold)
    new = run.rules.rounded(float(now["new"]))
    return _("{active} known customers ({share} of sales) bought, {new} of them new").format(
        active=formats.count(active),
        share=share(now["identified_share"]),
        new=formats.count(new) if new is not None else _("fewer than {k}").format(k=run.rules.threshold),
    )


def business(months: pd.DataFrame, run: Run) -> Words:
    """Give the words around the picture of revenue and customers by month."""
    whole = months[~months["partial"]]
    now = months.iloc[-1]
    typical = whole["net"].iloc[:-1].tail(12).mean() if len(whole) > 1 else float("nan")
    title = _("{period}: net revenue {money}").format(period=run.period_label, money=money(run, now["net"]))
    if not now["partial"] and not pd.isna(typical):
        side = _("above") if now["net"] >= typical else _("below")
        title += _(", {share} {side} the mean of the {n} months before").format(
            share=share(abs(now["net"] / typical - 1)), side=side, n=min(len(whole) - 1, 12)
        )
    alt = _(
        "Two panels of bars by month. Net revenue: {first} in {from_}, {last} in {to}. Customers who bought: {active}."
    )
    return {
        "title": title,
        "alt": alt.format(
            first=money(run, months["net"].iloc[0]), from_=formats.month(months["month"].iloc[0]),
            last=money(run, now["net"]), to=formats.month(now["month"]), active=people(run, now["active"]),
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


def months_caption(run: Run) -> str:
    """Name the table of months."""
    return _("The last months up to {period}, newest first").format(period=run.period_label)
