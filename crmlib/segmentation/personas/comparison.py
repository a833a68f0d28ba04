"""In what segments differ from all customers (who, what, when, where, how), and only what is no accident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.reporting import gate, people, rate
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.personas.dimensions import ASPECTS, WHO, described
from crmlib.stats.multiple import benjamini_hochberg

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.segmentation.customers.base import CustomerBase
    from crmlib.segmentation.found.finding import Found
    from crmlib.workspace import Run

NAMED: Final = "named"
FOUND: Final = "found"
"""Kinds of segments: the named ones always, those found in the data where they are proven."""

LEAST_INDEX: Final = 1.1
"""A trait is shown whose interval lies a tenth or more above or below all customers: what is certain may be small."""

FALSE_DISCOVERIES: Final = 0.05
MOST_VALUES: Final = 15
LEAST_WITH: Final = 30
"""Customers who must have a value at all for it to be compared."""
_NONE_SEEN: Final = 3.688879
"""Garwood's upper end of a count of none, 95 %."""


@dataclass(frozen=True, slots=True)
class Personas:
    """In what the segments of each kind differ from all customers; ``None`` where nothing is known of any."""

    groups: pd.DataFrame
    compared: pd.DataFrame | None


def personas(transactions: Table, groups: pd.DataFrame, run: Run) -> Personas:
    """Compare the segments with all customers in everything that the tables of the run say of them."""
    if groups.empty:
        return Personas(groups, None)
    tables = {name: run.table(name) for name in ("customers", "products", "stores") if run.has(name)}
    counted = segment_counts(described(transactions, run.as_of, tables), groups)
    return Personas(groups, None if counted.empty else compared_segments(counted))


def persona_groups(base: CustomerBase, found: Found | None) -> pd.DataFrame:
    """Give each customer the segments of at least two of a kind: ``kind, customer_id, segment``, in their order."""
    none = pd.DataFrame(columns=["kind", "customer_id", "segment"], dtype="str")
    parts = []
    if not base.now.empty:
        named = base.now[["customer_id", "segment"]].sort_values(["segment", "customer_id"])
        named = named.assign(segment=named["segment"].map(segment_label).astype("str"), kind=NAMED)
        parts.append(named[list(none)])
    if found is not None and found.proven:
        named = found.customers.rename(columns={"found_name": "segment"}).sort_values(["segment", "customer_id"])
        parts.append(named.assign(kind=FOUND)[list(none)])
    several = [part for part in parts if len(part["segment"].unique()) > 1]
    return pd.concat(several, ignore_index=True) if several else none


def compared_segments(counted: pd.DataFrame) -> pd.DataFrame:
    """Compare the segments of each kind with all customers as `segment_indices` does, each kind a family of its own."""
    kinds = counted.groupby("kind", sort=False)
    compared = pd.concat({kind: segment_indices(part) for kind, part in kinds}, names=["kind"])
    return compared.reset_index("kind").reset_index(drop=True)


def telling(compared: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Keep the traits that are no accident, surely a tenth or more from all customers, and not of a handful.

    Nor is an attribute told that all but a handful have: it would tell of those few.
    """
    large = (compared["low"] >= 100 * LEAST_INDEX) | (compared["high"] <= 100 / LEAST_INDEX)
    others = compared["customers"] - compared["people"]
    few = _of_people(compared) & (others > 0) & (others < run.fewest)
    return compared[compared["found"] & large & (compared["people"] >= run.fewest) & ~few]


def _of_people(traits: pd.DataFrame) -> pd.Series:
    """Say which traits are attributes of customers, one each, rather than something of their orders."""
    return traits["dimension"].map(ASPECTS) == WHO


def with_rounded_people(traits: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Make the shares of customers' attributes from rounded numbers of people; an exact one would give them away."""
    gated = gate(
        traits[["people", "customers"]], run,
        people("people"), people("customers"), rate("share", per=("people", "customers"), interval=False),
    )  # fmt: skip
    share = traits["share"].mask(_of_people(traits), gated.frame["share"].to_numpy())
    scale = share / traits["share"]
    return traits.assign(share=share, **{name: traits[name] * scale for name in ("index", "low", "high")})


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
    """Compare each segment with all customers, value by value; see `ratio_indices`."""
    return ratio_indices(_compared(counted))


def ratio_indices(frame: pd.DataFrame) -> pd.DataFrame:
    """Compare the ratio of each segment with that of all customers: of orders, a share; of money a customer, a mean.

    Of the columns of :func:`segment_counts` come ``dimension, value, segment, people, customers, share, share_all,
    index`` (100 is as all customers) with ``low, high``, ``p``, ``q`` (Benjamini and Hochberg over all rows) and
    ``found``. The customer is the sampling unit, so that one who orders often counts once as a source of chance. The
    interval is of the log of the ratio of two ratios, the segment being a part of all: linearised (Särndal, Swensson &
    Wretman 1992, section 5.5). Where a value does not occur in a segment, which has no log, the Poisson probability of
    none counts, the number expected being divided by the design effect of the value among all customers (Kish 1965).
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
