"""The figures of chapter 02 that describe customers, each with its interval, computed as the page does."""

from typing import Final

import pandas as pd
from _retailer import AS_OF, BEFORE, Retailer
from crmlib.segmentation.personas.index import segment_counts, segment_indices

from crmlib.params.segmentation import SegmentationSection
from crmlib.segmentation.business.monthly import monthly_figures
from crmlib.segmentation.cohorts.retention import cohort_retention
from crmlib.segmentation.cohorts.second_purchase import second_purchases, share_within, time_to_second, won_since
from crmlib.segmentation.cohorts.worth import cohort_worth, customers_won, latest_cohort
from crmlib.segmentation.customers.migration import migration_matrix, segment_migration
from crmlib.segmentation.customers.segments import NOT_YET, segment_profile
from crmlib.segmentation.customers.stages import bought_since, outcomes
from crmlib.segmentation.personas.dimensions import described
from crmlib.segmentation.prices.promotion import promotion_shares
from crmlib.stats import Estimate
from crmlib.stats.concentration import gini, top_share

SECTION: Final = SegmentationSection()
FEW: Final = 300
"""Customers of a small shop, on whom inequality and the second purchase are looked at too."""

SMALL: Final = f", {FEW} customers"
"""What the names of their figures end with."""

WITHIN: Final = (30, 90, 180)

Cells = dict[str, pd.DataFrame]
"""For each kind of figure one row a cell, indexed by what it is of: ``value, low, high`` and sometimes ``people``."""


def figures(shop: Retailer, then: pd.DataFrame, today: pd.DataFrame, counted: pd.DataFrame) -> Cells:
    """Compute the figures of a shop that describe its customers.

    Parameters
    ----------
    shop
        The retailer.
    then, today
        Customers a month ago and now, from :func:`crmlib.segmentation.customers.base.measured_customers`.
    counted
        From :func:`crmlib.segmentation.prices.promotion.promotion_orders`.
    """
    of_customers = _inequality(today) | _segments(shop, then, today) | _return(shop) | _cohorts(shop)
    return _business(shop) | {"orders on promotion": one(promotion_shares(counted).average)} | of_customers


def _business(shop: Retailer) -> Cells:
    months = monthly_figures(shop.transactions, AS_OF).tail(12).set_index("month")
    names = {"order value of a month": "average_order_value", "units per order of a month": "units_per_order",
             "buyers of a month who buy in the next": "repurchase_rate"}  # fmt: skip
    return {name: cells(months, column) for name, column in names.items()}


def _inequality(today: pd.DataFrame) -> Cells:
    spend = today["spend"].to_numpy()
    found = {}
    for name, some in (("", spend), (SMALL, spend[:FEW])):
        found |= {f"Gini index{name}": one(gini(some)), f"revenue of the top tenth{name}": one(top_share(some))}
    return found | {"revenue of the top fifth": one(top_share(spend, 0.2))}


def _segments(shop: Retailer, then: pd.DataFrame, today: pd.DataFrame) -> Cells:
    moved = migration_matrix(segment_migration(then, today))
    moved = moved[moved["was"] != NOT_YET].set_index(["was", "now"])
    groups = today[["customer_id", "segment"]].astype({"segment": "str"})
    rows = described(shop.transactions, AS_OF, {"customers": shop.customers})
    compared = segment_indices(segment_counts(rows, groups)).rename(columns={"value": "of"})
    profile = segment_profile(today).set_index("segment")
    people = profile["customers"]
    since = bought_since(outcomes(then, today, (AS_OF - BEFORE).days), "segment")
    return {
        "a segment's share of customers": cells(profile, "share", people=people),
        "a segment's share of revenue": cells(profile, "spend_share", people=people),
        "part of a segment that bought since": cells(since, "since", people=since["were"]),
        "part of a segment that moved": cells(moved, "share", "", moved["customers"]),
        "index of a persona": cells(
            compared.set_index(["dimension", "of", "segment"]), "index", "", compared["people"].to_numpy()
        ),
    }


def _return(shop: Retailer) -> Cells:
    waits = won_since(second_purchases(shop.transactions, AS_OF), 10).waits
    found = {}
    for name, some in (("", waits), (SMALL, waits.head(FEW))):
        within = pd.concat([one(share_within(some, days)) for days in WITHIN], keys=WITHIN)
        found[f"second purchase within 30, 90, 180 days{name}"] = within
        found[f"median days to the second purchase{name}"] = one(time_to_second(some, AS_OF).median)
    return found


def _cohorts(shop: Retailer) -> Cells:
    months = SECTION.cohort_months
    retention = cohort_retention(shop.transactions, AS_OF, months)
    retention = retention[retention["age"] > 0].set_index(["cohort", "age"])
    won = customers_won(shop.transactions, AS_OF)
    worth = cohort_worth(won, AS_OF, months=months).set_index(["cohort", "age"])
    return {
        "share of a cohort back in a month": cells(retention, "retention", ""),
        "revenue a customer won, by cohort and age": cells(worth, "spend"),
        "revenue of this month's won less the year before's": one(latest_cohort(won, AS_OF).difference),
    }


def cells(frame: pd.DataFrame, value: str, prefix: str | None = None, people: object = None) -> pd.DataFrame:
    """Take a figure with its limits from a table.

    Parameters
    ----------
    frame
        Indexed by what its rows are of.
    value
        Column of the figure.
    prefix
        What the names of the limits begin with: the figure's name, unless given.
    people
        What each cell rests on, where cells of few people are not shown.
    """
    start = f"{value}_" if prefix is None else prefix
    taken = frame[[value, f"{start}low", f"{start}high"]].set_axis(["value", "low", "high"], axis=1)
    return taken if people is None else taken.assign(people=people)


def one(estimate: Estimate) -> pd.DataFrame:
    """Give an estimate as the only cell of its kind."""
    return pd.DataFrame({"value": [estimate.value], "low": [estimate.low], "high": [estimate.high]})
