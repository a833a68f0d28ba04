"""Who of the list is contacted and who is left out at random, drawn so that anybody can draw again and get the same."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import pandas as pd

from crmlib.stats.sizing import control_share

if TYPE_CHECKING:
    from collections.abc import Iterable

CONTACT: Final = "contact"
CONTROL: Final = "control"
BANDS: Final = 4
"""Value bands an action is split into, each with as many customers."""


class Rule(Protocol):
    """What is read of a row of the action table: whether some of its customers are left out."""

    @property
    def reason(self) -> str: ...  # noqa: D102

    @property
    def action(self) -> str: ...  # noqa: D102

    @property
    def control(self) -> bool: ...  # noqa: D102


def draw_arms(
    rows: pd.DataFrame, rules: Iterable[Rule], *,
    seed: int, period: str, share: float | None = None, kept: pd.Series | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Draw who is left out, within each action and band of value, and say all that it takes to draw again.

    Parameters
    ----------
    rows
        The list, one row a customer: ``customer_id, action, reason, value_at_stake``, and for the sized share
        ``churn_probability, effect`` where they are known.
    rules
        The action table; only of actions with ``control`` somebody is left out.
    seed, period
        What the draw hangs on beside the pseudonyms: neither on the order of the rows nor on who else is listed, but
        for the bands and how many of each are left out.
    share
        Share to leave out; sized where not given, one share for the whole list.
    kept
        Arm by customer of those whom an earlier list drew and whose horizon is not over: they keep it.

    Returns
    -------
    pandas.DataFrame
        ``arm``, ``stratum`` (empty where nobody is left out, or the arm was kept), ``control_share``; indexed as the
        rows.
    """
    controlled = {(rule.reason, rule.action) for rule in rules if rule.control}
    earlier = rows["customer_id"].map(pd.Series(dtype="str") if kept is None else kept)
    pairs = zip(rows["reason"], rows["action"], strict=True)
    may_be_left_out = pd.Series([pair in controlled for pair in pairs], index=rows.index, dtype="bool")
    drawn = rows[may_be_left_out & earlier.isna()]
    part = sized_share(drawn) if share is None else share
    found = pd.DataFrame({"arm": CONTACT, "stratum": "", "control_share": 0.0}, index=rows.index)
    found["arm"] = found["arm"].mask(may_be_left_out & earlier.notna(), earlier)
    found.loc[drawn.index, "stratum"] = strata(drawn)
    found.loc[drawn.index, "control_share"] = part
    left_out = left_out_of(drawn["customer_id"], found.loc[drawn.index, "stratum"], part, seed=seed, period=period)
    found.loc[drawn.index, "arm"] = np.where(left_out, CONTROL, CONTACT)
    return found


def sized_share(rows: pd.DataFrame) -> float:
    """Size the share to leave out of a list by the chance that its customers stay away and the effect expected."""
    means = rows.reindex(columns=["churn_probability", "effect"]).astype("float64").mean()
    return control_share(len(rows), means["churn_probability"], means["effect"])


def strata(rows: pd.DataFrame) -> pd.Series:
    """Name the action and the band of value at stake of each row, the most valuable band first."""
    value = rows["value_at_stake"].astype("float64").fillna(0.0)
    # customers of the same value stand by their pseudonyms, not by the order of the rows
    order = rows.assign(value=-value).sort_values(["value", "customer_id"]).groupby("action", sort=False).cumcount()
    size = rows.groupby("action")["customer_id"].transform("size")
    band = (order.reindex(rows.index) * BANDS) // size + 1
    return rows["action"].astype("str") + " / " + band.astype("str")


def left_out_of(customers: pd.Series, stratum: pd.Series, share: float, *, seed: int, period: str) -> pd.Series:
    """Draw who is left out: within each stratum the first in the order of a keyed hash, over all the exact share.

    Rounding is carried on from stratum to stratum, so that every stratum has its share within one customer and the list
    within a half.
    """
    drawn = pd.DataFrame({"stratum": stratum.astype("str"), "draw": keyed_order(customers, seed=seed, period=period)})
    drawn = drawn.sort_values(["stratum", "draw"], kind="stable")
    places = pd.Series(np.arange(1, len(drawn) + 1), index=drawn.index)
    ends = places.groupby(drawn["stratum"]).transform("max")
    starts = ends - drawn.groupby("stratum")["draw"].transform("size")
    wanted = np.floor(ends * share + 0.5) - np.floor(starts * share + 0.5)
    return (places - starts <= wanted).reindex(customers.index)


def keyed_order(customers: pd.Series, *, seed: int, period: str) -> pd.Series:
    """Give each pseudonym its place in the draw of a period: a keyed hash (BLAKE2), as hexadecimal text."""
    key = f"{seed}/{period}".encode()[:64]
    hashes = [blake2b(str(customer).encode(), key=key, digest_size=16).hexdigest() for customer in customers]
    return pd.Series(hashes, index=customers.index, dtype="str")
