"""The order lines as a till would print them: articles, gifts, bags, postage and vouchers, and what comes back."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.demo.assortment import Assortment
from crmlib.demo.orders import STORE
from crmlib.demo.plan import Plan, only_where
from crmlib.demo.segments import CHANNELS, make_stores

RETURN_PREFIX: Final = "TH"
"""Orders whose number begins so take goods back (退货)."""

NON_PRODUCTS: Final = {"FREIGHT": "运费", "BAG": "购物袋", "VOUCHER": "优惠券抵扣", "ADJ": "盘点调整"}
"""Article numbers that are no articles, and their names on the receipt."""

RETURN_RATES: Final = {
    "fresh": 0.005, "grocery": 0.01, "snacks": 0.01, "household": 0.02,
    "beauty": 0.05, "baby": 0.03, "gifts": 0.02, "digital": 0.08,
}  # fmt: skip
FREE_DELIVERY: Final = 99.0
PAYMENTS: Final = ("wechat", "alipay", "card", "cash")

_COLUMNS: Final = (
    "person", "order_id", "ordered_at", "product_id", "description", "quantity", "unit_price", "amount", "discount",
    "cost", "channel", "store_id", "promotion_id", "payment_method", "points_redeemed", "is_return",
    "returned_order_id", "is_product",
)  # fmt: skip


def make_sales(plan: Plan, orders: pd.DataFrame, baskets: pd.DataFrame, assortment: Assortment) -> pd.DataFrame:
    """Write down every line that a till, the web shop or the mini-programme sold or took back, by time.

    The canonical ``transactions`` with ``person`` (−1: anonymous) for the customer, ``parcel`` (row of ``orders``; of
    the order undone, for a return) and without line numbers. Money in yuan, to the cent.
    """
    rng = plan.stream("sales")
    products = _product_lines(rng, baskets, assortment)
    lines = pd.concat([products, _gifts(rng, orders, assortment), _services(rng, orders, baskets)], ignore_index=True)
    sold = _with_order(rng, orders, lines)
    back = _returned(plan, rng, orders, sold[sold["is_product"] & (sold["amount"] > 0)])
    sales = pd.concat([sold, back, _adjustments(plan, rng)], ignore_index=True)
    return sales.sort_values(["ordered_at", "order_id"], kind="stable", ignore_index=True)[["parcel", *_COLUMNS]]


def _product_lines(rng: np.random.Generator, baskets: pd.DataFrame, assortment: Assortment) -> pd.DataFrame:
    """Turn baskets into lines; some double units are scanned one by one."""
    lines = baskets.rename(columns={"order": "parcel"})
    twice = (lines["quantity"] == 2) & (lines["discount"] == 0) & (rng.random(len(lines)) < 0.10)
    lines.loc[twice, "quantity"] = 1.0
    lines.loc[twice, "amount"] = lines.loc[twice, "unit_price"]
    lines = lines.iloc[np.repeat(np.arange(len(lines)), 1 + twice.to_numpy().astype(int))].reset_index(drop=True)
    products = assortment.products.iloc[lines["product"]].reset_index(drop=True)
    lines["product_id"], lines["description"] = products["product_id"], products["name"]
    lines["category"] = products["category_code"]
    lines["cost"] = (products["unit_cost"] * lines["quantity"]).round(2)
    number = lines.pop("promotion").to_numpy()
    lines["promotion_id"] = only_where(assortment.promotions["promotion_id"].to_numpy()[number - 1], number > 0)
    return lines.drop(columns="product").assign(is_product=True)


def _gifts(rng: np.random.Generator, orders: pd.DataFrame, assortment: Assortment) -> pd.DataFrame:
    """Add a sample for nothing, now and then: a product line at price zero."""
    parcel = np.flatnonzero(rng.random(len(orders)) < 0.006)
    product = assortment.products.iloc[rng.integers(60, 75, len(parcel))].reset_index(drop=True)
    return pd.DataFrame({
        "parcel": parcel, "product_id": product["product_id"], "description": product["name"],
        "quantity": 1.0, "unit_price": 0.0, "amount": 0.0, "discount": 0.0, "cost": product["unit_cost"],
        "promotion_id": None, "category": product["category_code"], "is_product": True,
    })  # fmt: skip


def _services(rng: np.random.Generator, orders: pd.DataFrame, baskets: pd.DataFrame) -> pd.DataFrame:
    """Postage under the free limit, bags at the till, vouchers of members on larger orders."""
    total = np.bincount(baskets["order"], weights=baskets["amount"], minlength=len(orders))
    in_store = orders["channel"].to_numpy() == STORE
    member = orders["person"].to_numpy() >= 0
    chances = rng.random((3, len(orders)))
    frames = [
        _service("FREIGHT", np.flatnonzero(~in_store & (total < FREE_DELIVERY) & (chances[0] < 0.9)), 8.0),
        _service("BAG", np.flatnonzero(in_store & (chances[1] < 0.06)), 0.5),
        _service("VOUCHER", np.flatnonzero(member & (total > 60) & (chances[2] < 0.03)), -10.0),
    ]
    return pd.concat(frames, ignore_index=True)


def _service(code: str, parcel: np.ndarray, price: float) -> pd.DataFrame:
    return pd.DataFrame({
        "parcel": parcel, "product_id": code, "description": NON_PRODUCTS[code], "quantity": 1.0,
        "unit_price": price, "amount": price, "discount": 0.0, "cost": 0.0, "promotion_id": None,
        "category": None, "is_product": False,
    })  # fmt: skip


def _with_order(rng: np.random.Generator, orders: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Add to every line what its order says."""
    payment = rng.choice(len(PAYMENTS), len(orders), p=[0.5, 0.32, 0.1, 0.08])
    in_store = orders["channel"].to_numpy() == STORE
    payment = np.where(~in_store & (payment > 1), 0, payment)
    uses_points = (orders["person"].to_numpy() >= 0) & in_store & (rng.random(len(orders)) < 0.05)
    points = np.where(uses_points, 100.0 * rng.integers(1, 6, len(orders)), 0.0)
    lines = lines.sort_values("parcel", kind="stable", ignore_index=True)
    parcel = lines["parcel"].to_numpy()
    first = np.concatenate([[True], parcel[1:] != parcel[:-1]])
    stores = np.array([*make_stores()["store_id"], None], dtype=object)
    return lines.assign(
        person=orders["person"].to_numpy()[parcel],
        order_id=orders["order_id"].to_numpy()[parcel],
        ordered_at=orders["ordered_at"].to_numpy()[parcel],
        channel=np.array(CHANNELS)[orders["channel"].to_numpy()[parcel]],
        store_id=stores[orders["store"].to_numpy()[parcel]],
        payment_method=np.array(PAYMENTS)[payment[parcel]],
        points_redeemed=np.where(first, points[parcel], 0.0),
        is_return=False,
        returned_order_id=None,
    )


