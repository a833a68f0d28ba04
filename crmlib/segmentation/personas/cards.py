"""The card of each persona, as a store manager reads it: a few traits with how they differ, and how surely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import estimate, folded, gate, insufficient, label, note, people, show_all
from crmlib.segmentation.personas.comparison import FOUND, NAMED, telling, with_rounded_people
from crmlib.segmentation.personas.dimensions import ASPECTS, WHO
from crmlib.segmentation.personas.grid import grid_shown, lines_shown, strongest
from crmlib.words import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Collection

    from crmlib.reporting import Gated, Shown
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run

ON_A_CARD: Final = 6
OF_A_DIMENSION: Final = 2
MOST_LISTED: Final = 60
_DIMENSIONS: Final = {
    "age": N_("Age {value}"), "gender": N_("Gender {value}"), "city": N_("Lives in {value}"),
    "tier": N_("Tier {value}"), "tenure": N_("Member for {value} months"), "category": N_("Category {value}"),
    "brand": N_("Brand {value}"), "price_level": N_("{value} price level"), "weekday": N_("{value}"),
    "daypart": N_("{value}"), "store": N_("Store {value}"), "channel": N_("Channel {value}"),
    "payment_method": N_("Paid by {value}"), "promotion": N_("{value}"),
}  # fmt: skip
_NAMES: Final = {
    "age": N_("age"), "gender": N_("gender"), "city": N_("the city"), "tier": N_("the tier"),
    "tenure": N_("the length of membership"), "category": N_("the category"), "brand": N_("the brand"),
    "price_level": N_("the price level"), "weekday": N_("the day of the week"), "daypart": N_("the time of day"),
    "store": N_("the store"), "channel": N_("the channel"), "payment_method": N_("the way of paying"),
    "promotion": N_("promotions"),
}  # fmt: skip
_VALUES: Final = {
    "low": N_("Low"), "middle": N_("Middle"), "high": N_("High"), "monday": N_("Mondays"), "tuesday": N_("Tuesdays"),
    "wednesday": N_("Wednesdays"), "thursday": N_("Thursdays"), "friday": N_("Fridays"), "saturday": N_("Saturdays"),
    "sunday": N_("Sundays"), "night": N_("At night (22 to 6)"), "morning": N_("In the morning (6 to 11)"),
    "midday": N_("At midday (11 to 14)"), "afternoon": N_("In the afternoon (14 to 18)"),
    "evening": N_("In the evening (18 to 22)"), "on promotion": N_("Something on promotion"),
    "not on promotion": N_("Something not on promotion"),
}  # fmt: skip
_ASPECTS: Final = {"who": N_("Who"), "what": N_("What"), "when": N_("When"), "where": N_("Where"), "how": N_("How")}
_BUYS: Final = {"what": N_("what"), "when": N_("when"), "where": N_("where"), "how": N_("how")}
_LACKING: Final = {
    "who": N_("customer attributes"), "what": N_("categories"), "when": N_("dates"), "where": N_("stores"),
    "how": N_("channels"),
}  # fmt: skip
_PLAIN: Final = frozenset({"price_level", "weekday", "daypart", "promotion"})
"""Dimensions whose values are our own words; the others' values are the data's."""


def show_personas(found: Study, run: Run) -> Shown:
    """Show what sets the customers of each segment apart from all, in one grid and a line each; write ``personas``.

    The cards, trait by trait, are folded, those of segments found in the data behind those of the named ones.
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
    # how a card is read is said once, under the first
    named = _cards(NAMED, groups, compared, read, run)
    behind = _cards(FOUND, groups, compared, [] if named else read, run)
    kind = NAMED if named else FOUND
    overview = _overview(groups[groups["kind"] == kind], compared[compared["kind"] == kind], run)
    first = named or behind
    cards = [folded(_("Trait by trait"), *first)] if overview else first
    if named and behind:
        cards.append(folded(_("The same for the segments found in the data"), *behind))
    return show_all(*overview, *cards)


def _overview(groups: pd.DataFrame, compared: pd.DataFrame, run: Run) -> list[Shown]:
    """Show the grid and the lines of one kind of segments; nothing where none clearly differs."""
    traits = telling(compared, run)
    if traits.empty:
        return []
    order = list(dict.fromkeys(groups["segment"]))
    told = _gated(traits, order, run).frame
    chosen = strongest(told.assign(aspect_place=told["aspect"].map(list(dict.fromkeys(ASPECTS.values())).index)))
    gated = _gated(chosen.merge(compared, on=["dimension", "value"], how="left"), order, run)
    return [grid_shown(gated, told, len(groups), run), lines_shown(told, groups, run)]


def _nothing(found: str) -> Shown:
    return insufficient(
        needed=_("segments that differ in who they are or what they do"), found=found,
        therefore=_("No personas are shown."),
    )  # fmt: skip


