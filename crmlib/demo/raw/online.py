"""The web shop's export (UTF-8 with a byte order mark, English headers) and the mini-programme's (Parquet, UTC)."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from crmlib.demo.chain import Chain
from crmlib.demo.raw.dirt import Delivery, Dirt, some, text
from crmlib.demo.raw.register import account_ids

SHOP_TIME: Final = np.timedelta64(8, "h")
"""Shanghai is eight hours ahead of UTC all year."""

IMPOSSIBLE_TIMES: Final = ("31/02/2025 10:00:00", "00/00/0000 00:00:00", "12/31/2025 08:15:00")


def write_web(chain: Chain, folder: Path) -> tuple[list[Delivery], list[Dirt]]:
    """Write the web shop's orders, one file a quarter."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = chain.plan.stream("web")
    sales = chain.sales[chain.sales["channel"] == "web"].reset_index(drop=True)
    account = account_ids(chain, "web", sales["person"])
    lines = pd.DataFrame({
        "Order ID ": sales["order_id"],
        "Order Date": sales["ordered_at"].dt.strftime("%d/%m/%Y %H:%M:%S"),
        "Account": account.where(rng.random(len(sales)) > 0.02, account + " "),
        "SKU": sales["product_id"],
        "Item ": sales["description"],
        "Qty": text(sales["quantity"], "%.3f"),
        "Unit Price": [f"{v:,.2f}" for v in sales["unit_price"]],
        "Discount": text(sales["discount"], "%.2f"),
        "Line Total": [f"{v:,.2f}" for v in sales["amount"]],
        "Cost": text(sales["cost"], "%.2f"),
        "Coupon": sales["promotion_id"].fillna("-99"),
        "Payment": sales["payment_method"],
        "Refund Of": sales["returned_order_id"].fillna(""),
    })  # fmt: skip
    plain = sales["is_product"].to_numpy() & ~sales["is_return"].to_numpy()
    rows = some(chain.plan, rng, len(lines), 9, plain)
    lines.loc[rows, "Order Date"] = np.resize(np.array(IMPOSSIBLE_TIMES, dtype=object), len(rows))
    dirt = [Dirt("impossible time", "transactions", "web", len(rows), float(sales["amount"].iloc[rows].sum()))]
    deliveries = []
    for quarter, part in lines.groupby(sales["ordered_at"].dt.to_period("Q").astype(str)):
        name = f"orders_{quarter}.csv"
        part.to_csv(folder / name, index=False, encoding="utf-8-sig")
        deliveries.append(
            Delivery(f"web/{name}", "transactions", len(part), float(sales.loc[part.index, "amount"].sum()))
        )
    return deliveries, dirt


def write_mini_program(chain: Chain, folder: Path) -> tuple[list[Delivery], list[Dirt]]:
    """Write the mini-programme's orders, one Parquet file a year; times are UTC."""
    folder.mkdir(parents=True, exist_ok=True)
    sales = chain.sales[chain.sales["channel"] == "mini_program"].reset_index(drop=True)
    openid = account_ids(chain, "mini", sales["person"])
    deliveries = []
    for year, rows in sales.groupby(sales["ordered_at"].dt.year).groups.items():
        part = sales.loc[rows]
        table = pa.table({
            "order_no": pa.array(part["order_id"], pa.string()),
            "created_at": pa.array(part["ordered_at"].to_numpy() - SHOP_TIME, pa.timestamp("us")),
            "openid": pa.array(openid.loc[rows], pa.string(), from_pandas=True),
            "sku": pa.array(part["product_id"], pa.string()),
            "title": pa.array(part["description"], pa.string()),
            "qty": pa.array(part["quantity"], pa.float64()),
            "price": pa.array(part["unit_price"], pa.float64()),
            "discount": pa.array(part["discount"], pa.float64()),
            "paid": pa.array(part["amount"], pa.float64()),
            "promo": pa.array(part["promotion_id"], pa.string(), from_pandas=True),
            "pay_type": pa.array(part["payment_method"], pa.string()),
            "refund_of": pa.array(part["returned_order_id"], pa.string(), from_pandas=True),
        })  # fmt: skip
        name = f"orders_{year}.parquet"
        pq.write_table(table, folder / name, compression="zstd")
        deliveries.append(Delivery(f"mini/{name}", "transactions", len(part), float(part["amount"].sum())))
    return deliveries, []
