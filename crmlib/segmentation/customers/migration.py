"""How customers moved between segments since the last period: counts, shares with intervals, and money."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.segmentation.customers.segments import BEST, CODES
from crmlib.stats.intervals import proportions

NOT_YET: Final = "not_yet"
"""Where those stood who had not bought before the last period's end."""


def moves(previous: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Put each customer's segment at the end of the last period beside today's.

    Parameters
    ----------
    previous, current
        One row a customer with ``customer_id, segment, spend``, measured with the same cut points.

    Returns
    -------
    pandas.DataFrame
        One row a customer of today: ``customer_id, was`` (:data:`NOT_YET` for a first purchase since), ``now,
        spend_before`` (up to the last period), ``spend_since`` (in this one), ``left_best`` (was in one of the best
        segments and is not).

    Examples
    --------
    >>> then = pd.DataFrame({"customer_id": ["a"], "segment": ["champions"], "spend": [90.0]})
    >>> today = pd.DataFrame({"customer_id": ["a", "b"], "segment": ["cant_lose", "promising"], "spend": [90.0, 5.0]})
    >>> moves(then, today)[["customer_id", "was", "now", "left_best"]]
      customer_id        was        now  left_best
    0           a  champions  cant_lose       True
    1           b    not_yet  promising      False
    """
    before = previous[["customer_id", "segment", "spend"]].rename(columns={"segment": "was", "spend": "spend_before"})
    now = current[["customer_id", "segment", "spend"]].rename(columns={"segment": "now"})
    joined = now.merge(before, on="customer_id", how="left")
    was = joined["was"].astype("object").where(joined["was"].notna(), NOT_YET)
    spend_before = joined["spend_before"].fillna(0.0)
    return pd.DataFrame(
        {
            "customer_id": joined["customer_id"],
            "was": pd.Categorical(was, categories=[*CODES, NOT_YET], ordered=True),
            "now": pd.Categorical(joined["now"].astype("object"), categories=list(CODES), ordered=True),
            "spend_before": spend_before,
            "spend_since": joined["spend"] - spend_before,
            "left_best": was.isin(BEST) & ~joined["now"].isin(BEST),
        }
    )


def migration_matrix(moved: pd.DataFrame) -> pd.DataFrame:
    """Count the moves between segments.

    Returns
    -------
    pandas.DataFrame
        One row a pair: ``was, now, customers``, ``share`` of those who were there with ``low, high`` (Wilson),
        ``spend_before`` (what those who moved had spent until then: the money that moved), ``spend_since``, and
        ``largest_before, largest_since`` (the largest customer's part of either).
    """
    grouped = moved.groupby(["was", "now"], observed=False)
    pairs = grouped.agg(
        customers=("customer_id", "size"), spend_before=("spend_before", "sum"), spend_since=("spend_since", "sum"),
        top_before=("spend_before", "max"), top_since=("spend_since", "max"),
    ).reset_index()  # fmt: skip
    whole = pairs.groupby("was", observed=False)["customers"].transform("sum")
    share = proportions(pairs["customers"].to_numpy(), whole.to_numpy())
    largest = {
        f"largest_{when}": pairs[f"top_{when}"] / pairs[f"spend_{when}"].where(pairs[f"spend_{when}"] > 0)
        for when in ("before", "since")
    }
    pairs = pairs.assign(share=share["value"], low=share["low"], high=share["high"], were=np.asarray(whole), **largest)
    return pairs.drop(columns=["top_before", "top_since"])
