"""The words of the chapter's first half, computed from the numbers: the business, the customers, their stages."""

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.lifecycle import LifecycleLimits, stage_label
from crmlib.segmentation.segments import BEST, segment_label
from crmlib.segmentation.wording import Words, changed, listed, money, people, share, source_of
from crmlib.stats import Estimate
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


def segments_answer(profile: pd.DataFrame) -> str:
    """Say how the best segments stand against all: their share of customers and of revenue."""
    best = profile[profile["segment"].isin(BEST)]
    return _("{names} are {share} of all customers and brought {spend} of their revenue.").format(
        names=listed([segment_label(code) for code in best["segment"]]),
        share=share(best["share"].sum()),
        spend=share(best["spend_share"].sum()),
    )


def value_answer(value: Estimate, model: str, weeks: float, run: Run) -> str:
    """Say what today's customers are worth within the horizon, and by which model."""
    between = formats.interval(value.low, value.high, "money", run.params.currency)
    words = _("Within {weeks} weeks today's customers are expected to bring {money} ({interval}; {model}).")
    return words.format(weeks=formats.number(weeks), money=money(run, value.value), interval=between, model=model)


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


def segments(profile: pd.DataFrame, run: Run) -> Words:
    """Give the words around the picture of segments."""
    shown = profile[profile["customers"] >= run.rules.threshold]
    top = shown.iloc[int(shown["spend_share"].argmax())]
    title = _("{segment} are {share} of customers and {spend} of revenue so far").format(
        segment=segment_label(top["segment"]), share=share(top["share"]), spend=share(top["spend_share"])
    )
    parts = [
        _("{name} {share} of customers, {spend} of revenue").format(
            name=segment_label(row["segment"]), share=share(row["share"]), spend=share(row["spend_share"])
        )
        for _index, row in shown.iterrows()
    ]
    return {
        "title": title,
        "alt": _("Bars by segment: {parts}.").format(parts="; ".join(parts)),
        "read": _("Every customer is in exactly one segment; the thin line on the first bars is the 95 % interval."),
        "limits": _("The segments say what customers have done, not why; revenue so far is all of the history seen."),
        "source": source_of(run, int(profile["customers"].sum()), "customers"),
    }


def lifecycle(counts: pd.DataFrame, limits: LifecycleLimits, run: Run) -> Words:
    """Give the words around the picture of lifecycle stages."""
    going = counts.loc[counts["lifecycle"].isin(["at_risk", "dormant"]), "customers"].sum()
    buyers = counts.loc[counts["lifecycle"] != "prospect", "customers"].sum()
    title = _("{n} ({share} of buyers) are overdue but not yet lost").format(
        n=people(run, going), share=share(going / max(buyers, 1))
    )
    parts = [f"{stage_label(row['lifecycle'])} {people(run, row['customers'])}" for _index, row in counts.iterrows()]
    read = _(
        "A customer is overdue by their own rhythm: with an average one, at risk after {at_risk} days without a "
        "purchase, dormant after {dormant}, lost after {lost}. The thin line shows where the bar would end with limits "
        "a quarter shorter or longer."
    )
    return {
        "title": title,
        "alt": _("Bars by stage: {parts}.").format(parts="; ".join(parts)),
        "read": read.format(
            at_risk=formats.number(limits.at_risk), dormant=formats.number(limits.dormant),
            lost=formats.number(limits.lost),
        ),
        "limits": _(
            "The limits come from gaps after which customers did return; customers with few purchases are measured by "
            "the rhythm of all."
        ),
        "source": source_of(run, int(buyers), "customers"),
    }  # fmt: skip


def cohorts(cells: pd.DataFrame, run: Run) -> Words:
    """Give the words around the cohort chart."""
    first = cells[(cells["age"] == 1) & ~cells["partial"]]
    size, active = first["size"].sum(), first["active"].sum()
    rate = share(active / size) if size else formats.not_observed()
    title = _("Of customers won, {rate} buy again in the month after").format(rate=rate)
    later = cells[(cells["age"] == 6) & ~cells["partial"]]
    if later["size"].sum():
        title += _(", {rate} in the sixth").format(rate=share(later["active"].sum() / later["size"].sum()))
    return {
        "title": title,
        "alt": _(
            "Grid of {n} cohorts by months since the first purchase; cells give the share of customers won who bought "
            "in that month. {title}."
        ).format(n=cells["cohort"].nunique(), title=title),
        "read": _(
            "A row is the customers won in one month; read to the right how many of them bought in each later month. "
            "Blank cells have not happened yet or hold too few customers to show."
        ),
        "limits": _(
            "The first cohort also holds customers from before the data begin; a hatched cell is a partial month."
        ),
        "source": source_of(run, int(cells.loc[cells["age"] == 0, "size"].sum()), "customers"),
    }
