"""What is known of the orders around customers' contacts and answers: the order concerned and the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import known_purchases
from crmlib.orders import as_orders
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.service.aftermath import landmarks

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

    from crmlib.satisfaction.answers.survey import Survey

ANSWER: Final = "answer"
COLUMNS: Final = ["kind", "customer_id", "order_id", "at", "store_id", "touchpoint", "settled"]


def events_of(
    contacts: pd.DataFrame | Gap, waits: pd.DataFrame | None, survey: Survey | None, as_of: date
) -> pd.DataFrame:
    """Put contacts, the moments at which complaints are judged (`landmarks`) and answers together: :data:`COLUMNS`."""
    parts = [] if isinstance(contacts, Gap) else [contacts]
    parts += [] if waits is None else [landmarks(waits, as_of)]
    if survey is not None:
        parts.append(survey.answers().rename(columns={"answered_at": "at"}).assign(kind=ANSWER))
    events = [part.reindex(columns=COLUMNS).astype({"settled": "boolean"}) for part in parts if len(part)]
    if not events:
        return pd.DataFrame(columns=COLUMNS).astype({"at": "datetime64[us]"})
    return pd.concat(events, ignore_index=True)


def follow(transactions: Table, events: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Tell of events (`kind, customer_id, order_id, at` and more) of known customers what they bought, in one pass.

    Beside the columns given `next_at` (first purchase after it; missing for none before `as_of`), and `order_channel,
    order_store` of the order concerned, where the customer has it.
    """
    events = events.reset_index(drop=True)
    known = events.dropna(subset=["customer_id", "at"])
    none = pd.DataFrame({"event": [], "next_at": pd.to_datetime([]), "order_channel": [], "order_store": []})
    found = _around(transactions, known, as_of).to_pandas() if len(known) else none
    told = found.set_index("event").reindex(events.index)
    return events.assign(**{name: told[name] for name in told.columns})


def _around(transactions: Table, events: pd.DataFrame, as_of: date) -> Table:
    asked = ibis.memtable(
        pd.DataFrame({
            "event": events.index.to_numpy(dtype="int64"),
            "customer_id": events["customer_id"].astype(str),
            "about": events["order_id"].astype("object").fillna("").astype(str),
            "since": events["at"].astype("datetime64[us]"),
        })
    )  # fmt: skip
    bought = known_purchases(as_orders(transactions), as_of)
    bought = bought.select("customer_id", "order_id", "ordered_at", "channel", "store_id")
    around = bought.inner_join(asked, "customer_id")
    about = around.order_id == around.about
    return around.group_by("event").agg(
        next_at=around.ordered_at.min(where=around.ordered_at > around.since),
        order_channel=around.channel.min(where=about),
        order_store=around.store_id.min(where=about),
    )
