"""What single values and headers say to ``crm init``: the readers of columns, the words, the lines of YAML."""

from datetime import date, datetime

import pyarrow as pa
import pytest

from crmlib.prep.proposal.choosing import order_signs
from crmlib.prep.proposal.dates import end_of_whole_months, read_dates
from crmlib.prep.proposal.evidence import night_share, weigh, weigh_all
from crmlib.prep.proposal.fitting import is_broken_number, is_number
from crmlib.prep.proposal.grid import find_widths
from crmlib.prep.proposal.leftovers import has_another_purpose
from crmlib.prep.proposal.money.facts import is_of_lines, money_candidates, says_paid, says_total
from crmlib.prep.proposal.numbers import read_numbers
from crmlib.prep.proposal.reader import COMMA, GROUPED, POINT, read_as_numbers, read_as_shares, read_as_times
from crmlib.prep.proposal.rules_of_trade import cancellation_prefix, codes_of_no_product
from crmlib.prep.proposal.scalars import comment, flow, listed, named, percent, scalar
from crmlib.prep.proposal.synonyms import is_kind, is_known_header, likeness, normal, tokens
from crmlib.prep.proposal.words import also, synonyms
from crmlib.prep.proposal.writing import aligned
from crmlib.prep.proposal.written import take_apart


def column(*values):
    """Weigh a column of these values."""
    return weigh("x", pa.chunked_array([list(values)]))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("5-Mar-26", "%d-%b-%y"),
        ("2026年3月5日", "%Y年%m月%d日"),
        ("Mar 5, 2026", "%b %d, %Y"),
        ("May-04-26", "%b-%d-%y"),
        ("5. März 2026", "%d. %b %Y"),
        ("20260305", "%Y%m%d"),
    ],
)
def test_a_date_is_taken_apart(text, form):
    assert take_apart(text).form == form


def test_the_order_of_day_month_and_year():
    assert take_apart("tea") is None
    assert take_apart("03/05/2026 8:15 PM").format(day_first=False) == "%m/%d/%Y %I:%M %p"
    assert take_apart("26-05-03").format(day_first=False, year_first=True) == "%y-%m-%d"


def test_dates_of_several_forms_are_read():
    assert read_dates(["2026年3月5日", "20260306"]).last == date(2026, 3, 6)
    assert read_as_times(["04/05/2026", "2026-05-04"], ["%d/%m/%Y"]) == [datetime(2026, 5, 4), None]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("days", "end"),
    [
        (["2011-10-01", "2011-12-09"], date(2011, 12, 1)),
        (["1998-05-31", "1998-06-30"], date(1998, 7, 1)),
    ],
)
def test_the_last_whole_month(days, end):
    assert end_of_whole_months(read_dates(days)) == end


def test_the_marks_of_numbers_are_told_by_other_values_and_columns():
    assert read_numbers(["£4.20", "£1,250.00"]).currency == "GBP"
    assert (read_numbers(["0,750", "1,250"]).decimal, read_numbers(["1,250"]).decimal) == (",", ".")
    rows = pa.table({"qty": ["0,750", "1,250"], "price": ["8,000", "6,450"]})
    assert [each.numbers.decimal for each in weigh_all(rows)] == [",", ","]
    [found] = read_as_numbers(["1.250"])
    assert (found[POINT], found[COMMA], found[GROUPED]) == (1.25, None, 1250.0)
    assert read_as_shares(["12 %", "7.5%", "tea"], ".") == [12.0, 7.5, None]


def test_what_a_column_is_weighed_by():
    found = column("2026-03-01", "NULL", "2026-03-02")
    assert (round(found.filled, 2), found.dates.share, found.unique) == (0.67, 1.0, 1.0)
    assert night_share(pa.chunked_array([["2026-03-01 02:10:00", "2026-03-01 14:00:00"]])) == 0.5
    assert is_broken_number(column("2.10000E+18", "2.10000E+18"))
    assert (is_number(column("1.50", "2")), is_number(column("007"))) == (True, False)


def test_only_orders_have_articles_and_quantities():
    rows = {"E-mail": ["a@b.de"], "Total Orders": ["3"], "SKU": ["A1"], "Qty": ["2"]}
    signs = order_signs([weigh(name, pa.chunked_array([rows[name]])) for name in rows])
    assert signs == {"product_id": "SKU", "quantity": "Qty"}


