"""What is known of customers beside their purchases, each event by its own time: contacts, answers, categories."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import ibis
from ibis import Table

from crmlib.features import before, purchases
from crmlib.orders import orders_by_category
from crmlib.surveys.reading import read_scores
from crmlib.workspace import MissingTableError

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from crmlib.workspace import Run

Events: TypeAlias = Mapping[str, Table]
"""Tables of events by name, those of `TIMES`; what is absent gives no feature."""

NO_EVENTS: Final[Events] = MappingProxyType({})
TIMES: Final = {"interactions": "at", "surveys": "answered_at", "categories": "first_at"}
"""When each event happened: the column that says whether a cutoff may know of it."""

_LATER: Final = {"interactions": ("resolved_at",)}
"""What an event says of a later time; it is not known either before that time."""


def seen_events(events: Events, cutoff: date) -> Events:
    """Keep the events before a cutoff, and hide what they say of the time from it on."""
    seen = {}
    for name, table in events.items():
        early = before(table, cutoff, TIMES[name])
        told = [column for column in _LATER.get(name, ()) if column in early.columns]
        # bound by the table itself, so that both engines take the cutoff for the same moment
        end = ibis.timestamp(cutoff.isoformat())
        seen[name] = early.mutate(**{column: (early[column] < end).ifelse(early[column], None) for column in told})
    return seen


def events_of(run: Run) -> Events:
    """Open what a run has beside purchases: contacts, answers with their score, when a category was first bought."""
    found = {"interactions": _interactions(run), "surveys": _answers(run), "categories": _first_categories(run)}
    return {name: table for name, table in found.items() if table is not None}


def _interactions(run: Run) -> Table | None:
    """Give the contacts that customers made; settlements only where the source tells any."""
    table = _table(run, "interactions")
    if table is None:
        return None
    told = table.select("customer_id", "at", "kind", "resolved_at")
    settled = before(told, run.as_of, "resolved_at").count().to_pandas()
    return told if settled else told.drop("resolved_at")


def _answers(run: Run) -> Table | None:
    """Give the answers to the overall question, or else to that of recommending: ``response_id, …, score``."""
    table = _table(run, "surveys")
    if table is None:
        return None
    knobs = run.params.satisfaction
    asked = [name for name in (knobs.overall, knobs.recommend) if name in table.columns]
    known = before(table.filter(table.customer_id.notnull()), run.as_of, TIMES["surveys"])
    rows: pd.DataFrame = known.select("response_id", "customer_id", "answered_at", *asked).to_pandas()
    read = read_scores(rows, knobs)
    usable = [name for name in asked if name in read.scores and name not in read.withheld]
    if not usable:
        return None
    kinds = {"response_id": "string", "customer_id": "string", "answered_at": "timestamp(6)", "score": "float64"}
    return ibis.memtable(rows.assign(score=read.scores[usable[0]])[list(kinds)], schema=kinds)


def _first_categories(run: Run) -> Table | None:
    """Say when each customer first bought of each category: one pass over orders by category, once a run."""
    products = _table(run, "products")
    if products is None:
        return None
    orders = orders_by_category(run.table("transactions"), products, run.table("orders"))
    bought = purchases(run.once("order_categories", orders))
    known = bought.filter(bought.customer_id.notnull())
    firsts = known.group_by(["customer_id", "category"]).agg(first_at=known.ordered_at.min())
    return run.once("first_categories", firsts)


def _table(run: Run, name: str) -> Table | None:
    """Open a clean table, if the run has it."""
    if not run.has(name):
        return None
    try:
        return run.table(name)
    except MissingTableError:
        return None
