"""The traits of all segments in one grid, and a line a segment: what sets it apart, and how to approach it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import figure, gate, label, people
from crmlib.segmentation.customers.segments import segment_label
from crmlib.segmentation.indices import draw_indices
from crmlib.segmentation.wording import Words, source_of
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.reporting import Gated, Shown
    from crmlib.workspace import Run

MOST_TRAITS: Final = 12
OF_A_DIMENSION: Final = 2
"""Values of one dimension in the grid at most: a grid of tiers alone would say little."""
IN_A_LINE: Final = 3
TRAIT: Final = ["dimension", "value"]


def strongest(traits: pd.DataFrame) -> pd.DataFrame:
    """Choose the traits in which segments differ most from all customers: ``dimension, value``, in their order."""
    apart = traits.assign(weight=traits["weight"].abs().replace(float("inf"), 0.0)).sort_values(
        "weight", ascending=False, kind="stable"
    )
    once = apart.drop_duplicates(TRAIT)
    few = once.groupby("dimension", sort=False).head(OF_A_DIMENSION).head(MOST_TRAITS)
    return few.sort_values("aspect_place", kind="stable")[TRAIT]


def grid_shown(gated: Gated, telling: pd.DataFrame, customers: int, run: Run) -> Shown:
    """Draw the strongest traits by segment, those that are not surely different muted."""
    several = gated.frame["segment"].nunique()
    return figure(
        partial(_draw, run=run), gated, **_words(telling, gated, customers, run),
        size=(7.2, (1.5 if several > 2 else 1.2) + 0.26 * gated.frame["label"].nunique()),
    )  # fmt: skip


def _draw(axes: Axes, frame: pd.DataFrame, run: Run) -> None:
    names = frame["segment"].str.replace(" ", "\n", regex=False)
    ordered = list(dict.fromkeys(names[frame["place"].argsort()]))
    draw_indices(axes, frame.assign(row=frame["label"], column=names), ordered, run)


def _words(telling: pd.DataFrame, gated: Gated, customers: int, run: Run) -> Words:
    commonest = telling[telling["above"]]
    top = (commonest if len(commonest) else telling).sort_values("weight", ascending=False, kind="stable").iloc[0]
    words = _("{trait}: {share:part} of {segment}, {all:part} of all customers")
    if top["aspect"] != "who":
        words = _("{trait}: {share:part} of the orders of {segment}, {all:part} of all orders")
    title = run.say(words, trait=top["label"], share=top["share"], segment=top["segment"], all=top["share_all"])
    muted = (gated.frame["index"].notna() & ~gated.frame["found"].astype(bool)).any()
    limits = [_("Pale, in grey: not surely different from 100 (false discoveries held to 5 %).")] if muted else []
    return {
        "title": title,
        "alt": _("Grid of indices, traits by segments. {title}.").format(title=title),
        "read": _("200 means twice as common as among all customers, 50 half as common."),
        "limits": " ".join([*limits, _("An index says how a segment differs, not why.")]),
        "source": source_of(run, customers, "customers"),
    }


def lines_shown(telling: pd.DataFrame, groups: pd.DataFrame, run: Run) -> Shown:
    """Say in a line what is common in each segment, and how to approach it."""
    approaches = {segment_label(code): rule.approach for code, rule in run.params.segmentation.segments.items()}
    common = telling[telling["above"]].sort_values("weight", ascending=False, kind="stable")
    traits = common.groupby("segment", sort=False)["label"].agg(lambda labels: ", ".join(labels.head(IN_A_LINE)))
    sizes = groups["segment"].value_counts(sort=False).reindex(list(dict.fromkeys(groups["segment"])))
    approach = [_(approaches[name]) if approaches.get(name) else "–" for name in sizes.index]
    frame = pd.DataFrame({"segment": sizes.index, "customers": sizes.to_numpy(), "approach": approach})
    frame["common"] = frame["segment"].map(traits).fillna(_("nothing surely"))
    columns = (
        label("segment", _("Segment"), swatch=True), people("customers", _("Customers")),
        label("common", _("More common than among all")), label("approach", _("Approach")),
    )  # fmt: skip
    return gate(frame, run, *columns, totals=True).table(_("The segments in a line each"))
