"""The words around personas, computed from the indices that passed the gate."""

from collections.abc import Collection

import pandas as pd

from crmlib.segmentation.personas.dimensions import ASPECTS, WHO
from crmlib.segmentation.personas.wording import buys_label, dimension_label, lacking_label
from crmlib.segmentation.wording import listed
from crmlib.words import _, formats, plural


def alike(traits: pd.DataFrame, groups: pd.DataFrame, dimensions: Collection[str]) -> list[str]:
    """Say once which segments have no card, and in what no segment clearly differs.

    Parameters
    ----------
    traits
        The traits shown: ``segment, dimension``.
    groups
        ``customer_id, segment``, in the segments' order.
    dimensions
        What was compared at all.
    """
    none = [name for name in dict.fromkeys(groups["segment"]) if name not in set(traits["segment"])]
    same = [name for name in ASPECTS if name in dimensions and name not in set(traits["dimension"])]
    said = []
    if none:
        words = plural(
            "No card for {names}: nothing clearly sets it apart from all customers.",
            "No card for {names}: nothing clearly sets them apart from all customers.",
            len(none),
        )
        said.append(words.format(names=listed([_("“{name}”").format(name=name) for name in none])))
    if same:
        words = _("Segments do not clearly differ in {names}.")
        said.append(words.format(names=listed([dimension_label(name) for name in same])))
    return said


def covered(dimensions: Collection[str]) -> list[str]:
    """Say what the data hold nothing to compare of, and what the cards therefore cover; nothing where they hold all.

    Parameters
    ----------
    dimensions
        What was compared at all.

    Examples
    --------
    >>> covered(["weekday", "category"])[0].rpartition(", ")[2]
    'so the cards cover only what and when customers buy.'
    """
    known = {ASPECTS[name] for name in dimensions}
    aspects = list(dict.fromkeys(ASPECTS.values()))
    lacking = [lacking_label(aspect) for aspect in aspects if aspect not in known]
    if not lacking:
        return []
    words = _("The data hold no {lacking} to compare, so the cards cover only {covered}.")
    nothing = lacking[0]
    if len(lacking) > 1:
        nothing = _("{first} or {last}").format(first=", ".join(lacking[:-1]), last=lacking[-1])
    return [words.format(lacking=nothing, covered=_told_of([aspect for aspect in aspects if aspect in known]))]


def _told_of(aspects: list[str]) -> str:
    """Say what is known: who customers are, and what, when, where and how they buy."""
    buys = listed([buys_label(aspect) for aspect in aspects if aspect != WHO])
    if WHO not in aspects:
        return _("{buys} customers buy").format(buys=buys)
    return _("who customers are and {buys} they buy").format(buys=buys) if buys else _("who customers are")


def no_cards() -> str:
    """Say that no named segment has a card."""
    return _("No card: no named segment clearly differs from all customers in anything.")


def comparisons(traits: pd.DataFrame, compared: pd.DataFrame) -> str:
    """Say how many comparisons the cards are made of, and what chance may have done."""
    found = int(compared["found"].sum())
    words = plural(
        "Of {compared} comparisons {found} shows a difference (about 5 % of these may be chance), {large} surely one "
        "of a tenth or more: only those are shown.",
        "Of {compared} comparisons {found} show a difference (about 5 % of these may be chance), {large} surely one "
        "of a tenth or more: only those are shown.",
        found,
    )
    numbers = {"compared": len(compared), "found": found, "large": len(traits)}
    return words.format(**{name: formats.count(number) for name, number in numbers.items()})


def reading(*, tiers: bool) -> str:
    """Say how a card is read; with tiers on cards, of which day these are."""
    said = _(
        "Shares are of orders (of customers, for who they are), of these and of all customers; index 100 is as all "
        "customers, with its 95 % interval. What helped to form a segment must differ in it; an index is no cause."
    )
    return said + " " + _("A tier is the one of the extract: who bought much has climbed since.") if tiers else said
