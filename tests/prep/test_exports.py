"""Layouts of real shops' exports, mapped by hand, give the figures that their notes say are right."""

from decimal import Decimal

import pytest

_WHERE_PAID = {"订单付款时间": {"filled": True}}

CASES = {
    "01_order_total_repeated": (
        {
            "where": {"Order Status": ["completed"]},
            "columns": {
                "order_id": "Order Number", "ordered_at": "Order Date", "customer_id": "Email (Billing)",
                "product_id": "SKU", "quantity": "Quantity", "unit_price": "Item Cost",
                "order_total": "Order Total Amount", "order_shipping": "Order Shipping Amount",
            },
        },
        (3, "90.00", "0"),
    ),
    "01b_order_total_repeated_jd": (
        {
            "where": {"订单状态": ["完成"]},
            "columns": {
                "order_id": "订单号", "ordered_at": "下单时间", "customer_id": "下单帐号", "product_id": "商品ID",
                "quantity": "订购数量", "order_total": "订单金额",
            },
        },
        (3, "550.00", "0"),
    ),
    "02_overlap_status_changed": (
        {
            "latest": {"key": ["order_id", "line_id"]},
            "columns": {
                "order_id": "order_number", "line_id": "line_no", "ordered_at": "order_date",
                "customer_id": "customer_number", "product_id": "sku", "quantity": "quantity", "amount": "line_total",
            },
        },
        (4, "70.00", "0"),
    ),
    "04_listed_not_paid_refund_ignored": (
        {
            "where": _WHERE_PAID,
            "columns": {
                "order_id": "订单编号", "ordered_at": "订单创建时间", "amount": "总金额", "refund": "退款金额",
            },
        },
        (5, "927.50", "243.60"),
    ),
    "05_shopify_orders": (
        {
            "path": "orders_export_1.csv",
            "date_format": "%Y-%m-%d %H:%M:%S %z",
            "columns": {
                "order_id": "Name", "customer_id": "Email", "ordered_at": "Created at", "currency": "Currency",
                "quantity": "Lineitem quantity", "unit_price": "Lineitem price", "product_id": "Lineitem sku",
                "description": "Lineitem name", "discount": "Lineitem discount", "order_discount": "Discount Amount",
                "order_refund": "Refunded Amount",
            },
        },
        (3, "167.99", "95.00"),
    ),
    "06_minus_before_currency_sign": (
        {
            "columns": {
                "order_id": "Transaction ID", "ordered_at": ["Date", "Time"], "customer_id": "Customer ID",
                "product_id": "SKU", "quantity": "Qty", "amount": "Net Sales",
            },
        },
        (20, "360.00", "36.00"),
    ),
    "09_discount_is_a_rate": (
        {
            "columns": {
                "order_id": "Order ID", "ordered_at": "Order Date", "customer_id": "Customer ID",
                "product_id": "Product ID", "quantity": "Quantity", "amount": "Sales", "discount_rate": "Discount",
            },
        },
        (40, "3600.00", "0"),
    ),
    "10_cancelled_orders_are_sales": (
        {
            "where": {"Status": {"not": ["cancelled"]}},
            "columns": {
                "order_id": "Receipt number", "ordered_at": "Date", "product_id": "SKU", "quantity": "Quantity",
                "amount": "Net sales", "discount": "Discounts",
            },
        },
        (30, "540.00", "0"),
    ),
    "11_day_totals_counted": (
        {
            "where": {"Article No": {"filled": True}},
            "columns": {
                "order_id": "Document No", "ordered_at": "Date", "customer_id": "Customer No",
                "product_id": "Article No", "quantity": "Quantity", "amount": "Amount",
            },
        },
        (30, "300.00", "0"),
    ),
    "13_amount_is_units": (
        {
            "date_format": "%m/%d/%Y",
            "columns": {
                "ordered_at": "TRANSACTION_DT", "customer_id": "CUSTOMER_ID", "product_id": "PRODUCT_ID",
                "quantity": "AMOUNT", "amount": "SALES_PRICE", "cost": "ASSET",
            },
        },
        (40, "1800.00", "0"),
    ),
    "14_amazon_item_price": (
        {
            "delimiter": "tab",
            "format": "csv",
            "columns": {
                "order_id": "amazon-order-id", "ordered_at": "purchase-date", "product_id": "sku",
                "quantity": "quantity", "amount_before_discount": "item-price", "discount": "item-promotion-discount",
                "currency": "currency",
            },
        },
        (40, "1080.00", "0"),
    ),
    "17_amount_before_discount": (
        {
            "columns": {
                "order_id": "Order ID", "ordered_at": "Sale Date", "customer_id": "Buyer", "product_id": "SKU",
                "quantity": "Quantity", "unit_price": "Price", "amount_before_discount": "Item Total",
                "discount": "Discount Amount",
            },
        },
        (40, "720.00", "0"),
    ),
    "19_returns_elsewhere": (
        {
            "path": "orders.csv",
            "columns": {
                "order_id": "Order ID", "ordered_at": "Order Date", "customer_id": "Customer ID",
                "product_id": "Product ID", "quantity": "Quantity", "amount": "Sales",
            },
        },
        (40, "4000.00", "200.00"),
    ),
}  # fmt: skip
"""A case: its source mapped by hand, and orders, gross sales and money taken back."""

_MORE = {
    "05_shopify_orders": {"currency": "USD"},
    "06_minus_before_currency_sign": {"currency": "USD"},
    "19_returns_elsewhere": {
        "files": {"returns": {"path": "returns.csv"}},
        "cleaning": {"returns": {"orders": {"file": "returns", "column": "Order ID", "where": {"Returned": ["yes"]}}}},
    },
}
"""What further parameters a case needs."""


@pytest.fixture(scope="module")
def exports(project):
    """Give the folder of small exports beside the project, or skip and say so."""
    folder = project.parent / "shared" / "cases" / "exports"
    if not folder.is_dir():
        pytest.skip(f"exports not found: expected the folder {folder}")
    return folder


def _figures(run):
    frame = run.table("transactions").to_pandas()
    sales = frame[~frame["is_return"]]
    return sales["order_id"].nunique(), sum(sales["amount"]), -sum(frame.loc[frame["is_return"], "amount"])


def _prepared(shop, folder, case):
    source, more = dict(CASES[case][0]), {"as_of": "2026-07-01"} | _MORE.get(case, {})
    within = folder / case / "exports"
    source["path"] = str(within / source.get("path", "*"))
    files = {name: {"path": str(within / each["path"])} for name, each in more.get("files", {}).items()}
    return shop({}, source=source, more=more | {"files": files})


@pytest.mark.parametrize("case", CASES)
def test_the_right_figures(shop, exports, case):
    orders, gross, back = CASES[case][1]
    run, account = _prepared(shop, exports, case)
    frame = run.table("transactions").to_pandas()
    sales, returns = frame[~frame["is_return"]], frame[frame["is_return"]]
    assert (sum(sales["amount"]), -sum(returns["amount"])) == (Decimal(gross), Decimal(back))
    assert sales["order_id"].nunique() == orders
    assert not account.reconciliation["quarantined"].any()
    if case == "09_discount_is_a_rate":
        assert sum(frame["discount"]) == 400
        assert sum(frame["discount"]) / (sum(frame["amount"]) + sum(frame["discount"])) == Decimal("0.1")
