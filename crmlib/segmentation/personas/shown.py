"""Personas: what sets each segment apart, as cards; what does not fit on them, and the found segments, folded."""

from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, folded, insufficient, note, show_all, table
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.personas import sentences
from crmlib.segmentation.personas.cards import on_a_card, show_cards
from crmlib.segmentation.personas.dimensions import ASPECTS, described
from crmlib.segmentation.personas.index import segment_counts, segment_indices
from crmlib.segmentation.personas.wording import persona_label
from crmlib.words import _
from crmlib.workspace import MissingTableError, Run

NAMED: Final = "named"
FOUND: Final = "found"
"""Kinds of segments: the named ones always, those found in the data where they are proven."""

LEAST_INDEX: Final = 1.1
"""A trait is shown whose interval lies a tenth or more above or below all customers: what is certain may be small."""

MOST_LISTED: Final = 60


def show_personas(base: CustomerBase, transactions: Any, run: Run) -> Shown:
    """Show what sets the customers of each segment apart from all: who, what, when, where, how; write ``personas``.

    The named segments have a card each. Those found in the data have theirs folded behind them, where this run has
    found some that tell later behaviour better than the named ones in something (the table ``found_segments``).

    Parameters
    ----------
    base
        The customer base with the named segments.
    transactions
        The clean table (Ibis).
    run
        The run.
    """
    groups = persona_groups(base, run)
    if groups.empty:
        return _nothing(_("fewer than two segments"))
    tables = {name: run.table(name) for name in ("customers", "products", "stores") if run.has(name)}
    counted = segment_counts(described(transactions, run.as_of, tables), groups)
    if counted.empty:
        return _nothing(_("no order of a known customer"))
    compared = compared_segments(counted)
    run.write("personas", compared, by=["kind", "segment", "dimension", "value"])
    if telling(compared, run).empty:
        return _nothing(_("no difference between segments of a tenth or more that is not chance"))
    # how a card is read is said once, under those that are open
    named = _cards(NAMED, groups, compared, run, also=_read_by(compared, run))
    found = _cards(FOUND, groups, compared, run, also=[] if named else _read_by(compared, run))
    if not named:
        return show_all(*found)
    aside = [folded(_("The same for the segments found in the data"), *found)] if found else []
    return show_all(*named, *aside)


def _read_by(compared: pd.DataFrame, run: Run) -> list[str]:
    tiers = bool((telling(compared, run)["dimension"] == "tier").any())
    return [sentences.reading(tiers=tiers), *sentences.covered(list(compared["dimension"].unique()))]


def compared_segments(counted: pd.DataFrame) -> pd.DataFrame:
    """Compare the segments of each kind with all customers; each kind is a family of comparisons of its own.

    Parameters
    ----------
    counted
        From :func:`crmlib.segmentation.personas.index.segment_counts`, with ``kind``.

    Returns
    -------
    pandas.DataFrame
        From :func:`crmlib.segmentation.personas.index.segment_indices`, with ``kind`` first.
    """
    parts = []
    for kind, part in counted.groupby("kind", sort=False):
        each = segment_indices(part)
        each.insert(0, "kind", kind)
        parts.append(each)
    return pd.concat(parts, ignore_index=True)


def _cards(kind: str, groups: pd.DataFrame, compared: pd.DataFrame, run: Run, *, also: list[str]) -> list[Shown]:
    """Show the cards of the segments of one kind, what they are made of, and folded what does not fit on them."""
    groups, compared = groups[groups["kind"] == kind], compared[compared["kind"] == kind]
    traits = telling(compared, run)
    if traits.empty:
        return [note(sentences.no_cards(), *also)] if kind == NAMED and len(groups) else []
    data = _disclosed(traits, list(dict.fromkeys(groups["segment"])), run)
    dimensions = list(compared["dimension"].unique())
    said = [*sentences.alike(data.frame, groups, dimensions), sentences.comparisons(data.frame, compared), *also]
    further = _further(data)
    aside = [] if further is None else [folded(_("Further traits, for which the cards have no room"), further)]
    return [*show_cards(data, groups, run), note(*said), *aside]


