"""Statuses: which columns tell one, and what their words mean, in seven languages and by words within phrases."""

import pyarrow as pa
import pytest

from crmlib.prep.parsing.statuses import kind_of
from crmlib.prep.proposal.evidence import weigh
from crmlib.prep.proposal.statuses import called_off_times, status_columns


def found_in(**columns):
    """Give the names of the columns of a status among columns of words."""
    return [
        each.column for each in status_columns([weigh(name, pa.chunked_array([columns[name]])) for name in columns])
    ]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("sale", "Completed|completed|Paid|Processing|In Process|Shipped"),
        ("sale", "Unfulfilled|Closed|Sale|Payment|Delivered|Resolved"),
        ("sale", "Partially refunded|partially_refunded|Part Refunded"),
        ("sale", "partially_paid|Pending shipment|Refund rejected"),
        ("not_sale", "Cancelled|canceled|CANCELLED|voided|Void|unpaid|Pending|Pending payment|Failed|Expired|Draft"),
        ("not_sale", "Awaiting payment|Payment pending|Declined|checkout-draft|Cancelled by buyer"),
        ("returned", "Refunded|refund|Returned"),
        ("returned", "Return|Shipped - Returned to Seller|Shipped - Rejected by Buyer|Chargeback"),
        ("sale", "交易成功|已完成|完成|已付款|买家已付款，等待卖家发货"),
        ("sale", "卖家已发货，等待买家确认|已签收|待发货|(锁定)等待出库|部分退款|无售后或售后取消"),
        ("not_sale", "交易关闭|已取消|待付款|等待买家付款"),
        ("not_sale", "(删除)等待付款|付款以前，卖家或买家主动关闭交易|未付款|已作废|拼团失败"),
        ("returned", "退款成功|已退款|付款以后用户退款成功，交易自动关闭|已发货，退款成功|已退货|拒收"),
        ("sale", "bezahlt|Abgeschlossen|versendet|In Bearbeitung|Verkauf|Teilweise erstattet|Wartet auf Versand"),
        ("not_sale", "storniert|Storno|STORNIERT|nicht bezahlt|Zahlung ausstehend|abgebrochen"),
        ("returned", "erstattet|Rückerstattung|Retoure|Gutschrift|Warenrücknahme|zurückgesandt"),
        ("sale", "payée|Terminée|expédiée|en cours de traitement|Livrée|partiellement remboursée|vente"),
        ("not_sale", "annulée|Annulé|En attente de paiement|impayée|Refusée|Échouée|brouillon"),
        ("returned", "remboursée|Remboursé|Retour|avoir"),
        ("sale", "pagado|Completado|enviado|Entregado|Parcialmente reembolsado|pendiente de envío|venta"),
        ("not_sale", "cancelado|Anulada|Pendiente de pago|rechazado|no pagado"),
        ("returned", "reembolsado|Devuelto|Devolución|abono"),
        ("sale", "pago|Concluído|enviado|Entregue|em preparação|Aprovado|Parcialmente reembolsado|venda"),
        ("not_sale", "Cancelada|cancelado|Aguardando pagamento|Recusado|não pago"),
        ("returned", "reembolsado|Devolvido|Estornado|devolução"),
        ("sale", "完了|発送済み|入金済み|処理中|一部返金|出荷済|発送待ち"),
        ("not_sale", "キャンセル|キャンセル済み|未入金|取消|入金待ち|期限切れ"),
        ("returned", "返金済み|返品|払い戻し済み"),
        ("unknown", "Authorized|On hold|Open|Disputed|??|L3|審査中|Neu|0"),
    ],
)  # fmt: skip
def test_what_a_word_means(kind, words):
    assert {word: kind_of(word) for word in words.split("|")} == dict.fromkeys(words.split("|"), kind)


@pytest.mark.parametrize(
    "header",
    ["Status", "Order Status", "Financial Status", "STATUS", "order-status", "订单状态", "交易状态", "状態",
    "Bestellstatus",
     "Zahlungsstatus", "Statut de la commande", "Estado del pedido", "Situação", "Status do pedido",
     "ステータス", "受注ステータス"],
)  # fmt: skip
def test_a_status_is_known_by_its_header(header):
    assert found_in(**{header: ["gut", "schlecht", "gut"]}) == [header]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Event Type", ["Payment", "Refund"]),
        ("Receipt type", ["Sale", "Refund"]),
        ("Belegart", ["Verkauf", "Storno"]),
        ("Phase", ["paid", "paid", "voided"]),
        ("State", ["completed", "cancelled"]),
        ("区分", ["通常", "キャンセル"]),
    ],
)
def test_other_columns_are_known_by_their_words(header, words):
    assert found_in(**{header: words}) == [header]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("State", ["CA", "OR"]),
        ("Estado", ["SP", "RJ"]),
        ("Type", ["sofa", "lamp"]),
        ("Fulfillment Status", ["fulfilled", "unfulfilled", "cancelled"]),
        ("发货状态", ["已发货", "待发货"]),
        ("Versandstatus", ["versendet", "storniert"]),
        ("Item", ["Tea", "Cup", "Refund bag"]),
        ("Paid", ["10.00", "12.00"]),
        ("Payment Method", ["card", "cash"]),
    ],
)
def test_what_is_no_status(header, words):
    assert found_in(**{header: words}) == []


@pytest.mark.parametrize(
    "header", ["Cancelled", "is_cancelled", "Voided", "Storno", "annulée", "Cancelado", "是否取消", "キャンセル"]
)
def test_a_yes_may_mean_that_it_was_called_off(header):
    (status,) = status_columns([weigh(header, pa.chunked_array([["yes", "no", "no"]]))])
    assert [status.kind(value) for value in ("yes", "Yes", "no")] == ["not_sale", "not_sale", "sale"]


def test_a_time_under_cancelled_at_means_that_it_was_called_off():
    rows = {"Cancelled at": ["", "2026-05-01 10:00:00"], "Paid at": ["2026-05-01", "2026-05-01"], "取消时间": ["", ""]}
    columns = [weigh(name, pa.chunked_array([values])) for name, values in rows.items()]
    assert called_off_times(columns) == ["Cancelled at", "取消时间"]
    assert status_columns(columns) == []
