"""Exports as common systems write them: what the numbers prove is mapped without a question, the rest is one answer."""

import pytest


def _postage(line):
    return 6 if line.order % 3 else 0


PROVED = {
    "eBay: the total is price × quantity and postage": (
        {"several": 0},
        "Order Number,Sale Date,Buyer Username,Item Number,Quantity,Sold For,Shipping And Handling,Total Price",
        lambda x: (x.order, x.at, x.customer, x.sku, x.units, x.price, "5.00", x.listed + 5),
    ),
    "Amazon: item-price before its promotion, postage beside it": (
        {"several": 0, "discounted": 0.4},
        "amazon-order-id,purchase-date,buyer,sku,quantity,item-price,shipping-price,item-promotion-discount",
        lambda x: (x.order, x.at, x.customer, x.sku, x.units, x.listed, "4.00", x.off or ""),
    ),
    "Taobao: what was paid beside what was listed": (
        {"discounted": 0.4},
        "主订单编号,子订单编号,买家会员名,商品标题,购买数量,商品价格,买家应付货款,买家实付金额,订单创建时间",
        lambda x: (x.order, x.order * 10 + x.place, x.customer, x.sku, x.units, x.price, x.listed, x.paid, x.at),
    ),
    "Lightspeed: the sale is completed at some time, five columns of money": (
        {"discounted": 0.4},
        "Sale ID,Completed,Customer,System ID,Qty,Retail,Subtotal,Discounts,Subtotal w/ Discounts,Tax,Total",
        lambda x: (
            x.order, x.at, x.customer, x.sku, x.units, x.price, x.listed, x.off, x.paid,
            f"{float(x.paid) * 0.2:.2f}", f"{float(x.paid) + round(float(x.paid) * 0.2, 2):.2f}"),
    ),
    "JD: the order's payable sum has postage within and a discount off": (
        {"discounted": 0.2},
        "订单号,下单时间,下单帐号,商品ID,订购数量,京东价,订单金额,应付金额,运费金额",
        lambda x: (
            x.order, x.at, x.customer, x.sku, x.units, x.price,
            x.total + x.order_off, x.total + _postage(x), f"{_postage(x)}.00"),
    ),
    "Tmall: postage within the total, and nobody closed the order": (
        {"several": 0},
        "订单编号,买家会员名,宝贝标题,宝贝总数量,买家应付货款,买家应付邮费,总金额,订单状态,订单关闭原因,订单创建时间",
        lambda x: (
            x.order, x.customer, x.sku, x.units, x.listed, f"{_postage(x)}.00", x.listed + _postage(x),
            "交易成功", "订单未关闭", x.at),
    ),
    "money called units beside units": (
        {},
        "Belegnr,Datum,Kundennr,Artikel,Stück,Menge",
        lambda x: (x.order, x.at.date(), x.customer, x.sku, x.units, x.listed),
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", PROVED)
def test_what_the_numbers_prove_is_not_asked(make_shop, read_back, layout):
    options, header, row = PROVED[layout]
    shop = make_shop(3, **options)
    found, params, text = read_back({"orders.csv": shop.csv(header, row)})
    assert not params.questions, text
    assert found[""][0] == shop.revenue, text


def test_receipts_that_only_a_word_calls_refunds_can_be_returns(make_shop, read_back):
    shop = make_shop(4)
    header = "Date,Receipt number,Receipt type,SKU,Quantity,Net sales,Customer"
    kinds = {line.order: "Refund" if line.order % 7 == 0 else "Sale" for line in shop.lines}
    found, params, _text = read_back(
        {
            "receipts.csv": shop.csv(
                header, lambda x: (x.at, x.order, kinds[x.order], x.sku, x.units, x.paid, x.customer)
            )
        }
    )
    refunds = sum(line.paid for line in shop.lines if kinds[line.order] == "Refund")
    assert list(params.questions) == ["returned_rows"]
    assert found["returned_rows=returns"][0] == shop.revenue - 2 * refunds
    assert found["returned_rows=no_sales"][0] == shop.revenue - refunds


def test_words_of_a_language_that_is_not_known_are_asked_each_by_itself(make_shop, read_back):
    words = {3: "Anulowane", 5: "Oczekuje na płatność"}
    shop = make_shop(5, several=0)
    header = "Order No,Date,Customer,SKU,Qty,Price,Stan zamówienia"
    found, params, text = read_back(
        {"o.csv": shop.csv(header, lambda x: (
            x.order, x.at, x.customer, x.sku, x.units, x.price, words.get(x.order % 8, "Zrealizowane")))}
    )  # fmt: skip
    assert list(params.questions) == ["rows_that_count"], text
    without = {
        word: sum(line.paid for line in shop.lines if words.get(line.order % 8) == word) for word in words.values()
    }
    money = {name.partition("=")[2]: value for name, (value, _orders) in found.items()}
    assert money["no_sales"] == shop.revenue - sum(without.values())
    assert {money["without_1"], money["without_2"]} == {shop.revenue - each for each in without.values()}


def test_a_file_without_a_header_takes_no_number_of_people_for_pieces(make_shop, read_back):
    shop = make_shop(6)
    numbers = {"C": 5000, "P": 70000}
    text = shop.csv("", lambda x: (
        x.order, numbers["C"] + int(x.customer[1:]), x.at.date(), numbers["P"] + int(x.sku[1:]), x.units, x.price,
    )).lstrip("\n")  # fmt: skip
    found, params, _text = read_back({"s.csv": text})
    assert list(params.questions) == ["price_or_line_total"]
    assert found["price_or_line_total=price_of_one"][0] == shop.revenue
