"""What columns are called that are none of ours: they must not be taken for one of ours because a word is alike.

Names are separated by ``|``, in all seven languages together, by what they are.
"""

from typing import Final

from crmlib.prep.proposal.words import words_of

OTHER: Final[dict[str, str]] = {
    "totals of a person": (
        "total spent|total spend|total orders|orders|orders count|order count|number of orders|no of orders|num orders"
        "|lifetime spend|lifetime value|lifetime revenue|lifetime orders|customer lifetime value|clv|ltv|aov"
        "|average order value"
        "|average order|avg order value|total visits|visits|visit count|transaction count|total purchases"
        "|number of purchases|purchases|amount spent|total revenue|total sales to date|last order|last order id"
        "|last order number|last order name|last order amount|last order value|total paid orders|store credit|balance"
        "|credit|credit limit|account balance|reward balance"
        "|累计消费|累计消费金额|消费总额|总消费|总消费金额|累计金额|累计支付金额|消费次数|购买次数|累计订单数|订单数"
        "|订单数量|交易次数|交易总额"
        "|客单价|累计购买次数|余额|储值余额|最近订单号|累计订单|成交总额|成交笔数"
        "|Gesamtumsatz|Umsatz gesamt|Umsatz kumuliert|Anzahl Bestellungen|Bestellanzahl|Anzahl Einkäufe|Anzahl Aufträge"
        "|Jahresumsatz|Kundenwert|Guthaben|Kreditlimit|letzte Bestellnummer|Anzahl Besuche"
        "|total dépensé|montant dépensé|total des achats|nombre de commandes|nb commandes|nombre d'achats|panier moyen"
        "|valeur client|solde|encours|nombre de visites"
        "|total gastado|gasto total|número de pedidos|total de pedidos|nº pedidos|número de compras|ticket medio|saldo"
        "|valor del cliente|visitas"
        "|total gasto|gasto total|número de compras|total de pedidos|quantidade de pedidos|ticket médio"
        "|valor do cliente"
        "|累計購入金額|累計購入額|購入金額合計|購入回数|累計購入回数|注文回数|来店回数|平均購入単価|累計金額|残高"
        "|総購入金額"
    ),
    "marketing": (
        "newsletter|accepts marketing|accepts email marketing|accepts sms marketing|buyer accepts marketing|marketing"
        "|marketing consent|marketing opt in|email marketing|email opt in|sms opt in|opt in|optin|email subscribed"
        "|subscribed|subscriber|email consent|sms consent|mailing list|subscribed to newsletter|marketing permission"
        "|email marketing consent|sms marketing consent|advertising consent|marketing emails|email subscription status"
        "|营销授权|营销同意|接受营销|是否接受营销|订阅|是否订阅|短信订阅|邮件订阅|接受推广|推送授权|消息订阅|营销许可"
        "|Newsletter abonniert|Werbeeinwilligung|Werbung erlaubt|Einwilligung Werbung|Marketing-Einwilligung"
        "|Newsletter-Einwilligung"
        "|infolettre|abonné newsletter|consentement marketing|consentement commercial|accepte newsletter|prospection"
        "|boletín|suscrito|acepta marketing|consentimiento marketing|consentimiento comercial|acepta publicidad"
        "|boletim|aceita marketing|inscrito|consentimento marketing|aceita publicidade|aceita newsletter"
        "|メルマガ|メルマガ購読|メルマガ配信|メール配信|メール配信許可|DM可否|DM許可|DM送付|メールマガジン"
        "|マーケティング同意|メール購読"
    ),
    "status": (
        "status|order status|financial status|fulfillment status|fulfilment status|payment status|item status|state"
        "|lineitem fulfillment status|order state|event type|transaction status|shipping status|delivery status"
        "|订单状态|交易状态|状态|支付状态|付款状态|发货状态|退款状态|售后状态|物流状态"
        "|Bestellstatus|Auftragsstatus|Zahlungsstatus|Lieferstatus|Versandstatus"
        "|statut|statut de la commande|statut commande|état|état de la commande|statut de paiement|statut paiement"
        "|estado del pedido|estado pedido|estado de pago|estado|situação|status do pedido|situação do pedido"
        "|estado da encomenda"
        "|ステータス|注文ステータス|受注ステータス|状態|注文状況|入金ステータス|配送ステータス|取消区分|取引区分"
        "|stato|stato ordine|stan|stan zamówienia|stav|stav objednávky|orderstatus|bestelstatus|betaalstatus"
        "|ordrestatus|durum|sipariş durumu|tila|tilauksen tila|állapot|rendelés állapota|stare|starea comenzii"
        "|статус|статус заказа|состояние|стан|κατάσταση|주문상태|주문 상태|상태|trạng thái|สถานะ"
    ),
    "dates of something else": (
        "cancelled at|canceled at|fulfilled at|shipped at|shipped date|date shipped|ship date|shipping date"
        "|shipped on date"
        "|ship by date|delivered at|delivery date|due date|updated at|last updated date|modified|last modified|updated"
        "|last order date|last purchase|last purchase date|last visit|last active|first visit|first order date"
        "|next payment due at"
        "|shipping limit date|estimated delivery date|promise date|payments date|reporting date"
        "|发货时间|发货日期|确认收货时间|收货时间|更新时间|取消时间|关闭时间|最近消费时间"
        "|最近购买时间|上次消费时间|送达时间|预计送达时间"
        "|Versanddatum|Lieferdatum|Versendet am|Fälligkeitsdatum|Fällig am|Geändert am|Letzte Bestellung|Letzter Kauf"
        "|Storniert am"
        "|date de livraison|date d'expédition|date d'échéance|expédié le|livré le|modifié le|dernière commande"
        "|dernier achat"
        "|fecha de entrega|fecha de envío|fecha entrega|fecha de vencimiento|enviado el|modificado el|última compra"
        "|último pedido"
        "|data de entrega|data da entrega|data de envio|data de vencimento|enviado em|última compra|último pedido"
        "|atualizado em"
        "|発送日|発送日時|出荷日|配送日|お届け日|更新日時|更新日|キャンセル日時|最終購入日|最終来店日|締め日"
    ),
    "money of something else": (
        "outstanding balance|total collected|card processing fees|fees|fee|commission|tip|tips|gift card sales|change"
        "|tendered|cash tendered|cash|amount tendered|cash received|tax rate|vat rate|profit|margin|gross profit"
        "|lineitem compare at price|compare at price|exchange rate|weight|cash rounding|service charge|service charges"
        "|card|swipe|net payout|payout|shipping tax|gift wrap tax|ship promotion discount"
        "|找零|实收现金|毛利|毛利率|佣金|手续费|税率|利润|服务费|包装费|打包费|重量|积分|返点积分"
        "|gegeben|Rückgeld|Wechselgeld|Trinkgeld|Gebühr|Gebühren|Provision|Deckungsbeitrag|Rohertrag|Steuersatz"
        "|MwSt-Satz|Marge|Gewicht|Pfand"
        "|monnaie rendue|rendu|espèces|pourboire|frais|commission|marge|taux de tva|taux tva|poids"
        "|cambio|entregado|efectivo|propina|comisión|margen|tipo iva|tipo de iva|peso"
        "|troco|recebido|gorjeta|comissão|tarifa de venda e impostos|tarifas|margem|alíquota|dinheiro"
        "|預り金|お預り|お預かり金額|預かり金|預り金額|お釣り|釣銭|釣り銭|手数料|粗利|粗利益|税率|決済手数料|重量"
    ),
    "people of the shop": (
        "employee|cashier|clerk|staff|operator|sales rep|salesperson|sales person|seller|user agent|created by|server"
        "|waiter"
        "|收银员|店员|导购|营业员|操作员|业务员|销售员|客服|主播|团长|骑手"
        "|Verkäufer|Kassierer|Bediener|Mitarbeiter|Bearbeiter|Bedienung|Verkäuferin"
        "|vendeur|caissier|caissière|employé|opérateur|serveur"
        "|vendedor|cajero|empleado|dependiente|operador|camarero|funcionário|caixa operador|atendente|operadora"
        "|担当者|担当|スタッフ|店員|レジ担当|販売員|販売担当"
    ),
    "codes of something else": (
        "payment id|payment reference|payment references|payment terms name|device id|device name|register|register id"
        "|tracking number|tracking no|tracking|checkout id|terminal|till|pos|pos device|authorization code"
        "|sales record number"
        "|paypal transaction id|vat number|tax number|browser ip|ip address|risk level|tags|zip|postcode|postal code"
        "|zip code"
        "|billing zip|shipping zip|variations|variation|variant|variation details|price point name|modifiers applied"
        "|dining option"
        "|unit|itemization type|week|week no|month|year|hour|weekday|quarter"
        "|支付宝交易号|支付单号|支付流水号|快递单号|物流单号|运单号|退款单号|商户订单号|支付宝账号|买家支付宝账号"
        "|规格|商品规格|商品属性|颜色|尺码|单位"
        "|邮编|序号|设备号|POS机号|物流公司|快递公司"
        "|Sendungsnummer|Trackingnummer|PLZ|Postleitzahl|Steuernummer|USt-IdNr|Einheit|Variante|Größe|Farbe|Lfd-Nr"
        "|Terminal|TSE-Signatur"
        "|numéro de suivi|code postal|unité|taille|couleur|déclinaison|variante"
        "|número de seguimiento|código postal|unidad|talla|color|variante|nif|cif"
        "|código de rastreamento|cep|unidade de medida|tamanho|cor|variação|número de rastreamento"
        "|追跡番号|お問い合わせ番号|郵便番号|端末ID|端末番号|レジ番号|レジ|単位|サイズ|カラー|色|項目・選択肢|規格"
        "|送り状番号"
    ),
    "notes": (
        "customer note|order note|buyer note|customer notes|notes|note|note attributes|remark|remarks|memo|details"
        "|my item note"
        "|备注|买家留言|卖家备注|商家备注|客服备注|用户备注|订单备注|留言|买家备注"
        "|Bemerkung|Bemerkungen|Notiz|Notizen|Anmerkung|Kundenhinweis|Hinweis"
        "|remarque|remarques|note client|notes|observation|observations"
        "|observaciones|observación|notas|nota|nota del cliente|observações|observação|anotações"
        "|備考|備考欄|メモ|コメント|お客様コメント|社内メモ"
    ),
}
"""By what they are; the order says nothing."""


