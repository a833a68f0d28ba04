"""What promotions added beyond what usually sells, and what they gave away on what would have sold anyway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.actions.promotion.weeks import article_weeks, beside_usual
from crmlib.stats import Estimate
from crmlib.stats.comparisons import benjamini_hochberg, p_of_interval
from crmlib.stats.intervals import ratio

if TYPE_CHECKING:
    from crmlib.workspace import Run

LEAST_ARTICLES: Final = 10
"""Articles of a category below which nothing is said of it."""
LEAST_COSTED: Final = 0.9
"""Share of the units on promotion whose cost is known, below which no margin is told."""
FALSE_DISCOVERIES: Final = 0.05
ENDS: Final = ("", "_low", "_high")


@dataclass(frozen=True, slots=True)
class Promotions:
    """What promotions did, by category in ``categories`` (see `by_category`) and together.

    `net` is the margin beyond that of the usual units at the usual price; unknown where costs are not. `only`
    counts customers of several orders who bought on promotion alone, `by_chance` as many as would if all bought so at
    the average rate, of so many `several`.
    """

    categories: pd.DataFrame
    lift: Estimate
    after: Estimate
    net: Estimate
    given: float
    only: int
    by_chance: float
    several: int


def find_promotions(run: Run) -> Promotions | None:
    """Work out what promotions did; ``None`` where no line is on promotion or too few articles tell."""
    products = run.table("products") if run.has("products") else None
    weeks = article_weeks(run.table("transactions"), run.as_of, products)
    if not len(weeks) or not weeks["promoted"].any():
        return None
    told = beside_usual(weeks)
    if told["product_id"].nunique() < LEAST_ARTICLES:
        return None
    articles = by_article(told)
    only, chance, several = alone(run.frame("promotion_shares"))
    return Promotions(
        categories=by_category(articles), lift=_lift(articles, "on"), after=_lift(articles, "after"),
        net=_net(articles), given=float(articles["given"].sum()), only=only, by_chance=chance, several=several,
    )  # fmt: skip


def by_article(told: pd.DataFrame) -> pd.DataFrame:
    """Sum up each article: units and usual units ``on`` promotion and in the week ``after``, and the money of it.

    ``given`` is the discount on what would have sold anyway; ``net`` what the margin was beyond that of the usual units
    at the usual price (missing where costs are not known): the margin of the units sold less the usual units' margin
    with the discount added.
    """
    on, after = told[told["kind"] == "on"], told[told["kind"] == "after"]
    keys = ["category", "product_id"]
    found = on.groupby(keys)[["units", "usual", "amount", "discount", "cost", "costed"]].sum().add_suffix("_on")
    found = found.join(after.groupby(keys)[["units", "usual"]].sum().add_suffix("_after")).fillna(0.0).reset_index()
    sold = found["units_on"].where(found["units_on"] > 0)
    cheaper, margin = found["discount_on"] / sold, (found["amount_on"] - found["cost_on"]) / sold
    known = found["costed_on"] >= LEAST_COSTED * found["units_on"]
    usual = found["usual_on"]
    net = (found["units_on"] - usual) * margin - usual * cheaper
    return found.assign(given=cheaper * np.minimum(usual, found["units_on"]), net=net.where(known))


def by_category(articles: pd.DataFrame) -> pd.DataFrame:
    """Estimate each category with enough articles, the largest sales on promotion first.

    ``category, articles, sales, given, lift, lift_low, lift_high`` (units on promotion over usual ones, less 1),
    ``after…`` (the same in the week after), ``net…`` (money), ``q`` (of the lift, Benjamini & Hochberg).
    """
    rows = []
    for name, part in articles.groupby("category", sort=True):
        if len(part) < LEAST_ARTICLES:
            continue
        told = {"lift": _lift(part, "on"), "after": _lift(part, "after"), "net": _net(part)}
        ends = {f"{key}{end}": getattr(each, end[1:] or "value") for key, each in told.items() for end in ENDS}
        money = {"sales": float(part["amount_on"].sum()), "given": float(part["given"].sum())}
        rows.append({"category": name, "articles": len(part), **money, **ends, "p": p_of_interval(told["lift"])})
    frame = pd.DataFrame(rows)
    if frame.empty:
        return frame
    told = frame.assign(q=benjamini_hochberg(frame.pop("p")))
    return told.sort_values("sales", ascending=False, ignore_index=True)


def alone(shares: pd.DataFrame) -> tuple[int, float, int]:
    """Count customers of two orders or more who bought on promotion alone, as many as chance makes, and of how many."""
    several = shares[shares["orders"].astype("float64") >= 2]
    if several.empty:
        return 0, 0.0, 0
    orders, promoted = (several[name].astype("float64") for name in ("orders", "promoted"))
    average = promoted.sum() / orders.sum()
    return int((promoted >= orders).sum()), float((average**orders).sum()), len(several)


def _lift(articles: pd.DataFrame, when: str) -> Estimate:
    """Estimate by how much more than usual is sold, articles being the source of chance."""
    seen = articles[articles[f"usual_{when}"] > 0]
    if len(seen) < LEAST_ARTICLES:
        return Estimate.unknown(len(seen))
    found = ratio(seen[f"units_{when}"], seen[f"usual_{when}"])
    return Estimate(found.value - 1, found.low - 1, found.high - 1, found.n)


def _net(articles: pd.DataFrame) -> Estimate:
    """Estimate the margin won less the discount given away, together, articles being the source of chance."""
    if articles["net"].isna().any() or not articles["amount_on"].sum() > 0:
        return Estimate.unknown(len(articles))
    return ratio(articles["net"], articles["amount_on"]).scaled(float(articles["amount_on"].sum()))
