"""Personas, as cards that a store manager reads."""

from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, figure, folded, insufficient, show_all, table
from crmlib.segmentation.customers.base import CustomerBase
from crmlib.segmentation.customers.segments import CODES, segment_label
from crmlib.segmentation.personas import figures, sentences
from crmlib.segmentation.personas.dimensions import ASPECTS, described
from crmlib.segmentation.personas.index import segment_counts, segment_indices
from crmlib.segmentation.personas.wording import aspect_label, persona_label
from crmlib.words import _
from crmlib.workspace import MissingTableError, Run

ON_A_CARD: Final = 2
"""Traits of an aspect on a card."""

IN_A_PANEL: Final = 6
BELOW_IN_A_PANEL: Final = 2
LEAST_INDEX: Final = 1.1
"""A trait stands on a card from a tenth above or below all customers: what is certain may still be small."""

MOST_LISTED: Final = 60


def show_personas(base: CustomerBase, transactions: Any, run: Run) -> Shown:
    """Show what sets the customers of each segment apart from all customers: who, what, when, where and how.

    The segments are those found in the data where this run has found some (the table ``found_segments``), else the
    named ones.

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
    traits = compared[compared["found"] & (compared["people"] >= run.rules.threshold)] if len(compared) else compared
    if traits.empty:
        return _nothing(_("no difference between segments that is not chance"))
    data = _disclosed(traits, list(dict.fromkeys(groups["segment"])), run)
    return show_all(
        _panels(data, groups, traits, compared, run), _cards(data, groups, run), _listed(data, len(compared))
    )


def persona_groups(base: CustomerBase, run: Run) -> pd.DataFrame:
    """Give each customer the segment whose persona is shown, in the segments' order: ``customer_id, segment``."""
    try:
        found = run.frame("found_segments")
    except MissingTableError:
        found = pd.DataFrame(columns=["customer_id", "found_name"])
    if len(found):
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


def _panels(data: Disclosed, groups: pd.DataFrame, traits: pd.DataFrame, compared: pd.DataFrame, run: Run) -> Shown:
    strongest = _strongest(data.frame)
    kept = Disclosed(strongest, data.mask.loc[strongest.index], data.totals, data.rules)
    number = strongest["segment"].nunique()
    rows = -(-number // 2)
    words = sentences.pictures(strongest, len(groups), len(traits), len(compared), run)
    return figure(figures.persona_panels, kept, **words, panels=(rows, min(number, 2)), size=(8.6, 0.6 + 2.5 * rows))


def _strongest(frame: pd.DataFrame) -> pd.DataFrame:
    """Take what a segment has most above all customers, and under it what it has most below them."""
    large = frame[_large(frame)]
    large = large if len(large) else frame
    parts = [large[large["above"]].groupby("segment", sort=False).head(IN_A_PANEL - BELOW_IN_A_PANEL)]
    parts.append(large[~large["above"]].groupby("segment", sort=False).head(BELOW_IN_A_PANEL))
    both = pd.concat(parts)
    order = {name: place for place, name in enumerate(dict.fromkeys(frame["segment"]))}
    ranked = both.assign(place=both["segment"].map(order))
    return ranked.sort_values(["place", "above"], ascending=[True, False], kind="stable").drop(columns="place")


def _large(frame: pd.DataFrame) -> pd.Series:
    return (frame["index"] >= 100 * LEAST_INDEX) | (frame["index"] <= 100 / LEAST_INDEX)


def _cards(data: Disclosed, groups: pd.DataFrame, run: Run) -> Shown:
    """Write one row a segment: its strongest traits of each aspect, in words."""
    frame = data.frame[_large(data.frame)]
    cards = []
    for segment, members in groups.groupby("segment", sort=False):
        own = frame[frame["segment"] == segment]
        card: dict[str, object] = {"segment": segment, "customers": len(members)}
        for aspect in dict.fromkeys(ASPECTS.values()):
            traits = own[own["aspect"] == aspect].sort_values("above", ascending=False, kind="stable").head(ON_A_CARD)
            card[aspect] = "; ".join(sentences.trait(row) for _place, row in traits.iterrows()) or _("as all")
        cards.append(card)
    aspects = list(dict.fromkeys(ASPECTS.values()))
    shown = disclose(
        pd.DataFrame(cards), labels=["segment", *aspects], counts=["customers"], totals=True, rules=run.rules
    )
    columns = {
        "segment": Shows(_("Segment")),
        "customers": Shows(_("Customers"), "people"),
        **{aspect: Shows(aspect_label(aspect)) for aspect in aspects},
    }
    return table(
        shown,
        _("The personas on a card: what is more or less common than among all customers"),
        columns,
        note=card_note(tiers=bool((frame["dimension"] == "tier").any())),
    )


def card_note(*, tiers: bool) -> str:
    """Say what the cards are made of, and with tiers on them, of which day these are."""
    said = _(
        "Shares of orders (of customers, for who they are); index 100 is as all customers; about 5 % of all traits "
        "found may be chance."
    )
    return said + " " + _("A tier is the one of the extract: who bought much has climbed since.") if tiers else said


def _listed(data: Disclosed, compared: int) -> Shown:
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
    words = _("The strongest traits of each segment, of {n} comparisons").format(n=compared)
    return folded(words, table(kept, words, columns))
