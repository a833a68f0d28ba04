"""The stores of the chain, one of them with characters that only GB18030 holds."""

from datetime import date
from typing import Final

import pandas as pd

STORE_EFFECTS: Final = {
    "S01": 0.10, "S02": 0.05, "S03": 0.0, "S04": 0.0, "S05": 0.05, "S06": -0.05, "S07": -0.55, "S08": 0.15,
}  # fmt: skip
"""What a store adds to the latent satisfaction of a visit, in standard deviations."""

_STORES: Final = (
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
