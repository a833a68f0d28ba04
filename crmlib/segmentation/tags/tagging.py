"""Who carries which tag, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.params.tags import TagCondition, TagRule
from crmlib.segmentation.tags.fields import field_values
from crmlib.segmentation.tags.history import DATES, History, Matrix

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags at the report's date.

    Attributes
    ----------
    carried
        One row a customer and tag, sorted by both: ``customer_id, tag, since`` (the first of the month ends from which
        the tag has held without a break), ``or_before`` (it held at all thirteen dates, perhaps longer).
    counts
        One row a tag in the order of the rules: ``tag, now, before`` (a period ago), ``gained, lost``.
    limits
        By tag, the figure that each condition compares with, quantiles worked out; in the order of ``all``, then
        ``any``.
    skipped
        By tag that cannot be told from these data, the field that is missing.
    customers, customers_before
        Customers who had bought, now and a period ago.
    values
        The categories and channels that the data have.
    """

    carried: pd.DataFrame
    counts: pd.DataFrame
    limits: dict[str, tuple[float, ...]]
    skipped: dict[str, TagCondition]
    customers: int
    customers_before: int
    values: frozenset[str] = frozenset()


def tag_customers(past: History, rules: Mapping[str, TagRule], window: int) -> Tags:
    """Tell every tag at the report's date and at the twelve month ends before it.

    Quantiles are those of the report's date at all dates, so that a tag comes and goes only through the customer's own
    purchases and the passing of time. Nothing of an earlier run is used: the same data give the same tags.

    Parameters
    ----------
    past
        What customers did month by month.
    rules
        The rules by tag.
    window
        Months that money, orders and shares look back over.
    """
    flags: dict[str, Flags] = {}
    limits: dict[str, tuple[float, ...]] = {}
    skipped: dict[str, TagCondition] = {}
    for tag, rule in rules.items():
        values = {each: field_values(past, each.field, each.of, window) for each in (*rule.all, *rule.any)}
        lacking = next((each for each, figure in values.items() if figure is None), None)
        if lacking is not None:
            skipped[tag] = lacking
            continue
        known = {each: figure for each, figure in values.items() if figure is not None}
        limits[tag] = tuple(_limit(each, known[each]) for each in (*rule.all, *rule.any))
        flags[tag] = _holds(rule, known)
    began = ~np.isnan(_first(past))
    numbers = int(began[:, 0].sum()), int(began[:, 1].sum())
    named = frozenset(str(value) for part in past.parts.values() for value in part["value"].unique())
    return Tags(_carried(past, flags), _counts(flags), limits, skipped, *numbers, named)


def _first(past: History) -> Matrix:
    days = field_values(past, "days_since_first", (), 1)
    assert days is not None  # noqa: S101 - this figure needs nothing of the data
    return days


def _limit(condition: TagCondition, figure: Matrix) -> float:
    if condition.value is not None:
        return condition.value
    today = figure[:, 0]
    today = today[~np.isnan(today)]
    # a limit that is itself observed keeps equal customers on one side
    return float(np.quantile(today, condition.quantile or 0.0, method="inverted_cdf")) if len(today) else np.nan


def _holds(rule: TagRule, values: Mapping[TagCondition, Matrix]) -> Flags:
    def held(condition: TagCondition) -> Flags:
        figure, limit = values[condition], _limit(condition, values[condition])
        compare = {
            "at_least": np.greater_equal, "at_most": np.less_equal, "above": np.greater, "below": np.less,
        }[condition.operator]  # fmt: skip
        # what is not known is no reason for a tag
        return np.asarray(compare(figure, limit) & ~np.isnan(figure))

    shape = next(iter(values.values())).shape
    every = np.ones(shape, dtype=bool)
    for condition in rule.all:
        every &= held(condition)
    if not rule.any:
        return every
    one = np.zeros(shape, dtype=bool)
    for condition in rule.any:
        one |= held(condition)
    return np.asarray(every & one)


def _carried(past: History, flags: Mapping[str, Flags]) -> pd.DataFrame:
    dates = np.array(past.dates, dtype="datetime64[us]")
    parts = []
    for tag, held in flags.items():
        who = np.flatnonzero(held[:, 0])
        # the number of dates from the report's back that hold without a break
        length = np.cumprod(held[who], axis=1).sum(axis=1)
        parts.append(pd.DataFrame({
            "customer_id": past.customers.to_numpy()[who], "tag": tag, "since": dates[length - 1],
            "or_before": length == DATES,
        }))  # fmt: skip
    empty = pd.DataFrame({"customer_id": [], "tag": [], "since": [], "or_before": []})
    carried = pd.concat(parts, ignore_index=True) if parts else empty
    kinds = {"customer_id": "str", "tag": "str", "since": "datetime64[us]", "or_before": "bool"}
    return carried.astype(kinds).sort_values(["customer_id", "tag"], ignore_index=True)


def _counts(flags: Mapping[str, Flags]) -> pd.DataFrame:
    rows = [
        (tag, held[:, 0].sum(), held[:, 1].sum(), (held[:, 0] & ~held[:, 1]).sum(), (~held[:, 0] & held[:, 1]).sum())
        for tag, held in flags.items()
    ]
    frame = pd.DataFrame(rows, columns=["tag", "now", "before", "gained", "lost"])
    return frame.astype(dict.fromkeys(["now", "before", "gained", "lost"], "int64"))
