"""In what the customers of each segment differ from all: who they are, what, when, where and how they buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import gate, people, rate
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.personas.dimensions import ASPECTS, WHO, described
from crmlib.segmentation.personas.index import segment_counts, segment_indices

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


@dataclass(frozen=True, slots=True)
class Personas:
    """In what the segments of each kind differ from all customers.

    Attributes
    ----------
    groups
        ``kind, customer_id, segment``, in the order of the segments; from :func:`persona_groups`.
    compared
        From :func:`compared_segments`; ``None`` where nothing is known of any customer.
    """

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
    """Give each customer the segments whose personas are shown: ``kind, customer_id, segment``, in their order.

    Of each kind (:data:`NAMED`, :data:`FOUND`) there are at least two segments, or none.
    """
    none = pd.DataFrame(columns=["kind", "customer_id", "segment"], dtype="str")
    parts = [none if base.now.empty else _named_groups(base)]
    if found is not None and found.proven:
        named = found.customers.rename(columns={"found_name": "segment"}).sort_values(["segment", "customer_id"])
        parts.append(named.assign(kind=FOUND)[list(none)])
    several = [part for part in parts if len(part["segment"].unique()) > 1]
    return pd.concat(several, ignore_index=True) if several else none


def _named_groups(base: CustomerBase) -> pd.DataFrame:
    named = base.now[["customer_id", "segment"]].sort_values(["segment", "customer_id"])
    named = named.assign(segment=named["segment"].map(segment_label).astype("str"))
    return named.assign(kind=NAMED)[["kind", "customer_id", "segment"]]


def compared_segments(counted: pd.DataFrame) -> pd.DataFrame:
    """Compare the segments of each kind with all customers; each kind is a family of comparisons of its own.

    Takes what `segment_counts` gives and returns what `segment_indices` does, with ``kind`` first.
    """
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
