"""Whom to contact and why: one row a customer, by the first rule of the action table that is met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from crmlib.params.actions import ActionRule
from crmlib.privacy.rules import DOMINANCE, largest_part

COLUMNS = [
    "priority",
    "customer_id",
    "segment",
    "lifecycle",
    "lifetime_value",
    "churn_probability",
    "reason",
    "action",
    "channel",
]


def contact_list(
    candidates: Sequence[pd.DataFrame], customers: pd.DataFrame, rules: Sequence[ActionRule], at_most: int
) -> pd.DataFrame:
    """Decide whom the team contacts this month, for which reason and with which action.

    Parameters
    ----------
    candidates
        Frames ``customer_id, reason, score`` that the chapters wrote; a higher score is more urgent within a reason.
    customers
        One row a customer with ``customer_id`` and any of ``segment, lifecycle, lifetime_value, churn_probability``.
    rules
        The action table: a customer with several reasons is listed once, under the rule that comes first. Reasons
        without a rule lead to no action.
    at_most
        The longest list the team can work on.

    Returns
    -------
    pandas.DataFrame
        ``priority`` (1 is first), ``customer_id``, what is known of the customer, ``reason, action, channel``; empty
        columns where a chapter had nothing to say.

    Raises
    ------
    KeyError
        If a frame of candidates lacks one of its three columns.

    Examples
    --------
    >>> rules = [ActionRule(reason="open_complaint", action="Call back"), ActionRule(reason="leaving", action="Write")]
    >>> found = pd.DataFrame(
    ...     {"customer_id": ["a", "b", "b"], "reason": ["leaving", "leaving", "open_complaint"], "score": [0.9, 0.8, 1]}
    ... )
    >>> contact_list([found], pd.DataFrame({"customer_id": ["a", "b"]}), rules, 10)[["customer_id", "action"]]
      customer_id     action
    0           b  Call back
    1           a      Write
    """
    table = pd.DataFrame(
        [(i, rule.reason, rule.action, rule.channel) for i, rule in enumerate(rules)],
        columns=["rank", "reason", "action", "channel"],
    )
    frames = [frame[["customer_id", "reason", "score"]] for frame in candidates if len(frame)]
    if not frames:
        return pd.DataFrame(columns=COLUMNS)
    found = pd.concat(frames, ignore_index=True).merge(table, on="reason", how="inner")
    urgent_first = found.sort_values(["rank", "score", "customer_id"], ascending=[True, False, True], kind="stable")
    chosen = urgent_first.drop_duplicates("customer_id").head(at_most)
    listed = chosen.merge(customers, on="customer_id", how="left", suffixes=("", "_known"))
    return listed.assign(priority=range(1, len(listed) + 1)).reindex(columns=COLUMNS)


def list_by_reason(listed: pd.DataFrame) -> pd.DataFrame:
    """Count the list by reason, in the order of the action table.

    Returns
    -------
    pandas.DataFrame
        ``reason, action, channel, customers, value`` (sum of the lifetime values, missing where none is known),
        ``valued`` (how many are known), ``largest`` (the largest customer's part of the value).
    """
    values = listed.assign(lifetime_value=listed["lifetime_value"].astype("float64"))
    grouped = values.groupby(["reason", "action", "channel"], sort=False, dropna=False)
    counted = grouped.agg(
        customers=("customer_id", "size"),
        value=("lifetime_value", lambda known: known.sum(min_count=1)),
        valued=("lifetime_value", "count"),
        largest=("lifetime_value", largest_part),
    )
    return counted.reset_index()


@dataclass(frozen=True, slots=True)
class Worth:
    """What listed customers are expected to spend together.

    Attributes
    ----------
    value
        Sum of the lifetime values, ``None`` where none is known.
    people
        How many are known.
    largest
        The largest customer's part.
    """

    value: float | None
    people: int
    largest: float

    @property
    def basis(self) -> int | None:
        """How many people the money may be said to rest on: one, where one brings most; of nothing known, no one."""
        if self.value is None:
            return None
        return self.people if self.largest <= DOMINANCE else min(self.people, 1)


def worth_of(listed: pd.DataFrame) -> Worth:
    """Sum the lifetime values of listed customers; of nothing known the sum is unknown.

    Examples
    --------
    >>> worth_of(pd.DataFrame({"lifetime_value": [3.0, 5.0, None]}))
    Worth(value=8.0, people=2, largest=0.625)
    >>> worth_of(pd.DataFrame({"lifetime_value": [None, None]})).value is None
    True
    """
    known = listed["lifetime_value"].astype("float64").dropna()
    return Worth(float(known.sum()) if len(known) else None, len(known), largest_part(known))


def candidates_by_reason(candidates: Mapping[str, pd.DataFrame], rules: Sequence[ActionRule]) -> pd.DataFrame:
    """Count the customers each chapter put forward, and whether a rule acts on the reason.

    Returns
    -------
    pandas.DataFrame
        ``chapter, reason, customers, acted_on``.
    """
    acted_on = {rule.reason for rule in rules}
    rows = [
        (chapter, reason, frame.loc[frame.reason == reason, "customer_id"].nunique(), reason in acted_on)
        for chapter, frame in candidates.items()
        for reason in sorted(frame.reason.unique())
    ]
    return pd.DataFrame(rows, columns=["chapter", "reason", "customers", "acted_on"])
