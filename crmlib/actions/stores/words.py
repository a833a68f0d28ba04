"""What a store's standing is called: the figures, how far it lies from the others, the one thing to do."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final

from crmlib.actions.stores.standing import (
    ALIKE,
    BETTER,
    COMPLAINTS,
    LEAVING,
    MEAN,
    NEW,
    NPS,
    SALES,
    WORSE,
)
from crmlib.words import N_, _

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.workspace import Run

FIGURES: Final = {
    SALES: N_("Net revenue on a year ago"),
    LEAVING: N_("Likely to leave"),
    NEW: N_("New among the customers of the month"),
    NPS: N_("Net promoter score"),
    MEAN: N_("Mean score"),
    COMPLAINTS: N_("Complaints per 1,000 orders"),
}
THINGS: Final = {
    SALES: N_("Win sales back: {size:money0} short of what the others' change on a year ago would have brought"),
    LEAVING: N_("Keep customers: {size:people} more are likely to leave than at the others' share"),
    NEW: N_("Win new customers: {size:people} fewer this month than at the others' share"),
    NPS: N_("Ask why customers are less satisfied: {gap:points} points below the others"),
    MEAN: N_("Ask why customers are less satisfied: the mean score is {gap:number2} below the others"),
    COMPLAINTS: N_("Settle what customers complain of: {size:people} more complaints a year than at the others' rate"),
}
STANDS: Final = {WORSE: N_("below the others"), BETTER: N_("above the others"), ALIKE: N_("no clear difference")}


def keep_on() -> str:
    """Say that there is nothing to do before all else."""
    return _("Nothing stands out: keep on")


def thing_words(row: pd.Series, run: Run) -> str:
    """Say the one thing to do, and what it comes to where that can be told."""
    gap = abs(float(row["value"]) - float(row["others"]))
    return run.say(_(THINGS[row["figure"]]), size=row["size"], gap=gap)


def others_words(row: pd.Series, run: Run) -> str:
    """Write the value of the others in a figure; a store's own is written past the gate (`gated_stores`)."""
    figure, value = row["figure"], float(row["others"])
    if figure == SALES:
        return run.say("{x:change0}", x=exp(value) - 1)
    kinds = {NPS: "{x:points}", MEAN: "{x:number2}", COMPLAINTS: "{x:number0}"}
    return run.say(kinds.get(figure, "{x:part}"), x=value)


def rank_words(row: pd.Series, run: Run) -> str:
    """Write a rank with its range."""
    low, high = (int(row[name]) for name in ("rank_low", "rank_high"))
    words = _("{rank:count} ({low:count} to {high:count})") if low < high else _("{rank:count}")
    return run.say(words, rank=int(row["rank"]), low=low, high=high)
