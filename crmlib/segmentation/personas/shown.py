"""Personas: what sets each segment apart, as cards; folded, as a picture and as a list."""

from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, folded, insufficient, note, show_all, table
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.segments import CODES, segment_label
from crmlib.segmentation.personas import figures, sentences
from crmlib.segmentation.personas.cards import show_cards
from crmlib.segmentation.personas.dimensions import ASPECTS, described
from crmlib.segmentation.personas.index import segment_counts, segment_indices
from crmlib.segmentation.personas.wording import persona_label
from crmlib.words import _
from crmlib.workspace import MissingTableError, Run

IN_A_PANEL: Final = 6
BELOW_IN_A_PANEL: Final = 2
LEAST_INDEX: Final = 1.1
"""A trait is shown whose interval lies a tenth or more above or below all customers: what is certain may be small."""

MOST_LISTED: Final = 60
FEW: Final = 4
"""So many traits of all segments together stand on cards alone: a picture and a list would repeat them."""


def show_personas(base: CustomerBase, transactions: Any, run: Run) -> Shown:
    """Show what sets the customers of each segment apart from all: who, what, when, where, how; write ``personas``.

    The segments are those found in the data where this run has found some that tell later behaviour better than RFM
    in something (the table ``found_segments``), else the named ones.

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
    if groups["segment"].nunique() < 2:
        return _nothing(_("fewer than two segments"))
    tables = {name: run.table(name) for name in ("customers", "products", "stores") if run.has(name)}
    counted = segment_counts(described(transactions, run.as_of, tables), groups)
    compared = segment_indices(counted) if len(counted) else counted
    run.write("personas", compared, by=["segment", "dimension", "value"])
    traits = telling(compared, run) if len(compared) else compared
    if traits.empty:
        return _nothing(_("no difference between segments of a tenth or more that is not chance"))
    data = _disclosed(traits, list(dict.fromkeys(groups["segment"])), run)
    dimensions = list(dict.fromkeys(compared["dimension"]))
    said = (*sentences.alike(data.frame, groups, dimensions), sentences.card_note(data.frame, compared))
    cards = show_cards(data, groups, run)
    if len(traits) <= FEW:
        return show_all(*cards, note(*said))
    words = _("The strongest traits of each segment, of {n} comparisons").format(n=len(compared))
    return show_all(*cards, note(*said), folded(words, _panels(data, groups, run), _listed(data, words)))


def telling(compared: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Keep the traits that are no accident, surely a tenth or more from all customers, and not of a handful."""
    large = (compared["low"] >= 100 * LEAST_INDEX) | (compared["high"] <= 100 / LEAST_INDEX)
    return compared[compared["found"] & large & (compared["people"] >= run.rules.threshold)]


def persona_groups(base: CustomerBase, run: Run) -> pd.DataFrame:
    """Give each customer the segment whose persona is shown, in the segments' order: ``customer_id, segment``."""
    try:
        found = run.frame("found_segments")
    except MissingTableError:
        found = pd.DataFrame(columns=["customer_id", "found_name", "proven"])
    if len(found) and found["proven"].all():
        groups = found[["customer_id", "found_name"]].rename(columns={"found_name": "segment"})
        return groups.sort_values(["segment", "customer_id"], ignore_index=True)
    if base.now.empty:
        return pd.DataFrame(columns=["customer_id", "segment"], dtype="str")
    order = {code: place for place, code in enumerate(CODES)}
    named = base.now[["customer_id", "segment"]].astype({"segment": "str"})
    named = named.sort_values(["segment", "customer_id"], key=lambda c: c.map(order) if c.name == "segment" else c)
    return named.assign(segment=named["segment"].map(segment_label).astype("str")).reset_index(drop=True)


def _nothing(found: str) -> Shown:
    return insufficient(
        needed=_("segments that differ in who they are or what they do"), found=found,
        therefore=_("No personas are shown."),
    )  # fmt: skip


def _disclosed(traits: pd.DataFrame, order: list[str], run: Run) -> Disclosed:
    """Let the traits through the gate, the strongest of each segment first."""
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


def _panels(data: Disclosed, groups: pd.DataFrame, run: Run) -> Shown:
    strongest = _strongest(data.frame)
    kept = Disclosed(strongest, data.mask.loc[strongest.index], data.totals, data.rules)
    number = strongest["segment"].nunique()
    rows = -(-number // 2)
    most = int(strongest.groupby("segment").size().max())
    words = sentences.pictures(strongest, len(groups), run)
    size = (8.6, 0.6 + (0.9 + 0.27 * most) * rows)
    return figure(figures.persona_panels, kept, **words, panels=(rows, min(number, 2)), size=size)


def _strongest(frame: pd.DataFrame) -> pd.DataFrame:
    """Take what a segment has most above all customers, and under it what it has most below them."""
    parts = [frame[frame["above"]].groupby("segment", sort=False).head(IN_A_PANEL - BELOW_IN_A_PANEL)]
    parts.append(frame[~frame["above"]].groupby("segment", sort=False).head(BELOW_IN_A_PANEL))
    both = pd.concat(parts)
    order = {name: place for place, name in enumerate(dict.fromkeys(frame["segment"]))}
    ranked = both.assign(place=both["segment"].map(order))
    return ranked.sort_values(["place", "above"], ascending=[True, False], kind="stable").drop(columns="place")


def _listed(data: Disclosed, words: str) -> Shown:
    frame = data.frame.groupby("segment", sort=False).head(MOST_LISTED // max(data.frame["segment"].nunique(), 1))
    kept = Disclosed(frame, data.mask.loc[frame.index], data.totals, data.rules)
    columns = {
        "label": Shows(_("Trait")),
        "segment": Shows(_("Segment")),
        "people": Shows(_("Customers with it"), "people"),
        "share": Shows(_("Share"), "share"),
        "share_all": Shows(_("Of all"), "share"),
        "index": Shows(_("Index"), "number", "low", "high", decimals=0),
    }
    return table(kept, words, columns)
