"""The words around personas, computed from the indices that passed the gate."""

from collections.abc import Collection

import pandas as pd

from crmlib.reporting import formats
from crmlib.segmentation.personas.dimensions import ASPECTS
from crmlib.segmentation.personas.wording import aspect_label, dimension_label
from crmlib.segmentation.wording import Words, listed, share, source_of
from crmlib.words import _
from crmlib.workspace import Run


def headline(shown: pd.DataFrame) -> str:
    """Say what sets the most particular segment apart."""
    top = shown.loc[shown["index"].idxmax()]
    words = _("{segment}: {label} in {share} against {all} of all customers (index {index}, {low} to {high})")
    ends = {name: formats.fixed(top[name], 0) for name in ("index", "low", "high")}
    return words.format(
        segment=top["segment"], label=top["label"], share=share(top["share"]), all=share(top["share_all"]), **ends
    )


def pictures(shown: pd.DataFrame, people: int, run: Run) -> Words:
    """Give the words around the panels."""
    parts = []
    for segment, part in shown.groupby("segment", sort=False):
        strongest = ", ".join(
            _("{label} {index}").format(label=row["label"], index=formats.fixed(row["index"], 0))
            for _place, row in part.iterrows()
        )
        parts.append(_("{segment}: {listed}").format(segment=segment, listed=strongest))
    return {
        "title": headline(shown),
        "alt": _("Panels by segment, indices against all customers. {parts}.").format(parts="; ".join(parts)),
        "read": _(
            "100 is as all customers, 200 twice as often: in shares of orders, and of customers for what they are. The "
            "line is the 95 % interval; each panel holds the strongest differences up and down."
        ),
        "limits": _("What helped to form a segment must differ in it; an index is no cause."),
        "source": source_of(run, people, "customers"),
    }


def alike(traits: pd.DataFrame, groups: pd.DataFrame, dimensions: Collection[str]) -> list[str]:
    """Say once which segments have no trait, in what no segment differs, and what the data do not tell.

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
    known = {ASPECTS[name] for name in dimensions}
    unknown = [aspect for aspect in dict.fromkeys(ASPECTS.values()) if aspect not in known]
    said = []
    if none:
        words = _("Without a card, since nothing surely differs by a tenth or more from all customers: {names}.")
        said.append(words.format(names=listed([_("“{name}”").format(name=name) for name in none])))
    if same:
        words = _("No segment surely differs by a tenth or more in: {names}.")
        said.append(words.format(names=", ".join(dimension_label(name) for name in same)))
    if unknown:
        words = _("These data do not tell: {aspects}.")
        said.append(words.format(aspects=", ".join(aspect_label(aspect).lower() for aspect in unknown)))
    return said


def card_note(traits: pd.DataFrame, compared: pd.DataFrame) -> str:
    """Say what the cards are made of, what chance may have done, and with tiers on them, of which day these are."""
    said = _(
        "Of {compared} comparisons {found} show a difference (about 5 % of these may be chance), {large} surely one of "
        "a tenth or more: only those are shown. Shares are of orders (of customers, for who they are), of these and of "
        "all customers; index 100 is as all customers, with its 95 % interval."
    ).format(
        compared=formats.count(len(compared)), found=formats.count(int(compared["found"].sum())),
        large=formats.count(len(traits)),
    )  # fmt: skip
    if not (traits["dimension"] == "tier").any():
        return said
    return said + " " + _("A tier is the one of the extract: who bought much has climbed since.")
