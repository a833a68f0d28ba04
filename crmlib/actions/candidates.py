"""Whom the chapters put forward, and what is known of each customer."""

from __future__ import annotations

from dataclasses import dataclass
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
KNOWN: Final = ["customer_id", "segment", "lifecycle", "lifetime_value"]
SAY_LIKELY: Final = ("likely_to_leave", "valuable_at_risk")
"""Reasons that call a customer likely to leave."""
REASONS: Final = {
    "open_complaint": N_("a complaint is open"),
    "unhappy": N_("gave a low score"),
    "valuable_at_risk": N_("worth much and likely to leave"),
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
    """Read what chapters 02 to 04 wrote; nobody is called likely to leave whom the score gives little risk."""
    segments = run.frame("segments").reindex(columns=KNOWN)
    scores = run.frame("churn_scores")[["customer_id", "churn_probability"]]
    customers = segments.merge(scores, on="customer_id", how="outer").sort_values("customer_id")
    least_risk = least_risk_of(run)
    candidates = {stem: likely_enough(run.frame(table), customers, least_risk) for stem, table in CANDIDATES.items()}
    return Gathered(candidates, customers.reset_index(drop=True))


def least_risk_of(run: Run) -> float:
    """Give the probability above which a customer is likely to leave: the parameters' own, or what chapter 03 found."""
    wanted = run.params.churn.least_risk
    return float(run.frame("experiment")["least_risk"].iloc[0]) if wanted == "money" else wanted


def likely_enough(candidates: pd.DataFrame, customers: pd.DataFrame, least_risk: float) -> pd.DataFrame:
    """Leave out who is called likely to leave though the probability to buy nothing is not above the least risk.

    A segment is a place among the shop's own customers: where all of them come every week, somebody is the longest
    unseen all the same. Customers without a probability stay.
    """
    risk = candidates["customer_id"].map(customers.set_index("customer_id")["churn_probability"]).astype("float64")
    return candidates[~(candidates["reason"].isin(SAY_LIKELY) & (risk <= least_risk))].reset_index(drop=True)


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
