"""The words around what customers won bring."""

import pandas as pd

from crmlib.privacy.rules import DOMINANCE, largest_part
from crmlib.segmentation.cohorts.sentences import hatched
from crmlib.segmentation.wording import Words, listed, money, people, source_of
from crmlib.stats import Estimate
from crmlib.words import _, formats
from crmlib.workspace import Run


def worth(cells: pd.DataFrame, each: dict[int, Estimate], kinds: list[str], run: Run) -> Words:
    """Give the words around the grid of what a customer won brings by age."""
    each = {age: mean for age, mean in each.items() if mean.is_known and not run.rules.hides(mean.n)}
    said = [_at(age, _each(mean.value, run)) for age, mean in each.items()]
    title = (
        _("A customer won has brought {said}").format(said=listed(said))
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
        "limits": " ".join(filter(None, [_between(each, run), _limits(cells)])),
        "source": source_of(run, int(cells.loc[cells["age"] == 0, "customers"].sum()), "customers"),
    }


def _limits(cells: pd.DataFrame) -> str:
    if len(set(cells["cohort"])) == 1 and not cells["opening"].any():
        said = _(
            "Means are moved by a few large buyers. These customers were won in the month in which the data begin: "
            "some of them had bought before."
        )
    else:
        said = _(
            "Means are moved by a few large buyers. The cohort of the month in which the data begin also holds "
            "customers from before and does not count in these."
        )
    return hatched(said, cells)


def _at(age: int, amount: str) -> str:
    if age == 0:
        return _("{money} by the end of the first month").format(money=amount)
    return _("{money} after {n} more months").format(money=amount, n=age)


def _each(value: float, run: Run) -> str:
    """Write money a customer, without small change from a hundred on."""
    return formats.money(value, run.params.currency, decimals=0 if abs(value) >= 99.5 else 2)


def _between(means: dict[int, Estimate], run: Run) -> str:
    """Give the intervals of the means that the title tells."""
    words = _("{low} to {high}")
    said = [
        _at(age, words.format(low=_each(mean.low, run), high=_each(mean.high, run)))
        for age, mean in means.items()
        if mean.has_interval
    ]
    return _("95 % intervals: {said}.").format(said=", ".join(said)) if said else ""


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
