"""Segments from the order lines to the proof: looked for before a cutoff, kept, and judged by what came after."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from ibis import Table
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from crmlib.features import before, purchases
from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.found.behaviour import Behaviour, behaviour
from crmlib.segmentation.found.choosing import Choice, choose
from crmlib.segmentation.found.naming import Mark, marks, segment_code, segment_name
from crmlib.segmentation.found.partitions import KMEANS, MIXTURE, WARD, Labels, Matrix, Partition
from crmlib.segmentation.found.profile import indices, sizes
from crmlib.segmentation.found.proof import FOUND, Afterwards, Proof, afterwards, prove, rivals
from crmlib.segmentation.found.recipe import Recipe, make_recipe
from crmlib.segmentation.purchase_details import known_details
from crmlib.segmentation.series_state import keep, read_as
from crmlib.workspace import Run

FILE = "found_segments.json"
LEAST_CUSTOMERS: Final = 200
LEAST_CHOOSING: Final = 100
CLOUDS: Final = "clearest of all candidates"
"""How candidates are compared with clouds; segments kept under another rule are looked for anew."""
CHOOSERS: Final = 3
"""One customer in so many takes part in choosing; the others are the proof."""


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Segments fixed on a reference date: only what was done before ``cutoff`` formed them.

    With other settings (what they hang on besides the data) they are looked for anew. The recipe is that of the chosen
    method's space, groups stand from the largest to the smallest, and of each group the marks make its name.
    """

    cutoff: date
    settings: dict[str, Any]
    recipe: Recipe
    choice: Choice
    marks: tuple[tuple[Mark, ...], ...]

    @property
    def groups(self) -> int:
        """The number of segments; 1 where none are stable."""
        return self.choice.partition.groups if self.choice.partition else 1

    @property
    def mixed(self) -> bool:
        """Whether they are told by customers' main values, and not by how their orders are divided."""
        return self.choice.partition is not None and self.choice.partition.method == WARD

    def place(self, seen: Behaviour) -> Matrix:
        """Place customers in the space of the chosen method."""
        return self.recipe.components(seen.mains() if self.mixed else seen)

    def assign(self, seen: Behaviour) -> Labels:
        """Give each customer's segment, from 0, the largest at the reference date first."""
        if self.choice.partition is None:
            raise ValueError("there are no stable segments to assign customers to")
        return self.choice.partition.assign(self.place(seen))


def read_segments(file: Path) -> Segmentation | None:
    """Read segments that an earlier run kept; nothing where none are kept."""
    return read_as(file, _segmentation) if file.exists() else None


def _segmentation(stored: dict[str, Any]) -> Segmentation:
    try:
        return TypeAdapter(Segmentation).validate_python(stored)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error


@dataclass(frozen=True)
class Found:
    """The segments found in the data, with everything that the page says of them.

    Customers are those of the report's date, one row each: the amounts of `AMOUNTS`, and where segments are stable
    ``found_segment`` (a letter) and ``found_name``; ``seen`` is their behaviour. The proof is what the segments tell of
    the ``horizon_days`` from ``proof_from`` on; ``None`` where there are none.
    """

    segments: Segmentation
    customers: pd.DataFrame
    seen: Behaviour
    proof: Proof | None
    proof_from: date
    horizon_days: int

    @property
    def proven(self) -> bool:
        """Whether the segments tell later behaviour better than the named ones in something."""
        return self.proof is not None and bool(self.proof.ahead_of_rfm)

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """Sizes of the segments and what their customers did (:func:`crmlib.segmentation.found.profile.sizes`)."""
        return sizes(self.customers)

    @cached_property
    def indices(self) -> pd.DataFrame:
        """Each feature as an index against all customers (:func:`crmlib.segmentation.found.profile.indices`)."""
        labels = self.customers["found_segment"].map(ord).to_numpy() - ord(segment_code(0))
        return indices(self.segments.recipe, self.seen.mains() if self.segments.mixed else self.seen, labels)


