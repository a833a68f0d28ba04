"""What comes after a complaint: another one, a better score, a purchase; and whom a low score brought an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import before
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.service.settling import LATER
from crmlib.stats import Estimate, intervals
from crmlib.stats.comparisons import proportion_difference, welch_difference

if TYPE_CHECKING:
    from datetime import date

    from crmlib.workspace import Run

SUGGESTION: Final = "suggestion"
REPEATS: Final = (30, 90)
SETTLED_LATER: Final = "complaint_later"
"""The event `LATER` days after a complaint, when it is settled or not."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Those whose complaint was settled within :data:`LATER` days beside those whose was not: what followed.

    Shares that `bought` within the horizon from then on, their `gap` (settled less open), and the `score` of the next
    answer, settled less open. Observed: who is settled was not chosen by lot.
    """

    settled: Estimate
    waiting: Estimate
    gap: Estimate
    score: Estimate


@dataclass(frozen=True, slots=True)
class Reached:
    """Of those who gave a low score: shares with a `campaign` message and with a contact of their `own` since."""

    people: int
    campaign: Estimate
    own: Estimate


def repeated(complaints: pd.DataFrame, as_of: date, within: int) -> Estimate:
    """Estimate the share of last year's complainants who complained again within so many days of their first one.

    Only complaints with so many days behind them count; `n` counts customers.
    """
    made = complaints.dropna(subset=["customer_id"]).sort_values("at")
    start, end = _year_before(as_of, within)
    first = (
        made[(made["at"] >= start) & (made["at"] < end)].drop_duplicates("customer_id").set_index("customer_id")["at"]
    )
    since = made["at"] - made["customer_id"].map(first)
    again = made.loc[(since > timedelta(0)) & (since <= timedelta(days=within)), "customer_id"].nunique()
    return intervals.proportion(again, len(first))


def recovery(followed: pd.DataFrame, answers: pd.DataFrame | None, score: str, as_of: date, horizon: int) -> Recovery:
    """Compare what followed a complaint that was settled in time with what followed one that was not.

    Parameters
    ----------
    followed
        Events with `next_at`; those of the kind :data:`SETTLED_LATER` carry `settled`.
    answers
        With `customer_id, answered_at` and the score, where there are any.
    """
    start, end = _year_before(as_of, horizon)
    later = followed[(followed["kind"] == SETTLED_LATER) & followed["customer_id"].notna()]
    later = later[(later["at"] >= start) & (later["at"] <= end)].sort_values("at")
    later = later.drop_duplicates("customer_id", keep="last")
    bought = later["next_at"] <= later["at"] + timedelta(days=horizon)
    settled = later["settled"].astype(bool)
    counts = [(int((bought & group).sum()), int(group.sum())) for group in (settled, ~settled)]
    yes, no = (intervals.proportion(*count) for count in counts)
    unknown = Estimate.unknown()
    gap = proportion_difference(*counts[0], *counts[1]) if all(n for _hits, n in counts) else unknown
    return Recovery(yes, no, gap, unknown if answers is None else _next_score(later, answers, score))


def _next_score(later: pd.DataFrame, answers: pd.DataFrame, score: str) -> Estimate:
    given = answers.dropna(subset=["customer_id", score])[["customer_id", "answered_at", score]]
    both = later[["customer_id", "at", "settled"]].merge(given, on="customer_id")
    after = both[both["answered_at"] > both["at"]].sort_values("answered_at").drop_duplicates("customer_id")
    settled = after["settled"].astype(bool)
    return welch_difference(after.loc[settled, score], after.loc[~settled, score])


def reached(low: pd.DataFrame, contacts: pd.DataFrame | None, campaigns: pd.DataFrame | None, as_of: date) -> Reached:
    """Tell of last year's customers with a low score (`customer_id, answered_at`) who heard or spoke within 30 days.

    `campaigns` are the contacts of campaigns without control groups.
    """
    start, end = _year_before(as_of, LATER)
    low = low[(low["answered_at"] >= start) & (low["answered_at"] < end)].dropna(subset=["customer_id"])
    low = low.sort_values("answered_at").drop_duplicates("customer_id", keep="last")
    unknown = Estimate.unknown()
    return Reached(
        len(low),
        unknown if campaigns is None else _met(low, campaigns.rename(columns={"contacted_at": "when"})),
        unknown if contacts is None else _met(low, contacts.rename(columns={"at": "when"})),
    )


def _met(low: pd.DataFrame, contacts: pd.DataFrame) -> Estimate:
    both = low.merge(contacts[["customer_id", "when"]], on="customer_id")
    wait = both["when"] - both["answered_at"]
    met = both.loc[(wait > timedelta(0)) & (wait <= timedelta(days=LATER)), "customer_id"].nunique()
    return intervals.proportion(met, len(low))


def campaigns_sent(run: Run, customers: pd.Series) -> pd.DataFrame | None:
    """Give the contacts of campaigns, control groups left out, with some customers; `None` where none are delivered."""
    if not run.has("contacts"):
        return None
    rows = before(run.table("contacts"), run.as_of, "contacted_at")
    asked = ibis.memtable(pd.DataFrame({"customer_id": customers.drop_duplicates().astype(str)}))
    sent = rows.filter(rows.arm.isnull() | (rows.arm.lower() != "control")).semi_join(asked, "customer_id")
    found: pd.DataFrame = sent.select("customer_id", "contacted_at").to_pandas()
    return found


def adopted(contacts: pd.DataFrame, as_of: date) -> Estimate:
    """Estimate the share of last year's suggestions that were adopted, among those of which it is known."""
    start = pd.Timestamp(as_of) - timedelta(days=YEAR)
    made = contacts[(contacts["kind"] == SUGGESTION) & (contacts["at"] >= start)]["adopted"].dropna().astype(bool)
    return intervals.proportion(int(made.sum()), len(made))


def landmarks(waits: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Give the moment :data:`LATER` days after each complaint that had so many, and whether it was settled by then."""
    moment = waits["at"] + timedelta(days=LATER)
    settled = waits["settled"] & (waits["days"] <= LATER)
    events = waits.assign(kind=SETTLED_LATER, at=moment, settled=settled)
    return events[moment < pd.Timestamp(as_of)]


def _year_before(as_of: date, days: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    end = pd.Timestamp(as_of) - timedelta(days=days)
    return end - timedelta(days=YEAR), end
