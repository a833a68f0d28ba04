"""Where a picture comes from, and what is said where the evidence is missing: never faked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crmlib.reporting import Shown, insufficient, note
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.workspace import Run


@dataclass(frozen=True, slots=True)
class Gap:
    """Why something is not shown: what was needed, what was found, and whether a table was there but of no use."""

    needed: str
    found: str
    therefore: str
    delivered: bool = False

    def show(self) -> Shown:
        """Say it in full."""
        return insufficient(needed=self.needed, found=self.found, therefore=self.therefore)

    def show_briefly(self) -> Shown:
        """Say in one line that a part of the chapter needs the survey that is not there, or cannot be used."""
        if self.delivered:
            return note(_("Not shown: it needs a score of the survey that can be told."))
        return note(_("Not shown: it needs a survey of customers, and none was delivered."))


def source(run: Run, what: str, people: int, days: int | None = None) -> str:
    """Say where a picture comes from: the data, the days, and how many people."""
    period = _("up to {day:day}") if days is None else _("{days:count} days up to {day:day}")
    size = _("fewer than {n:count} people") if run.too_few(people) else _("n = {n:people}")
    n = run.fewest if run.too_few(people) else people
    return ", ".join([what, run.say(period, day=run.as_of - timedelta(days=1), days=days), run.say(size, n=n)])
