"""The article list and the store list, both in GB18030: one store's name has characters that GBK lacks."""

from pathlib import Path

import pandas as pd

from crmlib.demo.chain import Chain
from crmlib.demo.raw.dirt import Delivery, text


def write_products(chain: Chain, path: Path) -> list[Delivery]:
    """Write the article list."""
    products = chain.assortment.products
    pd.DataFrame({
        "商品编码": products["product_id"],
        "商品名称": products["name"],
        "品类": products["category"],
        "子类": products["subcategory"],
        "品牌 ": products["brand"],
        "成本价": text(products["unit_cost"], "%.2f"),
    }).to_csv(path, index=False, encoding="gb18030", lineterminator="\r\n")  # fmt: skip
    return [Delivery(path.name, "products", len(products))]


def write_stores(chain: Chain, path: Path) -> list[Delivery]:
    """Write the store list."""
    stores = chain.stores
    pd.DataFrame({
        "门店编号": stores["store_id"],
        "门店名称": stores["name"],
        "城市": stores["city"],
        "大区": stores["region"],
        "开业日期": [f"{day:%Y/%m/%d}" for day in stores["opened_at"]],
        "业态": stores["format"],
    }).to_csv(path, index=False, encoding="gb18030", lineterminator="\r\n")  # fmt: skip
    return [Delivery(path.name, "stores", len(stores))]
