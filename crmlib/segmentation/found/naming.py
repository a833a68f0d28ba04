"""What a found segment is called, from what is over- and under-represented in it; and what its features are called."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from crmlib.segmentation.found.behaviour import AMOUNTS, Behaviour
from crmlib.segmentation.found.partitions import Labels
from crmlib.segmentation.found.recipe import Recipe
from crmlib.words import N_, _

TELLING: Final = 0.4
MOST_MARKS: Final = 3
_FEATURES: Final = {
    "days_since_last": (N_("Days since last purchase"), N_("long not seen"), N_("seen lately")),
    "purchase_days": (N_("Purchase days"), N_("frequent"), N_("rare")),
    "days_since_first": (N_("Days since first purchase"), N_("long known"), N_("recently won")),
    "order_value": (N_("Order value"), N_("large orders"), N_("small orders")),
    "lines_per_order": (N_("Lines per order"), N_("full baskets"), N_("few articles at a time")),
    "line_value": (N_("Money per line"), N_("expensive articles"), N_("cheap articles")),
    "spend": (N_("Spend so far"), N_("spends much"), N_("spends little")),
    "promotion": (N_("Orders with a promotion"), N_("buys on promotion"), N_("seldom on promotion")),
    "weekend": (N_("Orders at weekends"), N_("weekends"), N_("weekdays")),
}
"""What features are called, and customers who lie above or below all others in them."""
_PARTS: Final = {
    "category": N_("Category {value}"),
    "channel": N_("Channel {value}"),
    "payment_method": N_("Paid by {value}"),
    "daypart": N_("Time of day {value}"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that sets a segment apart: a feature, and how many standard deviations of all customers it lies off."""

    feature: str
    above: bool
    deviations: float


def marks(recipe: Recipe, seen: Behaviour, labels: Labels) -> tuple[tuple[Mark, ...], ...]:
    """Find what sets each segment apart: the features in which its mean lies furthest from that of all.

    At most three marks a segment, or more where two segments would have the same name. Parts of a whole count only
    where they are over-represented; a value nobody is under in needs no name.
    """
    prepared = recipe.prepared(seen)
    spread = prepared.std(ddof=0).replace(0.0, 1.0)
    means = (prepared.groupby(labels).mean() - prepared.mean()) / spread
    ranked = [_ranked(means.loc[group]) if group in means.index else [] for group in range(int(labels.max()) + 1)]
    named = [tuple(own[:MOST_MARKS]) for own in ranked]
    for more in range(MOST_MARKS + 1, MOST_MARKS + 4):
        names = [_key(own) for own in named]
        named = [tuple(ranked[group][:more]) if names.count(_key(own)) > 1 else own for group, own in enumerate(named)]
    return tuple(named)


def _key(named: tuple[Mark, ...]) -> tuple[tuple[str, bool], ...]:
    return tuple((mark.feature, mark.above) for mark in named)


def _ranked(means: pd.Series) -> list[Mark]:
    """Order a segment's marks, the strongest first; one a block of an amount, and only what is above of a share."""
    strongest = means.reindex(means.abs().sort_values(ascending=False, kind="stable").index)
    return [
        Mark(str(name), bool(value > 0), float(f"{value:.6g}"))
        for name, value in strongest.items()
        if abs(value) >= TELLING and (name in AMOUNTS or value > 0)
    ]


def segment_code(group: int) -> str:
    """Give a segment its letter."""
    return chr(ord("A") + group)


def segment_name(group: int, named: tuple[Mark, ...]) -> str:
    """Name a segment as a reader sees it: its letter and what sets it apart."""
    words = ", ".join(mark_words(mark) for mark in named) or _("like all customers")
    return _("{letter}: {words}").format(letter=segment_code(group), words=words)


def mark_words(mark: Mark) -> str:
    """Say one thing that sets a segment apart, in two words or one."""
    if mark.feature not in _FEATURES:
        return feature_value(mark.feature)
    _label, above, below = _FEATURES[mark.feature]
    return _(above) if mark.above else _(below)


def feature_value(feature: str) -> str:
    """Give the value of a part: ``channel: mini_program`` is mini program."""
    return feature.split(": ", 1)[-1].replace("_", " ")


def feature_label(name: str) -> str:
    """Name a feature: ``channel: web`` is Channel web."""
    return _(_FEATURES[name][0]) if name in _FEATURES else part_label([name])


def part_label(names: list[str]) -> str:
    """Name several values of one part together: Channel web, mini program."""
    values = ", ".join(feature_value(name) for name in names)
    return _(_PARTS[names[0].split(": ", 1)[0]]).format(value=values)
