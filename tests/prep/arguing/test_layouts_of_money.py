"""Exports as systems write them: `crm init` finds the true revenue, or asks what gives it."""

import pytest

LAYOUTS = {
    "price and quantity": (
        {},
        "Order No,Date,Customer,SKU,Qty,Unit price",
        lambda x: (x.order, x.at, x.customer, x.sku, x.units, x.price),
    ),
    "the order's total on every line, price and quantity beside it": (
        {},
        "order_number,order_date,client,sku,quantity,price,order_total",
        lambda x: (x.order, x.at, x.customer, x.sku, x.units, x.price, x.total + 5),
    ),
    "the order's total on the first line only": (
        {},
        "order_number,order_date,client,sku,quantity,price,total",
        lambda x: (
            x.order, x.at, x.customer, x.sku, x.units, x.price, "" if x.place else x.total),
    ),
    "the order's total on every line and nothing else": (
        {},
        "Order ID,Created at,Customer ID,Item,Total",
        lambda x: (x.order, x.at, x.customer, x.sku, x.total),
    ),
    "a cost that is the price": (
        {},
        "Order Number,Order Date,Customer ID,Order Shipping Amount,Order Total Amount,SKU,Quantity,Item Cost",
        lambda x: (x.order, x.at, x.customer, "4.50", f"{float(x.total) + 4.5:.2f}", x.sku, x.units, x.price),
    ),
    "money of the line called a price": (
        {},
        "order-id,purchase-date,buyer,sku,quantity,item-price",
        lambda x: (x.order, x.at, x.customer, x.sku, x.units, x.paid),
    ),
    "units called an amount": (
        {"units": (1, 2, 3, 4)},
        "TRANSACTION_DT,CUSTOMER_ID,PRODUCT_ID,AMOUNT,SALES_PRICE",
        lambda x: (x.at.date(), x.customer, x.sku, x.units, x.listed),
    ),
    "before the discount beside it": (
        {"discounted": 0.4},
        "Sale Date,Order ID,Buyer,SKU,Quantity,Price,Discount Amount,Item Total",
        lambda x: (x.at.date(), x.order, x.customer, x.sku, x.units, x.price, x.off, x.listed),
    ),
    "after the discount beside it": (
        {"discounted": 0.4},
        "Sale Date,Order ID,Buyer,SKU,Quantity,Price,Discount,Line total",
        lambda x: (x.at.date(), x.order, x.customer, x.sku, x.units, x.price, x.off, x.paid),
    ),
    "price, quantity and a discount to come off": (
        {"discounted": 0.4},
        "Sale Date,Order ID,Buyer,SKU,Quantity,Price,Discount",
        lambda x: (x.at.date(), x.order, x.customer, x.sku, x.units, x.price, x.off),
    ),
    "after a rate": (
        {"discounted": 0.4},
        "Order ID,Order Date,Customer ID,Product ID,Sales,Quantity,Discount",
        lambda x: (x.order, x.at.date(), x.customer, x.sku, x.paid, x.units, x.rate),
    ),
    "before a rate": (
        {"discounted": 0.4},
        "Order ID,Order Date,Customer ID,Product ID,Gross,Quantity,Discount",
        lambda x: (x.order, x.at.date(), x.customer, x.sku, x.listed, x.units, x.rate),
    ),
    "price, quantity and a rate": (
        {"discounted": 0.4},
        "Order ID,Order Date,Customer ID,Product ID,Unit Price,Quantity,Discount",
        lambda x: (x.order, x.at.date(), x.customer, x.sku, x.price, x.units, x.rate),
    ),
    "an order's discount on its first line": (
        {"discounted": 0.3},
        (
            "Name,Email,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,Lineitem quantity,Lineitem price,"
            "Lineitem sku"
        ),
        lambda x: (
            f"#{x.order}", f"{x.customer}@example.com",
            *(("",) * 5 if x.place else (x.total, "4.00", "0.00", x.total + 4,
                                   x.order_off)),
            x.at, x.units, x.price, x.sku,
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_revenue_is_found_or_asked(make_shop, read_back, layout, seed):
    options, header, row = LAYOUTS[layout]
    shop = make_shop(seed, **options)
    found, params, text = read_back({"orders.csv": shop.csv(header, row)})
    if not params.questions:
        assert abs(found[""][0] - shop.revenue) < 1, text
    else:
        assert any(abs(money - shop.revenue) < 1 for money, _orders in found.values()), (found, shop.revenue, text)
    assert len(params.questions) <= 3
