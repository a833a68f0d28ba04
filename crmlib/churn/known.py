"""What chapter 03 knows of customers beside their purchases."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from crmlib.churn.history.events import NO_EVENTS, events_of
from crmlib.churn.who.leaving import LIMITS
from crmlib.churn.who.where import more_of_customers
from crmlib.features import order_categories
from crmlib.workspace import MissingTableError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from ibis import Table

    from crmlib.churn.history.events import Events
    from crmlib.workspace import Run


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside purchases; all of it may be missing.

    `days` are customers' days, `events` contacts and answers by their own time, `contacts` whom campaigns reached,
    `segments` what chapter 02 says of each customer as of today, `then` what it would have said a horizon ago;
    `categories` (orders by category) and `described` (tiers and main categories of today) are computed when they are
    asked for. `members` are there where memberships end on a date.
    """

    days: Table | None = None
    events: Events = field(default_factory=lambda: NO_EVENTS)
    contacts: Table | None = None
    categories: Callable[[], Table | None] | None = None
    segments: pd.DataFrame | None = None
    described: Callable[[], pd.DataFrame] | None = None
    members: Table | None = None
    then: pd.DataFrame | None = None

    def dated(self) -> Known:
        """Keep what an earlier date may ask for: what tells its own time, and today's limits of each one's rhythm."""
        limits = None if self.segments is None else self.segments.filter(["customer_id", *LIMITS])
        return Known(self.days, self.events, self.contacts, self.categories, segments=limits, members=self.members)


def known_of(run: Run) -> Known:
    """Open what a run has; segments where chapter 02 has run."""
    return Known(
        days=run.table("customer_days"),
        events=events_of(run),
        contacts=run.table("contacts") if run.has("contacts") else None,
        categories=partial(order_categories, run),
        segments=_frame(run, "segments"),
        described=partial(more_of_customers, run),
        members=run.table("customers") if run.params.churn.ends_column and run.has("customers") else None,
        then=_frame(run, "segments_then"),
    )


def _frame(run: Run, name: str) -> pd.DataFrame | None:
    try:
        return run.frame(name)
    except MissingTableError:
        return None
