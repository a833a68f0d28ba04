"""What customers are worth: the purchases and the money to be expected of each within a horizon."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.btyd import fit_spend, lifetime_value, next_purchase_dates, spend_independence
from crmlib.features import purchase_summary
from crmlib.reporting import largest_part
from crmlib.segmentation.value.errors import (
    Floats,
    chance_swings,
    customer_limits,
    share_limits,
    total_limits,
    value_swings,
)
from crmlib.segmentation.value.holdout import MODELS, model_label
from crmlib.stats import Estimate
from crmlib.stats.sampling import sampled

if TYPE_CHECKING:
    from ibis import Table
    from numpy.typing import NDArray

    from crmlib.btyd import GammaGamma, PurchaseModel
    from crmlib.params.segmentation import SegmentationSection

BACK_WITHIN: Final = {"back_early": 0.25, "back_half": 0.5, "back_late": 0.75}
"""Columns of the days by which a customer has bought again with these probabilities."""


@dataclass(frozen=True, slots=True)
class CustomerValue:
    """The models as fitted on everything before ``as_of`` and what they expect of every customer.

    ``customer_id, probability_alive, expected_purchases`` (purchase days within the horizon),
    ``probability_of_purchase, expected_spend`` (money a purchase day), ``lifetime_value`` (discounted margin within the
    horizon) with ``_low`` and ``_high``. The swings (customers × directions of the parameters) say by how much the
    lifetime value and the probability of a purchase move with one standard error. Independence is the rank correlation
    of how often repeat buyers buy and what they spend, which the product of the two models takes to be nought.
    """

    name: str
    purchase_model: PurchaseModel
    spend_model: GammaGamma
    customers: pd.DataFrame
    swings: Floats
    chance_swings: Floats
    independence: Estimate

    @property
    def label(self) -> str:
        """The purchase model as its paper calls it."""
        return model_label(self.name, self.purchase_model)

    @property
    def total(self) -> Estimate:
        """What all customers together are worth within the horizon."""
        everybody = np.ones(len(self.customers), dtype=bool)
        return Estimate(float(self.customers["lifetime_value"].sum()), *_limits(self, everybody), len(everybody))

    @property
    def largest(self) -> float:
        """The largest customer's part of it."""
        return largest_part(self.customers["lifetime_value"])


def histories_before(transactions: Table, as_of: date) -> pd.DataFrame:
    """Summarise each customer's purchases before a date, sorted by ``customer_id``."""
    summary: pd.DataFrame = purchase_summary(transactions, as_of, gaps=True).to_pandas()
    return summary.sort_values("customer_id", ignore_index=True)


def value_customers(summary: pd.DataFrame, section: SegmentationSection, model: str) -> CustomerValue:
    """Fit a purchase model of :data:`MODELS` and the spend model on customers' histories, and value everybody."""
    fitted_on = sampled(summary)
    purchase, spend = MODELS[model].fit(fitted_on), fit_spend(fitted_on)
    horizon = section.lifetime_weeks
    value = lifetime_value(summary, purchase, spend, horizon, section.discount_rate, section.margin)
    swings = value_swings(summary, value.to_numpy(), purchase, spend, horizon)
    low, high = customer_limits(value.to_numpy(), swings)
    customers = pd.DataFrame({
        "customer_id": summary["customer_id"],
        "probability_alive": purchase.probability_alive(summary),
        "expected_purchases": purchase.expected_purchases(summary, horizon),
        "probability_of_purchase": purchase.probability_of_purchase(summary, horizon),
        "expected_spend": spend.expected_spend(summary),
        "lifetime_value": value, "lifetime_value_low": low, "lifetime_value_high": high,
    })  # fmt: skip
    chances = chance_swings(summary, purchase, horizon)
    return CustomerValue(model, purchase, spend, customers, swings, chances, _independence(summary, spend))


