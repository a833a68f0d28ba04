"""The words by which tables and columns are known: synonyms, what systems put before a name, names of files."""

from collections.abc import Iterator
from typing import Final

from crmlib.prep.proposal.words_chinese import CHINESE
from crmlib.prep.proposal.words_english import ENGLISH


def synonyms(table: str, column: str) -> Iterator[str]:
    """Give the names of a canonical column in both languages.

    Examples
    --------
    >>> list(synonyms("customers", "gender"))
    ['gender', 'sex', '性别']
    """
    for words in (ENGLISH, CHINESE):
        yield from (name for name in words[table].get(column, "").split("|") if name)


def known_columns(table: str) -> list[str]:
    """List the columns of a table that have synonyms; of a survey the scores among them."""
    return list(dict.fromkeys([*ENGLISH[table], *CHINESE[table]]))


ADJUNCTS: Final[dict[str, frozenset[str]]] = {
    "transactions": frozenset(
        [
            "item",
            "items",
            "line",
            "order",
            "orders",
            "pos",
            "sale",
            "sales",
            "trans",
            "transaction",
            "txn",
            "商品",
            "订单",
        ]
    ),
    "customers": frozenset(
        ["account", "client", "cust", "customer", "home", "member", "user", "会员", "客户", "用户", "顾客"]
    ),
    "products": frozenset(["article", "goods", "item", "product", "sku", "产品", "商品"]),
    "stores": frozenset(["branch", "outlet", "seller", "shop", "store", "店铺", "门店"]),
    "interactions": frozenset(["case", "complaint", "contact", "ticket", "咨询", "工单", "投诉"]),
    "surveys": frozenset(["q", "question", "rating", "response", "review", "score", "survey", "评价", "问卷"]),
    "contacts": frozenset(["campaign", "contact", "活动", "营销"]),
}
"""Words that a table's own systems put before a name: ``seller_city`` is the city of a store."""

FILE_WORDS: Final[dict[str, frozenset[str]]] = {
    "transactions": frozenset(
        [
            "basket",
            "invoices",
            "order",
            "orders",
            "pos",
            "receipts",
            "sales",
            "till",
            "trans",
            "transactions",
            "交易",
            "小票",
            "流水",
            "消费",
            "订单",
            "购买",
            "销售",
        ]
    ),
    "customers": frozenset(
        [
            "accounts",
            "clients",
            "crm",
            "customer",
            "customers",
            "member",
            "members",
            "users",
            "会员",
            "客户",
            "用户",
            "顾客",
        ]
    ),
    "products": frozenset(
        [
            "articles",
            "catalog",
            "catalogue",
            "items",
            "listings",
            "product",
            "products",
            "sku",
            "产品",
            "商品",
            "货品",
        ]
    ),
    "stores": frozenset(["branches", "outlets", "sellers", "shops", "store", "stores", "店铺", "网点", "门店"]),
    "interactions": frozenset(
        [
            "calls",
            "cases",
            "complaints",
            "interactions",
            "service",
            "tickets",
            "反馈",
            "咨询",
            "客服",
            "工单",
            "建议",
            "投诉",
        ]
    ),
    "surveys": frozenset(
        [
            "feedback",
            "nps",
            "responses",
            "reviews",
            "satisfaction",
            "survey",
            "surveys",
            "满意度",
            "答卷",
            "评价",
            "调研",
            "问卷",
        ]
    ),
    "contacts": frozenset(["campaign", "campaigns", "contacts", "mailings", "活动", "营销", "触达"]),
}
"""Words in the name of a file, a folder or a sheet that tell its table."""

CURRENCIES: Final = frozenset(["eur", "usd", "gbp", "cny", "rmb", "jpy", "brl", "chf", "元", "人民币"])
"""Units that stand in a header beside its name."""
