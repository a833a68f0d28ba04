"""What a found segment is made of: sizes with intervals, and each feature as an index against all customers."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.segmentation.found.behaviour import AMOUNTS, OTHER, Behaviour
from crmlib.segmentation.found.partitions import Labels
from crmlib.segmentation.found.recipe import Recipe
from crmlib.segmentation.personas.index import ratio_indices
from crmlib.stats.concentration import part_share
from crmlib.stats.intervals import proportions

SHOWN: Final = 12


def sizes(customers: pd.DataFrame) -> pd.DataFrame:
    """Count the customers of each found segment and sum up what they did.

    ``found_segment, found_name, customers, spend`` (total), ``orders, largest`` (the biggest customer's part of the
    spend), ``order_value`` (mean), ``days_since_last`` (median), ``spend_share`` (part of all spend) with ``spend_low,
    spend_high``.
    """
    grouped = customers.groupby(["found_segment", "found_name"])
    profile = grouped.agg(
        customers=("spend", "size"), spend=("spend", "sum"), orders=("orders", "sum"), top=("spend", "max"),
        days_since_last=("days_since_last", "median"),
    ).reset_index()  # fmt: skip
    share = proportions(profile["customers"].to_numpy(), np.full(len(profile), len(customers)))
    parts = [part_share(customers["spend"], customers["found_segment"] == code) for code in profile["found_segment"]]
    return profile.assign(
        spend_share=[share.value for share in parts],
        spend_low=[share.low for share in parts],
        spend_high=[share.high for share in parts],
        share=share["value"],
        share_low=share["low"],
        share_high=share["high"],
        largest=profile["top"] / profile["spend"],
        spend_each=profile["spend"] / profile["customers"],
        orders_each=profile["orders"] / profile["customers"],
        order_value=profile["spend"] / profile["orders"],
    ).drop(columns="top")


def indices(recipe: Recipe, seen: Behaviour, labels: Labels) -> pd.DataFrame:
    """Compare each segment with all customers in the features that differ most between segments.

    The indices are those of the persona cards: a share is one of orders (of customers, for a main value), an amount a
    mean over customers, with the same intervals (:func:`crmlib.segmentation.personas.index.ratio_indices`). Features
    left out are not compared, nor is what a part pools as other; at most :data:`SHOWN` are.

    One row a feature and segment: ``feature, group, people`` (customers in the segment who have it at all), ``share,
    share_all`` (of the segment and of all customers; means for amounts), ``index`` (100 is as all customers) with
    ``low, high``, and ``found`` (surely different from 100, false discoveries held to 5 % over all compared).
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
    """Sum up a feature by segment, as :func:`crmlib.segmentation.personas.index.segment_counts` does."""
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
