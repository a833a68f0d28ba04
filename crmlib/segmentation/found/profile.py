"""What the found segments are like: how large they are, and each feature as an index against all customers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import each, estimate, exact, figure, gate, label, part, people
from crmlib.segmentation.found.behaviour import AMOUNTS, OTHER, Behaviour
from crmlib.segmentation.found.naming import feature_label, feature_value, segment_code
from crmlib.segmentation.indices import draw_indices
from crmlib.segmentation.personas.comparison import ratio_indices
from crmlib.segmentation.wording import source_of
from crmlib.stats.concentration import part_share
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.reporting import Shown
    from crmlib.segmentation.found.finding import Found
    from crmlib.segmentation.found.partitions import Labels
    from crmlib.segmentation.found.recipe import Recipe
    from crmlib.workspace import Run

SHOWN: Final = 12
"""Indices beyond a quarter and four times are coloured alike."""


def sizes(customers: pd.DataFrame) -> pd.DataFrame:
    """Count the customers of each found segment and sum up what they did; ``largest`` is the biggest one's part."""
    grouped = customers.groupby(["found_segment", "found_name"])
    profile = grouped.agg(
        customers=("spend", "size"), spend=("spend", "sum"), orders=("orders", "sum"), top=("spend", "max"),
        days_since_last=("days_since_last", "median"),
    ).reset_index()  # fmt: skip
    parts = [part_share(customers["spend"], customers["found_segment"] == code) for code in profile["found_segment"]]
    return profile.assign(
        spend_share=[share.value for share in parts],
        spend_low=[share.low for share in parts],
        spend_high=[share.high for share in parts],
        largest=profile["top"] / profile["spend"],
        order_value=profile["spend"] / profile["orders"],
    ).drop(columns="top")


def indices(recipe: Recipe, seen: Behaviour, labels: Labels) -> pd.DataFrame:
    """Compare each segment with all customers in the features that differ most between segments, at most :data:`SHOWN`.

    ``feature, group, people`` (customers in the segment who have it at all), ``share, share_all`` (of the segment and
    of all customers, as on the persona cards; means for amounts), ``index`` (100 is as all customers) with ``low,
    high``, and ``found`` (surely different from 100, false discoveries held to 5 % over all compared).
    """
    prepared = recipe.prepared(seen)
    means = prepared.groupby(labels).mean() - prepared.mean()
    distance = (means / prepared.std(ddof=0).replace(0.0, 1.0)).abs().max()
    distance = distance[[name for name in distance.index if not name.endswith(f": {OTHER}")]]
    features = distance.sort_values(ascending=False, kind="stable").head(SHOWN).index
    counted = [_counted(name, seen, labels) for name in prepared.columns if name in set(features)]
    compared = ratio_indices(pd.concat([sums for sums in counted if sums["units"].sum() > 0], ignore_index=True))
    named = compared.rename(columns={"value": "feature", "segment": "group"})
    return named[["feature", "group", "people", "share", "share_all", "index", "low", "high", "found"]]


def _counted(name: str, seen: Behaviour, labels: Labels) -> pd.DataFrame:
    """Sum up a feature by segment, as :func:`crmlib.segmentation.personas.comparison.segment_counts` does."""
    if name in AMOUNTS:
        values = seen.customers[name].to_numpy()
        whole = np.ones(len(values))
    else:
        values, whole = _orders(name, seen)
    sums = {
        "units": values, "squares": values**2, "products": values * whole, "all_units": whole,
        "all_squares": whole**2, "people": whole if name in AMOUNTS else values > 0, "customers": whole > 0,
    }  # fmt: skip
    groups = int(labels.max()) + 1
    summed = {key: np.bincount(labels, weights=numbers, minlength=groups) for key, numbers in sums.items()}
    return pd.DataFrame({"dimension": "", "value": name, "segment": np.arange(groups), **summed})


def _orders(name: str, seen: Behaviour) -> tuple[np.ndarray, np.ndarray]:
    """Give the orders with a value and those it could have been in: those of which the part is known."""
    if name in seen.customers:
        return seen.customers[name].to_numpy(), seen.customers["orders"].to_numpy()
    part, value = name.split(": ", 1)
    frame = seen.parts.get(part)
    if frame is None or value not in frame:
        return np.zeros(len(seen)), np.zeros(len(seen))
    return frame[value].to_numpy(), seen.known_orders[part].to_numpy()


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
    """Show a grid of indices against all customers, features by segments."""
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
    said = []
    if (shown["index"].notna() & ~shown["found"]).any():
        said.append(_("Pale, in grey: not surely different from 100 (false discoveries held to 5 %)."))
    if shown["index"].isna().any():
        said.append(_("Blank: too few customers."))
    return " ".join([*said, _("An index says how a segment differs, not why.")])


def _draw(axes: Axes, frame: pd.DataFrame, run: Run) -> None:
    named = frame.assign(row=frame["feature"].map(feature_label), column=frame["name"])
    draw_indices(axes, named, sorted(set(frame["name"])), run)
