"""Whom chapter 02 would contact, and why: candidates for the lists of chapter 05."""

from collections.abc import Collection
from typing import Final

import pandas as pd

LEFT_BEST: Final = "left_best_segment"
SECOND_PURCHASE: Final = "second_purchase"
AT_RISK: Final = "valuable_at_risk"


def candidates(
    customers: pd.DataFrame, migration: pd.DataFrame | None, missed: Collection[str] = ("cant_lose",)
) -> pd.DataFrame:
    """List customers with the reason to contact them and how urgent it is.

    Parameters
    ----------
    customers
        One row a customer with ``customer_id, segment, lifecycle, spend, days_since_last, purchase_days,
        limit_at_risk`` and, where the value models could be fitted, ``lifetime_value, probability_of_purchase``.
    migration
        From :func:`crmlib.segmentation.customers.migration.segment_migration`; ``None`` where there is no last period.
    missed
        The segments whose customers used to buy often and much and are long not seen.

    Returns
    -------
    pandas.DataFrame
        One row a customer and reason, sorted by both: ``customer_id, reason, score``. The score is the money at stake:
        what they have spent so far; for a second purchase the customer's lifetime value where it is known; for the
        valuable who are at risk what they have spent, weighed with the probability that they do not come by themselves.

    Notes
    -----
    Reasons: ``left_best_segment`` (fell out of the best segment since a month earlier), ``second_purchase``
    (bought once, and the usual time for the second purchase is running out), ``valuable_at_risk`` (in the segment
    that used to buy often and much and is long not seen, and not yet given up as lost).

    Examples
    --------
    >>> customers = pd.DataFrame({
    ...     "customer_id": ["a", "b"], "segment": ["cant_lose", "first_timers"], "lifecycle": ["at_risk", "new"],
    ...     "spend": [900.0, 20.0], "days_since_last": [200, 60], "purchase_days": [9, 1],
    ...     "limit_at_risk": [90.0, 100.0]})
    >>> candidates(customers, None)[["customer_id", "reason", "score"]]
      customer_id            reason  score
    0           a  valuable_at_risk  900.0
    1           b   second_purchase   20.0
    """
    stake = customers["lifetime_value"] if "lifetime_value" in customers else customers["spend"]
    silent = 1 - customers["probability_of_purchase"] if "probability_of_purchase" in customers else 1.0
    waited = customers["days_since_last"] / customers["limit_at_risk"]
    once = (customers["purchase_days"] == 1) & (waited > 0.5) & (waited <= 1)
    at_risk = customers["segment"].isin(missed) & (customers["lifecycle"].astype("object") != "lost")
    parts = [
        _listed(customers, once, SECOND_PURCHASE, stake),
        _listed(customers, at_risk, AT_RISK, customers["spend"] * silent),
    ]
    if migration is not None:
        left = customers["customer_id"].isin(migration.loc[migration["left_best"], "customer_id"])
        parts.append(_listed(customers, left, LEFT_BEST, customers["spend"]))
    return pd.concat(parts).sort_values(["customer_id", "reason"], ignore_index=True)


def _listed(customers: pd.DataFrame, who: pd.Series, reason: str, score: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": customers.loc[who, "customer_id"],
            "reason": pd.Series(reason, index=customers.index[who], dtype="str"),
            "score": score[who].astype("float64"),
        }
    )
