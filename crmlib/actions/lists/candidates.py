"""Whom the chapters put forward, and what is known of each customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.words import N_, _
from crmlib.workspace import MissingTableError

if TYPE_CHECKING:
    from crmlib.workspace import Run

CANDIDATES: Final = ("candidates_segmentation", "candidates_churn", "candidates_satisfaction")
PUT_FORWARD: Final = ("customer_id", "reason", "score", "since", "why", "value_at_stake")
"""What a chapter says of whom it puts forward; of the last three it may leave any out."""
OF_02: Final = (
    "segment", "lifecycle", "main_store", "lifetime_value", "lifetime_value_low", "lifetime_value_high",
    "days_since_last",
)  # fmt: skip
OF_03: Final = ("churn_probability", "kept_value")
REASONS: Final = {
    "open_complaint": N_("a complaint is open"),
    "unhappy": N_("gave a low score"),
    "valuable_at_risk": N_("worth much and likely to leave"),
    "just_overdue": N_("has been away for longer than usual since last month"),
    "left_best_segment": N_("is no longer among the best customers"),
    "returned_and_quiet": N_("took goods back and has been quiet since"),
    "likely_to_leave": N_("likely to leave"),
    "second_purchase": N_("has bought once"),
    "next_category": N_("has what others soon complete"),
    "win_back": N_("has gone, not long ago"),
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the other chapters hand over.

    `candidates` (:data:`PUT_FORWARD`, one row a customer and reason), `customers` (one row each: ``customer_id``, the
    columns of :data:`OF_02` and :data:`OF_03` but for the days, ``last_purchase, store``), and the row of
    ``campaign_assumptions``; ``None`` where chapter 03 could make none.
    """

    candidates: pd.DataFrame
    customers: pd.DataFrame
    assumed: pd.Series | None

    @property
    def put_forward(self) -> int:
        """The number of customers for whom any chapter gave a reason."""
        return int(self.candidates["customer_id"].nunique())


def gather(run: Run) -> Gathered:
    """Read what chapters 02 to 04 wrote."""
    parts = [run.frame(table) for table in CANDIDATES]
    return Gathered(gathered_candidates(parts), known_customers(run), _assumed(run))


def gathered_candidates(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put the candidates into :data:`PUT_FORWARD`, sorted; a silent one in another's words, else the reason's."""
    said = [part.rename(columns={"late_since": "since"}).reindex(columns=list(PUT_FORWARD)) for part in parts]
    types = {"customer_id": "str", "reason": "str", "score": "float64", "since": "datetime64[us]", "why": "object",
             "value_at_stake": "float64"}  # fmt: skip
    found = pd.concat([part.astype(types) for part in said], ignore_index=True)
    words = found.dropna(subset=["why"]).drop_duplicates("customer_id").set_index("customer_id")["why"]
    found["why"] = found["why"].fillna(found["customer_id"].map(words)).fillna(found["reason"].map(reason_words))
    return found.sort_values(["customer_id", "reason"], kind="stable", ignore_index=True)


def known_customers(run: Run) -> pd.DataFrame:
    """Give one row a customer of what chapters 02 and 03 know, with the day of the last purchase and the store."""
    segments = run.frame("segments").reindex(columns=["customer_id", *OF_02])
    silent = pd.to_timedelta(segments.pop("days_since_last").astype("float64"), unit="D")
    segments["last_purchase"] = (pd.Timestamp(run.as_of) - timedelta(days=1) - silent).dt.date
    scores = run.frame("churn_scores").reindex(columns=["customer_id", *OF_03])
    customers = segments.merge(scores, on="customer_id", how="outer").sort_values("customer_id", ignore_index=True)
    names, stores = _store_names(run), customers["main_store"].astype("object")
    return customers.assign(store=stores.map(lambda store: names.get(store, store), na_action="ignore"))


def _store_names(run: Run) -> dict[str, str]:
    """Name the stores by number; one without a name keeps its number."""
    if not run.has("stores"):
        return {}
    named = run.frame(run.table("stores").select("store_id", "name")).dropna()
    return dict(zip(named["store_id"], named["name"], strict=True))


def _assumed(run: Run) -> pd.Series | None:
    try:
        rows = run.frame("campaign_assumptions")
    except MissingTableError:
        return None
    return rows.iloc[0] if len(rows) else None


def reason_words(code: str) -> str:
    """Say a reason code in words; an unknown code without its underscores."""
    return _(REASONS[code]) if code in REASONS else code.replace("_", " ")
