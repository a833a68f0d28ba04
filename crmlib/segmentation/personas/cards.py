"""The card of each persona, as a store manager reads it: a few traits with how they differ, and how surely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import estimate, folded, gate, insufficient, label, note, people, show_all
from crmlib.segmentation.personas.comparison import FOUND, NAMED, telling, with_rounded_people
from crmlib.segmentation.personas.dimensions import ASPECTS
from crmlib.segmentation.personas.wording import alike, aspect_label, comparisons, covered, persona_label, reading
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.reporting import Gated, Shown
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

ON_A_CARD: Final = 6
OF_A_DIMENSION: Final = 2
MOST_LISTED: Final = 60


def show_personas(found: Study, run: Run) -> Shown:
    """Show what sets the customers of each segment apart from all: who, what, when, where, how; write ``personas``.

    The named segments have a card each. Those found in the data have theirs folded behind them, where this run has
    found some that tell later behaviour better than the named ones in something.
    """
    groups, compared = found.personas.groups, found.personas.compared
    if groups.empty:
        return _nothing(_("fewer than two segments"))
    if compared is None:
        return _nothing(_("no order of a known customer"))
    run.write("personas", compared, by=["kind", "segment", "dimension", "value"])
    traits = telling(compared, run)
    if traits.empty:
        return _nothing(_("no difference between segments of a tenth or more that is not chance"))
    read = [reading(tiers=bool((traits["dimension"] == "tier").any()))]
    read += covered(list(compared["dimension"].unique()), run)
    # how a card is read is said once, under those that are open
    named = _cards(NAMED, groups, compared, read, run)
    behind = _cards(FOUND, groups, compared, [] if named else read, run)
    if not named:
        return show_all(*behind)
    return show_all(*named, *([folded(_("The same for the segments found in the data"), *behind)] if behind else []))


def _nothing(found: str) -> Shown:
    return insufficient(
        needed=_("segments that differ in who they are or what they do"), found=found,
        therefore=_("No personas are shown."),
    )  # fmt: skip


def _cards(kind: str, groups: pd.DataFrame, compared: pd.DataFrame, also: list[str], run: Run) -> list[Shown]:
    """Show the cards of the segments of one kind, what they are made of, and folded what does not fit on them."""
    groups, compared = (part[part["kind"] == kind] for part in (groups, compared))
    traits = telling(compared, run)
    if traits.empty:
        none = _("No card: no named segment clearly differs from all customers in anything.")
        return [note(none, *also)] if kind == NAMED and len(groups) else []
    sizes = groups["segment"].value_counts()
    gated = _gated(traits, list(dict.fromkeys(groups["segment"])), run)
    on_cards = {name: on_a_card(own).index for name, own in gated.frame.groupby("segment", sort=False)}
    cards = [
        gated.rows(list(places))
        .only("trait", "share", "share_all", "index")
        .table(run.say(_("{segment} ({n:people} customers)"), segment=name, n=sizes[name]), confidence=None)
        for name, places in on_cards.items()
    ]
    said = alike(gated.frame, groups, list(compared["dimension"].unique()), run)
    said.append(comparisons(len(gated), compared, run))
    rest = gated.frame.drop(index=np.concatenate(list(on_cards.values())))
    return [*cards, note(*said, *also), *([] if rest.empty else [_further(gated, rest)])]


def _gated(traits: pd.DataFrame, order: list[str], run: Run) -> Gated:
    """Let the traits through the gate, the strongest of each segment first."""
    traits = with_rounded_people(traits, run)
    labels = [persona_label(d, v) for d, v in zip(traits["dimension"], traits["value"], strict=True)]
    aspects = traits["dimension"].map(ASPECTS)
    frame = traits.assign(
        label=labels,
        aspect=aspects,
        trait=[
            _("{aspect}: {label}").format(aspect=aspect_label(aspect), label=words)
            for aspect, words in zip(aspects, labels, strict=True)
        ],
        place=traits["segment"].map(order.index),
        above=traits["index"] > 100,
        # what the trait adds to the divergence (Jeffreys 1946) of the segment from all: common and different counts
        weight=(traits["share"] - traits["share_all"]) * np.log(traits["index"] / 100),
    ).sort_values(["place", "weight", "label"], ascending=[True, False, True], ignore_index=True)
    columns = (
        label("trait", _("Trait")), label("label", _("Trait")), label("segment", _("Segment")), label("aspect"),
        label("dimension"), label("above"),
        people("people", _("Customers with it")),
        estimate("share", _("Of these"), of="people"), estimate("share_all", _("Of all"), of="people"),
        estimate("index", _("Index"), "number", of="people", low="low", high="high", decimals=0),
    )  # fmt: skip
    return gate(frame[[*(column.name for column in columns), "low", "high"]], run, *columns)


def on_a_card(traits: pd.DataFrame) -> pd.DataFrame:
    """Choose a card's traits: the strongest of each aspect, then the strongest left; in the order of the aspects.

    What is commoner than among all customers goes before what is rarer: a person is described by what they do.
    """
    ranked = traits.sort_values("above", ascending=False, kind="stable")
    few = ranked.groupby("dimension", sort=False).head(OF_A_DIMENSION)
    again = few["aspect"].duplicated()
    chosen = pd.concat([few[~again], few[again]]).head(ON_A_CARD)
    order = list(dict.fromkeys(ASPECTS.values()))
    return chosen.sort_values("aspect", key=lambda aspects: aspects.map(order.index), kind="stable")


def _further(traits: Gated, rest: pd.DataFrame) -> Shown:
    """Fold the strongest traits that do not fit on the cards."""
    strongest = rest.groupby("segment", sort=False).head(MOST_LISTED // rest["segment"].nunique())
    listed = traits.rows(list(strongest.index)).only("label", "segment", "people", "share", "share_all", "index")
    return folded(
        _("Further traits, for which the cards have no room"),
        listed.table(_("Further traits, the strongest of each segment first")),
    )