def telling(compared: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Keep the traits that are no accident, surely a tenth or more from all customers, and not of a handful.

    Nor is an attribute told that all but a handful have: it would tell of those few.
    """
    large = (compared["low"] >= 100 * LEAST_INDEX) | (compared["high"] <= 100 / LEAST_INDEX)
    others = compared["customers"] - compared["people"]
    few = _of_people(compared) & (others > 0) & (others < run.rules.threshold)
    return compared[compared["found"] & large & (compared["people"] >= run.rules.threshold) & ~few]


def _of_people(traits: pd.DataFrame) -> pd.Series:
    """Say which traits are attributes of customers, one each, rather than something of their orders."""
    return traits["dimension"].map(ASPECTS) == "who"


def with_rounded_people(traits: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Make the shares of customers' attributes from rounded numbers of people; an exact one would give them away."""
    people, known = (traits[name].map(run.rules.rounded) for name in ("people", "customers"))
    share = (people / known).clip(upper=1.0).where(_of_people(traits), traits["share"])
    scale = share / traits["share"]
    return traits.assign(share=share, **{name: traits[name] * scale for name in ("index", "low", "high")})


def persona_groups(base: CustomerBase, run: Run) -> pd.DataFrame:
    """Give each customer the segments whose personas are shown: ``kind, customer_id, segment``, in their order.

    Of each kind (:data:`NAMED`, :data:`FOUND`) there are at least two segments, or none.
    """
    parts = [_named_groups(base), _found_groups(run)]
    kept = [part for part in parts if len(part["segment"].unique()) > 1]
    return pd.concat(kept, ignore_index=True) if kept else parts[0].head(0)


def _named_groups(base: CustomerBase) -> pd.DataFrame:
    if base.now.empty:
        return pd.DataFrame(columns=["kind", "customer_id", "segment"], dtype="str")
    named = base.now[["customer_id", "segment"]].sort_values(["segment", "customer_id"])
    named = named.assign(segment=named["segment"].map(segment_label).astype("str"))
    return named.assign(kind=NAMED)[["kind", "customer_id", "segment"]]


def _found_groups(run: Run) -> pd.DataFrame:
    """Give the segments found in the data where this run has proven them."""
    none = pd.DataFrame(columns=["kind", "customer_id", "segment"], dtype="str")
    try:
        found = run.frame("found_segments")
    except MissingTableError:
        return none
    if found.empty or not found["proven"].all():
        return none
    groups = found.rename(columns={"found_name": "segment"}).sort_values(["segment", "customer_id"])
    return groups.assign(kind=FOUND)[["kind", "customer_id", "segment"]]


def _nothing(found: str) -> Shown:
    return insufficient(
        needed=_("segments that differ in who they are or what they do"), found=found,
        therefore=_("No personas are shown."),
    )  # fmt: skip


def _disclosed(traits: pd.DataFrame, order: list[str], run: Run) -> Disclosed:
    """Let the traits through the gate, the strongest of each segment first."""
    traits = with_rounded_people(traits, run)
    place = {name: number for number, name in enumerate(order)}
    frame = traits.assign(
        label=[persona_label(d, v) for d, v in zip(traits["dimension"], traits["value"], strict=True)],
        aspect=traits["dimension"].map(ASPECTS),
        place=traits["segment"].map(place),
        above=traits["index"] > 100,
        # what the trait adds to the divergence (Jeffreys 1946) of the segment from all: common and different counts
        weight=(traits["share"] - traits["share_all"]) * np.log(traits["index"] / 100),
    )
    frame = frame.sort_values(["place", "weight", "label"], ascending=[True, False, True])
    measures = ["share", "share_all", "index", "low", "high"]
    return disclose(
        frame[["segment", "aspect", "dimension", "label", "above", "people", *measures]],
        labels=["segment", "aspect", "dimension", "label", "above"],
        counts=["people"],
        based_on="people",
        measures=measures,
        rules=run.rules,
    )


def _further(data: Disclosed) -> Shown | None:
    """List the strongest traits that do not fit on the cards; nothing where all do."""
    on_cards = [index for _segment, own in data.frame.groupby("segment") for index in on_a_card(own).index]
    rest = data.frame.drop(index=on_cards)
    if rest.empty:
        return None
    frame = rest.groupby("segment", sort=False).head(MOST_LISTED // rest["segment"].nunique())
    kept = Disclosed(frame, data.mask.loc[frame.index], data.totals, data.rules)
    columns = {
        "label": Shows(_("Trait")),
        "segment": Shows(_("Segment")),
        "people": Shows(_("Customers with it"), "people"),
        "share": Shows(_("Of these"), "share"),
        "share_all": Shows(_("Of all"), "share"),
        "index": Shows(_("Index"), "number", "low", "high", decimals=0),
    }
    return table(kept, _("Further traits, the strongest of each segment first"), columns)
