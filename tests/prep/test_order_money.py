"""An order's money on its lines: exact to the cent, whatever the lines tell, and only over lines that stand."""

from decimal import Decimal

import pytest

from crmlib.params import ParameterError

HEADER = "no,at,sku,qty,price,total,ship,tax,off,back,status\n"
COLUMNS = {"order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "unit_price": "price"}
DAY = "2026-02-01 10:00"


def _lines(run):
    return run.table("transactions").to_pandas().sort_values(["file", "line"]).set_index("line")


def _amounts(shop, text, columns, **source):
    files = {"a.csv": HEADER + text} if isinstance(text, str) else text
    run, _account = shop(files, source={"columns": columns} | source)
    return _lines(run)["amount"].tolist()


def test_a_total_is_spread_by_what_the_lines_are_worth(shop):
    text = f"1,{DAY},a,1,10.00,20.00,2,3,,,\n1,{DAY},b,2,10.00,20.00,2,3,,,\n2,{DAY},a,1,10.00,7.00,,,,,\n"
    columns = COLUMNS | {"order_total": "total", "order_shipping": "ship", "order_tax": "tax"}
    assert _amounts(shop, text, columns) == [Decimal("5.00"), Decimal("10.00"), Decimal("7.00")]


def test_shares_add_up_to_the_cent(shop):
    totals = ["100.00", "0.05", "99.99", "10000000.01", "-50.00"]
    text = "".join(
        f"{order},{DAY},p{n},{n % 3 + 1},,{total if n == 0 else ''},,,,,\n"
        for order, total in enumerate(totals)
        for n in range(7)
    )
    columns = {name: raw for name, raw in COLUMNS.items() if name != "unit_price"} | {"order_total": "total"}
    amounts = _amounts(shop, text, columns)
    for order, total in enumerate(totals):
        shares = amounts[7 * order : 7 * order + 7]
        assert sum(shares) == Decimal(total)
        assert all(share == share.quantize(Decimal("0.01")) for share in shares)
        exact = [Decimal(total) * (n % 3 + 1) / 13 for n in range(7)]
        assert all(abs(share - due) < Decimal("0.01") for share, due in zip(shares, exact, strict=True))


def test_without_worth_or_quantities_in_equal_parts(shop):
    text = "".join(f"1,{DAY},p{n},,,10.00,,,,,\n" for n in range(3))
    columns = {"order_id": "no", "ordered_at": "at", "product_id": "sku", "order_total": "total"}
    assert _amounts(shop, text, columns) == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]


def test_discount_and_tax_come_off_where_no_total_is_told(shop):
    text = f"1,{DAY},a,1,30.00,,,3.00,10.00,,\n1,{DAY},b,1,10.00,,,,,,\n"
    run, _account = shop(
        {"a.csv": HEADER + text}, source={"columns": COLUMNS | {"order_discount": "off", "order_tax": "tax"}}
    )
    lines = _lines(run)
    assert lines["amount"].tolist() == [Decimal("20.25"), Decimal("6.75")]
    assert lines["discount"].tolist() == [Decimal("7.50"), Decimal("2.50")]


def test_the_sign_of_a_discount_says_nothing(shop):
    text = f"1,{DAY},a,1,30.00,,,,-10.00,,\n1,{DAY},b,1,10.00,,,,-10.00,,\n"
    assert _amounts(shop, text, COLUMNS | {"order_discount": "off"}) == [Decimal("22.50"), Decimal("7.50")]


def test_a_discount_beyond_the_goods_is_on_shipping(shop):
    text = f"1,{DAY},a,1,8.00,,,,10.00,,\n2,{DAY},a,1,0.00,,,,10.00,,\n3,{DAY},a,-1,8.00,,,,10.00,,\n"
    run, account = shop({"a.csv": HEADER + text}, source={"columns": COLUMNS | {"order_discount": "off"}})
    lines = _lines(run)
    assert lines["amount"].tolist() == [0, 0, 0]
    assert lines["discount"].tolist() == [8, 0, 8]
    assert account.rules.set_index("rule").loc["order_discount_beyond_lines", "lines"] == 3


def test_what_was_given_back_makes_returns_of_the_goods_at_most(shop):
    text = f"1,{DAY},a,1,30.00,,,,,10.00,\n1,{DAY},b,1,10.00,,,,,,\n2,{DAY},a,1,30.00,,,,,35.00,\n"
    run, account = shop({"a.csv": HEADER + text}, source={"columns": COLUMNS | {"order_refund": "back"}})
    frame = run.table("transactions").to_pandas()
    back = frame[frame["is_return"]].sort_values("line")
    assert back["amount"].tolist() == [Decimal("-7.50"), Decimal("-2.50"), Decimal("-30.00")]
    assert back["quantity"].tolist() == [Decimal("-0.25"), Decimal("-0.25"), Decimal(-1)]
    row = account.reconciliation.iloc[0]
    assert (row["lines_in"], row["made"], row["clean"]) == (3, 3, 6)
    assert (row["money_in"], row["money_made"], row["money_clean"]) == (Decimal(70), Decimal(-40), Decimal(30))
    assert account.rules.set_index("rule").loc["order_refund_beyond_lines", "lines"] == 1


def test_lines_without_an_order_are_orders_of_their_own(shop):
    text = f",{DAY},a,1,10.00,8.00,,,,,\n,{DAY},b,1,10.00,9.00,,,,,\n"
    columns = {name: raw for name, raw in COLUMNS.items() if name != "order_id"} | {"order_total": "total"}
    assert _amounts(shop, text, columns) == [Decimal(8), Decimal(9)]


