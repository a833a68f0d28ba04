"""What the chain sells: articles with Chinese and English names, prices that move, promotions that come and go."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.plan import Plan
from crmlib.demo.segments import CATEGORIES
from crmlib.months import number_of

PER_CATEGORY: Final = 30

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CategoryRange:
    """How a category is called, priced and named: lowest and highest price in yuan, brands, nouns with their sizes."""

    label: str
    low: float
    high: float
    margin: float
    brands: tuple[str, ...]
    nouns: tuple[str, ...]
    sizes: tuple[str, ...]


RANGES: Final = {
    "fresh": CategoryRange(
        "生鲜", 5, 90, 0.22, ("田园", "沃野", "Green Acre"),
        ("苹果", "牛腩", "西兰花", "鲜虾", "Salmon fillet", "土豆", "草莓", "鸡腿", "Avocado", "豆腐"),
        ("散装", "kg", "精选"),
    ),
    "grocery": CategoryRange(
        "粮油副食", 4, 130, 0.25, ("穗香", "禾木", "Harvest Lane"),
        ("大米", "菜籽油", "酱油", "火锅底料", "Pasta", "Tomato sauce", "燕麦片", "面粉", "蜂蜜", "Olive oil"),
        ("500g", "1L", "5kg"),
    ),
    "snacks": CategoryRange(
        "零食饮料", 2.5, 60, 0.35, ("乐芽", "脆趣", "Nibbles"),
        ("薯片", "坚果", "乌龙茶", "酸奶", "Dark chocolate", "Cold brew", "牛肉干", "饼干", "苏打水", "果冻"),
        ("小包", "大包", "12 pack"),
    ),
    "household": CategoryRange(
        "家居清洁", 5, 160, 0.35, ("净源", "暖屋", "Homely"),
        ("洗衣液", "垃圾袋", "抽纸", "洗洁精", "Storage box", "Dish cloth", "毛巾", "拖把", "Candle", "保鲜盒"),
        ("1件", "3件装", "XL"),
    ),
    "beauty": CategoryRange(
        "美妆个护", 12, 480, 0.45, ("素颜", "花语", "Lumière"),
        ("洗发水", "护发素", "面膜", "洁面乳", "Sunscreen", "Lip balm", "精华", "身体乳", "Mascara", "牙膏"),
        ("100ml", "200ml", "5片"),
    ),
    "baby": CategoryRange(
        "母婴", 15, 420, 0.28, ("贝安", "小袋鼠", "Tiny Toes"),
        ("纸尿裤", "湿巾", "奶粉", "米粉", "Baby lotion", "Bib", "奶瓶", "爬服", "Teether", "绘本"),
        ("S", "M", "L"),
    ),
    "gifts": CategoryRange(
        "礼品茶酒", 30, 980, 0.42, ("山水间", "老巷", "Oak & Leaf"),
        ("龙井礼盒", "普洱茶饼", "白酒", "月饼礼盒", "Red wine", "Biscuit tin", "茶具", "红枣礼盒", "Whisky", "干果"),
        ("单盒", "双盒", "典藏"),
    ),
    "digital": CategoryRange(
        "数码小家电", 19, 1300, 0.18, ("极点", "云雀", "Volt"),
        ("手机壳", "钢化膜", "充电宝", "蓝牙耳机", "Kettle", "Desk lamp", "电饭煲", "数据线", "Toaster", "榨汁机"),
        ("标准版", "Pro", "Mini"),
    ),
}  # fmt: skip

NASTY_NAMES: Final = (
    "$5-$10 =SUM(A1)",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://example.com","领奖")',
    '@特价, “双11” "2+1"',
)
"""Names that hurt whoever pastes, renders or opens them unescaped; real articles, sold like any other."""


@dataclass(frozen=True, slots=True)
class Assortment:
    """Articles and their prices over time.

    Attributes
    ----------
    products
        One row an article: ``product_id, name, category, subcategory, brand, base_price, unit_cost, weighed, appeal``.
        The articles of a category stand together, the cheapest first.
    relative_price
        List price over base price, article × month.
    discount
        Share taken off by the promotion under way, article × day (0: none).
    promotion
        Promotion number, article × day (0: none).
    promotions
        One row a promotion: ``promotion_id, category, first_day, last_day, discount``.
    """

    products: pd.DataFrame
    relative_price: Matrix
    discount: npt.NDArray[np.float32]
    promotion: npt.NDArray[np.int16]
    promotions: pd.DataFrame


def make_assortment(plan: Plan) -> Assortment:
    """Draw the articles, their price paths and the promotion calendar."""
    rng = plan.stream("assortment")
    products = pd.concat([_articles(rng, code, i) for i, code in enumerate(CATEGORIES)], ignore_index=True)
    for slot, name in zip((37, 68, 95, 128), NASTY_NAMES, strict=True):
        products.loc[slot, "name"] = name
    months = number_of(plan.end) - number_of(plan.start) + 1
    discount, promotion, promotions = _promotions(plan, rng, products)
    return Assortment(products, _price_paths(rng, len(products), months), discount, promotion, promotions)


def _articles(rng: np.random.Generator, code: str, position: int) -> pd.DataFrame:
    kind = RANGES[code]
    n = PER_CATEGORY
    ladder = np.exp(np.linspace(np.log(kind.low), np.log(kind.high), n) + rng.normal(0, 0.03, n))
    price = np.floor(np.sort(ladder)) + rng.choice([0.5, 0.8, 0.9], n)
    noun = [kind.nouns[i % len(kind.nouns)] for i in range(n)]
    brand = [kind.brands[i // len(kind.nouns)] for i in range(n)]
    size = [kind.sizes[j] for j in rng.integers(0, len(kind.sizes), n)]
    margin = np.clip(rng.normal(kind.margin, 0.04, n), 0.05, 0.7)
    return pd.DataFrame({
        "product_id": [f"{(position + 1) * 1000 + i:05d}" for i in range(n)],
        "name": [" ".join(words) for words in zip(brand, noun, size, strict=True)],
        "category": kind.label,
        "category_code": code,
        "subcategory": noun,
        "brand": brand,
        "base_price": price,
        "unit_cost": np.round(price * (1 - margin), 2),
        "weighed": code == "fresh",
        "appeal": rng.normal(0.0, 0.5, n),
    })  # fmt: skip


def _price_paths(rng: np.random.Generator, articles: int, months: int) -> Matrix:
    """List prices are revised now and then: in one month of six, by some per cent."""
    revised = rng.random((articles, months)) < 1 / 6
    steps = np.where(revised, rng.normal(0.004, 0.06, (articles, months)), 0.0)
    steps[:, 0] = 0.0
    return np.asarray(np.exp(np.clip(np.cumsum(steps, axis=1), -0.25, 0.25)))


def _promotions(
    plan: Plan, rng: np.random.Generator, products: pd.DataFrame
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int16], pd.DataFrame]:
    """Put five categories a month on offer for twelve days, two articles in five of each."""
    discount = np.zeros((len(products), plan.horizon), dtype=np.float32)
    number = np.zeros((len(products), plan.horizon), dtype=np.int16)
    rows: list[tuple[str, str, int, int, float]] = []
    first_days = [plan.day(date(y, m, 1)) for y in range(2024, 2027) for m in range(1, 13)]
    for first in (d for d in first_days if 0 <= d < plan.horizon):
        for category in rng.choice(len(CATEGORIES), 5, replace=False):
            begin = min(first + int(rng.integers(0, 18)), plan.horizon - 1)
            finish = min(begin + 12, plan.horizon)
            off = float(rng.choice([0.1, 0.15, 0.2, 0.3]))
            chosen = rng.choice(PER_CATEGORY, 12, replace=False) + category * PER_CATEGORY
            rows.append((f"P{len(rows) + 1:03d}", CATEGORIES[category], begin, finish - 1, off))
            discount[chosen, begin:finish] = off
            number[chosen, begin:finish] = len(rows)
    return (
        discount,
        number,
        pd.DataFrame(rows, columns=["promotion_id", "category", "first_day", "last_day", "discount"]),
    )
