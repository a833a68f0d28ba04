"""The card of each persona, as a store manager reads it: a few traits with how they differ, and how surely."""

from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import Disclosed
from crmlib.reporting import Shown, Shows, table
from crmlib.segmentation.personas.dimensions import ASPECTS
from crmlib.segmentation.personas.wording import aspect_label
from crmlib.segmentation.wording import people
from crmlib.words import _
from crmlib.workspace import Run

ON_A_CARD: Final = 6
OF_A_DIMENSION: Final = 2


def show_cards(data: Disclosed, groups: pd.DataFrame, run: Run) -> list[Shown]:
    """Show a card for each segment that has a trait.

    Parameters
    ----------
    data
        The traits of all segments, the strongest of each first: ``segment, aspect, dimension, label, above, share,
        share_all, index, low, high``.
    groups
        ``customer_id, segment``.
    run
        The run, for its rules.
    """
    sizes = groups["segment"].value_counts()
    return [
        _card(_through(data, on_a_card(own)), segment, float(sizes[segment]), run)
        for segment, own in data.frame.groupby("segment", sort=False)
    ]


def on_a_card(traits: pd.DataFrame) -> pd.DataFrame:
    """Choose a card's traits: the strongest of each aspect, then the strongest left; in the order of the aspects.

    What is commoner than among all customers goes before what is rarer: a person is described by what they do.

    Examples
    --------
    >>> traits = pd.DataFrame({"aspect": ["what", "what", "who"], "dimension": ["category", "brand", "age"],
    ...     "above": [False, True, True]})
    >>> on_a_card(traits)["dimension"].tolist()
    ['age', 'brand', 'category']
    """
    ranked = traits.sort_values("above", ascending=False, kind="stable")
    few = ranked.groupby("dimension", sort=False).head(OF_A_DIMENSION)
    again = few["aspect"].duplicated()
    chosen = pd.concat([few[~again], few[again]]).head(ON_A_CARD)
    order = {aspect: place for place, aspect in enumerate(dict.fromkeys(ASPECTS.values()))}
    return chosen.sort_values("aspect", key=lambda aspects: aspects.map(order), kind="stable")


def _through(data: Disclosed, frame: pd.DataFrame) -> Disclosed:
    """Keep some rows of what went through the gate, each trait with its aspect before it."""
    traits = [
        _("{aspect}: {label}").format(aspect=aspect_label(aspect), label=label)
        for aspect, label in zip(frame["aspect"], frame["label"], strict=True)
    ]
    return Disclosed(frame.assign(label=traits), data.mask.loc[frame.index], data.totals, data.rules)


def _card(data: Disclosed, segment: str, customers: float, run: Run) -> Shown:
    columns = {
        "label": Shows(_("Trait")),
        "share": Shows(_("Of these"), "share"),
        "share_all": Shows(_("Of all"), "share"),
        "index": Shows(_("Index"), "number", "low", "high", decimals=0),
    }
    caption = _("{segment} ({n})").format(segment=segment, n=people(run, customers))
    return table(data, caption, columns, confidence=None)
