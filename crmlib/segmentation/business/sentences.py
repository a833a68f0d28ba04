"""The words of the business: how the period went, computed from the numbers."""

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.wording import Words, changed, money, people, share, source_of
from crmlib.words import _
from crmlib.workspace import Run


def headline(months: pd.DataFrame, earlier: pd.DataFrame, run: Run) -> str:
    """Say in one sentence how the period went: money, its change, and who bought."""
    now = months.iloc[-1]
    words = _("Net revenue of {period} was {money} from {active}, {new} of them new")
    sentence = words.format(
        period=run.period_label,
        money=money(run, now["net"]),
        active=people(run, now["active"]),
        new=_few(run, now["new"]),
    )
    if earlier.empty:
        return sentence + "."
    compared = _("{sentence}; revenue {change} on the period before{year}.")
    return compared.format(
        sentence=sentence, change=changed(now["net"], earlier["net"].iloc[-1]), year=_year(months, now)
    )


def _few(run: Run, n: float) -> str:
    shown = run.rules.rounded(float(n))
    return formats.count(shown) if shown is not None else _("fewer than {k}").format(k=run.rules.threshold)


def _year(months: pd.DataFrame, now: pd.Series) -> str:
    ago = months.loc[months["month"] == now["month"] - pd.DateOffset(years=1), "net"]
    if ago.empty or now["partial"]:
        return ""
    return _(" and {change} on a year ago").format(change=changed(now["net"], ago.iloc[0]))


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
