"""What to fix first: which drivers matter much and are done badly, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from crmlib.stats.bootstrap import limits
from crmlib.surveys import score_name
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from crmlib.workspace import Run

    Numbers = NDArray[np.float64]

CLEAR: Final = 0.9
"""Chance from which a driver is called the first to fix, or one that matters more than the mean and scores less."""
POSSIBLE: Final = 0.2
_MOST_NAMED: Final = 3
_SUREST: Final = 0.99


def priorities(table: pd.DataFrame, shares: Numbers, performance: Numbers, helps: Numbers) -> pd.DataFrame:
    """Add how each driver is done (a part of its scale) and its chances to lie in each quarter, one row a driver.

    `shares, performance, helps` (correlation with satisfaction): the answers, then resamples × drivers. Adds `done`,
    `done_low`, `done_high`; the parts of the resamples, which sum to 1, in which it goes with satisfaction, accounts
    for more than the mean of the drivers and is done worse than theirs (`priority`) or not (`keep`), or does not matter
    so much and is done worse (`minor`) or not (`ample`); `first`: in which it is the first of the priorities.
    """
    matters = (shares > shares.mean(axis=1, keepdims=True)) & (helps > 0)
    worse = performance < performance.mean(axis=1, keepdims=True)
    quarters = {
        "priority": matters & worse, "keep": matters & ~worse, "minor": ~matters & worse, "ample": ~matters & ~worse
    }  # fmt: skip
    drawn = quarters["priority"][1:]
    leading = np.where(drawn, shares[1:], -1.0).argmax(axis=1)
    first = (leading[:, np.newaxis] == np.arange(shares.shape[1])) & drawn
    low, high = limits(performance[1:])
    chances = {name: inside[1:].mean(axis=0) for name, inside in quarters.items()}
    return table.assign(done=performance[0], done_low=low, done_high=high, **chances, first=first.mean(axis=0))


def to_fix(drivers: pd.DataFrame) -> tuple[list[str], bool]:
    """Name the drivers to fix, by their chances, and say whether that is settled; none where none seems to be one."""
    by_first = drivers.sort_values(["first", "priority"], ascending=False, kind="stable")
    leads = by_first.loc[by_first["first"] >= CLEAR, "driver"].to_list()
    sure = by_first.loc[by_first["priority"] >= CLEAR, "driver"].to_list()
    if leads or sure:
        return (leads or sure)[:_MOST_NAMED], True
    likely = by_first.loc[by_first["priority"] >= POSSIBLE, "driver"].to_list()
    # in the resamples left over nothing both matters much and is done badly
    return likely[:_MOST_NAMED], not likely and 1 - float(drivers["first"].sum()) >= CLEAR


def priority_title(drivers: pd.DataFrame, run: Run) -> str:
    """Say what to fix first where that is clear."""
    chosen, settled = to_fix(drivers)
    names = [score_name(name) if place == 0 else score_name(name).lower() for place, name in enumerate(chosen)]
    # so many resamples cannot tell a chance from certainty
    chance = min(float(drivers.loc[drivers["driver"].isin(chosen), "priority"].min()), _SUREST)
    if not names:
        return (
            _("Nothing that matters more than the average driver scores less than it")
            if settled
            else _("What to fix first is not settled")
        )
    if settled and len(names) > 1:
        words = _("{names:list} first: they matter more than the average driver and score less (at least {x:share0})")
    elif settled:
        words = _("{names:list} first: it matters more than the average driver and scores less (chance {x:share0})")
    elif len(names) > 1:
        names = [_(" or ").join([", ".join(names[:-1]), names[-1]])]
        words = _("{names:list}: which of them to fix first is not settled")
    else:
        words = _("{names:list} may be what to fix first: not settled (chance {x:share0})")
    return run.say(words, names=names, x=chance)
