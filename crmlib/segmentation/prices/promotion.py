"""How many of a customer's orders hold something on promotion, drawn to the average where orders are few."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.features import known_purchases
from crmlib.orders import count_orders, on_promotion
from crmlib.reporting import behind, figure, gate, insufficient, label, palette, people
from crmlib.reporting.figures import write_ticks
from crmlib.segmentation.purchase_details import known_details
from crmlib.segmentation.wording import source_of
from crmlib.stats.shrinkage import beta_shapes
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from matplotlib.axes import Axes

    from crmlib.reporting import Shown
    from crmlib.segmentation.study import Study
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

BANDS: Final = 40
COLUMNS: Final = ("customer_id", "orders", "promoted", "share", "low", "high")
"""Columns of the table ``promotion_shares``, one row a customer; empty where the data have no promotions."""


@dataclass(frozen=True, slots=True)
class PromotionShares:
    """What part of their orders customers place with something on promotion.

    ``customers`` has :data:`COLUMNS`: ``promoted`` are orders with a line on promotion, ``share`` the posterior mean
    with ``low, high`` (95 % credible). ``a, b`` shape the beta distribution of customers' own shares (NaN where they do
    not differ); ``average`` is the share of all orders, with customers as the source of chance.
    """

    customers: pd.DataFrame
    a: float
    b: float
    average: Estimate

    @property
    def differ(self) -> bool:
        """Whether customers differ in it more than by chance."""
        return bool(np.isfinite(self.a))


def promotions(transactions: ibis.Table, run: Run) -> PromotionShares | None:
    """Estimate the promotion share of every customer; nothing where no order is on promotion or customers are few."""
    if "promotion" not in known_details(transactions, run.as_of):
        return None
    counted = promotion_orders(transactions, run.as_of)
    return None if run.too_few(len(counted)) else promotion_shares(counted)


def promotion_orders(transactions: ibis.Table, as_of: date) -> pd.DataFrame:
    """Count, for each known customer, the orders and those with a line on promotion, in the engine.

    The order is the unit, as a coupon is on all of its lines; a day is, where lines have no order number.
    """
    bought = known_purchases(transactions, as_of)
    bought = bought.mutate(order_id=ibis.coalesce(bought.order_id, bought.ordered_at.date().cast("string")))
    counted = bought.group_by("customer_id").agg(
        orders=count_orders(bought), promoted=count_orders(bought, on_promotion(bought))
    )
    return counted.to_pandas().sort_values("customer_id", ignore_index=True)


def promotion_shares(counted: pd.DataFrame) -> PromotionShares:
    """Estimate each customer's share by empirical Bayes: the population's distribution is learned from all of them.

    Takes ``customer_id, orders, promoted``, at least one order each (Robbins 1956; Casella 1985, The American
    Statistician 39). Where customers differ no more than by chance, everybody gets the average.
    """
    from scipy.stats import beta

    from crmlib.stats.intervals import ratio

    average = ratio(counted["promoted"], counted["orders"])
    shapes = beta_shapes(counted["promoted"].to_numpy(float), counted["orders"].to_numpy(float))
    if shapes is None:
        same = counted.assign(share=average.value, low=average.low, high=average.high)
        return PromotionShares(same, float("nan"), float("nan"), average)
    a, b = shapes
    # customers with the same counts have the same answer
    keys = ["promoted", "orders"]
    distinct = counted[keys].drop_duplicates()
    yes, no = a + distinct["promoted"], b + distinct["orders"] - distinct["promoted"]
    told = distinct.assign(share=yes / (yes + no), low=beta.ppf(0.025, yes, no), high=beta.ppf(0.975, yes, no))
    return PromotionShares(counted.merge(told, on=keys, how="left"), a, b, average)


def show_promotion(found: Study, run: Run) -> Shown:
    """Show how much is bought on promotion, and whether customers differ in it; write ``promotion_shares``."""
    shares = found.promotion
    if shares is None:
        run.write("promotion_shares", pd.DataFrame(columns=list(COLUMNS), dtype="str"), by=["customer_id"])
        return insufficient(
            needed=_("known customers and orders with a promotion or a discount"),
            found=_("none, or too few"),
            therefore=_("No promotion shares are shown."),
        )
    run.write("promotion_shares", shares.customers[list(COLUMNS)], by=["customer_id"])
    low, high = shares.customers["share"].quantile([0.1, 0.9])
    return behind(figure(
        partial(_draw_bands, average=shares.average.value),
        gate(_bands(shares), run, label("from"), label("to"), people("customers"), totals=True),
        title=_title(shares, run),
        alt=run.say(
            _("Bars of customers by promotion share. Four in five customers lie between {low:part} and {high:part}."),
            low=low, high=high,
        ),
        read=_read(shares, run),
        limits=_(
            "A share says what was bought, not why: who buys what is often on offer, or much at once, has a high one "
            "without minding prices."
        ),
        source=source_of(run, len(shares.customers), "customers"),
        size=(7.2, 2.8),
    ))  # fmt: skip


def _bands(shares: PromotionShares) -> pd.DataFrame:
    counts, limits = np.histogram(shares.customers["share"], np.linspace(0, 1, BANDS + 1))
    frame = pd.DataFrame({"from": limits[:-1], "to": limits[1:], "customers": counts})
    held = counts.nonzero()[0]
    return frame.iloc[held.min() : held.max() + 1].reset_index(drop=True)


def _title(shares: PromotionShares, run: Run) -> str:
    seen = _("no difference between customers is seen")
    if shares.differ:
        above = (shares.customers["low"] > shares.average.value).sum()
        seen = run.say(_("for {n:people} customers the 95 % credible interval lies above the average"), n=above)
    words = _("{average:share} of orders hold something on promotion; {seen}")
    return run.say(words, average=shares.average, seen=seen)


def _read(shares: PromotionShares, run: Run) -> str:
    if not shares.differ:
        return _("Customers differ in it no more than chance would have it: each is given the average.")
    words = _(
        "Each customer's share of orders is drawn to the average the more the fewer they are (the average weighs as "
        "much as {n:number0} orders). Intervals are each customer's own: of many, some lie above the average by chance."
    )
    return run.say(words, n=shares.a + shares.b)


def _draw_bands(axes: Axes, frame: pd.DataFrame, average: float) -> None:
    axes.bar(100 * frame["from"], frame["customers"], width=95 / BANDS, align="edge", color=palette.ACCENT)
    axes.axvline(100 * average, color=palette.INK, linewidth=1.2)
    axes.annotate(_("average"), (100 * average, 1), xycoords=("data", "axes fraction"), xytext=(4, 2),
                  textcoords="offset points")  # fmt: skip
    axes.set_xlabel(_("Share of a customer's orders with something on promotion, %"))
    axes.set_ylabel(_("Customers"))
    write_ticks(axes.yaxis, "people")
