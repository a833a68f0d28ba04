"""`crm check` says what the data say against a mapping, and leaves what is right in peace."""

import pytest

from crmlib.engine import connect
from crmlib.params import load_parameters
from crmlib.prep.arguing import doubts_of
from crmlib.prep.judging import judge_tables
from crmlib.prep.landing import land_tables

HEAD = """\
series: shop
title: A shop
as_of: 2026-06-01
{questions}
sources:
  transactions:
    path: "*.csv"
    columns: {columns}
"""


@pytest.fixture
def doubted(tmp_path):
    def codes(files, columns, questions=""):
        for name, content in files.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        file = tmp_path / "shop.yaml"
        file.write_text(HEAD.format(columns=columns, questions=questions))
        params, folder = load_parameters(file), tmp_path / "landed"
        folder.mkdir(exist_ok=True)
        con = connect(params.engine)
        try:
            judged = judge_tables(con, land_tables(con, params, folder), params, folder)["transactions"]
            return {each.key for each in doubts_of(judged, params)}
        finally:
            con.disconnect()

    return codes


ALL = "no,at,who,sku,qty,price,off,rate,listed,paid,total"
COLUMNS = "{order_id: no, ordered_at: at, customer_id: who, product_id: sku, quantity: qty, "


@pytest.fixture
def export(make_shop):
    def text(seed=5, **options):
        shop = make_shop(seed, **options)
        return shop.csv(
            ALL,
            lambda x: (x.order, x.at, x.customer, x.sku, x.units, x.price, x.off, x.rate, x.listed, x.paid, x.total),
        )  # fmt: skip

    return text


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        ("unit_price: price, discount: off}", set()),
        ("amount: paid}", set()),
        ("amount: paid, unit_price: price, discount: off}", set()),
        ("amount: total}", {"amount_is_order_total"}),
        ("amount: listed, unit_price: price, discount: off}", {"amount_before_discount"}),
        ("unit_price: paid}", {"unit_price_is_line_total"}),
        ("amount: price}", {"amount_is_unit_price"}),
        ("amount: paid, discount: rate}", {"discount_is_rate"}),
    ],
)
def test_each_wrong_column_of_money_is_doubted_and_each_right_one_is_not(doubted, export, money, expected):
    assert doubted({"o.csv": export(discounted=0.4)}, COLUMNS + money) == expected


def test_units_called_an_amount(doubted, export):
    columns = "{order_id: no, ordered_at: at, customer_id: who, product_id: sku, amount: qty, unit_price: listed}"
    assert "amount_is_units" in doubted({"o.csv": export()}, columns)


def test_an_order_delivered_again_with_a_change(doubted, make_shop):
    shop = make_shop(3)
    header, row = "no,at,who,sku,qty,price,status", lambda x: (x.order, x.at, x.customer, x.sku, x.units, x.price)
    first = shop.csv(header, lambda x: (*row(x), "open"))
    again = shop.csv(header, lambda x: (*row(x), "done"))
    assert doubted({"a.csv": first, "b.csv": again}, COLUMNS + "unit_price: price}") == {"orders_delivered_again"}
    assert doubted({"a.csv": first, "b.csv": first}, COLUMNS + "unit_price: price}") == set()


def test_order_numbers_that_come_again_for_others(doubted, make_shop):
    shop = make_shop(4, orders=80)
    text = shop.csv("no,at,who,sku,qty,price", lambda x: (x.order % 20, x.at, x.customer, x.sku, x.units, x.price))
    assert doubted({"a.csv": text}, COLUMNS + "unit_price: price}") == {"order_id_comes_again"}


def test_cells_merged_over_the_lines_of_an_order(doubted, make_shop):
    shop = make_shop(5)
    text = shop.csv(
        "no,at,who,sku,qty,price",
        lambda x: ("" if x.place else x.order, x.at, "" if x.place else x.customer, x.sku, x.units, x.price),
    )
    assert "order_id_on_first_line_only" in doubted({"a.csv": text}, COLUMNS + "unit_price: price}")


def test_a_key_of_one_value(doubted, make_shop):
    text = make_shop(6).csv("no,at,who,sku,qty,price", lambda x: (7, x.at, "X1", x.sku, x.units, x.price))
    found = doubted({"a.csv": text}, COLUMNS + "unit_price: price}")
    assert {"order_id_is_no_key", "customer_id_is_no_key"} <= found


def test_who_stands_by_the_mapping_is_left_in_peace(doubted, export):
    questions = "questions: {amount_is_order_total: {answer: as_mapped}}"
    assert doubted({"o.csv": export()}, COLUMNS + "amount: total}", questions) == set()


def test_cancelled_rows_that_count_are_doubted_where_nobody_reads_the_status(doubted, make_shop):
    shop = make_shop(7)

    def row(x):
        return x.order, x.at, x.customer, x.sku, x.units, x.price, "Cancelled" if x.order % 9 == 0 else "Done"

    files = {"a.csv": shop.csv("no,at,who,sku,qty,price,Order Status", row)}
    assert doubted(files, COLUMNS + "unit_price: price}") == {"status_says_no_sale"}
    read = COLUMNS + "unit_price: price}\n    where: {Order Status: {not: [Cancelled]}}"
    assert doubted(files, read) == set()


@pytest.mark.parametrize(
    ("prices", "marks", "expected"),
    [
        (["1.234", "2.500", "900"], "", {"thousands_or_decimals"}),
        (["€ 1.234", "-12.500"], "", {"thousands_or_decimals"}),
        (["1.234", "2.5"], "", set()),
        (["1.234", "0.500"], "", set()),
        (["1.234,50", "2.500,00"], "decimal: {unit_price: ','}", set()),
        (["1.234", "2.500"], "decimal: {unit_price: '.'}", set()),
        (["1.234", "2.500"], "decimal: ','\n    thousands: '.'", set()),
        (['"1,234"', '"2,500"', "250"], "", set()),
        (['"1,234"', '"2,500"'], "", {"thousands_or_decimals"}),
        (["1234", "2500"], "", set()),
    ],
)
def test_marks_that_nothing_tells_are_asked_about(doubted, prices, marks, expected):
    text = "no,at,who,sku,qty,price\n" + "".join(
        f"{n},2026-05-0{n + 1},c{n},P{n},{n + 1},{price}\n" for n, price in enumerate(prices)
    )
    assert doubted({"a.csv": text}, COLUMNS + "unit_price: price}" + (f"\n    {marks}" if marks else "")) == expected
