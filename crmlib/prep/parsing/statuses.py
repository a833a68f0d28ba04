"""What a word of an order's status means, in seven languages: a sale, no sale, or something taken back.

Phrases are separated by ``|``; ``refund*`` stands for every word that begins so; accents and capitals do not matter.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from crmlib.prep.parsing.letters import without_accents

SALE_ALL_THE_SAME: Final[dict[str, str]] = {
    "English": (
        "part* refund*|part* return*|partial refund*|not cancel*|not return*|not refund*|no return*|no refund*"
        "|refund reject*|refund declin*|refund cancel*|return reject*|return cancel*|pending ship*|pending fulfil*"
        "|pending deliver*|pending pick*|pending dispatch*|ship* pending|fulfil* pending|deliver* pending"
        "|awaiting ship*|awaiting fulfil*|awaiting pick*|awaiting deliver*"
    ),
    "Chinese": (
        "部分退款|部分退货|退款关闭|退款失败|拒绝退款|退款取消|退款撤销|取消退款|撤销退款|无退款|未退款|没有退款"
        "|未申请退款|无售后|未发起售后|无需退款|售后关闭|售后取消|未取消|未关闭"
    ),
    "German": (
        "teil* erstatt*|teil* retour*|teil* zuruck*|teilerstatt*|teilretour*|nicht storn*|keine retour*|keine erstatt*"
        "|wartet auf versand|versand ausstehend|lieferung ausstehend"
    ),
    "French": (
        "part* rembours*|part* retour*|rembours* partiel*|retour partiel*|non annul*|non rembours*|attente d expedition"
        "|attente expedition|attente de livraison|attente livraison|attente de traitement"
    ),
    "Spanish": (
        "parcial* reembols*|parcial* devuelt*|reembols* parcial*|devol* parcial*|no cancel*|no reembols*"
        "|pendiente de envio|pendiente envio|pendiente de entrega|pendiente entrega"
    ),
    "Portuguese": (
        "parcial* reembols*|parcial* devolvid*|reembols* parcial*|estorno parcial*|nao cancel*|nao reembols*"
        "|pendente de envio|aguardando envio|envio pendente|aguardando entrega"
    ),
    "Japanese": "一部返金|一部返品|返金なし|返品なし|返金不要|発送待ち|出荷待ち|返金却下|キャンセル不可",
}
"""These say that most of it was sold and kept, although a word of the others stands in them."""

RETURNED: Final[dict[str, str]] = {
    "English": "refund*|return*|chargeback*|charged back|reversed|reversal|credit note|credited|rejected by buyer|rma",
    "Chinese": "退款|退货|退单|拒收|已退|退回",
    "German": (
        "erstatt*|ruckerstatt*|retour*|ruckgabe|zuruckgegeben|zuruckgesandt|zuruckgeschickt|gutschrift|ruckzahlung"
        "|ruckbuchung|ruckgebucht|rucknahme|warenrucknahme|rucklastschrift"
    ),
    "French": "rembours*|retour*|avoir|retrofacturation",
    "Spanish": "reembols*|devuelt*|devolucion*|abono|abonad*|reintegr*|contracargo",
    "Portuguese": "reembols*|devolvid*|devolucao|devolucoes|estorn*|chargeback",
    "Japanese": "返金|返品|払い戻し|払戻|返却",
}
"""Goods or money went back."""

NOT_SALE: Final[dict[str, str]] = {
    "English": (
        "cancel*|void*|unpaid|not paid|pending*|awaiting payment|waiting for payment|payment pending|fail*|declin*"
        "|expired|abandon*|draft|reject*|deleted|trash|incomplete|quote|quotation|estimate|no sale|training|parked"
        "|payment error|overdue|lapsed|annulled"
    ),
    "Chinese": (
        "取消|交易关闭|关闭交易|关闭|未付款|待付款|等待付款|等待买家付款|待支付|未支付|等待支付|超时|作废|删除|无效"
        "|失败|未成团|未成交|挂单"
    ),
    "German": (
        "storn*|annull*|abgebrochen|abbruch|unbezahlt|nicht bezahlt|ausstehend|wartet auf zahlung|warten auf zahlung"
        "|zahlung ausstehend|zahlung offen|abgelehnt|fehlgeschlagen|ungultig|abgelaufen|geloscht|entwurf|angebot"
        "|trainingsbon"
    ),
    "French": (
        "annul*|en attente de paiement|attente paiement|attente de paiement|en attente|impaye*|non paye*|refuse*"
        "|echoue*|echec|expire*|abandonne*|brouillon|devis|supprime*"
    ),
    "Spanish": (
        "cancel*|anulad*|pendiente*|pago pendiente|impagad*|no pagad*|rechazad*|fallid*|expirad*|abandonad*|borrador"
        "|presupuesto|eliminad*|esperando pago|en espera de pago"
    ),
    "Portuguese": (
        "cancel*|anulad*|aguardando pagamento|pendente*|nao pag*|recusad*|rejeitad*|falhou|falha|expirad*|abandonad*"
        "|rascunho|orcamento|excluid*"
    ),
    "Japanese": (
        "キャンセル|取消|取り消し|未入金|未払い|未払|未決済|入金待ち|支払待ち|支払い待ち|決済待ち|無効|破棄|削除|失敗"
        "|期限切れ|下書き|仮注文"
    ),
}
"""It was never paid, or called off."""

SALE: Final[dict[str, str]] = {
    "English": (
        "paid|complete*|closed|shipped|delivered|fulfilled|unfulfilled|unshipped|processing|processed|in process"
        "|in progress|sale|sales|sold|payment|purchase|success*|picked up|received|approved|confirmed|captured|settled"
        "|dispatched|invoiced|in transit|out for delivery|ready|finished|done|resolved|archived|preparing|packed"
        "|collected|accepted|partial*|active|order|checkout"
    ),
    "Chinese": (
        "成功|完成|已付款|买家已付款|已支付|已发货|待发货|等待发货|待收货|等待卖家发货|等待买家确认|签收|已收货|待评价"
        "|已评价|待自提|已核销|已消费|待使用|待核销|正常|已成团|部分发货|备货|出库|已送达|配送中|已结账|已结算|销售"
        "|收款|已接单|运输中|待配送|无售后"
    ),
    "German": (
        "bezahlt|abgeschlossen|versendet|versandt|geliefert|zugestellt|verkauf|verkauft|rechnung|in bearbeitung"
        "|bestatigt|erledigt|fertig|abgeholt|gebucht|normal|beleg|verkaufsbeleg|kassenbeleg|erfullt|unterwegs"
        "|verarbeitet"
    ),
    "French": (
        "paye*|termine*|complete*|expedie*|livre|livree|livres|livrees|en cours|en preparation|en traitement|traite*"
        "|valide*|vente|ventes|confirme*|cloture*|encaisse*|facture*|regle*|recu|recue"
    ),
    "Spanish": (
        "pagad*|completad*|completo|completa|enviad*|entregad*|procesando|procesad*|en proceso|preparando"
        "|en preparacion|confirmad*|cerrad*|venta|ventas|finalizad*|cobrad*|facturad*|realizad*"
    ),
    "Portuguese": (
        "pago|paga|pagos|concluid*|completo|enviad*|entregue|entregues|em processamento|processando|processad*"
        "|em preparacao|em separacao|aprovad*|confirmad*|fechad*|venda|vendas|finalizad*|faturad*|a caminho|autorizad*"
    ),
    "Japanese": (
        "完了|発送済|出荷済|入金済|支払済|支払い済|決済済|処理中|処理済|確定|通常|販売|売上|受取済|配達済|配送済|受付済"
        "|準備中|発送中|お届け済"
    ),
}
"""It counts."""

CALLED_OFF: Final = frozenset(
    [
        "cancelled", "canceled", "cancel", "cancellation", "iscancelled", "iscanceled", "void", "voided", "isvoid",
        "deleted", "isdeleted", "storno", "storniert", "stornokennzeichen", "annule", "annulee", "cancelado",
        "cancelada",
        "anulado", "anulada", "取消", "是否取消", "已取消", "作废", "是否作废", "キャンセル", "取消区分", "取消フラグ",
    ]
)  # fmt: skip
"""Headers under which a yes means that the order was called off."""

CALLED_OFF_AT: Final = (
    "cancelled at|canceled at|cancellation date|cancelled date|cancelled on|date cancelled|voided at|cancel date"
    "|cancel time|取消时间|取消日期|关闭时间|订单取消时间|Storniert am|Stornodatum|annulé le|date d'annulation"
    "|fecha de cancelación|cancelado el|cancelado em|data de cancelamento|data do cancelamento|キャンセル日時"
    "|キャンセル日"
)
"""Headers under which any time means that the order was called off."""

OF_THE_GOODS: Final = frozenset(
    [
        "fulfillment", "fulfilment", "shipping", "shipment", "delivery", "versandstatus", "lieferstatus", "versand",
        "livraison", "expedition", "envio", "entrega", "tracking", "logistics",
    ]
)  # fmt: skip
"""Words of a header that tell where the goods are: that does not decide what is a sale."""

OF_THE_GOODS_CJK: Final = ("发货", "物流", "配送", "出荷", "発送", "快递")

TYPES: Final = (
    "status|type|receipt type|event type|transaction type|sale type|document type|line type|record type|entry type"
    "|order status|payment status|financial status|订单类型|交易类型|单据类型|类型|业务类型|Belegart|Vorgangsart"
    "|Buchungsart|Art|Vorgangstyp|Zahlungsstatus|type de vente|type de document|type d'opération|tipo de documento"
    "|tipo de venta|tipo de operación|tipo de venda|取引区分|売上区分|区分"
)
"""Headers of columns whose words may be those of a status, beside the names of statuses themselves."""

Kind = Literal["sale", "not_sale", "returned", "unknown"]

_WORD: Final = re.compile(r"[^\W_]+")
_CJK: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@cache
def kind_of(value: str) -> Kind:
    """Say whether a word of a status means a sale, no sale, or something taken back."""
    plain = without_accents(value.casefold())
    words = tuple(_WORD.findall(plain))
    for kind, phrases in _RULES:
        if any(phrase.stands_in(plain, words) for phrase in phrases):
            return kind
    return "unknown"


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words in a row, or letters of a script without blanks."""

    letters: str
    words: tuple[str, ...]

    def stands_in(self, text: str, words: tuple[str, ...]) -> bool:
        if self.letters:
            return self.letters in text
        places = range(len(words) - len(self.words) + 1)
        return any(all(map(_begins, words[place:], self.words)) for place in places)


def _begins(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _phrases(by_language: dict[str, str]) -> tuple[_Phrase, ...]:
    listed = [phrase for phrases in by_language.values() for phrase in phrases.split("|")]
    return tuple(
        _Phrase(phrase, ()) if _CJK.search(phrase) else _Phrase("", tuple(phrase.split()))
        for phrase in sorted(set(listed))
    )


_RULES: Final[tuple[tuple[Kind, tuple[_Phrase, ...]], ...]] = (
    ("sale", _phrases(SALE_ALL_THE_SAME)),
    ("returned", _phrases(RETURNED)),
    ("not_sale", _phrases(NOT_SALE)),
    ("sale", _phrases(SALE)),
)
"""The first that matches holds: a refund outweighs the close of the order that it led to."""
