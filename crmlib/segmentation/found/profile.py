"""What a found segment is made of: sizes with intervals, and each feature as an index against all customers."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.segmentation.found.behaviour import AMOUNTS, Behaviour
from crmlib.segmentation.found.partitions import Labels
from crmlib.segmentation.found.recipe import Recipe
from crmlib.stats.concentration import part_share
from crmlib.stats.intervals import proportions

SHOWN: Final = 12


def sizes(customers: pd.DataFrame) -> pd.DataFrame:
    """Count the customers of each found segment and sum up what they did.

    Parameters
    ----------
    customers
        From :class:`crmlib.segmentation.found.finding.Found`.

    Returns
    -------
    pandas.DataFrame
        One row a segment: ``found_segment, found_name, customers, share`` with ``share_low, share_high`` (Wilson),
        ``spend`` (total), ``largest`` (the biggest customer's part of it), ``spend_each, orders_each, order_value``
        (means), ``days_since_last`` (median), ``spend_share`` (part of all spend) with ``spend_low, spend_high``.
    """
    grouped = customers.groupby(["found_segment", "found_name"])
    profile = grouped.agg(
        customers=("spend", "size"), spend=("spend", "sum"), orders=("orders", "sum"), top=("spend", "max"),
        days_since_last=("days_since_last", "median"),
    ).reset_index()  # fmt: skip
    share = proportions(profile["customers"].to_numpy(), np.full(len(profile), len(customers)))
    parts = [part_share(customers["spend"], customers["found_segment"] == code) for code in profile["found_segment"]]
    return profile.assign(
        spend_share=[each.value for each in parts],
        spend_low=[each.low for each in parts],
        spend_high=[each.high for each in parts],
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

    Parameters
    ----------
    recipe
        The features; those left out are not compared.
    seen, labels
        Customers and their segments.

    Returns
    -------
    pandas.DataFrame
        One row a feature and segment: ``feature, group, index`` (100 is as all customers: means for amounts, shares of
        orders for parts) and ``people`` (customers in the segment who have it at all); at most :data:`SHOWN` features.
    """
    prepared = recipe.prepared(seen)
    means = prepared.groupby(labels).mean() - prepared.mean()
    distance = (means / prepared.std(ddof=0).replace(0.0, 1.0)).abs().max()
    features = distance.sort_values(ascending=False, kind="stable").head(SHOWN).index
    ordered = [name for name in prepared.columns if name in set(features)]
    return pd.concat([_indexed(name, seen, labels) for name in ordered], ignore_index=True)


def _indexed(name: str, seen: Behaviour, labels: Labels) -> pd.DataFrame:
    if name in AMOUNTS:
        values = seen.customers[name].to_numpy()
        whole = np.ones(len(values))
    else:
        values, whole = _orders(name, seen)
    groups = int(labels.max()) + 1
    inside = np.bincount(labels, weights=values, minlength=groups)
    rates = inside / np.maximum(np.bincount(labels, weights=whole, minlength=groups), 1e-12)
    overall = values.sum() / max(whole.sum(), 1e-12)
    people = np.bincount(labels, weights=(values > 0) if name not in AMOUNTS else whole, minlength=groups)
    return pd.DataFrame({
        "feature": name, "group": np.arange(groups), "index": 100 * rates / max(overall, 1e-12),
        "people": people.astype("int64"),
    })  # fmt: skip


def _orders(name: str, seen: Behaviour) -> tuple[np.ndarray, np.ndarray]:
    """Give the orders with a value and those it could have been in."""
    if name in seen.customers:
        return seen.customers[name].to_numpy(), seen.customers["orders"].to_numpy()
    part, value = name.split(": ", 1)
    frame = seen.parts.get(part)
    if frame is None:
        return np.zeros(len(seen)), np.zeros(len(seen))
    own = frame[value].to_numpy() if value in frame else np.zeros(len(seen))
    return own, frame.to_numpy().sum(axis=1)
