"""The words by which tables and columns are known: synonyms, what systems put before a name, names of files."""

from collections.abc import Iterator
from typing import Final

from crmlib.prep.proposal.words import chinese, english, french, german, japanese, portuguese, spanish

LANGUAGES: Final = (english, chinese, german, french, spanish, japanese, portuguese)
"""Each has the ``NAMES`` of the canonical columns by table, and ``ALSO``, what only the values can tell."""


def synonyms(table: str, column: str) -> Iterator[str]:
    """Give the names of a canonical column in all languages, of each the likeliest first."""
    for language in LANGUAGES:
        yield from _split(language.NAMES[table].get(column, ""))


def english_synonyms(table: str, column: str) -> Iterator[str]:
    """Give the English names alone: only those are recognised when they are misspelt."""
    yield from _split(english.NAMES[table].get(column, ""))


def also(column: str) -> Iterator[str]:
    """Give the names that may stand for a money or quantity column of order lines, which only the values can tell."""
    for language in LANGUAGES:
        yield from _split(language.ALSO.get(column, ""))


def known_columns(table: str) -> list[str]:
    """List the columns of a table that have synonyms; of a survey the scores among them."""
    return list(dict.fromkeys(name for language in LANGUAGES for name in language.NAMES[table]))


def _split(names: str) -> Iterator[str]:
    yield from (name for name in names.split("|") if name)


def words_of(*texts: str) -> frozenset[str]:
    """Split texts into their words."""
    return frozenset(word for text in texts for word in text.split())


ADJUNCTS: Final[dict[str, frozenset[str]]] = {
    "transactions": words_of(
        "item items line lineitem lineitems order orders pos sale sales tran trans transaction txn trx 商品 订单"
        " artikel bestell article ligne commande ventas venta pedido linea articulo itens produto 注文 取引"
    ),
    "customers": words_of(
        "account billing buyer client cust customer home member user contact default 会员 客户 用户 顾客 买家 kunden"
        " kunde client acheteur cliente comprador 会員 顧客 お客様 注文者"
    ),
    "products": words_of("article goods item product sku 产品 商品 artikel produkt produit articulo producto produto"),
    "stores": words_of("branch outlet seller shop store 店铺 门店 filial filiale magasin boutique tienda loja 店舗"),
    "interactions": words_of("case complaint contact ticket 咨询 工单 投诉 kontakt"),
    "surveys": words_of("q question rating response review score survey 评价 问卷 umfrage enquete encuesta pesquisa"),
    "contacts": words_of("campaign contact 活动 营销 kampagne campagne campana campanha"),
}
"""Words that a table's own systems put before a name: ``seller_city`` is the city of a store."""

FILE_WORDS: Final[dict[str, frozenset[str]]] = {
    "transactions": words_of(
        "basket invoices order orders pos receipts receipt sales till trans transactions items checks 交易 小票 流水"
        " 消费 订单 购买 销售 账单 bestellungen auftrage auftraege belege bons umsatze umsaetze verkaufe verkaeufe"
        " kassenjournal kasse commandes ventes tickets caisse factures pedidos ventas facturas vendas notas 注文 受注"
        " 売上 取引"
    ),
    "customers": words_of(
        "accounts clients crm customer customers member members users 会员 客户 用户 顾客 kunden mitglieder adherents"
        " clientes socios 顧客 会員"
    ),
    "products": words_of(
        "articles catalog catalogue items listings product products sku 产品 商品 货品 artikel sortiment produits"
        " productos produtos"
    ),
    "stores": words_of(
        "branches outlets sellers shops store stores 店铺 网点 门店 filialen magasins tiendas lojas 店舗"
    ),
    "interactions": words_of(
        "calls cases complaints interactions service tickets 反馈 咨询 客服 工单 建议 投诉 beschwerden kontakte"
        " reclamations reclamaciones reclamacoes 問い合わせ"
    ),
    "surveys": words_of(
        "feedback nps responses reviews satisfaction survey surveys 满意度 答卷 评价 调研 问卷 umfrage bewertungen"
        " enquete avis encuesta pesquisa アンケート レビュー"
    ),
    "contacts": words_of("campaign campaigns contacts mailings 活动 营销 触达 kampagnen campagnes campanas campanhas"),
}
"""Words in the name of a file, a folder or a sheet that tell its table."""

BEFORE: Final[dict[str, frozenset[str]]] = {
    "transactions": words_of("商品 菜品 宝贝 产品 货品 明细 明細 単品"),
    "customers": words_of("会员 客户 顾客 用户 买家 会員 顧客 お客様 注文者 購入者"),
}
"""The same in scripts without blanks, where the word is the beginning of the name."""

CURRENCIES: Final = words_of(
    "eur usd gbp cny rmb jpy brl chf euro euros yen 元 円 人民币 brutto netto ttc ht inkl exkl incl excl"
)
"""Units, and words for with and without tax, that stand in a header beside its name."""

LINKING: Final = words_of("the of de du des del do da dos das la le les el los las l d der die das und et y e")
"""Words that join others and say nothing."""

SHORT: Final[dict[str, str]] = {
    "amt": "amount", "qty": "quantity", "qnty": "quantity", "cust": "customer", "prod": "product",
    "desc": "description", "inv": "invoice", "tran": "trans", "txn": "trans", "trx": "trans", "transaction": "trans",
    "dt": "date", "disc": "discount", "nr": "no", "num": "no", "number": "no", "nummer": "no", "numero": "no",
    "nro": "no", "nbr": "no", "ref": "reference", "cod": "codigo", "acct": "account", "addr": "address",
    "purch": "purchase", "ord": "order", "val": "value", "prc": "price", "pct": "percent", "percentage": "percent",
    "prozent": "percent", "pourcent": "percent", "pourcentage": "percent", "porcentaje": "percent",
    "porcentagem": "percent", "percentual": "percent", "percentagem": "percent",
}  # fmt: skip
"""Abbreviations, and words that mean the same, as names are compared."""
