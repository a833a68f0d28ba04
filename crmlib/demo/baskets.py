"""What is in the orders: articles chosen by need, budget and price, and what goes with what."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.assortment import PER_CATEGORY, RANGES, Assortment
from crmlib.demo.plan import Plan
from crmlib.demo.segments import CATEGORIES, SEGMENTS

Floats = npt.NDArray[np.float64]

BUDGET_SPREAD: Final = 0.35
"""Deviation, in log price, of the article chosen from the price looked for."""

ANCHOR_APPEAL: Final = 1.6

OFFER_PULL: Final = 5.0
"""A price sensitivity of minus this doubles the need for a category on offer."""

PLANNED: Final = 0.935
"""Share of an order's value that is planned; whole units and companions add the rest, so that the value is kept."""


@dataclass(frozen=True, slots=True)
class Affinity:
    """A planted pair: who takes the anchor takes the companion too with this added probability."""

    anchor: tuple[str, int]
    companion: tuple[str, int]
    probability: float

    @property
    def products(self) -> tuple[int, int]:
        """Row numbers of both articles in the assortment."""
        return _row(*self.anchor), _row(*self.companion)


def _row(category: str, position: int) -> int:
    return CATEGORIES.index(category) * PER_CATEGORY + position


AFFINITIES: Final = (
    Affinity(("grocery", 13), ("fresh", 11), 0.35),
    Affinity(("grocery", 14), ("grocery", 15), 0.40),
    Affinity(("beauty", 10), ("beauty", 11), 0.45),
    Affinity(("baby", 10), ("baby", 11), 0.40),
    Affinity(("digital", 0), ("digital", 1), 0.50),
    Affinity(("snacks", 12), ("gifts", 5), 0.20),
)
"""Hotpot base and beef, pasta and tomato sauce, shampoo and conditioner, nappies and wipes, phone case and screen
protector, tea and biscuits."""


def make_baskets(plan: Plan, people: pd.DataFrame, orders: pd.DataFrame, assortment: Assortment) -> pd.DataFrame:
    """Fill the orders, one row a product line.

    ``order`` (row of ``orders``), ``product`` (row of the assortment), ``quantity``, ``unit_price`` (list price),
    ``discount``, ``amount`` (after discount), ``promotion`` (0: none).
    """
    rng = plan.stream("baskets")
    segment = orders["segment"].to_numpy()
    mean_lines = np.array([s.lines for s in SEGMENTS])[segment]
    count = 1 + rng.poisson(mean_lines - 1)
    order = np.repeat(np.arange(len(orders)), count)
    share = rng.gamma(2.0, 1.0, len(order))
    share /= np.bincount(order, weights=share, minlength=len(orders))[order]
    budget = PLANNED * _order_values(rng, people, orders)[order] * share
    lines = pd.DataFrame({
        "order": order,
        "segment": segment[order],
        "day": np.floor(orders["at"].to_numpy()[order]).astype(int),
        "budget": budget,
        "category": -1,
    })  # fmt: skip
    lines["category"] = _choose_categories(rng, lines, _on_offer(assortment))
    lines["product"] = _choose_products(plan, rng, assortment, lines)
    lines = lines[["order", "product", "budget"]]
    lines = pd.concat([lines, _companions(rng, lines)], ignore_index=True)
    return _priced(plan, assortment, orders, lines.sort_values("order", kind="stable", ignore_index=True))


def _order_values(rng: np.random.Generator, people: pd.DataFrame, orders: pd.DataFrame) -> Floats:
    """Gamma-gamma: a shape of the segment, a scale of the person (drawn anew for every anonymous buyer)."""
    segment, person = orders["segment"].to_numpy(), orders["person"].to_numpy()
    p, q, gamma = (np.array([getattr(s, name) for s in SEGMENTS])[segment] for name in ("p", "q", "gamma"))
    stranger = rng.gamma(q, 1 / gamma)
    scale = np.where(person >= 0, people["scale"].to_numpy()[np.maximum(person, 0)], stranger)
    return np.asarray(rng.gamma(p, 1 / scale))


def _on_offer(assortment: Assortment) -> npt.NDArray[np.bool_]:
    """Say which categories are on offer, category × day."""
    by_category = assortment.discount.reshape(len(CATEGORIES), PER_CATEGORY, -1)
    return np.asarray(by_category.max(axis=1) > 0)


