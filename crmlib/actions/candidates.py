"""Whom the chapters put forward, and what is known of each customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Shown, gate, label, note, people
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crmlib.actions.study import Study
    from crmlib.params.sections import ActionRule
    from crmlib.workspace import Run

CANDIDATES: Final = {
    "02_segmentation": "candidates_segmentation",
    "03_churn": "candidates_churn",
    "04_satisfaction": "candidates_satisfaction",
}
KNOWN: Final = ["customer_id", "segment", "lifecycle", "lifetime_value", "days_since_last"]
REASONS: Final = {
    "open_complaint": N_("a complaint is open"),
    "unhappy": N_("gave a low score"),
    "valuable_at_risk": N_("worth much and likely to leave"),
    "just_overdue": N_("has been away for longer than usual since last month"),
    "left_best_segment": N_("is no longer among the best customers"),
    "returned_and_quiet": N_("took goods back and has been quiet since"),
    "likely_to_leave": N_("likely to leave"),
    "second_purchase": N_("has bought once"),
}


@dataclass(frozen=True, slots=True)
class Gathered:
    """The candidates of each chapter (``customer_id, reason, score``) and one row a customer of what is known."""

    candidates: dict[str, pd.DataFrame]
    customers: pd.DataFrame

    @property
    def put_forward(self) -> int:
        """The number of customers for whom any chapter gave a reason."""
        return int(pd.concat([frame["customer_id"] for frame in self.candidates.values()]).nunique())


def gather(run: Run) -> Gathered:
    """Read what chapters 02 to 04 wrote."""
    segments = run.frame("segments").reindex(columns=KNOWN)
    silent = pd.to_timedelta(segments.pop("days_since_last").astype("float64"), unit="D")
    segments["last_purchase"] = (pd.Timestamp(run.as_of) - timedelta(days=1) - silent).dt.date
    scores = run.frame("churn_scores")[["customer_id", "churn_probability"]]
    customers = segments.merge(scores, on="customer_id", how="outer").sort_values("customer_id")
    candidates = {stem: run.frame(table) for stem, table in CANDIDATES.items()}
    return Gathered(candidates, customers.reset_index(drop=True))


def candidates_by_reason(candidates: Mapping[str, pd.DataFrame], rules: Sequence[ActionRule]) -> pd.DataFrame:
    """Count the customers each chapter put forward: ``chapter, reason, customers, acted_on`` (whether a rule does)."""
    acted_on = {rule.reason for rule in rules}
    rows = [
        (chapter, reason, frame.loc[frame["reason"] == reason, "customer_id"].nunique(), reason in acted_on)
        for chapter, frame in candidates.items()
        for reason in sorted(frame["reason"].unique())
    ]
    return pd.DataFrame(rows, columns=["chapter", "reason", "customers", "acted_on"])


def reason_words(code: str) -> str:
    """Say a reason code in words; an unknown code without its underscores."""
    return _(REASONS[code]) if code in REASONS else code.replace("_", " ")


def show_candidates(found: Study, run: Run) -> Shown:
    """Show whom each chapter put forward."""
    if found.put_forward.empty:
        return note(_("No chapter put a customer forward."))
    gated = gate(
        found.put_forward, run,
        label("reason", _("Reason")),
        label("chapter", _("Chapter")),
        people("customers", _("Customers")),
        label("acted_on", _("Leads to an action")),
    )  # fmt: skip
    return gated.worded("reason", reason_words).table(_("Candidates by reason, {period}"), period=run.period_label)
