"""How often the nominal 95 % intervals of chapter 02 hold the truth, over 200 replications of a simulated retailer.

The figures come from the functions that the page calls, on order lines in the engine. Each interval is held against
the truth that it is about:

- *population*: the same figure of so many customers that its own error does not matter;
- *model*: what the true parameters expect of these customers, given what was seen of them; such an interval holds the
  uncertainty of the parameters only;
- *own*: what the simulation gave to each customer, or planted.

Where a figure has many cells (months, segments, customers), the coverage is the mean over them and the standard error
that of the mean over replications. The purchase model is the true one: how well it is chosen is another question.
"""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
from _page_figures import SECTION, SMALL, Cells, figures
from _retailer import AS_OF, BEFORE, DAYS, PURCHASES, SPEND, Retailer, price_weeks, retailer
from threadpoolctl import threadpool_limits

from crmlib.btyd import lifetime_value
from crmlib.features import purchase_summary
from crmlib.segmentation.customers.base import Yardstick, described_customers, measured_customers, yardstick
from crmlib.segmentation.prices.elasticity import elasticities
from crmlib.segmentation.prices.promotion import promotion_orders, promotion_shares
from crmlib.segmentation.value import holdout
from crmlib.segmentation.value.money import held_out_money
from crmlib.segmentation.value.valuation import histories_before, value_by_segment, value_customers
from crmlib.stats.calibration import probability_bins

REPLICATIONS: Final = int(os.environ.get("SEGMENTATION_REPLICATIONS", "200"))
CUSTOMERS: Final = 1_500
POPULATION: Final = 200_000
MODELLED: Final = 40_000
"""Of the population, those whom the models of every replication foresee."""

MODEL: Final = "Pareto/NBD"
SPLIT: Final = holdout.split_date((pd.Timestamp(AS_OF) - pd.Timedelta(days=DAYS)).date(), AS_OF, SECTION.holdout_share)
ELASTICITY: Final = -1.8
LEAST_PEOPLE: Final = 10
"""Cells of fewer expected people are not shown on a page, nor looked at here."""


@dataclass(frozen=True, slots=True)
class Population:
    """What is true of all customers of this retailer.

    Attributes
    ----------
    cells
        The figures of the page, from :data:`POPULATION` customers.
    measure
        The cut points that the series keeps.
    held
        Histories up to the split, of :data:`MODELLED` customers.
    expected
        Purchases that the true model expects of them in the held-out time.
    """

    cells: Cells
    measure: Yardstick
    held: pd.DataFrame
    expected: pd.Series


def population(seed: int) -> Population:
    """Simulate so many customers that their figures are the truth."""
    rng = np.random.default_rng(seed)
    shop = retailer(POPULATION, rng)
    measure = yardstick(shop.transactions, AS_OF, described_customers(shop.transactions, AS_OF), SECTION)
    then, today = measured(shop, measure)
    cells = figures(shop, then, today, promotion_orders(shop.transactions, AS_OF))
    held = holdout.hold_out(shop.transactions, SPLIT, AS_OF)
    some = held.summary.head(MODELLED)
    return Population(cells, measure, some, PURCHASES.expected_purchases(some, held.horizon))


def measured(shop: Retailer, measure: Yardstick) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Describe and measure every customer, a month ago and now."""
    then, today = (described_customers(shop.transactions, day) for day in (BEFORE, AS_OF))
    return measured_customers(then, measure, SECTION), measured_customers(today, measure, SECTION)


def replicate(truth: Population, seed: int) -> dict[tuple[str, str], float]:
    """Simulate a shop, compute what the page prints, and say which share of the intervals holds the truth."""
    rng = np.random.default_rng([seed, 2])
    shop = retailer(CUSTOMERS, rng)
    then, today = measured(shop, truth.measure)
    counted = promotion_orders(shop.transactions, AS_OF)
    found = figures(shop, then, today, counted)
    held = {(name, "population"): _held(cells, truth.cells[name.removesuffix(SMALL)]) for name, cells in found.items()}
    held |= _ahead(shop, today) | _held_out(shop, truth) | _own(shop, counted, rng)
    return held


def _held(cells: pd.DataFrame, truth: pd.DataFrame) -> float:
    """Give the share of cells whose interval holds the truth."""
    joined = cells.join(truth.add_suffix("_true"))
    if "people" in cells:
        joined = joined[joined["people_true"] * CUSTOMERS / POPULATION >= LEAST_PEOPLE]
    return _between(joined["low"], joined["value_true"], joined["high"])


def _between(low: Any, truth: Any, high: Any) -> float:
    """Give the share of truths between their limits, of those that have any."""
    low, truth, high = (np.atleast_1d(np.asarray(each, dtype="float64")) for each in (low, truth, high))
    known = ~np.isnan(low) & ~np.isnan(truth)
    return float(((low <= truth) & (truth <= high))[known].mean()) if known.any() else float("nan")


def _ahead(shop: Retailer, today: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Hold the values ahead against what the true models give for the same histories."""
    valued = value_customers(histories_before(shop.transactions, AS_OF), SECTION, MODEL)
    # when they are back has no interval, and takes long
    valued = replace(valued, customers=valued.customers.assign(days_to_next=np.nan))
    segments = today.set_index("customer_id")["segment"]
    each = valued.customers.set_index("customer_id")
    summary = purchase_summary(shop.transactions, AS_OF).to_pandas().set_index("customer_id").loc[each.index]
    terms = (SECTION.lifetime_weeks, SECTION.discount_rate, SECTION.margin)
    worth = lifetime_value(summary, PURCHASES, SPEND, *terms)
    by_segment, total = value_by_segment(valued, segments).set_index("segment"), valued.total
    of_segments = pd.DataFrame({"value": worth, "churn_risk": 1 - PURCHASES.probability_of_purchase(summary, terms[0])})
    of_segments = of_segments.groupby(segments, observed=False).agg({"value": "sum", "churn_risk": "mean"})
    of_segments["value_share"] = of_segments["value"] / worth.sum()
    held = {
        f"{words} of a segment": _between(by_segment[f"{name}_low"], of_segments[name], by_segment[f"{name}_high"])
        for name, words in (
            ("value", "value ahead"),
            ("value_share", "share of all value"),
            ("churn_risk", "churn risk"),
        )
    }
    held["value ahead of all customers"] = _between(total.low, worth.sum(), total.high)
    held["value ahead of a customer"] = _between(each["lifetime_value_low"], worth, each["lifetime_value_high"])
    independent = {("frequency and spend, rank correlation", "own: none"): float(not valued.independence.excludes(0))}
    return {(name, "model"): share for name, share in held.items()} | independent