KINDS: Final = words_of(
    "id ids no nr num number code key name date time at on by status state type note notes remark remarks comment",
    "comments message address street zip postcode postal email mail phone tel url link ip rate percent pct ratio tax",
    "taxes vat fee fees count weight size color colour reference ref method title description reason level balance",
    "limit gift tip consent marketing score review shipping ship delivery refund refunded discount cost profit margin",
    "currency unit units points",
    "nummer datum uhrzeit zeit art typ grund satz betrag preis menge steuer bemerkung notiz strasse versand gebuhr",
    "numero nom adresse rue taux frais motif statut etat remarque prix montant quantite remise livraison heure",
    "fecha hora nombre direccion calle motivo estado nota precio importe cantidad descuento envio impuesto",
    "data nome endereco rua situacao preco valor quantidade desconto frete imposto telefone",
)
"""Words that say what a column is: where one stands beside a name and is no part of it, the column is another one."""

PURPOSES: Final = words_of(
    "ship shipped shipping deliver delivered delivery due limit estimated expiry expires expired until birth born dob",
    "birthday update updated modified cancelled canceled cancel refund refunded return returned last first next",
    "printed",
    "fulfilled closed processed promise joined registered signup opened review reviewed invited answered exported",
    "approved",
    "versand liefer lieferung fallig geburts gebucht storno storniert geandert letzte letzter erste gultig versendet",
    "geliefert",
    "livraison expedition echeance naissance modifie annule dernier derniere premier retour expedie livre",
    "entrega envio vencimiento nacimiento modificado cancelado ultima ultimo primera devolucion alta caducidad",
    "vencimento nascimento atualizado devolucao primeira validade cadastro",
)
"""Words that make a date another one than that of the order."""

PURPOSES_CJK: Final = words_of(
    "发货 收货 到货 送达 完成 结束 更新 修改 取消 关闭 退款 退货 出生 生日 注册 入会 开卡 评价 到期 失效 有效 最近",
    "上次 首次 导出",
    "発送 出荷 配送 届け 返金 返品 生年 誕生 登録 期限 最終 初回 締め キャンセル 出力",
)
"""The same in scripts without blanks: parts of a header."""
