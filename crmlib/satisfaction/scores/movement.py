"""Whether the score moved: one judgement that the answer, the title and the picture share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from crmlib.stats import Estimate, intervals
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.workspace import Run

Direction = Literal["up", "down", "steady", "unknown"]

_DAYS_A_YEAR: Final = 365.25
_FEWEST: Final = 30


def direction(change: Estimate, decimals: int = 0) -> Direction:
    """Say which way something moved: a direction only where the interval, as it is printed, leaves nought out."""
    if not change.has_interval:
        return "unknown"
    if round(change.low, decimals) > 0:
        return "up"
    return "down" if round(change.high, decimals) < 0 else "steady"


@dataclass(frozen=True, slots=True)
class Movement:
    """How the score moved in the months that the page shows.

    `yearly` is by how much it rises in a year (points), `outside` the months that lie outside the limits within which
    months of an unchanged score would lie.
    """

    yearly: Estimate
    outside: tuple[pd.Timestamp, ...]

    @property
    def direction(self) -> Direction:
        """Which way, where that is clear."""
        return direction(self.yearly)


def yearly_change(given: pd.DataFrame) -> Estimate:
    """Estimate by how many points a score rises in a year, from a straight line through answers.

    Of ``answered_at, value, weight, person``: weighted least squares, linearised by person, so that one person's
    answers count together. Unknown with fewer than 30 answers or people, or less than 90 days between them.
    """
    known = given.dropna(subset=["value"])
    n = len(known)
    span = known["answered_at"].max() - known["answered_at"].min()
    if n < _FEWEST or known["person"].nunique() < _FEWEST or span < pd.Timedelta(days=90):
        return Estimate.unknown(n)
    weight, value = (known[name].to_numpy(dtype=float) for name in ("weight", "value"))
    years = ((known["answered_at"] - known["answered_at"].min()) / pd.Timedelta(days=_DAYS_A_YEAR)).to_numpy(float)
    apart = years - np.average(years, weights=weight)
    who = pd.factorize(known["person"], use_na_sentinel=False)[0]
    rise, spread = (np.bincount(who, weight * apart * x) for x in (value - np.average(value, weights=weight), apart))
    slope = intervals.ratio(rise, spread)
    return Estimate(slope.value, slope.low, slope.high, n)


def movement_title(moved: Movement, run: Run) -> str:
    """Say whether the score rose or fell over the months, and else which of them stood out."""
    if moved.direction == "unknown":
        return _("Too few answers to tell whether satisfaction moves")
    if moved.direction != "steady":
        return (
            _("Satisfaction has risen over the year")
            if moved.direction == "up"
            else _("Satisfaction has fallen over the year")
        )
    if not moved.outside:
        return _("Satisfaction stayed within its usual range")
    months = [run.say("{month:month}", month=month) for month in moved.outside]
    words = _("Over the year satisfaction has not clearly moved; {months:list} stood out")
    return run.say(words, months=months)


def movement_words(moved: Movement, run: Run) -> str:
    """Say by how much the score moves in a year, and that chance may do it where it may."""
    if not moved.yearly.is_known:
        return _("Too few answers for a line through them.")
    words = {
        "steady": _(
            "A line through these answers moves by {sign}{x:points:point} points a year ({x:points:interval}): no more "
            "than chance does."
        ),
        "up": _("A line through these answers rises by {x:points:point} points a year ({x:points:interval})."),
        "down": _("A line through these answers falls by {x:points:point} points a year ({x:points:interval})."),
    }
    way = moved.direction if moved.direction in words else "steady"
    x = abs(moved.yearly) if way == "down" else moved.yearly
    return run.say(words[way], sign="+" if x.value > 0 else "", x=x)