def test_an_order_delivered_twice_is_spread_once(shop):
    text = HEADER + f"1,{DAY},a,1,10.00,18.00,,,,,\n1,{DAY},b,1,10.00,18.00,,,,,\n"
    run, account = shop({"a.csv": text, "b.csv": text}, source={"columns": COLUMNS | {"order_total": "total"}})
    assert _lines(run)["amount"].tolist() == [Decimal(9), Decimal(9)]
    row = account.reconciliation.iloc[0]
    assert (row["money_in"], row["money_merged"], row["money_clean"]) == (Decimal(36), Decimal(18), Decimal(18))


def test_a_line_left_out_has_no_part_in_the_order(shop):
    text = f"1,{DAY},a,1,10.00,18.00,,,,,ok\n1,{DAY},b,1,10.00,18.00,,,,,gone\n"
    columns, where = COLUMNS | {"order_total": "total"}, {"status": ["OK"]}
    assert _amounts(shop, text, columns, where=where) == [Decimal(18)]


def test_an_unreadable_total_sets_the_whole_order_aside(shop):
    text = f"1,{DAY},a,1,10.00,abc,,,,,\n1,{DAY},b,1,10.00,,,,,,\n2,{DAY},a,1,10.00,9.00,,,,,\n"
    run, account = shop({"a.csv": HEADER + text}, source={"columns": COLUMNS | {"order_total": "total"}})
    assert _lines(run)["amount"].tolist() == [Decimal(9)]
    assert set(account.rules["rule"]) == {"unreadable_order_total", "missing_amount"}


def test_different_totals_in_one_order_are_told(shop):
    text = f"1,{DAY},a,1,10.00,10.00,,,,,\n1,{DAY},b,1,10.00,20.00,,,,,\n"
    _run, account = shop({"a.csv": HEADER + text}, source={"columns": COLUMNS | {"order_total": "total"}})
    assert account.rules.set_index("rule").loc["order_money_differs", "lines"] == 1


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"order_shipping": "ship"}, "order_shipping is what comes off order_total"),
        ({"discount_rate": "off", "discount_percent": "tax"}, "say the same"),
        ({"refunded_at": "at"}, "neither is mapped"),
    ],
)
def test_money_that_means_nothing_is_refused(shop, columns, said):
    with pytest.raises(ParameterError, match=said):
        shop({"a.csv": HEADER}, source={"columns": COLUMNS | columns})


def test_tax_does_not_come_off_twice(shop):
    with pytest.raises(ParameterError, match="take it off again"):
        shop({"a.csv": HEADER}, source={"columns": COLUMNS | {"order_tax": "tax"}}, cleaning={"tax": {"rate": 0.2}})


def test_the_tax_of_an_order_stands_on_its_lines_to_the_cent(shop):
    orders = [("130.00", "20.00", "100.00"), ("13.01", "0.97", "2.04")]
    text = "".join(
        f"{number},{DAY},p{n},{n + 1},3.33,{total},10.00,{tax},,,\n"
        for number, (total, tax, _goods) in enumerate(orders)
        for n in range(3)
    )
    columns = COLUMNS | {"order_total": "total", "order_shipping": "ship", "order_tax": "tax"}
    run, _account = shop({"a.csv": f"{HEADER}{text}9,{DAY},a,1,5,,,,,,\n"}, source={"columns": columns})
    lines = _lines(run)
    for number, (_total, tax, goods) in enumerate(orders):
        of_order = lines.iloc[3 * number : 3 * number + 3]
        assert (sum(of_order["amount"]), sum(of_order["tax"])) == (Decimal(goods), Decimal(tax))
        assert all(each == each.quantize(Decimal("0.01")) for each in of_order["tax"])
    assert lines.iloc[6]["tax"] is None


def test_tax_is_converted_with_its_amount(shop):
    text = f"1,{DAY},a,1,,12.00,,2.00,,,USD\n"
    columns = COLUMNS | {"order_total": "total", "order_tax": "tax", "currency": "status"}
    run, _account = shop(
        {"a.csv": HEADER + text}, source={"columns": columns}, cleaning={"currencies": {"USD": 0.5}},
        more={"currency": "EUR"},
    )  # fmt: skip
    assert _lines(run)[["amount", "tax"]].iloc[0].tolist() == [Decimal(5), Decimal(1)]


@pytest.mark.parametrize(
    ("column", "given_back", "beyond"), [("order_refund", ["60.00", "120.00", "130.00"], 1), ("refund", ["60.00"], 0)]
)
def test_what_was_given_back_has_its_tax_in_it(shop, column, given_back, beyond):
    text = "".join(f"{n},{DAY},a,1,,130.00,10.00,20.00,,{back},\n" for n, back in enumerate(given_back))
    columns = COLUMNS | {"order_total": "total", "order_shipping": "ship", "order_tax": "tax", column: "back"}
    run, account = shop({"a.csv": HEADER + text}, source={"columns": columns})
    frame = run.table("transactions").to_pandas().set_index(["order_id", "is_return"])
    parts = {str(n): min(Decimal(back) / 120, Decimal(1)) for n, back in enumerate(given_back)}
    for money, whole in (("amount", 100), ("tax", 20)):
        sold = {(order, False): Decimal(whole) for order in parts}
        assert frame[money].to_dict() == sold | {(order, True): -whole * part for order, part in parts.items()}
    assert account.rules[["rule", "lines"]].values.tolist() == [["order_refund_beyond_lines", 1]] * beyond
