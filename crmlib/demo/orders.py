"""Orders: every purchase with its channel, its store and its hour; anonymous sales beside those of members."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.plan import Plan
from crmlib.demo.segments import SEGMENTS, make_stores
from crmlib.demo.visits import CLOSED, make_season

ANONYMOUS: Final = 0.18
"""Anonymous sales for each sale to a member; all of them in stores."""

STORE, WEB, MINI = range(3)


def make_orders(plan: Plan, people: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """Turn the members' purchases (``person, at, leaves, campaign``) into orders, by time; strangers buy beside them.

    ``person`` (−1: anonymous), ``segment``, ``at``, ``leaves``, ``campaign`` (−1: none), ``channel`` (number in
    ``CHANNELS``), ``store`` (number, −1 online), ``second`` (of the day), ``ordered_at``, ``order_id``.
    """
    rng = plan.stream("orders")
    orders = pd.concat([visits, _anonymous(plan, rng, len(visits))], ignore_index=True)
    member = orders["person"].to_numpy() >= 0
    drawn = rng.choice(len(SEGMENTS), len(orders), p=[s.share for s in SEGMENTS])
    segment = np.where(member, people["segment"].to_numpy()[orders["person"].clip(lower=0)], drawn)
    orders["segment"] = segment
    orders["channel"] = _channels(plan, rng, orders, member)
    orders["store"] = _stores(plan, rng, people, orders, member)
    orders["second"] = _seconds(rng, orders["channel"].to_numpy() == STORE)
    day = np.floor(orders["at"]).astype(int)
    orders["ordered_at"] = (
        np.datetime64(plan.start, "us")
        + day.to_numpy().astype("timedelta64[D]")
        + orders["second"].to_numpy().astype("timedelta64[s]")
    )
    orders = orders.sort_values(["ordered_at", "person", "at"], ignore_index=True)
    orders["order_id"] = _order_ids(orders)
    return orders


def _anonymous(plan: Plan, rng: np.random.Generator, sales: int) -> pd.DataFrame:
    season = make_season(plan)
    n = round(sales * ANONYMOUS)
    at = season.calendar(rng.random(n) * float(season.until(float(plan.horizon))))
    return pd.DataFrame({"person": -1, "at": np.minimum(at, plan.horizon - 0.001), "leaves": False, "campaign": -1})


def _channels(
    plan: Plan, rng: np.random.Generator, orders: pd.DataFrame, member: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    shares = np.cumsum([s.channels for s in SEGMENTS], axis=1)[orders["segment"]]
    channel = (rng.random(len(orders))[:, None] > shares[:, :2]).sum(axis=1)
    shut = np.isin(np.floor(orders["at"]), [plan.day(d) for d in CLOSED])
    channel = np.where(shut & (channel == STORE), MINI, channel)
    return np.where(member, channel, np.where(shut, MINI, STORE))


def _stores(
    plan: Plan, rng: np.random.Generator, people: pd.DataFrame, orders: pd.DataFrame, member: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    stores = make_stores()
    opened = np.array([plan.day(d) for d in stores["opened_at"]])
    anywhere = rng.choice(len(stores), len(orders), p=stores["share"])
    home = people["home"].to_numpy()[orders["person"].clip(lower=0)]
    store = np.where(member & (rng.random(len(orders)) < 0.88), home, anywhere)
    store = np.where(opened[store] > orders["at"], 6, store)
    return np.where(orders["channel"] == STORE, store, -1)


def _seconds(rng: np.random.Generator, in_store: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Draw the hour: stores are busy before noon and after work and shut at night; online peaks in the evening."""
    n = len(in_store)
    noon, evening = rng.normal(11.3, 1.3, n), rng.normal(18.3, 1.6, n)
    store = np.clip(np.where(rng.random(n) < 0.45, noon, evening), 8.5, 21.9)
    online = np.mod(rng.normal(21.0, 3.6, n), 24)
    return (np.where(in_store, store, online) * 3600).astype(int) % 86_400


def _order_ids(orders: pd.DataFrame) -> pd.Series:
    """Give order numbers: receipts run by store and day, online numbers by channel."""
    store, channel = orders["store"].to_numpy(), orders["channel"].to_numpy()
    till = pd.Series(np.where(store >= 0, store + 1, 0)).astype(str).str.zfill(2)
    day = orders["ordered_at"].dt.strftime("%y%m%d")
    running = (orders.groupby([channel, store, day.to_numpy()]).cumcount() + 1).astype(str).str.zfill(4)
    letter = pd.Series(np.array(["A", "W", "M"])[channel])
    numbers: pd.Series = letter + till.where(channel == STORE, "") + day + running
    return numbers
