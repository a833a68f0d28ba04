"""The till's export: one GB18030 file a month, one a day in the last days, as an old Windows program writes them."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.chain import Chain
from crmlib.demo.plan import Objects
from crmlib.demo.raw.dirt import Delivery, Dirt, full_width, some, text
from crmlib.demo.raw.register import till_numbers

COLUMNS: Final = (
    "门店编号", "小票号", "交易时间", "会员号", "商品编码", "商品名称 ", " 数量", "单价", "优惠金额", "实付金额 ",
    "成本", "促销编号", "支付方式", "使用积分", "原小票号",
)  # fmt: skip
"""Headers as the file has them, stray blanks included."""

IMPOSSIBLE_TIMES: Final = (
    "2025-02-30 10:12:00", "2025-13-05 18:30:21", "0000-00-00 00:00:00", "1900-01-00 00:00:00",
    "1970-01-01 00:00:00", "2099-12-31 23:59:59",
)  # fmt: skip
NEW_EXPORT: Final = "2025-07"
"""Month from which the till writes dates in ISO form and member numbers without a decimal."""

NOBODY: Final = "散客"


def _impossible(times: Objects) -> Objects:
    return np.resize(np.array(IMPOSSIBLE_TIMES, dtype=object), len(times))


_SOILS: Final[tuple[tuple[str, str, int, Callable[[Objects], object]], ...]] = (
    ("impossible time", "交易时间", 48, _impossible),
    ("unreadable quantity", " 数量", 8, lambda _: "一"),
    ("unreadable amount", "实付金额 ", 6, lambda _: "#REF!"),
    ("unknown product", "商品编码", 12, lambda _: "99999"),
    ("full-width digits", " 数量", 900, lambda texts: [full_width(cell) for cell in texts]),
    ("blanks round the member number", "会员号", 400, lambda texts: [f" {cell}  " for cell in texts]),
)
"""Kind of dirt, column, lines in a demo of full size, and what becomes of the text."""


def write_till(chain: Chain, folder: Path) -> tuple[list[Delivery], list[Dirt]]:
    """Write the stores' sales."""
    folder.mkdir(parents=True, exist_ok=True)
    sales = chain.sales[chain.sales["channel"] == "store"].reset_index(drop=True)
    rng = chain.plan.stream("till")
    lines = _as_text(rng, sales, till_numbers(chain, sales))
    files = _file_names(chain, sales)
    again = _delivered_twice(chain, rng, sales, files)
    dirt = _soil(chain, rng, lines, sales, untouched=np.isin(np.arange(len(lines)), again))
    dirt.append(Dirt("delivered twice", "transactions", "till", len(again), float(sales["amount"].iloc[again].sum())))
    dirt.append(_second_scans(lines))
    amount = sales["amount"].where(lines["实付金额 "] != "#REF!", 0.0)
    following = dict(zip(sorted(set(files)), [*sorted(set(files))[1:], ""], strict=True))
    copies = pd.DataFrame({"row": again, "file": [following[files[r]] for r in again]})
    deliveries = []
    for name, rows in pd.Series(np.arange(len(lines))).groupby(files):
        order = np.concatenate([copies.loc[copies["file"] == name, "row"].to_numpy(dtype=int), rows.to_numpy()])
        part = lines.iloc[order]
        part.to_csv(folder / str(name), index=False, encoding="gb18030", lineterminator="\r\n")
        deliveries.append(Delivery(f"till/{name}", "transactions", len(part), float(amount.iloc[order].sum())))
    return deliveries, dirt


def _as_text(rng: np.random.Generator, sales: pd.DataFrame, member: pd.Series) -> pd.DataFrame:
    month = sales["ordered_at"].dt.strftime("%Y-%m")
    old = month < NEW_EXPORT
    slashed, iso = (
        sales["ordered_at"].dt.strftime("%Y/%m/%d %H:%M:%S"),
        sales["ordered_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
    )
    nobody = pd.Series(np.where(rng.random(len(sales)) < 0.5, NOBODY, ""), index=sales.index)
    number = member.where(~old, member + ".0")
    values = (
        sales["store_id"], sales["order_id"], slashed.where(old, iso), number.where(member.notna(), nobody),
        sales["product_id"], sales["description"], text(sales["quantity"], "%g"), text(sales["unit_price"], "%.2f"),
        text(sales["discount"], "%.2f"), text(sales["amount"], "%.2f"), text(sales["cost"], "%.2f"),
        sales["promotion_id"].fillna("-99"), sales["payment_method"],
        text(sales["points_redeemed"], "%d"), sales["returned_order_id"].fillna(""),
    )  # fmt: skip
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))


def _file_names(chain: Chain, sales: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Monthly files up to the report's end, daily ones after it."""
    monthly, daily = sales["ordered_at"].dt.strftime("%Y-%m.csv"), sales["ordered_at"].dt.strftime("%Y-%m-%d.csv")
    names = monthly.where(sales["ordered_at"] < np.datetime64(chain.plan.as_of), daily)
    return np.asarray(names.to_numpy(dtype=object))


def _delivered_twice(
    chain: Chain, rng: np.random.Generator, sales: pd.DataFrame, files: npt.NDArray[np.object_]
) -> npt.NDArray[np.int64]:
    """Choose the last receipts of some monthly files, which come again at the head of the next one."""
    again = []
    wanted = max(round(45 * chain.plan.scale), 2)
    for name in sorted(set(files[files < str(chain.plan.as_of)])):
        rows = np.flatnonzero(files == name)
        if rng.random() < 0.6 and len(rows):
            last = sales["order_id"].to_numpy()[rows[-wanted:]]
            again.append(rows[np.isin(sales["order_id"].to_numpy()[rows], last)])
    return np.concatenate(again) if again else np.empty(0, dtype=int)


def _soil(
    chain: Chain, rng: np.random.Generator, lines: pd.DataFrame, sales: pd.DataFrame, untouched: npt.NDArray[np.bool_]
) -> list[Dirt]:
    """Plant what cannot be read, what must be read with care and what points nowhere; one kind a line at most."""
    plain = ~untouched & sales["is_product"].to_numpy() & ~sales["is_return"].to_numpy()
    dirt = []
    for kind, column, wanted, soiled in _SOILS:
        rows = some(chain.plan, rng, len(lines), wanted, plain)
        plain[rows] = False
        texts = lines[column].to_numpy(dtype=object).copy()
        texts[rows] = soiled(texts[rows])
        lines[column] = texts
        dirt.append(Dirt(kind, "transactions", "till", len(rows), float(sales["amount"].iloc[rows].sum())))
    return dirt


def _second_scans(lines: pd.DataFrame) -> Dirt:
    """Count lines equal to an earlier one of the same file: scanned twice, sold twice."""
    repeated = lines.duplicated()
    return Dirt(
        "second scan",
        "transactions",
        "till",
        int(repeated.sum()),
        float(lines.loc[repeated, "实付金额 "].astype(float).sum()),
    )
