"""The words around what customers won bring."""

import pandas as pd

from crmlib.privacy.rules import DOMINANCE, largest_part
from crmlib.reporting import formats
from crmlib.segmentation.wording import Words, money, people, source_of
from crmlib.stats import Estimate
from crmlib.words import _
from crmlib.workspace import Run


def worth(cells: pd.DataFrame, each: dict[int, Estimate], kinds: list[str], run: Run) -> Words:
    """Give the words around the grid of what a customer won brings by age."""
    said = [_at(age, mean, run) for age, mean in each.items() if mean.is_known]
    between = [_between(age, mean, run) for age, mean in each.items() if mean.has_interval]
    title = (
        _("A customer won brings {said}").format(said=", ".join(said))
        if said
        else _("What a customer won brings in a whole month cannot be said yet")
    )
    read = _(
        "A row is the customers won in one month; to the right what one of them has brought by the end of so many "
        "months after it, revenue before returns. Blank cells have not happened yet."
    )
    if "margin" in kinds:
        read += " " + _("Margin is revenue less the cost of the goods.")
    return {
        "title": title,
        "alt": _("Grid of {n} cohorts by months since the first purchase. {title}.").format(
            n=cells["cohort"].nunique(), title=title
        ),
        "read": read,
        "limits": "; ".join([*between, _limits(alone=len(set(cells["cohort"])) == 1 and not cells["opening"].any())]),
        "source": source_of(run, int(cells.loc[cells["age"] == 0, "customers"].sum()), "customers"),
    }


def _limits(*, alone: bool) -> str:
    if alone:
        return _(
            "means are moved by a few large buyers. These customers were won in the month in which the data begin: "
            "some of them had bought before. A hatched cell is a partial month."
        )
    return _(
        "means are moved by a few large buyers. The cohort of the month in which the data begin also holds customers "
        "from before and does not count in these. A hatched cell is a partial month."
    )


def _at(age: int, mean: Estimate, run: Run) -> str:
    if age == 0:
        return _("{money} in the month of the first purchase").format(money=money(run, mean.value))
    return _("{money} within {n} months more").format(money=money(run, mean.value), n=age)


def _between(age: int, mean: Estimate, run: Run) -> str:
    between = formats.interval(mean.low, mean.high, "money", run.params.currency)
    return _("{interval} by month {age}").format(interval=between, age=age)


def this_cohort(won: pd.DataFrame, difference: Estimate, months: int, run: Run) -> str:
    """Say whether the latest whole cohort brought more or less in its month than those of the months before it."""
    alone = largest_part(won["spend_0"]) > DOMINANCE
    if len(won) < run.rules.threshold or not difference.has_interval or alone:
        return _("Too few customers were won in the last whole month, or in the months before it, to compare them.")
    words = _("The {people} won in the last whole month brought {money} each in it: {verdict} ({low} to {high}).")
    if not difference.excludes(0):
        verdict = _("no difference to the {n} months before is shown").format(n=months)
    elif difference.value > 0:
        verdict = _("{money} more than in the {n} months before").format(money=money(run, difference.value), n=months)
    else:
        verdict = _("{money} less than in the {n} months before").format(money=money(run, -difference.value), n=months)
    each = money(run, float(won["spend_0"].mean()))
    low, high = money(run, difference.low), money(run, difference.high)
    return words.format(people=people(run, len(won)), money=each, verdict=verdict, low=low, high=high)