def _adjustments(plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    """Stock-taking booked at the till: a line without a buyer, a price or an article."""
    n = max(round(30 * plan.scale), 3)
    store = rng.integers(0, 7, n)
    day = rng.integers(0, plan.as_of_day, n)
    at = np.datetime64(plan.start, "us") + day.astype("timedelta64[D]") + np.timedelta64(22, "h")
    return pd.DataFrame({
        "parcel": -1, "product_id": "ADJ", "description": NON_PRODUCTS["ADJ"],
        "quantity": -rng.integers(1, 9, n).astype(float), "unit_price": 0.0, "amount": 0.0, "discount": 0.0,
        "cost": 0.0, "promotion_id": None, "is_product": False, "person": -1,
        "order_id": [f"PD{i:05d}" for i in range(1, n + 1)], "ordered_at": at, "channel": "store",
        "store_id": make_stores()["store_id"].to_numpy()[store], "payment_method": "cash",
        "points_redeemed": 0.0, "is_return": False, "returned_order_id": None,
    })  # fmt: skip


def _returned(plan: Plan, rng: np.random.Generator, orders: pd.DataFrame, sold: pd.DataFrame) -> pd.DataFrame:
    """Take some lines back within four weeks, in whole or in part; two in three name the order they undo."""
    rate = sold["category"].map(RETURN_RATES).to_numpy() * np.where(sold["channel"] == "store", 1.0, 1.5)
    back = sold[rng.random(len(sold)) < rate].copy()
    delay = np.ceil(rng.exponential(6.0, len(orders))).clip(1, 27).astype(int)[back["parcel"]]
    says = (rng.random(len(orders)) < 0.66)[back["parcel"]]
    part = (back["quantity"] >= 2) & (rng.random(len(back)) < 0.4)
    part_back = np.where(part, 1.0 / back["quantity"], 1.0)
    back["returned_order_id"] = back["order_id"].where(says, None)
    back["ordered_at"] = back["ordered_at"] + pd.to_timedelta(delay, unit="D")
    back["order_id"] = _return_numbers(back)
    for column in ("quantity", "amount", "discount", "cost"):
        back[column] = -(back[column] * part_back).round(3 if column == "quantity" else 2)
    back["discount"] = -back["discount"]
    back["points_redeemed"] = 0.0
    back["is_return"] = True
    return back[back["ordered_at"] < np.datetime64(plan.end)]


def _return_numbers(back: pd.DataFrame) -> pd.Series:
    """Give numbers to the returns of a day: one for what one order brings back, and it does not tell the order."""
    day = back["ordered_at"].dt.strftime("%y%m%d")
    running = back.groupby(day.to_numpy())["parcel"].rank(method="dense").astype(int).astype(str).str.zfill(4)
    numbers: pd.Series = RETURN_PREFIX + day + running
    return numbers