def _choose_categories(
    rng: np.random.Generator, lines: pd.DataFrame, on_offer: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Take a category by the segment's needs, among those the budget reaches; offers pull those who mind prices."""
    segment, budget = lines["segment"].to_numpy(), lines["budget"].to_numpy()
    needs = np.array([s.categories for s in SEGMENTS])[segment]
    pull = np.array([-s.price_sensitivity / OFFER_PULL for s in SEGMENTS])[segment]
    needs = needs * (1 + pull[:, None] * on_offer.T[lines["day"]])
    lowest = np.log([RANGES[c].low for c in CATEGORIES])
    reach = 1 / (1 + np.exp(-(np.log(budget)[:, None] - lowest) / 0.15))
    cumulated = np.cumsum(needs * (reach + 1e-9), axis=1)
    draw = rng.random(len(budget)) * cumulated[:, -1]
    return np.asarray(np.minimum((draw[:, None] > cumulated).sum(axis=1), len(CATEGORIES) - 1))


def _choose_products(
    plan: Plan, rng: np.random.Generator, assortment: Assortment, lines: pd.DataFrame
) -> npt.NDArray[np.int64]:
    """Multinomial logit within the category: appeal, the price looked for, and the price against its usual level."""
    products = assortment.products
    appeal = products["appeal"].to_numpy().copy()
    appeal[[a.products[0] for a in AFFINITIES]] += ANCHOR_APPEAL
    log_base = np.log(products["base_price"].to_numpy())
    log_relative = np.log(_relative_net_price(plan, assortment))
    sensitivity = np.array([s.price_sensitivity for s in SEGMENTS])[lines["segment"]]
    wanted = np.log(lines["budget"].to_numpy() / rng.choice([1, 2, 3], len(lines), p=[0.72, 0.2, 0.08]))
    day, category = lines["day"].to_numpy(), lines["category"].to_numpy()
    product = np.empty(len(lines), dtype=int)
    for number in range(len(CATEGORIES)):
        rows = slice(number * PER_CATEGORY, (number + 1) * PER_CATEGORY)
        here = np.flatnonzero(category == number)
        utility = appeal[rows] - (log_base[rows] - wanted[here, None]) ** 2 / (2 * BUDGET_SPREAD**2)
        utility = utility + sensitivity[here, None] * log_relative[rows].T[day[here]]
        product[here] = number * PER_CATEGORY + np.argmax(utility + rng.gumbel(size=utility.shape), axis=1)
    return product


def _relative_net_price(plan: Plan, assortment: Assortment) -> Floats:
    """Net price over base price, article × day."""
    return np.asarray(assortment.relative_price[:, _months(plan)] * (1 - assortment.discount))


def _months(plan: Plan) -> npt.NDArray[np.int64]:
    """Give the month number of each day since the first."""
    days = np.datetime64(plan.start, "D") + np.arange(plan.horizon)
    months = days.astype("datetime64[M]").astype(int)
    return np.asarray(months - months[0])


def _companions(rng: np.random.Generator, lines: pd.DataFrame) -> pd.DataFrame:
    """Add the second article of a planted pair to orders that hold the first one."""
    added = []
    for affinity in AFFINITIES:
        anchor, companion = affinity.products
        holders = lines.loc[lines["product"] == anchor, "order"].unique()
        taken = holders[rng.random(len(holders)) < affinity.probability]
        fresh = np.setdiff1d(taken, lines.loc[lines["product"] == companion, "order"])
        added.append(pd.DataFrame({"order": fresh, "product": companion, "budget": 0.0}))
    return pd.concat(added, ignore_index=True)


def _priced(plan: Plan, assortment: Assortment, orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Work out list price, quantity, discount and amount, to the cent."""
    products = assortment.products
    product = lines["product"].to_numpy()
    day = np.floor(orders["at"].to_numpy()[lines["order"]]).astype(int)
    off = assortment.discount[product, day].astype(float)
    price = np.round(
        products["base_price"].to_numpy()[product] * assortment.relative_price[product, _months(plan)[day]], 1
    )
    units = lines.pop("budget").to_numpy() / (price * (1 - off))
    weighed = products["weighed"].to_numpy()[product]
    quantity = np.where(weighed, np.clip(np.round(units, 3), 0.1, 20), np.clip(np.rint(units), 1, 24))
    gross = np.round(price * quantity, 2)
    discount = np.round(gross * off, 2)
    return lines.assign(
        quantity=quantity,
        unit_price=price,
        discount=discount,
        amount=np.round(gross - discount, 2),
        promotion=assortment.promotion[product, day].astype(int),
    )