def _held_out(shop: Retailer, truth: Population) -> dict[tuple[str, str], float]:
    """Hold what is said of the held-out time against what the true models give for it."""
    held = holdout.hold_out(shop.transactions, SPLIT, AS_OF)
    model = holdout.MODELS[MODEL].fit(held.summary)
    foreseen = model.expected_purchases(held.summary, held.horizon)
    judged = holdout.Judged(MODEL, None, SPLIT, held, {MODEL: foreseen}, {MODEL: model})
    ratios = {"purchases": judged.ratio, "money": held_out_money(judged, shop.transactions, AS_OF)}
    found = {
        (f"held-out {name}, foreseen of made", "own: 1, the right model"): float(not ratio.excludes(1))
        for name, ratio in ratios.items()
    }
    means = judged.by_frequency
    true_means = truth.expected.groupby(truth.held["frequency"].clip(upper=holdout.MOST_FREQUENT)).mean()
    found["held-out purchases by frequency before", "population"] = _between(
        means["low"], means["frequency"].map(true_means), means["high"]
    )
    chances = PURCHASES.probability_of_purchase(held.summary, held.horizon)
    bins = probability_bins(model.probability_of_purchase(held.summary, held.horizon))
    curve = judged.calibration
    found["share that bought, by tenths of probability", "model"] = _between(
        curve["low"], chances.groupby(bins).mean(), curve["high"]
    )
    return found


def _own(shop: Retailer, counted: pd.DataFrame, rng: np.random.Generator) -> dict[tuple[str, str], float]:
    """Hold customers' promotion shares and planted elasticities against their own truth."""
    told = promotion_shares(counted).customers
    own = shop.promoted[told["customer_id"]].to_numpy()
    held = {("a customer's share of orders on promotion", "own"): _between(told["low"], own, told["high"])}
    for articles, units in ((12, 30.0), (40, 30.0), (40, 2.0)):
        found = elasticities(price_weeks(articles, units, ELASTICITY, rng))
        name = f"elasticity, {articles} articles, {units:g} units a week"
        held[name, "own: planted"] = _between(found["low"], ELASTICITY, found["high"])
    return held


def _print(held: pd.DataFrame) -> None:
    """Print one line a kind of interval: its truth, the coverage and the standard error, in per cent."""
    print(f"{'interval':55} {'truth':30} {'nominal':>7} {'covers':>7} {'error':>6}")
    for name, truth in held.columns:
        known = held[name, truth].dropna()
        error = known.std() / np.sqrt(len(known))
        print(f"{name:55} {truth:30} {95:7.0f} {100 * known.mean():7.1f} {100 * error:6.1f}")


def main() -> None:
    """Print the coverage of every interval."""
    start = time.perf_counter()
    # threads of linear algebra would wait for one another: each process has one
    with ProcessPoolExecutor(max_workers=2, initializer=threadpool_limits, initargs=(1,)) as pool:
        truth = pool.submit(population, 1).result()
        held = pd.DataFrame(list(pool.map(partial(replicate, truth), range(REPLICATIONS), chunksize=10)))
    print(f"{REPLICATIONS} replications of {CUSTOMERS:,} customers won in {DAYS} days, in per cent")
    _print(held)
    print(f"{time.perf_counter() - start:.0f} s in all")


if __name__ == "__main__":
    main()
