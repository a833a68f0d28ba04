"""What dimensions and values are called on a page, and what is said once of all cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from crmlib.segmentation.personas.dimensions import ASPECTS, WHO
from crmlib.words import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from crmlib.workspace import Run

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


def persona_label(dimension: str, value: str) -> str:
    """Name a value of a dimension."""
    word = _(_VALUES[value]) if dimension in _PLAIN else value.replace("_", " ")
    return _(_DIMENSIONS[dimension]).format(value=word)


def aspect_label(aspect: str) -> str:
    """Name an aspect."""
    return _(_ASPECTS[aspect])


def alike(traits: pd.DataFrame, groups: pd.DataFrame, dimensions: Collection[str], run: Run) -> list[str]:
    """Say once which segments have no card, and in what no segment clearly differs.

    Of the traits shown ``segment, dimension`` are read, of the groups ``segment``, in its order; `dimensions` is what
    was compared at all.
    """
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
    """Say what is known: who customers are, and what, when, where and how they buy."""
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
