"""Headers as the common systems write them, in seven languages: which table they are, and which column is which.

The headers are those of public documentation, shortened; every value is invented here.
"""

import pyarrow as pa
import pytest

from crmlib.prep.proposal.choosing import choose_table, is_enough
from crmlib.prep.proposal.evidence import weigh
from crmlib.prep.proposal.money.facts import money_candidates

LINES = 40
ORDERS = [n * 3 // 4 for n in range(LINES)]  # every third order has two lines
FIRST = [n == 0 or ORDERS[n] != ORDERS[n - 1] for n in range(LINES)]


def _of_order(write):
    return [write(order) for order in ORDERS]


def _on_first(write):
    return [write(order) if first else "" for order, first in zip(ORDERS, FIRST, strict=True)]


MAKERS = {
    "order": lambda: _of_order(lambda n: f"A-{1000 + n}"),
    "#": lambda: _of_order(lambda n: f"#{1000 + n}"),
    "digits": lambda: _of_order(lambda n: f"{2_500_000_000_000 + 37 * n}"),
    "on first": lambda: _on_first(lambda n: f"{5_480_000_000 + 91 * n}"),
    "line": lambda: [f"L{n}" for n in range(LINES)],
    "1, 2": lambda: ["1" if first else "2" for first in FIRST],
    "time": lambda: _of_order(lambda n: f"2026-05-{n % 28 + 1:02} {8 + n % 12:02}:15:00"),
    "day": lambda: _of_order(lambda n: f"2026-05-{n % 28 + 1:02}"),
    "clock": lambda: _of_order(lambda n: f"{8 + n % 12:02}:15"),
    "compact day": lambda: _of_order(lambda n: f"202605{n % 28 + 1:02}"),
    "other time": lambda: _of_order(lambda n: f"2026-06-{n % 28 + 1:02} 09:00:00"),
    "time on first": lambda: _on_first(lambda n: f"2026-05-{n % 28 + 1:02} {8 + n % 12:02}:15:00"),
    "sku": lambda: [f"S{n % 7:03}" for n in range(LINES)],
    "thing": lambda: [("Mug", "Tea", "Silk scarf", "Lamp", "Bag", "Ring", "Cup")[n % 7] for n in range(LINES)],
    "units": lambda: [str(1 + n % 3) for n in range(LINES)],
    "units .0": lambda: [f"{1 + n % 3}.0" for n in range(LINES)],
    "price": lambda: [f"{4 + n % 7}.50" for n in range(LINES)],
    "money": lambda: [f"{(1 + n % 3) * (4 + n % 7)}.50" for n in range(LINES)],
    "whole money": lambda: [str(30 + n % 23) for n in range(LINES)],
    "off": lambda: [("0.00", "1.50")[n % 4 == 0] for n in range(LINES)],
    "nothing": lambda: ["0.00"] * LINES,
    "order money": lambda: _of_order(lambda n: f"{20 + n % 17}.00"),
    "order money on first": lambda: _on_first(lambda n: f"{20 + n % 17}.00"),
    "person": lambda: _of_order(lambda n: f"K{100 + n % 13}"),
    "account": lambda: _of_order(lambda n: f"buyer_{n % 13}"),
    "mail": lambda: _of_order(lambda n: f"buyer{n % 13}@example.com"),
    "phone": lambda: _of_order(lambda n: f"139{n % 13:08}"),
    "name": lambda: _of_order(lambda n: f"{('Ann', 'Bo', 'Cy')[n % 3]} {('Lee', 'Chen', 'Wang', 'Sample')[n % 4]}"),
    "store": lambda: _of_order(lambda n: ("North", "South")[n % 2]),
    "word": lambda: _of_order(lambda n: ("web", "pos")[n % 2]),
    "paid": lambda: _of_order(lambda n: ("paid", "cancelled")[n % 9 == 0]),
    "USD": lambda: ["USD"] * LINES,
    "yes": lambda: _of_order(lambda n: ("yes", "no")[n % 2]),
    "empty": lambda: [""] * LINES,
    "code": lambda: [f"pay{n:05}" for n in range(LINES)],
    "note": lambda: [("", "please wrap it")[n % 9 == 0] for n in range(LINES)],
    "each mail": lambda: [f"person{n}@example.com" for n in range(LINES)],
    "each phone": lambda: [f"138{n:08}" for n in range(LINES)],
    "each code": lambda: [f"C{n:04}" for n in range(LINES)],
    "each name": lambda: [f"Ann Sample{n}" for n in range(LINES)],
    "each total": lambda: [f"{50 + 3 * n}.40" for n in range(LINES)],
    "each count": lambda: [str(1 + n % 6) for n in range(LINES)],
    "joined": lambda: [f"2025-{n % 12 + 1:02}-11" for n in range(LINES)],
    "born": lambda: [f"19{60 + n}-05-11" for n in range(LINES)],
    "city": lambda: [("Leeds", "York", "Hull")[n % 3] for n in range(LINES)],
    "sex": lambda: ["fm"[n % 2] for n in range(LINES)],
}


def weighed(columns):
    """Weigh columns given as ``header: maker`` a line."""
    pairs = [line.rsplit(" = ", 1) for line in columns.strip().splitlines()]
    return [weigh(header.strip(), pa.chunked_array([MAKERS[maker]()])) for header, maker in pairs]


def proposed(columns, name="export"):
    """Give the table that is proposed for columns and the raw column of each canonical one."""
    best = choose_table(weighed(columns), [name])[0]
    found = {canonical: match.raw for canonical, match in best.matches.items()}
    return (best.table if is_enough(best) else None), found


ORDERS_OF = {
    "Shopify": (
        """Name = #
        Email = mail
        Financial Status = paid
        Paid at = time on first
        Fulfillment Status = word
        Fulfilled at = other time
        Accepts Marketing = yes
        Currency = USD
        Subtotal = order money on first
        Shipping = order money on first
        Taxes = order money on first
        Total = order money on first
        Discount Code = empty
        Discount Amount = order money on first
        Shipping Method = word
        Created at = time
        Lineitem quantity = units
        Lineitem name = thing
        Lineitem price = price
        Lineitem compare at price = empty
        Lineitem sku = sku
        Lineitem requires shipping = yes
        Lineitem taxable = yes
        Lineitem fulfillment status = word
        Billing Name = name
        Billing City = store
        Shipping Name = name
        Notes = note
        Cancelled at = empty
        Payment Method = word
        Payment Reference = code
        Refunded Amount = order money on first
        Vendor = word
        Outstanding Balance = nothing
        Id = on first
        Tags = empty
        Source = word
        Lineitem discount = nothing
        Tax 1 Name = empty
        Phone = empty
        Receipt Number = empty
        Payment ID = code""",
        {
            "customer_id": "Email", "order_id": "Name", "ordered_at": "Created at", "product_id": "Lineitem sku",
            "description": "Lineitem name", "quantity": "Lineitem quantity", "unit_price": "Lineitem price",
            "discount": "Lineitem discount", "order_total": "Total", "order_shipping": "Shipping",
            "order_tax": "Taxes",
            "order_discount": "Discount Amount", "order_refund": "Refunded Amount", "currency": "Currency",
            "payment_method": "Payment Method", "channel": "Source", "promotion_id": "Discount Code",
        },
    ),
    "WooCommerce": (
        """Order Number = digits
        Order Status = paid
        Order Date = time
        Customer Note = empty
        First Name (Billing) = word
        Email (Billing) = mail
        Phone (Billing) = phone
        Payment Method Title = word
        Cart Discount Amount = nothing
        Order Subtotal Amount = order money
        Order Shipping Amount = order money
        Order Refund Amount = nothing
        Order Total Amount = order money
        Order Total Tax Amount = nothing
        SKU = sku
        Item # = 1, 2
        Item Name = thing
        Quantity (- Refund) = units
        Item Cost = price
        Coupon Code = empty""",
        {
            "customer_id": "Email (Billing)", "order_id": "Order Number",
            "ordered_at": "Order Date", "product_id": "SKU",
            "description": "Item Name", "quantity": "Quantity (- Refund)", "unit_price": "Item Cost",
            "order_total": "Order Total Amount", "order_shipping": "Order Shipping Amount",
            "order_discount": "Cart Discount Amount", "order_refund": "Order Refund Amount",
            "order_tax": "Order Total Tax Amount", "payment_method": "Payment Method Title",
            "promotion_id": "Coupon Code",
        },
    ),
    "Square": (
        """Date = day
        Time = clock
        Time Zone = word
        Category = word
        Item = thing
        Qty = units .0
        Price Point Name = word
        SKU = sku
        Modifiers Applied = empty
        Gross Sales = money
        Discounts = off
        Net Sales = money
        Tax = off
        Transaction ID = order
        Payment ID = code
        Device Name = word
        Notes = empty
        Event Type = word
        Location = store
        Customer ID = person
        Customer Name = name
        Unit = word
        Count = units""",
        {
            "customer_id": "Customer ID", "order_id": "Transaction ID", "ordered_at": "Date", "product_id": "SKU",
            "description": "Item", "quantity": "Qty", "amount": "Net Sales", "amount_before_discount": "Gross Sales",
            "discount": "Discounts", "store_id": "Location",
        },
    ),
    "Amazon": (
        """amazon-order-id = order
        merchant-order-id = empty
        purchase-date = time
        last-updated-date = other time
        order-status = paid
        fulfillment-channel = word
        sales-channel = word
        ship-service-level = word
        product-name = thing
        sku = sku
        asin = sku
        item-status = paid
        quantity = units
        currency = USD
        item-price = money
        item-tax = off
        shipping-price = nothing
        item-promotion-discount = off
        ship-city = store
        ship-postal-code = word
        promotion-ids = empty
        is-business-order = yes""",
        {
            "order_id": "amazon-order-id", "ordered_at": "purchase-date", "product_id": "sku",
            "description": "product-name", "quantity": "quantity", "unit_price": "item-price",
            "discount": "item-promotion-discount", "channel": "sales-channel", "currency": "currency",
            "promotion_id": "promotion-ids",
        },
    ),
    "eBay": (
        """Sales Record Number = line
        Order Number = order
        Buyer Username = account
        Buyer Name = name
        Buyer Email = mail
        Buyer Note = note
        Ship To Name = name
        Ship To Phone = phone
        Item Number = digits
        Item Title = thing
        Custom Label = sku
        Quantity = units
        Sold For = price
        Shipping And Handling = off
        Seller Collected Tax = off
        Total Price = money
        Payment Method = word
        Sale Date = day
        Paid On Date = day
        Ship By Date = other time
        Tracking Number = code
        Transaction ID = line""",
        {
            "customer_id": "Buyer Username", "order_id": "Order Number", "ordered_at": "Sale Date",
            "product_id": "Item Number", "description": "Item Title", "quantity": "Quantity",
            "unit_price": "Sold For",
            "amount": "Total Price", "payment_method": "Payment Method", "line_id": "Transaction ID",
        },
    ),
    "Etsy": (
        """Sale Date = day
        Item Name = thing
        Buyer = account
        Quantity = units
        Price = price
        Coupon Code = empty
        Discount Amount = off
        Order Shipping = off
        Order Sales Tax = nothing
        Item Total = money
        Currency = USD
        Transaction ID = line
        Listing ID = sku
        Date Paid = day
        Date Shipped = other time
        Ship Name = name
        Order ID = digits
        Variations = word
        SKU = empty""",
        {
            "customer_id": "Buyer", "order_id": "Order ID", "line_id": "Transaction ID", "ordered_at": "Sale Date",
            "product_id": "Listing ID", "description": "Item Name", "quantity": "Quantity", "unit_price": "Price",
            "amount": "Item Total", "discount": "Discount Amount", "currency": "Currency",
            "promotion_id": "Coupon Code",
        },
    ),
    "Loyverse": (
        """Date = time
        Receipt number = order
        Receipt type = word
        Category = word
        SKU = sku
        Item = thing
        Variant = word
        Modifiers applied = empty
        Quantity = units
        Gross sales = money
        Discounts = off
        Net sales = money
        Cost of goods = money
        Gross profit = money
        Taxes = off
        POS = word
        Store = store
        Cashier name = name
        Customer name = name
        Customer contacts = phone
        Comment = empty
        Status = paid""",
        {
            "customer_id": "Customer contacts", "order_id": "Receipt number",
            "ordered_at": "Date", "product_id": "SKU",
            "description": "Item", "quantity": "Quantity", "amount": "Net sales", "discount": "Discounts",
            "amount_before_discount": "Gross sales", "cost": "Cost of goods", "store_id": "Store",
        },
    ),
    "Lightspeed": (
        """Date = time
        Receipt Number = order
        Line Type = word
        Customer Code = person
        Customer Name = name
        Note = note
        Quantity = units
        Subtotal = money
        Sales Tax = off
        Discount = off
        Total = money
        Paid = money
        Details = thing
        Register = word
        User = word
        Status = paid
        Sku = sku""",
        {
            "customer_id": "Customer Code", "order_id": "Receipt Number", "ordered_at": "Date", "product_id": "Sku",
            "quantity": "Quantity", "amount": "Paid", "discount": "Discount",
        },
    ),
    "Taobao": (
        """订单编号 = digits
        买家会员名 = account
        买家支付宝账号 = mail
        买家应付货款 = order money
        买家应付邮费 = nothing
        总金额 = order money
        买家实际支付金额 = order money
        订单状态 = paid
        买家留言 = note
        收货人姓名 = name
        联系手机 = phone
        订单创建时间 = time
        订单付款时间 = time on first
        宝贝标题 = thing
        物流单号 = code
        宝贝总数量 = units
        店铺名称 = store""",
        {
            "customer_id": "买家会员名", "order_id": "订单编号", "ordered_at": "订单创建时间",
            "description": "宝贝标题",
            "quantity": "宝贝总数量", "amount": "买家实际支付金额", "order_total": "买家应付货款",
            "store_id": "店铺名称",
            "order_shipping": "买家应付邮费",
        },
    ),
    "Taobao without an order number": (
        """买家昵称 = account
        付款日期 = time
        订单状态 = paid
        实付金额 = money
        邮费 = nothing
        省份 = store
        城市 = store
        购买数量 = units""",
        {"customer_id": "买家昵称", "ordered_at": "付款日期", "quantity": "购买数量", "amount": "实付金额"},
    ),
    "Tmall": (
        """订单编号 = digits
        总金额 = order money
        买家实际支付金额 = order money
        收货地址 = store
        订单创建时间 = time
        订单付款时间 = time on first
        退款金额 = nothing""",
        {"order_id": "订单编号", "amount": "买家实际支付金额", "ordered_at": "订单创建时间", "refund": "退款金额"},
    ),
    "JD": (
        """订单号 = digits
        商品ID = sku
        商品名称 = thing
        订购数量 = units
        支付方式 = word
        下单时间 = time
        京东价 = price
        订单金额 = order money
        结算金额 = order money
        余额支付 = nothing
        应付金额 = order money
        订单状态 = paid
        订单类型 = word
        下单帐号 = account
        客户姓名 = name
        联系电话 = phone
        订单备注 = note""",
        {
            "customer_id": "下单帐号", "order_id": "订单号", "ordered_at": "下单时间", "product_id": "商品ID",
            "description": "商品名称", "quantity": "订购数量", "unit_price": "京东价", "order_total": "订单金额",
            "payment_method": "支付方式", "amount": "结算金额",
        },
    ),
    "Youzan": (
        """订单号 = digits
        订单状态 = paid
        下单时间 = time
        付款时间 = time
        商品名称 = thing
        商品规格 = word
        商品编码 = sku
        商品单价 = price
        商品数量 = units
        商品优惠 = off
        商品实付金额 = money
        商品退款金额 = nothing
        买家姓名 = name
        买家手机号 = phone
        收货人手机号/提货人手机号 = phone
        店铺名称 = store
        买家备注 = note""",
        {
            "customer_id": "买家手机号", "order_id": "订单号", "ordered_at": "下单时间", "product_id": "商品编码",
            "description": "商品名称", "quantity": "商品数量", "unit_price": "商品单价", "amount": "商品实付金额",
            "discount": "商品优惠", "refund": "商品退款金额", "store_id": "店铺名称",
        },
    ),
    "Pinduoduo": (
        """商品 = thing
        订单号 = digits
        订单状态 = paid
        商品总价(元) = money
        店铺优惠折扣(元) = off
        平台优惠折扣(元) = nothing
        用户实付金额(元) = money
        商家实收金额(元) = money
        商品数量(件) = units
        支付时间 = time
        发货时间 = other time
        确认收货时间 = other time
        商品id = sku
        商品规格 = word
        商家编码-规格维度 = word
        快递单号 = code
        售后状态 = word
        商家备注 = note""",
        {
            "order_id": "订单号", "ordered_at": "支付时间", "product_id": "商品id", "description": "商品",
            "quantity": "商品数量(件)", "amount": "用户实付金额(元)", "amount_before_discount": "商品总价(元)",
            "discount": "店铺优惠折扣(元)", "order_discount": "平台优惠折扣(元)",
        },
    ),
    "Meituan": (
        """订单编号 = digits
        门店名称 = store
        下单时间 = time
        订单状态 = paid
        菜品名称 = thing
        份数 = units
        菜品单价 = price
        配送费 = nothing
        包装费 = nothing
        用户实付金额 = order money
        会员手机号 = phone""",
        {
            "customer_id": "会员手机号", "order_id": "订单编号", "ordered_at": "下单时间", "description": "菜品名称",
            "quantity": "份数", "unit_price": "菜品单价", "amount": "用户实付金额", "store_id": "门店名称",
        },
    ),
    "a German till": (
        """Datum = day
        Uhrzeit = clock
        Bonnummer = order
        Filiale = store
        Kasse = word
        Artikelnummer = sku
        Bezeichnung = thing
        Warengruppe = word
        Menge = units
        Einzelpreis = price
        Rabatt = off
        Gesamtpreis = money
        MwSt-Satz = word
        Zahlungsart = word
        Kundennummer = person
        Verkäufer = name
        Gegeben = order money
        Rückgeld = nothing""",
        {
            "customer_id": "Kundennummer", "order_id": "Bonnummer", "ordered_at": "Datum",
            "product_id": "Artikelnummer",
            "description": "Bezeichnung", "quantity": "Menge", "unit_price": "Einzelpreis", "amount": "Gesamtpreis",
            "discount": "Rabatt", "payment_method": "Zahlungsart", "store_id": "Filiale",
        },
    ),
    "a German web shop": (
        """Bestell-Nr. = order
        Bestelldatum = time
        Kd.-Nr. = person
        Name = name
        E-Mail-Adresse = mail
        Bestellstatus = paid
        Art.-Nr. = sku
        Artikel = thing
        Stück = units
        Preis brutto = price
        Bestellsumme = order money
        Versandkosten = off
        Bemerkung = note""",
        {
            "customer_id": "Kd.-Nr.", "order_id": "Bestell-Nr.", "ordered_at": "Bestelldatum",
            "product_id": "Art.-Nr.",
            "description": "Artikel", "quantity": "Stück", "unit_price": "Preis brutto",
            "order_total": "Bestellsumme",
            "order_shipping": "Versandkosten",
        },
    ),
    "a French till": (
        """Date de vente = day
        Heure = clock
        N° ticket = order
        Magasin = store
        Code article = sku
        Désignation = thing
        Quantité = units
        Prix unitaire TTC = price
        Remise = off
        Montant TTC = money
        Taux TVA = word
        Mode de règlement = word
        N° client = person
        Vendeur = name""",
        {
            "customer_id": "N° client", "order_id": "N° ticket", "ordered_at": "Date de vente",
            "product_id": "Code article",
            "description": "Désignation", "quantity": "Quantité",
            "unit_price": "Prix unitaire TTC", "amount": "Montant TTC",
            "discount": "Remise", "payment_method": "Mode de règlement", "store_id": "Magasin",
        },
    ),
    "a French web shop": (
        """Numéro de commande = order
        Date de commande = time
        Statut de la commande = paid
        Nom du client = name
        Adresse e-mail = mail
        Produit = thing
        Référence produit = sku
        Qté = units
        Prix = price
        Total de la commande = order money
        Frais de port = off
        Remarque = note
        Date de livraison = other time""",
        {
            "customer_id": "Adresse e-mail", "order_id": "Numéro de commande", "ordered_at": "Date de commande",
            "product_id": "Référence produit", "description": "Produit", "quantity": "Qté", "unit_price": "Prix",
            "order_total": "Total de la commande", "order_shipping": "Frais de port",
        },
    ),
    "a Spanish shop": (
        """Nº Pedido = order
        Fecha = time
        Estado del pedido = paid
        Cliente = person
        Código de artículo = sku
        Descripción = thing
        Cantidad = units
        Precio unitario = price
        Descuento = off
        Importe = money
        IVA = off
        Forma de pago = word
        Tienda = store
        Observaciones = note
        Fecha de entrega = other time""",
        {
            "customer_id": "Cliente", "order_id": "Nº Pedido", "ordered_at": "Fecha",
            "product_id": "Código de artículo",
            "description": "Descripción", "quantity": "Cantidad", "unit_price": "Precio unitario",
            "amount": "Importe",
            "discount": "Descuento", "payment_method": "Forma de pago", "store_id": "Tienda",
        },
    ),
    "a Portuguese shop": (
        """Número do pedido = order
        Data da venda = time
        Situação = paid
        Código do cliente = person
        Código do produto = sku
        Produto = thing
        Quantidade = units
        Preço unitário = price
        Desconto = off
        Valor total = money
        Frete = nothing
        Forma de pagamento = word
        Loja = store
        Observações = note""",
        {
            "customer_id": "Código do cliente", "order_id": "Número do pedido", "ordered_at": "Data da venda",
            "product_id": "Código do produto", "description": "Produto", "quantity": "Quantidade",
            "unit_price": "Preço unitário", "amount": "Valor total", "discount": "Desconto",
            "payment_method": "Forma de pagamento", "store_id": "Loja",
        },
    ),
    "Rakuten": (
        """受注番号 = order
        注文日 = day
        注文時間 = clock
        ステータス = paid
        商品名 = thing
        商品番号 = sku
        個数 = units
        単価 = price
        合計金額 = order money
        送料 = nothing
        消費税 = off
        決済方法 = word
        注文者名 = name
        メールアドレス = mail
        注文者電話番号 = phone
        備考 = note""",
        {
            "customer_id": "メールアドレス", "order_id": "受注番号", "ordered_at": "注文日", "product_id": "商品番号",
            "description": "商品名", "quantity": "個数", "unit_price": "単価", "amount": "合計金額",
            "payment_method": "決済方法",
        },
    ),
    "a Japanese till": (
        """取引ID = order
        取引日時 = time
        取引区分 = word
        店舗名 = store
        会員ID = person
        商品コード = sku
        商品名 = thing
        数量 = units
        単価 = price
        値引 = off
        金額 = money
        預り金 = order money
        お釣り = nothing
        担当者 = name
        レジ番号 = word""",
        {
            "customer_id": "会員ID", "order_id": "取引ID", "ordered_at": "取引日時", "product_id": "商品コード",
            "description": "商品名", "quantity": "数量", "unit_price": "単価", "amount": "金額", "discount": "値引",
            "store_id": "店舗名",
        },
    ),
    "nested JSON": (
        """id = digits
        name = #
        email = mail
        created_at = time
        currency = USD
        total_price = order money
        customer.email = mail
        line_items.sku = sku
        line_items.quantity = units
        line_items.price = price""",
        {
            "customer_id": "email", "order_id": "name", "ordered_at": "created_at", "product_id": "line_items.sku",
            "quantity": "line_items.quantity", "unit_price": "line_items.price", "order_total": "total_price",
            "currency": "currency",
        },
    ),
    "an Excel list": (
        """When = day
        Client no. = person
        What = thing
        Pcs = units
        EUR = money""",
        {"customer_id": "Client no.", "ordered_at": "When", "quantity": "Pcs", "amount": "EUR"},
    ),
    "names of a warehouse": (
        """SHOP_DATE = compact day
        BASKET_ID = digits
        household_id = person
        PROD_CODE = sku
        QUANTITY = units
        SPEND = money""",
        {
            "customer_id": "household_id", "order_id": "BASKET_ID", "ordered_at": "SHOP_DATE",
            "product_id": "PROD_CODE",
            "quantity": "QUANTITY", "amount": "SPEND",
        },
    ),
    "amounts abbreviated": (
        """cust_id = person
        trans_date = day
        tran_amount = whole money""",
        {"customer_id": "cust_id", "ordered_at": "trans_date", "amount": "tran_amount"},
    ),
    "a bank's words": (
        """INV DT = day
        INV NO = order
        CUST NO = person
        GROSS AMT = money""",
        {"customer_id": "CUST NO", "order_id": "INV NO", "ordered_at": "INV DT", "amount": "GROSS AMT"},
    ),
    "notes and payments": (
        """Order Number = digits
        Order Date = day
        Customer Note = empty
        Email = mail
        SKU = sku
        Quantity = units
        Payment ID = code
        Line Total = money""",
        {
            "customer_id": "Email", "order_id": "Order Number", "ordered_at": "Order Date", "product_id": "SKU",
            "quantity": "Quantity", "amount": "Line Total",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("system", ORDERS_OF)
def test_orders_of(system):
    columns, right = ORDERS_OF[system]
    table, found = proposed(columns)
    assert table == "transactions"
    assert found == right


PEOPLE_OF = {
    "Shopify": (
        """First Name = word
        Last Name = each name
        Email = each mail
        Accepts Email Marketing = yes
        Default Address City = city
        Default Address Country Code = word
        Phone = empty
        Accepts SMS Marketing = yes
        Total Spent = each total
        Total Orders = each count
        Note = note
        Tax Exempt = yes
        Tags = empty""",
        {
            "customer_id": "Email", "email": "Email", "name": "Last Name", "phone": "Phone",
            "city": "Default Address City",
            "contact_consent": "Accepts Email Marketing",
        },
    ),
    "Shopify of today": (
        """Customer ID = each code
        First Name = word
        Last Name = each name
        Email = each mail
        Accepts Email Marketing = yes
        Total Spent = each total
        Total Orders = each count""",
        {
            "customer_id": "Customer ID", "email": "Email", "name": "Last Name",
            "contact_consent": "Accepts Email Marketing",
        },
    ),
    "WooCommerce": (
        """Name = each name
        Username = each code
        Last Active = joined
        Date Registered = joined
        Email = each mail
        Orders = each count
        Total Spend = each total
        AOV = each total
        City = city""",
        {
            "customer_id": "Username", "joined_at": "Date Registered", "city": "City",
            "name": "Name", "email": "Email",
        },
    ),
    "Loyverse": (
        """Customer ID = each code
        Customer name = each name
        Email = each mail
        Phone = each phone
        City = city
        Customer code = each code
        Points balance = each count
        Note = note
        First visit = joined
        Last visit = joined
        Total visits = each count
        Total spent = each total""",
        {
            "customer_id": "Customer ID", "city": "City", "points": "Points balance", "name": "Customer name",
            "phone": "Phone", "email": "Email",
        },
    ),
    "a Chinese shop": (
        """会员号 = each code
        姓名 = each name
        手机号 = each phone
        性别 = sex
        注册时间 = joined
        累计消费金额 = each total
        消费次数 = each count
        营销授权 = yes""",
        {
            "customer_id": "会员号", "joined_at": "注册时间", "gender": "性别", "name": "姓名", "phone": "手机号",
            "contact_consent": "营销授权",
        },
    ),
    "a German shop": (
        """Kundennummer = each code
        Name = each name
        Geburtsdatum = born
        E-Mail = each mail
        Ort = city
        Kunde seit = joined
        Gesamtumsatz = each total
        Newsletter = yes""",
        {
            "customer_id": "Kundennummer", "joined_at": "Kunde seit", "birth_date": "Geburtsdatum", "city": "Ort",
            "name": "Name", "email": "E-Mail",
            "contact_consent": "Newsletter",
        },
    ),
    "a French shop": (
        """N° client = each code
        Nom = each name
        Courriel = each mail
        Ville = city
        Date d'inscription = joined
        Nombre de commandes = each count
        Total dépensé = each total
        Consentement marketing = yes""",
        {
            "customer_id": "N° client", "joined_at": "Date d'inscription", "city": "Ville", "name": "Nom",
            "email": "Courriel",
            "contact_consent": "Consentement marketing",
        },
    ),
    "a Spanish shop": (
        """Código cliente = each code
        Nombre = each name
        Correo electrónico = each mail
        Móvil = each phone
        Ciudad = city
        Fecha de alta = joined
        Total gastado = each total
        Acepta marketing = yes""",
        {
            "customer_id": "Código cliente", "joined_at": "Fecha de alta", "city": "Ciudad", "name": "Nombre",
            "phone": "Móvil", "email": "Correo electrónico",
            "contact_consent": "Acepta marketing",
        },
    ),
    "a Portuguese shop": (
        """Código do cliente = each code
        Nome = each name
        E-mail = each mail
        Celular = each phone
        Cidade = city
        Data de cadastro = joined
        Total gasto = each total""",
        {
            "customer_id": "Código do cliente", "joined_at": "Data de cadastro", "city": "Cidade", "name": "Nome",
            "phone": "Celular", "email": "E-mail",
        },
    ),
    "a Japanese shop": (
        """会員番号 = each code
        氏名 = each name
        メールアドレス = each mail
        電話番号 = each phone
        生年月日 = born
        会員登録日 = joined
        累計購入金額 = each total
        購入回数 = each count
        メルマガ = yes""",
        {
            "customer_id": "会員番号", "joined_at": "会員登録日", "birth_date": "生年月日", "name": "氏名",
            "phone": "電話番号", "email": "メールアドレス",
            "contact_consent": "メルマガ",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("system", PEOPLE_OF)
def test_people_of(system):
    columns, right = PEOPLE_OF[system]
    table, found = proposed(columns)
    assert table == "customers"
    assert found == right


@pytest.mark.parametrize("system", [name for name in ORDERS_OF if name != "an Excel list"])
def test_orders_stay_orders_whatever_the_file_is_called(system):
    assert proposed(ORDERS_OF[system][0], "customers")[0] == "transactions"


@pytest.mark.parametrize("missing", ["Order Date", "no money"])
def test_orders_that_lack_something_are_no_list_of_people(missing):
    columns = {
        "Order Date": "Order No = order\nEmail = each mail\nName = each name\nPhone = each phone\nAmount = money",
        "no money": "Order No = order\nOrder Date = day\nE-mail = each mail\nName = each name\nSKU = sku",
    }
    assert proposed(columns[missing], "customers")[0] != "customers"


def test_money_beside_much_of_each_person_is_doubted():
    columns = weighed("Client = each code\nName = each name\nE-mail = each mail\nBorn = born\nSales = each total")
    best = choose_table(columns, ["list"])[0]
    assert best.table == "customers"
    assert "Sales is taken for a total of each customer" in best.doubts[0]


def test_every_role_that_a_header_allows_is_a_candidate():
    found = dict(money_candidates(weighed("Total = money\nDiscount = off\nFoo = money\nItem Cost = price\nNo = line")))
    assert found["Total"][0] == "amount"
    assert {"order_total", "amount_before_discount"} < set(found["Total"])
    assert set(found["Discount"]) == {"discount", "discount_rate", "discount_percent", "order_discount"}
    assert found["Foo"] == ()
    assert {"unit_price", "cost"} <= set(found["Item Cost"])
    assert "No" not in found


def test_beside_columns_of_lines_a_total_is_the_orders():
    columns = "Lineitem price = price\nLineitem quantity = units\nTotal = order money\nDiscount Amount = off"
    found = dict(money_candidates(weighed(columns)))
    assert (found["Total"][0], found["Discount Amount"][0]) == ("order_total", "order_discount")


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("订单金额", "order_total"), ("邮费", "order_shipping"), ("运费", "order_shipping"), ("退款金额", "refund"),
        ("Refunded Amount", "refund"), ("Taxes", "order_tax"), ("Order Total Amount", "order_total"),
        ("Bestellsumme", "order_total"), ("Versandkosten", "order_shipping"), ("Frais de port", "order_shipping"),
        ("Gastos de envío", "order_shipping"), ("Frete", "order_shipping"), ("送料", "order_shipping"),
        ("返金額", "refund"), ("Erstattung", "refund"), ("Rabatt (%)", "discount_percent"), ("折扣率", "discount_rate"),
    ],
)  # fmt: skip
def test_the_money_of_an_order_in_every_language(header, role):
    ((_name, roles),) = money_candidates(weighed(f"{header} = money"))
    assert roles[0] == role
