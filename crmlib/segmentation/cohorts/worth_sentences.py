"""The words around what customers won bring."""

import pandas as pd

from crmlib.segmentation.wording import Words, money, people, source_of
from crmlib.stats import Estimate
from crmlib.words import _
from crmlib.workspace import Run


def worth(cells: pd.DataFrame, kinds: list[str], run: Run) -> Words:
    """Give the words around the grid of what a customer won brings by age."""
    whole = cells[~cells["partial"]]
    parts = [(age, _mean(whole, "spend", age)) for age in (0, 3, 12)]
    said = [_at(age, value, run) for age, value in parts if value is not None]
    title = _("A customer won brings {said}").format(said=", ".join(said))
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
        "limits": _(
            "Means are moved by a few large buyers: the intervals are in the table behind. A hatched cell is a partial "
            "month; the first cohort also holds customers from before the data begin."
        ),
        "source": source_of(run, int(cells.loc[cells["age"] == 0, "customers"].sum()), "customers"),
    }


def _mean(cells: pd.DataFrame, kind: str, age: int) -> float | None:
    at = cells[cells["age"] == age]
    return float((at[kind] * at["customers"]).sum() / at["customers"].sum()) if len(at) else None


def _at(age: int, value: float | None, run: Run) -> str:
    if age == 0:
        return _("{money} in the month of the first purchase").format(money=money(run, value))
    return _("{money} within {n} months more").format(money=money(run, value), n=age)


def this_cohort(won: pd.DataFrame, difference: Estimate, run: Run) -> str:
    """Say whether the latest whole cohort brought more or less in its month than those of the year before it."""
    if len(won) < run.rules.threshold or not difference.is_known:
        return _("Too few customers were won in the last whole month to compare them with those before.")
    words = _("The {people} won in the last whole month brought {money} each in it: {verdict} ({low} to {high}).")
    if not difference.excludes(0):
        verdict = _("no difference to the twelve months before is shown")
    elif difference.value > 0:
        verdict = _("{money} more than in the twelve months before").format(money=money(run, difference.value))
    else:
        verdict = _("{money} less than in the twelve months before").format(money=money(run, -difference.value))
    each = money(run, float(won["spend_0"].mean()))
    low, high = money(run, difference.low), money(run, difference.high)
    return words.format(people=people(run, len(won)), money=each, verdict=verdict, low=low, high=high)
