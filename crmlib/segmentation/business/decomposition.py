"""Why revenue changed, exactly, in parts that add up: by factors of known customers' revenue, and by groups of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise, permutations
from math import factorial
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.features import known_purchases
from crmlib.orders import as_orders, count_orders

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table, Value
    from numpy.typing import NDArray

FACTORS: Final = ("customers", "orders_per_customer", "units_per_order", "price_per_unit")
FACTORS_WITHOUT_UNITS: Final = ("customers", "orders_per_customer", "order_value")
"""What revenue is the product of where a line does not say its units."""
REST: Final = ("anonymous", "returns")  # what no known customer brought, and what went back
GROUPS: Final = ("new", "reactivated", "retained", "lost")


@dataclass(frozen=True, slots=True)
class RevenueChange:
    """How net revenue came from one period to the next."""

    then: float
    now: float
    drivers: pd.DataFrame  # `driver, then, now` (its level), `effect` (money; the effects add up to the change)
    groups: pd.DataFrame  # `group, customers, then, now` (their gross money), `effect, largest` (customer's part)

    @property
    def change(self) -> float:
        """Net revenue now less then."""
        return self.now - self.then

    def without_returns(self) -> RevenueChange:
        """Leave the step of returns out, where nobody tells them: it would be nought, and is not known."""
        return replace(self, drivers=self.drivers[self.drivers["driver"] != "returns"].reset_index(drop=True))

    def as_table(self) -> pd.DataFrame:
        """Put both splits into one table: ``split, part, then, now, effect, customers, largest``."""
        drivers = self.drivers.rename(columns={"driver": "part"}).assign(split="drivers")
        groups = self.groups.rename(columns={"group": "part"}).assign(split="groups")
        both = pd.concat([drivers, groups], ignore_index=True).astype({"part": "str"})
        return both[["split", "part", "then", "now", "effect", "customers", "largest"]]


def revenue_change(transactions: Table, then: tuple[date, date], now: tuple[date, date]) -> RevenueChange:
    """Decompose the change of net revenue between two periods, each given by its first day and exclusive end.

    The factors by Shapley's value (Albrecht, François & Schoors, Energy Policy 30, 2002): unlike chaining in one order
    it favours none, and it bears zeros.
    """
    orders = as_orders(transactions)
    groups = _groups(orders, then, now)
    totals = groups[[f"{name}_{side}" for name in _SUMMED for side in ("then", "now")]].sum()
    said = totals["unsaid_then"] + totals["unsaid_now"] == 0
    summed = ("orders", "units", "spend") if said else ("orders", "spend")
    customers = [groups.loc[groups["group"].isin(kinds), "customers"].sum() for kinds in _BOUGHT]
    levels = [
        _levels(float(people), *(float(totals[f"{name}_{side}"]) for name in summed))
        for people, side in zip(customers, ("then", "now"), strict=True)
    ]
    rest = _rest(orders, then, now)
    drivers = pd.DataFrame({
        "driver": [*(FACTORS if said else FACTORS_WITHOUT_UNITS), *REST],
        "then": [*levels[0], *rest[0]],
        "now": [*levels[1], *rest[1]],
        "effect": [*shapley(levels[0], levels[1]), rest[1][0] - rest[0][0], rest[0][1] - rest[1][1]],
    })  # fmt: skip
    net = [
        float(totals[f"spend_{side}"]) + anonymous - back
        for side, (anonymous, back) in zip(("then", "now"), rest, strict=True)
    ]
    return RevenueChange(net[0], net[1], drivers, _by_group(groups))


_SUMMED: Final = ("spend", "units", "unsaid", "orders")
_BOUGHT: Final = (("retained", "lost"), ("new", "reactivated", "retained"))


def shapley(then: NDArray[np.float64], now: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share the change of a product among its factors: the mean effect of each over all orders of change."""
    effects = np.zeros(len(then))
    for order in permutations(range(len(then))):
        level = np.array(then, dtype="float64")
        for factor in order:
            earlier = level.prod()
            level[factor] = now[factor]
            effects[factor] += level.prod() - earlier
    return effects / factorial(len(then))


def _levels(*sums: float) -> NDArray[np.float64]:
    """Give the factors whose product is the last sum, each over the one before; where nothing was sold each is zero."""
    if not all(sums[:-1]):
        return np.zeros(len(sums))
    return np.array([sums[0], *(later / earlier for earlier, later in pairwise(sums))])


def _groups(orders: Table, then: tuple[date, date], now: tuple[date, date]) -> pd.DataFrame:
    """Sum what new, reactivated, retained and lost customers bought in either period (in the engine)."""
    bought = known_purchases(orders, now[1])
    inside = {side: _inside(bought, window) for side, window in (("then", then), ("now", now))}
    sums: dict[str, Value] = {"first": bought.ordered_at.min()}
    for side, condition in inside.items():
        sums[f"spend_{side}"] = bought.amount.sum(where=condition).fill_null(0)
        sums[f"units_{side}"] = bought.units.sum(where=condition).fill_null(0)
        sums[f"unsaid_{side}"] = bought.lines_without_units.sum(where=condition).fill_null(0)
        sums[f"orders_{side}"] = count_orders(bought, condition)
    customers = bought.group_by("customer_id").agg(**sums)
    customers = customers.filter((customers.orders_then > 0) | (customers.orders_now > 0))
    started = ibis.timestamp(now[0].isoformat())
    group = ibis.cases(
        (customers.orders_now == 0, "lost"),
        (customers.orders_then > 0, "retained"),
        (customers["first"] >= started, "new"),
        else_="reactivated",
    )
    counted = customers.group_by(group.name("group")).agg(
        customers=customers.count(),
        **{f"{n}_{s}": customers[f"{n}_{s}"].sum().cast("float64") for n in _SUMMED for s in inside},
        top_then=customers.spend_then.max().cast("float64"),
        top_now=customers.spend_now.max().cast("float64"),
    )
    frame: pd.DataFrame = counted.to_pandas().set_index("group").reindex(list(GROUPS)).fillna(0.0).reset_index()
    return frame.astype({"customers": "int64"})


def _inside(orders: Table, window: tuple[date, date]) -> Value:
    start, end = (ibis.timestamp(day.isoformat()) for day in window)
    return (orders.ordered_at >= start) & (orders.ordered_at < end)


def _rest(orders: Table, *windows: tuple[date, date]) -> list[tuple[float, float]]:
    """Sum what nobody known bought and what was taken back, in each span."""
    sums: dict[str, Value] = {}
    for place, window in enumerate(windows):
        inside = _inside(orders, window)
        sums[f"anonymous_{place}"] = orders.amount.sum(where=inside & orders.customer_id.isnull())
        sums[f"back_{place}"] = orders.returned.sum(where=inside)
    row = orders.agg(**{name: value.fill_null(0).cast("float64") for name, value in sums.items()}).to_pandas().iloc[0]
    return [(float(row[f"anonymous_{place}"]), float(row[f"back_{place}"])) for place in range(len(windows))]


def _by_group(groups: pd.DataFrame) -> pd.DataFrame:
    larger = groups[["spend_then", "spend_now"]].max(axis=1)
    top = groups["top_now"].where(groups["spend_now"] >= groups["spend_then"], groups["top_then"])
    return pd.DataFrame({
        "group": groups["group"], "customers": groups["customers"], "then": groups["spend_then"],
        "now": groups["spend_now"], "effect": groups["spend_now"] - groups["spend_then"],
        "largest": top / larger.where(larger > 0),
    })  # fmt: skip
