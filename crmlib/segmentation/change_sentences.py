"""The words around change and return: why revenue moved, how unequal it is, how soon a second purchase comes."""

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.change_figures import step_label
from crmlib.segmentation.decomposition import RevenueChange
from crmlib.segmentation.second_purchase import Return
from crmlib.segmentation.wording import Words, changed, money, share, source_of
from crmlib.stats import Estimate
from crmlib.words import _
from crmlib.workspace import Run


def signed(run: Run, value: float) -> str:
    """Give money with its sign."""
    return ("+" if value >= 0 else "") + money(run, value)


def revenue(change: RevenueChange, run: Run) -> Words:
    """Give the words around the waterfalls."""
    drivers = change.drivers
    along = drivers["effect"] * (1 if change.change >= 0 else -1)
    strongest = drivers.iloc[int(along.argmax())]
    title = _("Net revenue {changed}, most of all through {driver} ({effect})").format(
        changed=changed(change.now, change.then),
        driver=_lower(step_label(strongest["driver"])),
        effect=signed(run, strongest["effect"]),
    )
    parts = [
        f"{step_label(str(code))} {signed(run, float(effect))}"
        for code, effect in [
            *zip(drivers["driver"], drivers["effect"], strict=True),
            *zip(change.groups["group"], change.groups["effect"], strict=True),
        ]
    ]
    return {
        "title": title,
        "alt": _("Two waterfalls from {then} to {now}: {parts}.").format(
            then=money(run, change.then), now=money(run, change.now), parts="; ".join(parts)
        ),
        "read": _(
            "Each bar is the part of the change that this step explains; in either picture the steps add up to the "
            "whole. The four drivers are those of known customers."
        ),
        "limits": _(
            "A split says where the change sits, not what caused it; the axes do not begin at zero where the change is "
            "small."
        ),
        "source": source_of(run),
    }


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def concentration(shares: pd.DataFrame) -> str:
    """Name the table of concentration by its finding."""
    top = shares.loc[shares["part"] == 0.1].iloc[0]
    return _("The tenth of customers with the highest spend brought {share} of revenue so far").format(
        share=share(top["value"])
    )


def returning(found: Return, within: dict[int, Estimate], run: Run) -> Words:
    """Give the words around the curve of second purchases."""
    said = [
        _("{share} within {days} days").format(share=formats.estimate(each, "share"), days=days)
        for days, each in within.items()
        if each.is_known
    ]
    short = [
        _("{share} within {days} days").format(share=share(each.value), days=days)
        for days, each in within.items()
        if each.is_known
    ]
    median = (
        _("half of them by day {days}").format(days=formats.number(found.median.value))
        if found.median.is_known
        else _("fewer than half so far")
    )
    return {
        "title": _("A second purchase comes from {shares}; {median}").format(shares=", ".join(short), median=median),
        "alt": _("Curves of the share of customers with a second purchase by days since the first: {shares}.").format(
            shares="; ".join(said)
        ),
        "read": _("Customers still waiting count for as long as they were observed; bands are 95 % intervals."),
        "limits": returning_test(found),
        "source": source_of(run, found.customers, "customers"),
    }


def returning_test(found: Return) -> str:
    """Say whether the customers won lately come back differently from those before."""
    if pd.isna(found.differs):
        return _("Whether customers won in the last three months come back differently cannot be tested yet.")
    words = (
        _("Customers won in the last three months come back differently from those before (log-rank test, p = {p}).")
        if found.differs < 0.05
        else _(
            "No difference between customers won in the last three months and before is shown (log-rank test, p = {p})."
        )
    )
    return words.format(p=formats.fixed(found.differs, 3) if found.differs >= 0.0005 else "< 0.001")
