"""The score of every customer today, what is at risk with them, and where the scores and the candidates are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.churn.models.purchases import LearntPurchases
from crmlib.churn.money.assumptions import assumptions_table
from crmlib.churn.why.reasons import reasons_of
from crmlib.features import DAYS_PER_WEEK
from crmlib.reporting import Shown, largest_part, note
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.btyd import PurchaseModel
    from crmlib.churn.history.slices import Slice
    from crmlib.churn.models.learnt import Learnt
    from crmlib.churn.money.assumptions import Assumptions
    from crmlib.churn.study import Study
    from crmlib.workspace import Run

SCORE_COLUMNS: Final = ("customer_id", "churn_probability", "days_since_last", "spend", "expected_orders")
"""The columns of the table ``churn_scores``, beside which stands ``kept_value``: what the customer brings if kept."""


def score_customers(learnt: Learnt | None, current: Slice, active_days: int) -> pd.DataFrame:
    """Score every customer known today with the chosen model, learnt from all cutoffs with labels, the test's too.

    ``customer_id, churn_probability`` (missing where the model cannot be learnt), ``days_since_last, spend,
    expected_orders`` (purchase days expected within the horizon), ``active`` (can still be kept), ``usual_spend``.
    """
    customers = current.customers
    probability = None if learnt is None else learnt.predict(customers).probability
    purchases = learnt.model if isinstance(learnt, LearntPurchases) else current.purchases
    active = customers["days_since_last"] < active_days
    return pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "churn_probability": np.nan if probability is None else probability,
            "days_since_last": customers["days_since_last"],
            "spend": customers["spend"],
            "expected_orders": _expected_orders(purchases, current),
            "active": active,
            "usual_spend": usual_spend(customers, active, current.horizon_days),
        }
    )


def show_scores(found: Study, run: Run) -> Shown:
    """Write the scores and those put forward, and say where; an experiment with own features writes nothing."""
    if found.features:
        words = _("Scores with features of one's own ({names:list}) are an experiment: they are not written.")
        return note(run.say(words, names=list(found.features)))
    run.write("churn_scores", valued_scores(found.scores, found.assumed), by=["customer_id"])
    run.write("campaign_assumptions", assumptions_table(found.assumed), by=["told_by"])
    told = found.candidates.merge(reasons_of(found, run), on="customer_id", how="left")
    run.write("candidates_churn", told, by=["customer_id", "reason"])
    run.write("churn_groups", found.groups, by=["kind", "name"])
    words = _(
        "{n:people} customers are put forward to chapter 05, by expected gain, not risk. All scores are in the private "
        "folder."
    )
    return note(run.say(words, n=found.candidates["customer_id"].nunique()))


def valued_scores(scores: pd.DataFrame, assumed: Assumptions | None) -> pd.DataFrame:
    """Give the table ``churn_scores``: who is not active any more has a usual spend too, and so a value."""
    value = np.nan if assumed is None else assumed.values(scores["usual_spend"])
    return scores[list(SCORE_COLUMNS)].assign(kept_value=value)


def _expected_orders(model: PurchaseModel | None, current: Slice) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if model is None:
        return np.full(len(current.customers), np.nan)
    weeks = current.horizon_days / DAYS_PER_WEEK
    return np.asarray(model.expected_purchases(current.customers, weeks), dtype=float)


def usual_spend(customers: pd.DataFrame, active: pd.Series, horizon_days: int) -> pd.Series:
    """Expect so much money of each customer within a horizon: what was spent so far over the horizons since the first.

    That counts a newcomer's only order in full and adds up to more than a shop of newcomers ever sells: of the active
    together it is held to what all known customers spent in the last horizon, each one's in proportion.
    """
    horizons = np.maximum((customers["days_since_first"] + 1) / horizon_days, 1.0)
    usual = customers["spend"] / horizons
    together, sold = float(usual[active].sum()), float(customers["recent_spend"].sum())
    return usual * (sold / together) if together > sold else usual


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What so many active customers usually spend in a horizon, and how much of it is at risk.

    `largest` is the largest part that one customer has in either (0 to 1).
    """

    value: float
    total: float
    people: int
    largest: float


def sales_at_risk(scores: pd.DataFrame) -> AtRisk:
    """Sum what active customers with a probability usually spend in a horizon, and that times the probability."""
    scored = scores[scores["active"] & scores["churn_probability"].notna()]
    usual = scored["usual_spend"]
    at_risk = usual * scored["churn_probability"]
    largest = max(largest_part(usual), largest_part(at_risk))
    return AtRisk(float(at_risk.sum()), float(usual.sum()), len(scored), largest)
