"""How a segment differs from all customers: indices with intervals, and only those that are no accident."""

from typing import Final

import ibis
import numpy as np
import pandas as pd

from crmlib.stats.comparisons import benjamini_hochberg

FALSE_DISCOVERIES: Final = 0.05
MOST_VALUES: Final = 15
LEAST_WITH: Final = 30
"""Customers who must have a value at all for it to be compared."""
_NONE_SEEN: Final = 3.688879
"""Garwood's upper end of a count of none, 95 %."""


def segment_counts(rows: ibis.Table, groups: pd.DataFrame) -> pd.DataFrame:
    """Count in the engine what the sums of each segment are made of; several kinds of groups in one pass.

    One row a dimension, value, kind (where the groups have one) and segment, sorted by them: ``units`` (orders with the
    value), ``squares`` (sum over customers of these squared), ``products`` (of these times all of the customer's
    orders), ``people`` (with the value); and of the segment in this dimension ``all_units, all_squares, customers``.
    """
    keys = [name for name in ("kind", "segment") if name in groups]
    names = ["customer_id", *keys]
    known = ibis.memtable(groups[names].astype("object"), schema=dict.fromkeys(names, "string"))
    values = rows.group_by(["dimension", "customer_id", "value"]).agg(own=lambda t: t.count())
    whole = (
        rows.select("dimension", "customer_id", "unit").distinct().group_by(["dimension", "customer_id"])
        .agg(whole=lambda t: t.count())
    )  # fmt: skip
    whole = whole.join(known, "customer_id")
    joined = values.join(whole, ["dimension", "customer_id"])
    parts = joined.group_by(["dimension", "value", *keys]).agg(
        units=joined.own.sum(),
        squares=(joined.own * joined.own).sum(),
        products=(joined.own * joined.whole).sum(),
        people=joined.count(),
    )
    totals = whole.group_by(["dimension", *keys]).agg(
        all_units=whole.whole.sum(), all_squares=(whole.whole * whole.whole).sum(), customers=whole.count()
    )
    counted = parts.join(totals, ["dimension", *keys]).to_pandas()
    return _complete(counted, keys).sort_values(["dimension", "value", *keys], ignore_index=True)


def _complete(counted: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Add the segments that a value does not occur in: nobody there is a number too."""
    totals = ["all_units", "all_squares", "customers"]
    sums = counted[["dimension", *keys, *totals]].drop_duplicates()
    values = counted[["dimension", "value"]].drop_duplicates()
    grid = values.merge(sums, on="dimension")
    whole = grid.merge(counted.drop(columns=totals), on=["dimension", "value", *keys], how="left")
    numbers = ["units", "squares", "products", "people"]
    return whole.fillna(dict.fromkeys(numbers, 0.0)).astype(dict.fromkeys([*numbers, *totals], "float64"))


def segment_indices(counted: pd.DataFrame) -> pd.DataFrame:
    """Compare each segment with all customers, value by value.

    ``dimension, value, segment, people, customers, share, share_all, index`` (100 is as all customers) with ``low,
    high`` (95 %; where nobody has it, 0 and the upper end), ``p`` and ``q`` (Benjamini and Hochberg over all compared),
    ``found`` (q below 0.05).
    """
    return ratio_indices(_compared(counted))


def ratio_indices(frame: pd.DataFrame) -> pd.DataFrame:
    """Compare the ratio of each segment with that of all customers, whatever the ratio is of.

    Takes the columns of :func:`segment_counts`: orders with a value over all orders make a share; money over customers,
    a mean. Gives those of :func:`segment_indices`, in the same order; all rows are compared.

    Notes
    -----
    An order may hold several values of a dimension (categories), so that shares need not add up to one. A share is one
    of orders (of customers, for their attributes); the customer is the sampling unit, so that one who orders often
    counts once as a source of chance. The interval is of the log of the ratio of two ratios, the segment being a part
    of all: linearised (Särndal, Swensson & Wretman 1992, section 5.5). Where a value does not occur in a segment, which
    has no log, the Poisson probability of none counts, the number expected being divided by the design effect of the
    value among all customers (Kish 1965).
    """
    of_value = frame.groupby(["dimension", "value"])
    # a segment's totals are the same in every value, so that sums over segments are those of all customers
    total = of_value[["units", "squares", "products", "all_units", "all_squares"]].transform("sum")
    share = frame["units"] / frame["all_units"]
    overall = total["units"] / total["all_units"]
    spread = _log_variance(frame, total, share, overall)
    log_ratio = np.log(share.where(share > 0) / overall)
    reach = 1.959964 * np.sqrt(spread)
    p = pd.Series(_two_sided(log_ratio / np.sqrt(spread.where(spread > 0))), index=frame.index)
    none = share == 0
    # how many orders were to be expected, those of one customer not counted as independent
    expected = overall * frame["all_units"] / (total["squares"] / total["units"]).clip(lower=1.0)
    p = p.mask(none, np.minimum(2 * np.exp(-expected), 1.0))
    q = benjamini_hochberg(p)
    return frame[["dimension", "value", "segment", "people", "customers"]].assign(
        share=share, share_all=overall, index=(100 * np.exp(log_ratio)).mask(none, 0.0),
        low=(100 * np.exp(log_ratio - reach)).mask(none, 0.0),
        high=(100 * np.exp(log_ratio + reach)).mask(none, 100 * _NONE_SEEN / expected),
        p=p, q=q, found=q < FALSE_DISCOVERIES,
    )  # fmt: skip


def _compared(counted: pd.DataFrame) -> pd.DataFrame:
    """Keep the values that enough customers have, at most the commonest fifteen of a dimension, and at least two."""
    people = counted.groupby(["dimension", "value"])["people"].sum().rename("with").reset_index()
    people = people[people["with"] >= LEAST_WITH].sort_values(
        ["dimension", "with", "value"], ascending=[True, False, True]
    )
    people = people[people.groupby("dimension")["value"].transform("size") > 1]
    kept = people.groupby("dimension").head(MOST_VALUES)[["dimension", "value"]]
    merged = counted.merge(kept, on=["dimension", "value"])
    return merged.sort_values(["dimension", "value", "segment"], ignore_index=True)


def _log_variance(frame: pd.DataFrame, total: pd.DataFrame, share: pd.Series, overall: pd.Series) -> pd.Series:
    """Sum the squared contributions to the log ratio: (y - pm)/Y in the segment less (y - Pm)/Y of all."""
    own = frame["units"].where(frame["units"] > 0)
    inside = (frame["squares"] - 2 * share * frame["products"] + share**2 * frame["all_squares"]) / own**2
    cross = (
        frame["squares"] - (share + overall) * frame["products"] + share * overall * frame["all_squares"]
    ) / (own * total["units"])  # fmt: skip
    outside = (
        total["squares"] - 2 * overall * total["products"] + overall**2 * total["all_squares"]
    ) / total["units"] ** 2  # fmt: skip
    return (inside - 2 * cross + outside).clip(lower=0.0)


def _two_sided(z: pd.Series) -> np.ndarray:
    from scipy.special import ndtr

    return np.asarray(2 * ndtr(-np.abs(z.to_numpy(dtype="float64"))))