def found_segments(transactions: Table, run: Run, base: CustomerBase | None = None) -> Found | None:
    """Take the series' segments, or look for them in what was done before the last horizon, and judge them by it.

    Nothing where fewer than 200 customers had bought before the cutoff; of very many a sample forms the segments and
    judges them, and all are assigned. Deleting ``found_segments.json`` in the series'
    state sets the segments anew.
    """
    products = run.table("products") if run.has("products") else None
    orders = run.table("orders")
    cutoff, horizon = proof_period(orders, run)
    marks = known_details(orders, cutoff)
    earlier = behaviour(transactions, cutoff, products, marks).sampled()
    if len(earlier) < LEAST_CUSTOMERS:
        return None
    later = afterwards(transactions, earlier.customers["customer_id"], cutoff, horizon, products)
    segments = fixed_segments(earlier, later, cutoff, run)
    now = behaviour(transactions, run.as_of, products, marks)
    if segments.choice.partition is None:
        return Found(segments, now.customers, now, None, cutoff, horizon)
    proving = ~choosers(earlier.customers["customer_id"])
    labels = {FOUND: segments.assign(earlier)}
    labels |= rivals(earlier.customers, segments.groups, run.params.segmentation, _named_limits(base))
    proof = prove(
        {name: groups[proving] for name, groups in labels.items()}, later.rows(proving), run.params.segmentation.seed
    )
    assigned = segments.assign(now)
    names = [segment_name(group, named) for group, named in enumerate(segments.marks)]
    customers = now.customers.assign(
        found_segment=[segment_code(group) for group in assigned], found_name=[names[group] for group in assigned]
    )
    return Found(segments, customers, now, proof, cutoff, horizon)


def _named_limits(base: CustomerBase | None) -> tuple[float, float]:
    """Give the days without a purchase beyond which no named segment is recent, and every one is away."""
    if base is None or base.measure is None or base.measure.limits is None:
        return inf, inf
    recent, away = base.measure.limits.newcomer[:2]
    return recent, away


def proof_period(transactions: Table, run: Run) -> tuple[date, int]:
    """Give the cutoff and the days after it: the horizon of the parameters, at most a quarter of the history."""
    first = purchases(before(transactions, run.as_of)).ordered_at.min().to_pandas()
    history = 0 if pd.isna(first) else (pd.Timestamp(run.as_of) - pd.Timestamp(first).normalize()).days
    horizon = max(1, min(run.params.segmentation.found.horizon_days, history // 4))
    return run.as_of - timedelta(days=horizon), horizon


def choosers(customers: pd.Series) -> NDArray[np.bool_]:
    """Say who takes part in choosing segments: one customer in three, by a hash of the pseudonym, in every period."""
    hashed = pd.util.hash_array(customers.to_numpy(dtype=object), categorize=False)
    return np.asarray(hashed % CHOOSERS == 0)


def fixed_segments(earlier: Behaviour, later: Afterwards, cutoff: date, run: Run) -> Segmentation:
    """Take the segments that the series keeps, or look for them and keep them.

    Segments formed after the cutoff are not used (they would know what they are to prove), nor written over while the
    parameters ask for the same.
    """
    settings = _settings(earlier, run)
    file = run.state_dir / FILE
    known = read_segments(file)
    same = known is not None and known.settings == settings
    if known is not None and same and known.cutoff <= cutoff and (known.groups > 1 or known.cutoff == cutoff):
        return known
    looked = look(earlier, later, cutoff, run.params.segmentation, settings)
    if known is None or not same or known.cutoff <= cutoff:
        keep(looked, file)
    return looked


def _settings(earlier: Behaviour, run: Run) -> dict[str, Any]:
    section = run.params.segmentation
    return {
        "rules": section.found.model_dump(mode="json"),
        "clouds": CLOUDS,
        "seed": section.seed,
        "parts": sorted(earlier.parts),
        "flags": [name for name in ("promotion", "weekend") if name in earlier.customers],
    }


def look(
    earlier: Behaviour, later: Afterwards, cutoff: date, section: SegmentationSection, settings: dict[str, Any]
) -> Segmentation:
    """Look for segments in what customers did before the cutoff; of what came later only those who choose are seen."""
    shares = make_recipe(earlier)
    telling = {feature.name.split(": ", 1)[0] for feature in shares.entering if ": " in feature.name}
    mixed = make_recipe(earlier.mains(telling))
    placed = shares.components(earlier)
    spaces = {KMEANS: placed, MIXTURE: placed, WARD: mixed.components(earlier.mains())}
    who = np.flatnonzero(choosers(earlier.customers["customer_id"]))
    known = (who, later.rows(who)) if len(who) >= LEAST_CHOOSING else None
    choice = choose(spaces, section.found, section.seed, known)
    if choice.partition is None:
        return Segmentation(cutoff, settings, shares, choice, ())
    labels = choice.partition.assign(spaces[choice.partition.method])
    order = np.argsort(-np.bincount(labels, minlength=choice.partition.groups), kind="stable")
    choice = Choice(choice.candidates, _ordered(choice.partition, order))
    renamed = np.argsort(order)[labels]
    recipe = mixed if choice.partition is not None and choice.partition.method == WARD else shares
    return Segmentation(cutoff, settings, recipe, choice, marks(shares, earlier, renamed))


def _ordered(partition: Partition, order: NDArray[np.int64]) -> Partition:
    return replace(
        partition,
        centres=tuple(partition.centres[group] for group in order),
        variances=tuple(partition.variances[group] for group in order) if partition.variances else (),
        shares=tuple(partition.shares[group] for group in order) if partition.shares else (),
    )