def _cards(kind: str, groups: pd.DataFrame, compared: pd.DataFrame, also: list[str], run: Run) -> list[Shown]:
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
    traits = with_rounded_people(traits, run)
    labels = [persona_label(d, v) for d, v in zip(traits["dimension"], traits["value"], strict=True)]
    aspects = traits["dimension"].map(ASPECTS)
    frame = traits.assign(
        label=labels,
        aspect=aspects,
        trait=[
            _("{aspect}: {label}").format(aspect=_(_ASPECTS[aspect]), label=words)
            for aspect, words in zip(aspects, labels, strict=True)
        ],
        place=traits["segment"].map(order.index),
        above=traits["index"] > 100,
        # what the trait adds to the divergence (Jeffreys 1946) of the segment from all: common and different counts
        weight=(traits["share"] - traits["share_all"]) * np.log(traits["index"] / 100),
    ).sort_values(["place", "weight", "label"], ascending=[True, False, True], ignore_index=True)
    columns = (
        label("trait", _("Trait")), label("label", _("Trait")), label("segment", _("Segment")), label("aspect"),
        label("dimension"), label("value"), label("above"), label("found"), label("place"), label("weight"),
        people("people", _("Customers with it")),
        estimate("share", _("Of these"), of="people"), estimate("share_all", _("Of all"), of="people"),
        estimate("index", _("Index"), "number", of="people", low="low", high="high", decimals=0),
    )  # fmt: skip
    return gate(frame[[*(column.name for column in columns), "low", "high"]], run, *columns)


def on_a_card(traits: pd.DataFrame) -> pd.DataFrame:
    """Choose the strongest traits of each aspect, then the strongest left, what is commoner before what is rarer."""
    ranked = traits.sort_values("above", ascending=False, kind="stable")
    few = ranked.groupby("dimension", sort=False).head(OF_A_DIMENSION)
    again = few["aspect"].duplicated()
    chosen = pd.concat([few[~again], few[again]]).head(ON_A_CARD)
    order = list(dict.fromkeys(ASPECTS.values()))
    return chosen.sort_values("aspect", key=lambda aspects: aspects.map(order.index), kind="stable")


def _further(traits: Gated, rest: pd.DataFrame) -> Shown:
    strongest = rest.groupby("segment", sort=False).head(MOST_LISTED // rest["segment"].nunique())
    listed = traits.rows(list(strongest.index)).only("label", "segment", "people", "share", "share_all", "index")
    return folded(
        _("Further traits, for which the cards have no room"),
        listed.table(_("Further traits, the strongest of each segment first")),
    )


def persona_label(dimension: str, value: str) -> str:
    """Name a value of a dimension."""
    word = _(_VALUES[value]) if dimension in _PLAIN else value.replace("_", " ")
    return _(_DIMENSIONS[dimension]).format(value=word)


def alike(traits: pd.DataFrame, groups: pd.DataFrame, dimensions: Collection[str], run: Run) -> list[str]:
    """Say once which segments have no card, and in what of all that was compared no segment clearly differs."""
    none = [name for name in dict.fromkeys(groups["segment"]) if name not in set(traits["segment"])]
    same = [_(_NAMES[name]) for name in ASPECTS if name in dimensions and name not in set(traits["dimension"])]
    said = []
    if none:
        words = plural(
            "No card for {names:list}: nothing clearly sets it apart from all customers.",
            "No card for {names:list}: nothing clearly sets them apart from all customers.",
            len(none),
        )
        said.append(run.say(words, names=[_("“{name}”").format(name=name) for name in none]))
    if same:
        said.append(run.say(_("Segments do not clearly differ in {names:list}."), names=same))
    return said


def covered(dimensions: Collection[str], run: Run) -> list[str]:
    """Say what the data hold nothing to compare of, and what the cards therefore cover; nothing where they hold all."""
    known = {ASPECTS[name] for name in dimensions}
    aspects = list(dict.fromkeys(ASPECTS.values()))
    lacking = [_(_LACKING[aspect]) for aspect in aspects if aspect not in known]
    if not lacking:
        return []
    nothing = lacking[0]
    if len(lacking) > 1:
        nothing = _("{first} or {last}").format(first=", ".join(lacking[:-1]), last=lacking[-1])
    words = _("The data hold no {lacking} to compare, so the cards cover only {covered}.")
    buys = [_(_BUYS[aspect]) for aspect in aspects if aspect in known and aspect != WHO]
    return [words.format(lacking=nothing, covered=_covered(buys, run, who=WHO in known))]


def _covered(buys: list[str], run: Run, *, who: bool) -> str:
    if not who:
        return run.say(_("{buys:list} customers buy"), buys=buys)
    return run.say(_("who customers are and {buys:list} they buy"), buys=buys) if buys else _("who customers are")


def comparisons(shown: int, compared: pd.DataFrame, run: Run) -> str:
    """Say how many comparisons the cards are made of, and what chance may have done."""
    found = int(compared["found"].sum())
    words = plural(
        "Of {compared:count} comparisons {found:count} shows a difference (about 5 % of these may be chance), "
        "{large:count} surely one of a tenth or more: only those are shown.",
        "Of {compared:count} comparisons {found:count} show a difference (about 5 % of these may be chance), "
        "{large:count} surely one of a tenth or more: only those are shown.",
        found,
    )
    return run.say(words, compared=len(compared), found=found, large=shown)


def reading(*, tiers: bool) -> str:
    """Say how a card is read; with tiers on cards, of which day these are."""
    said = _(
        "Shares are of orders (of customers, for who they are), of these and of all customers; index 100 is as all "
        "customers, with its 95 % interval. What helped to form a segment must differ in it; an index is no cause."
    )
    return said + " " + _("A tier is the one of the extract: who bought much has climbed since.") if tiers else said
