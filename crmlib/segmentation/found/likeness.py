"""What the found segments are like: how large they are, and each feature as an index against all customers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from crmlib.reporting import each, estimate, exact, figure, gate, label, palette, part, people
from crmlib.reporting.figures import heatmap
from crmlib.segmentation.found.behaviour import AMOUNTS
from crmlib.segmentation.found.naming import feature_label, feature_value, segment_code
from crmlib.segmentation.wording import source_of
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.reporting import Shown
    from crmlib.segmentation.found.finding import Found
    from crmlib.workspace import Run

REACH: Final = 2.0
"""Indices beyond a quarter and four times are coloured alike."""


def sizes_shown(found: Found, run: Run) -> Shown:
    """Show how many customers each segment has and what they did, the largest first."""
    measures = ["order_value", "days_since_last", "spend_share", "spend_low", "spend_high", "largest"]
    gated = gate(
        found.sizes[["found_name", "customers", "orders", *measures]], run,
        label("found_name", _("Segment")),
        people("customers", _("Customers")),
        part("share", _("Share"), of="customers", interval=True),
        estimate("spend_share", _("Share of revenue so far"), of="customers", low="spend_low", high="spend_high"),
        estimate("days_since_last", _("Days since last, median"), "number", of="customers", decimals=0),
        each("orders_each", _("Orders each"), "number", per=("orders", "customers"), decimals=1),
        estimate("order_value", _("Average order value"), "money", of="customers", largest="largest"),
        exact("orders", of="customers"),
        totals=True,
    )  # fmt: skip
    # a hidden number gives nothing away by its place
    largest_first = gated.ordered("customers", descending=True)
    return largest_first.table(_("Segments found in the data, named after what sets them apart"))


def indices_shown(frame: pd.DataFrame, found: Found, run: Run) -> Shown:
    """Show a grid of indices against all customers, features by segments.

    The frame has a row a feature and segment, from :func:`crmlib.segmentation.found.profile.indices`.
    """
    gated = gate(
        frame.assign(name=frame["group"].map(segment_code)).drop(columns=["group", "low", "high"]), run,
        label("feature"), label("name"), label("found"),
        estimate("share", of="people"), estimate("share_all", of="people"),
        estimate("index", kind="number", of="people"),
    )  # fmt: skip
    shown = gated.frame
    sure = shown[shown["index"].notna() & shown["found"]]
    read = _("200 means twice as much as all customers (means of amounts, shares of orders), 50 half as much.")
    if found.segments.mixed:
        read = _(
            "200 means twice as much as all customers (means of amounts, shares of customers by their main value), 50 "
            "half as much."
        )
    return figure(
        partial(_draw, run=run), gated,
        title=_stands_out(sure, run, mixed=found.segments.mixed),
        alt=_alt(sure, run),
        read=read + " " + _("Letters are the segments of the table above."),
        limits=_limits(shown),
        source=source_of(run, len(found.customers), "customers"),
        size=(7.2, 1.2 + 0.3 * frame["feature"].nunique()),
    )  # fmt: skip


def _stands_out(sure: pd.DataFrame, run: Run, *, mixed: bool) -> str:
    """Say in what the most particular segment differs: in how many of its orders, or how many times the mean."""
    if sure.empty:
        return _("No segment surely differs from all customers in a single feature")
    top = sure.loc[sure["index"].idxmax()]
    feature = top["feature"]
    words = _("{feature}: {share:part} of segment {name}'s orders, {all:part} of all (index {index:number0})")
    if feature in AMOUNTS:
        words = _(
            "{feature}: segment {name} has {times:number1} times the mean of all customers (index {index:number0})"
        )
    elif mixed:
        words = _(
            "{feature}: the main one for {share:part} of segment {name}, for {all:part} of all customers (index "
            "{index:number0})"
        )
    elif feature.startswith("category: "):
        words = _("{value} is in {share:part} of segment {name}'s orders, in {all:part} of all (index {index:number0})")
    return run.say(
        words, feature=feature_label(feature), value=feature_value(feature), name=top["name"], share=top["share"],
        all=top["share_all"], times=top["index"] / 100, index=top["index"],
    )  # fmt: skip


def _alt(sure: pd.DataFrame, run: Run) -> str:
    if sure.empty:
        return _("Grid of indices, features by segments; none surely differs from 100.")
    strongest = sure.loc[(sure["index"] - 100).abs().groupby(sure["name"]).idxmax()]
    parts = [
        run.say("{name}: {feature} {index:number0}", name=row["name"], feature=feature_label(row["feature"]),
                index=row["index"])
        for _place, row in strongest.iterrows()
    ]  # fmt: skip
    return _("Grid of indices, features by segments. Furthest from 100 in each: {parts}.").format(
        parts="; ".join(parts)
    )


def _limits(shown: pd.DataFrame) -> str:
    """Say what pale and blank cells are, where there are any."""
    said = []
    if (shown["index"].notna() & ~shown["found"]).any():
        said.append(_("Pale, in grey: not surely different from 100 (false discoveries held to 5 %)."))
    if shown["index"].isna().any():
        said.append(_("Blank: too few customers."))
    return " ".join([*said, _("An index says how a segment differs, not why.")])


def _draw(axes: Any, frame: pd.DataFrame, run: Run) -> None:
    """Draw rows of features and columns of segments, coloured by doublings.

    A cell that is not surely different from all customers has the colour of the middle, and its number is muted.
    """
    doublings = np.log2(frame["index"].clip(lower=1) / 100).clip(-REACH, REACH)
    steps = frame.assign(
        step=doublings.where(frame["found"] | frame["index"].isna(), 0.0),
        words=frame["feature"].map(feature_label),
        sure=frame["found"].astype("float64"),
    )
    order = list(dict.fromkeys(steps["words"]))
    grid, indices, sure = (
        steps.pivot_table(index="words", columns="name", values=values, dropna=False).reindex(order)
        for values in ("step", "index", "sure")
    )
    heatmap(axes, grid, unit=_("Index, 100 = as all customers"), middle=0.0)
    for text in axes.texts:
        column, row = (int(place) for place in text.get_position())
        text.set_text(run.say("{x:number0}", x=indices.iloc[row, column]))
        if sure.iloc[row, column] == 0:
            text.set_color(palette.MUTED)