def test_what_money_a_header_may_mean():
    rows = {"Discount": ["0.00", "4.00"], "Foo": ["1", "2"], "Order Total": ["5.00", "6.50"]}
    found = dict(money_candidates([weigh(name, pa.chunked_array([rows[name]])) for name in rows]))
    assert found["Discount"][:2] == ("discount", "discount_rate")
    assert (found["Foo"], found["Order Total"][:2]) == ((), ("order_total", "amount"))
    paid = [says_paid(header) for header in ("Amount Paid", "Unpaid", "Internet sales", "买家实际支付金额")]
    assert paid == [True, False, False, True]
    assert [says_total(header) for header in ("Total", "Gesamtpreis", "Amount")] == [True, True, False]
    assert [is_of_lines(header) for header in ("Lineitem price", "line_items.sku", "Line Total")] == [True, True, False]


def test_dates_of_another_purpose():
    assert has_another_purpose("shipping_limit_date", "transactions")
    assert not has_another_purpose("VISIT_DT", "transactions")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("InvoiceNo", ("invoice", "no")),
        ("Unit_Price (EUR)", ("unit", "price")),
        ("实付金额（元）", ("实付金额",)),
        ("Quantité", ("quantite",)),
        ("N° de commande", ("no", "de", "commande")),
        ("Discount (%)", ("discount", "percent")),
    ],
)
def test_a_header_is_split_into_words(header, words):
    assert tokens(header) == words


def test_words_are_compared_in_full():
    assert [normal(("numero", "de", "commande")), normal(("gross", "amt"))] == ["nocommande", "grossamount"]
    assert list(synonyms("customers", "gender"))[:5] == ["gender", "sex", "性别", "Geschlecht", "Anrede"]
    assert {"总金额", "Betrag"} <= set(also("order_total"))
    assert is_kind("Total Spent", "totals of a person")
    assert is_kind("Accepts Marketing", "marketing")
    assert [is_known_header(cell) for cell in ("会员号", "Order Date", "张伟")] == [True, True, False]


@pytest.mark.parametrize(
    ("header", "table", "name", "like"),
    [
        ("InvoiceNo", "transactions", "order_id", 1.0),
        ("实付金额 ", "transactions", "amount", 1.0),
        ("seller_city", "stores", "city", 0.9),
        ("Country", "transactions", "order_id", 0.0),
        ("Customer Note", "transactions", "customer_id", 0.0),
        ("預り金", "transactions", "amount", 0.0),
    ],
)
def test_how_like_a_header_is(header, table, name, like):
    assert likeness(header, table, name) == like


def test_letters_of_cancelled_orders_and_codes_of_no_article():
    rows = pa.table({"no": ["1", "2", "C3"], "qty": ["4", "1", "-1"]})
    assert cancellation_prefix(rows, {"order_id": "no", "quantity": "qty"}).value == "C"
    codes = pa.chunked_array([[f"{n}" for n in range(10000, 10030)] + ["POST", "C2"]])
    assert codes_of_no_product([codes]) == (["POST"], ["C2"])


def test_the_widths_of_columns():
    lines = [" 00004 19970101  2   29.33", " 00004 19970118 12  129.73", " 00021 19970101  3    9.33"]
    assert find_widths(lines) == (6, 9, 3, 8)
    assert find_widths(["a;b", "cc;d", "e;f"]) == ()


def test_values_as_yaml_writes_them():
    written = [scalar(value) for value in ("InvoiceNo", "no", "1e5", "a: b #c")]
    assert written == ["InvoiceNo", "'no'", '"1e5"', "'a: b #c'"]
    assert listed(["-99", "散客", "a, b"]) == "['-99', 散客, 'a, b']"
    assert flow({"Status": {"not": ["Cancelled", "no"]}}) == "{Status: {not: [Cancelled, 'no']}}"
    assert flow(["Date", "a: b"]) == "[Date, 'a: b']"


def test_remarks_end_no_line_and_name_nobody():
    assert [comment("a\nseries: evil"), comment("call 13812345678")] == ["# a series: evil", "# call [phone]"]
    assert [percent(share) for share in (0.999, 1.0, 0.001)] == ["99 %", "100 %", "under 1 %"]
    assert named("x" * 70)[-1] == "…"
    assert aligned(("currency: EUR", "could not tell")) == f"{'currency: EUR':44}# could not tell"
