"""The planted segments and stores: who shops here, how often, where, for what, and how soon they stop.

Within a segment purchases follow the MBG/NBD process (Batislam, Denizel & Filiztekin, 2007): each member buys at a
rate of their own, drawn from a gamma distribution, and after every purchase, the first included, leaves for good with a
probability of their own, drawn from a beta distribution. Order values follow the gamma-gamma model (Fader & Hardie,
note 025, 2013). The chain as a whole is a mixture, as real customers are.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

CATEGORIES: Final = ("fresh", "grocery", "snacks", "household", "beauty", "baby", "gifts", "digital")
CHANNELS: Final = ("store", "web", "mini_program")
TOUCHPOINTS: Final = ("store visit", "web order", "mini-programme order")


@dataclass(frozen=True, slots=True)
class PlantedSegment:
    """One kind of customer.

    Attributes
    ----------
    name
        Its code in the truth tables; nothing in the raw files tells it.
    share
        Its share of the members.
    r, alpha
        Gamma distribution of the purchase rate: shape, and rate in weeks.
    a, b
        Beta distribution of the probability to leave after a purchase.
    p, q, gamma
        Gamma-gamma distribution of the order value in yuan.
    lines
        Mean number of lines in an order.
    channels
        Shares of store, web and mini-programme among its orders.
    categories
        Shares of the categories among its lines, in the order of ``CATEGORIES``.
    price_sensitivity
        Coefficient of the log relative net price in the choice among products: more negative, more sensitive.
    satisfaction
        Mean of its latent satisfaction, in standard deviations.
    uplift
        Added probability of a purchase by someone contacted with an offer who would not have bought.
    """

    name: str
    share: float
    r: float
    alpha: float
    a: float
    b: float
    p: float
    q: float
    gamma: float
    lines: float
    channels: tuple[float, float, float]
    categories: tuple[float, ...]
    price_sensitivity: float
    satisfaction: float
    uplift: float


SEGMENTS: Final = (
    PlantedSegment(
        "family_stock_up", 0.26, 2.2, 10.5, 1.5, 15.0, 6.0, 5.0, 110.0, 3.0, (0.72, 0.12, 0.16),
        (0.22, 0.26, 0.10, 0.18, 0.03, 0.18, 0.02, 0.01), -1.5, 0.05, 0.12,
    ),
    PlantedSegment(
        "convenience_regular", 0.14, 2.5, 6.5, 1.5, 36.0, 4.0, 5.0, 60.0, 1.8, (0.90, 0.02, 0.08),
        (0.40, 0.20, 0.30, 0.06, 0.01, 0.01, 0.01, 0.01), -0.5, 0.15, 0.02,
    ),
    PlantedSegment(
        "deal_hunter", 0.22, 1.6, 12.0, 1.4, 8.0, 5.0, 4.0, 75.0, 2.5, (0.35, 0.35, 0.30),
        (0.06, 0.20, 0.20, 0.26, 0.14, 0.06, 0.03, 0.05), -5.0, -0.15, 0.25,
    ),
    PlantedSegment(
        "digital_young", 0.20, 1.5, 10.0, 1.3, 9.0, 5.0, 4.0, 95.0, 2.2, (0.15, 0.30, 0.55),
        (0.03, 0.04, 0.27, 0.05, 0.35, 0.02, 0.06, 0.18), -2.0, -0.05, 0.15,
    ),
    PlantedSegment(
        "gift_occasional", 0.18, 1.5, 24.0, 1.2, 4.0, 4.0, 4.0, 260.0, 1.8, (0.60, 0.30, 0.10),
        (0.03, 0.08, 0.08, 0.05, 0.12, 0.03, 0.55, 0.06), -0.8, 0.05, 0.06,
    ),
)  # fmt: skip
"""The planted segments of the demo."""

STORE_EFFECTS: Final = {
    "S01": 0.10, "S02": 0.05, "S03": 0.0, "S04": 0.0, "S05": 0.05, "S06": -0.05, "S07": -0.55, "S08": 0.15,
}  # fmt: skip
"""What a store adds to the latent satisfaction of a visit, in standard deviations."""

_STORES: Final = (  # one of them with characters that only GB18030 holds
    ("S01", "上海静安旗舰店", "上海", "华东", date(2016, 5, 1), "flagship", 0.20),
    ("S02", "上海徐汇店", "上海", "华东", date(2018, 9, 15), "standard", 0.14),
    ("S03", "杭州西湖店", "杭州", "华东", date(2017, 3, 18), "standard", 0.13),
    ("S04", "南京鼓楼店", "南京", "华东", date(2019, 11, 9), "standard", 0.11),
    ("S05", "北京朝阳旗舰店", "北京", "华北", date(2015, 6, 6), "flagship", 0.16),
    ("S06", "天津喆垚店", "天津", "华北", date(2020, 1, 11), "community", 0.08),
    ("S07", "成都𠮷㵘广场店", "成都", "西南", date(2018, 4, 28), "standard", 0.11),
    ("S08", "重庆江北店 Outlet", "重庆", "西南", date(2025, 9, 1), "outlet", 0.07),
)


def make_stores() -> pd.DataFrame:
    """List the stores: ``store_id, name, city, region, opened_at, format, share`` (of the chain's regular visitors)."""
    return pd.DataFrame(_STORES, columns=["store_id", "name", "city", "region", "opened_at", "format", "share"])