def _independence(summary: pd.DataFrame, spend: GammaGamma) -> Estimate:
    repeaters = int(((summary["frequency"] > 0) & (summary["monetary_value"] > 0)).sum())
    return spend_independence(summary, spend, ranks=True) if repeaters > 3 else Estimate.unknown(repeaters)


def with_next_purchase(valued: CustomerValue, summary: pd.DataFrame, as_of: date) -> CustomerValue:
    """Add the days of :data:`BACK_WITHIN`, missing where a customer is less likely than that to come back at all."""
    last_day = as_of - timedelta(days=1)
    back = next_purchase_dates(valued.purchase_model, summary, last_day, list(BACK_WITHIN.values()))
    columns = {name: back[quantile] for name, quantile in BACK_WITHIN.items()}
    columns["days_to_next"] = (columns["back_half"] - pd.Timestamp(last_day)).dt.days.astype("float64")
    return replace(valued, customers=valued.customers.assign(**columns))


def value_by_segment(valued: CustomerValue, segments: pd.Series) -> pd.DataFrame:
    """Say what each segment (a category by ``customer_id``) is worth, with the uncertainty of the model's parameters.

    ``segment, customers, value`` (total), ``value_each`` (mean), ``value_share`` (of all value), ``churn_risk`` (mean
    probability of no purchase), each with ``_low`` and ``_high``; ``purchases`` (expected, mean), ``days_to_next``
    (days within which the typical customer is as likely as not to be back, missing where never), ``largest``
    (customer's part).
    """
    frame = valued.customers.assign(segment=segments.reindex(valued.customers["customer_id"]).to_numpy())
    frame["segment"] = pd.Categorical(frame["segment"], categories=segments.cat.categories, ordered=True)
    grouped = frame.groupby("segment", observed=False)
    table = grouped.agg(
        customers=("customer_id", "size"), value=("lifetime_value", "sum"), purchases=("expected_purchases", "mean"),
        buying=("probability_of_purchase", "mean"), top=("lifetime_value", "max"),
        days_to_next=("days_to_next", lambda days: days.fillna(np.inf).median()),
    ).reset_index()  # fmt: skip
    people = table["customers"].where(table["customers"] > 0)
    table = table.assign(
        days_to_next=table["days_to_next"].replace(np.inf, np.nan),
        churn_risk=1 - table["buying"],
        value_share=table["value"] / table["value"].sum(),
        largest=table["top"] / table["value"].where(table["value"] > 0),
        **_segment_limits(valued, [(frame["segment"] == code).to_numpy() for code in table["segment"]]),
    )
    means = {f"value_each{end}": table[f"value{end}"] / people for end in ("", "_low", "_high")}
    return table.assign(**means).drop(columns=["top", "buying"])


def _segment_limits(valued: CustomerValue, groups: list[NDArray[np.bool_]]) -> dict[str, Floats]:
    value = valued.customers["lifetime_value"].to_numpy()
    total, moved = value.sum(), valued.swings.sum(axis=0)
    limits: dict[str, list[tuple[float, float]]] = {"value": [], "value_share": [], "churn_risk": []}
    for rows in groups:
        limits["value"].append(_limits(valued, rows))
        share = value[rows].sum() / total
        limits["value_share"].append(share_limits(share, (valued.swings[rows].sum(axis=0) - share * moved) / total))
        silent = 1 - valued.customers["probability_of_purchase"].to_numpy()[rows]
        risk, swing = (silent.mean(), valued.chance_swings[rows].mean(axis=0)) if len(silent) else (np.nan, moved)
        limits["churn_risk"].append(share_limits(risk, swing))
    return {
        f"{name}_{end}": np.array(ends) for name, both in limits.items()
        for end, ends in zip(("low", "high"), zip(*both, strict=True), strict=True)
    }  # fmt: skip


def _limits(valued: CustomerValue, rows: NDArray[np.bool_]) -> tuple[float, float]:
    return total_limits(valued.customers["lifetime_value"].to_numpy()[rows], valued.swings[rows])
