"""The words around cohorts and the second purchase."""

import pandas as pd

from crmlib.privacy.proportions import disclosed
from crmlib.segmentation.cohorts.differences import LogRank
from crmlib.segmentation.cohorts.second_purchase import Return
from crmlib.segmentation.wording import Words, p_value, share, source_of
from crmlib.stats import Estimate
from crmlib.stats.intervals import proportion
from crmlib.words import _, formats
from crmlib.workspace import Run


def cohorts(cells: pd.DataFrame, run: Run) -> Words:
    """Give the words around the cohort chart."""
    later_ones = (~cells["opening"] & (cells["age"] > 0)).any()
    won = cells[~cells["opening"]] if later_ones else cells
    observed = {age: each for age in (1, 6) if (each := _active(won, age)).is_known}
    told = {age: disclosed(each, "share", run.rules) for age, each in observed.items()}
    rates = {age: each for age, each in told.items() if each is not None}
    title = _cohorts_title(rates, observed=1 in observed, fewest=run.rules.threshold)
    said = [
        _("{share} of those won buy in month {age}").format(share=formats.estimate(each, "share"), age=age)
        for age, each in rates.items()
    ]
    return {
        "title": title,
        "alt": _(
            "Grid of {n} cohorts by months since the first purchase; cells give the share of customers won who bought "
            "in that month. {title}."
        ).format(n=cells["cohort"].nunique(), title=title),
        "read": _(
            "A row is the customers won in one month; read to the right how many of them bought in each later month. "
            "Blank cells have not happened yet or hold too few customers to show; cells come from rounded numbers."
        ),
        "limits": "; ".join([*said, _cohort_limits(cells, opening_counts=not later_ones)]),
        "source": source_of(run, int(cells.loc[cells["age"] == 0, "size"].sum()), "customers"),
    }


def _cohorts_title(rates: dict[int, Estimate], *, observed: bool, fewest: int) -> str:
    if not observed:
        return _("How many of the customers won buy again in the month after cannot be said yet")
    if 1 not in rates:
        return _("Fewer than {n} of the customers won buy again in the month after").format(n=fewest)
    title = _("Of customers won, {rate} buy again in the month after").format(rate=share(rates[1].value))
    if 6 in rates:
        title += _(", {rate} in the sixth").format(rate=share(rates[6].value))
    return title


def _cohort_limits(cells: pd.DataFrame, *, opening_counts: bool) -> str:
    if opening_counts:
        said = _("these customers were won in the month in which the data begin: some of them had bought before.")
    else:
        said = _(
            "the cohort of the month in which the data begin also holds customers from before and does not count in "
            "these."
        )
    return hatched(said, cells)


def hatched(said: str, cells: pd.DataFrame) -> str:
    """Say what hatching means, where a cell is hatched."""
    return f"{said} {_('A hatched cell is a partial month.')}" if cells["partial"].any() else said


def _active(cells: pd.DataFrame, age: int) -> Estimate:
    """Estimate the share of customers won who buy in the month of an age, over all whole cells."""
    at = cells[(cells["age"] == age) & ~cells["partial"]]
    return proportion(int(at["active"].sum()), int(at["size"].sum()))


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
    alt = _("Curves of the share of customers with a second purchase by days since the first: {shares}.")
    title = _returning_title(short, found.median)
    return {
        "title": title,
        "alt": alt.format(shares="; ".join(said) or title),
        "read": _("Customers still waiting count for as long as they were observed; bands are 95 % intervals."),
        "limits": returning_test(found),
        "source": source_of(run, found.customers, "customers"),
    }


def _returning_title(short: list[str], median: Estimate) -> str:
    """Say how many come back within some days, where customers were observed so long, and when half of them have."""
    if not short:
        if median.is_known:
            words = _("Half of all customers won have bought a second time by day {days}")
            return words.format(days=formats.number(median.value))
        return _("Fewer than half of all customers won have bought a second time so far")
    half = (
        _("half of all won by day {days}").format(days=formats.number(median.value))
        if median.is_known
        else _("fewer than half of all won so far")
    )
    return _("A second purchase comes from {shares}; {median}").format(shares=", ".join(short), median=half)


def returning_test(found: Return) -> str:
    """Say whether the customers won lately come back differently from those before."""
    if pd.isna(found.differs):
        return _("Whether customers won in the last three months come back differently cannot be tested yet.")
    if found.differs >= 0.05:
        words = _(
            "Customers won in the last three months come back no sooner or later than those before, as far as can be "
            "seen (log-rank test, {p})."
        )
    elif found.sooner:
        words = _("Customers won in the last three months come back sooner than those before (log-rank test, {p}).")
    else:
        words = _("Customers won in the last three months come back later than those before (log-rank test, {p}).")
    return words.format(p=p_value(found.differs))


def cohorts_differ(tested: LogRank) -> str:
    """Say which months' customers come back differently from all others, false discoveries held to 5 %.

    Single months are named only where the test over all of them says that they differ at all.
    """
    if pd.isna(tested.p):
        return _("Whether cohorts differ cannot be tested yet.")
    differing = tested.groups[(tested.groups["q"] < 0.05) & (tested.p < 0.05)]
    p = p_value(tested.p)
    if differing.empty:
        if tested.p < 0.05:
            words = _(
                "Months differ in how their customers come back, but no single one stands out (log-rank test, {p} over "
                "all)."
            )
        else:
            words = _(
                "No difference between months in how their customers come back is shown (log-rank test, {p} over all)."
            )
        return words.format(p=p)
    named = [
        _("{month} ({ratio} times the second purchases expected)").format(
            month=formats.month(row["group"]), ratio=formats.fixed(row["ratio"], 2)
        )
        for _index, row in differing.reindex((differing["p"]).sort_values().index).head(3).iterrows()
    ]
    words = _(
        "{n} of {all} months' customers come back differently from the others, false discoveries held to 5 % (log-rank "
        "test, {p} over all): {named}."
    )
    if len(differing) > len(named):
        named.append(_("and more"))
    return words.format(n=len(differing), all=len(tested.groups), p=p, named=", ".join(named))
