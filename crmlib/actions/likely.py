"""Who may be called likely to leave: nobody whom the score of chapter 03 gives little risk, whoever names them."""

from typing import Final

import pandas as pd

SAY_LIKELY: Final = ("likely_to_leave", "valuable_at_risk")
"""Reasons that call a customer likely to leave."""


def likely_enough(candidates: pd.DataFrame, customers: pd.DataFrame, least_risk: float) -> pd.DataFrame:
    """Leave out who is called likely to leave though the probability to buy nothing is not above the least risk.

    A segment is a place among the shop's own customers: where all of them come every week, somebody is the longest
    unseen all the same. Customers without a probability stay.

    Parameters
    ----------
    candidates
        ``customer_id, reason, score`` of a chapter.
    customers
        One row a customer with ``customer_id, churn_probability``.
    least_risk
        Probability above which a customer may be called likely to leave.

    Examples
    --------
    >>> put_forward = pd.DataFrame({"customer_id": ["a", "b"], "reason": "valuable_at_risk", "score": [9.0, 5.0]})
    >>> known = pd.DataFrame({"customer_id": ["a", "b"], "churn_probability": [0.01, 0.8]})
    >>> likely_enough(put_forward, known, 0.5)["customer_id"].tolist()
    ['b']
    """
    risk = candidates["customer_id"].map(customers.set_index("customer_id")["churn_probability"]).astype("float64")
    return candidates[~(candidates["reason"].isin(SAY_LIKELY) & (risk <= least_risk))].reset_index(drop=True)
