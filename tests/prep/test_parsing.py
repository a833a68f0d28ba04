"""Text becomes types by rule; what cannot be read becomes nothing, never something else."""

import datetime as dt
from decimal import Decimal

import ibis
import pytest

from crmlib.prep.parsing import (
    convert_zone,
    half_width,
    id_text,
    is_plain_text,
    iso_text,
    matches,
    number_text,
    offset_minutes,
    tidy_text,
    to_flag,
    to_number,
    to_timestamp,
)
from crmlib.prep.parsing.formats import compile_format, fixed_format, iso_from_fixed, month_of, tells_zone
from crmlib.prep.parsing.letters import folded, in_small_letters, small_address, without_accents
from crmlib.prep.parsing.numbers import currency_of


def one(expression, value):
    """Apply a column expression to one text value."""
    table = ibis.memtable({"x": [value]}, schema={"x": "string"})
    return expression(table.x).name("x").to_pyarrow().to_pylist()[0]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2.55", "2.55"), ("-3", "-3"), ("+4", "4"), (".5", "0.5"), ("7.", "7"), ("１２．５", "12.5"),
        ("1,250", "1250"), ("1,250,000.75", "1250000.75"), ("1,25", None), ("12,50", None), ("1,2500", None),
        ("(12.50)", "-12.5"), ("£1,250.50", "1250.5"), ("¥ 8", "8"), ("12元", "12"), ("1e3", "1000"),
        ("2.5E-1", "0.25"),
        ("-$18.00", "-18"), ("$-18.00", "-18"), ("($18.00)", "-18"), ("$(18.00)", "-18"), ("18.00-", "-18"),
        ("−3", "-3"), ("–3", "-3"), ("18.00 USD", "18"), ("usd 18.00", "18"), ("$18.00 USD", "18"), ("- 18", "-18"),
        ("CHF 1'234.50", "1234.5"), ("1’234’567", "1234567"), ("1 234.50", "1234.5"), ("1\u00a0234", "1234"),
        ("1\u202f234\u202f567.5", "1234567.5"), ("1\u2009234", "1234"), ("Fr. 12.50", "12.5"), ("kr. 100", "100"),
        ("１，２３４．５０", "1234.5"), ("1,23,456.00", "123456"), ("Rs.500", "500"), ("18.00 €-", "-18"),
        ("0,250", None), ("00,250", None), ("-0,250", None), ("12 %", None), ("-(18)", None), ("$-18-", None),
        ("(18", None), ("18)", None), ("12 34", None), ("030 123 456", None), ("3 PCS", None), ("$$18", None),
        ("18+", None), ("1 234,50", None), ("-€ 18,00", None),
        ("abc", None), ("1_000", None), ("0x10", None), ("NaN", None), ("inf", None), ("5d", None),
        ("1 2", None),
        ("--3", None), ("1.2.3", None), ("0.00005", "0.0001"), ("123456789012345", None), ("٣", None),
    ],
)  # fmt: skip
def test_numbers(written, meant):
    found = one(lambda x: to_number(number_text(x)), written)
    assert found == (None if meant is None else Decimal(meant))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.250,75", "1250.75"), ("12,5", "12.5"), ("1.5", None), ("1250,75", "1250.75"), ("3", "3"),
        ("-€ 18,00", "-18"), ("18,00- €", "-18"), ("18,00 EUR", "18"), ("R$ 1.234,50", "1234.5"), ("0,250", "0.25"),
        ("1 234,50", "1234.5"), ("1\u202f234,50 €", "1234.5"), ("1.234.567", "1234567"), ("1,250.75", None),
        ("12,50 zł", "12.5"), ("1.0", None),
    ],
)  # fmt: skip
def test_numbers_with_a_decimal_comma(written, meant):
    found = one(lambda x: to_number(number_text(x, ",", ".")), written)
    assert found == (None if meant is None else Decimal(meant))


@pytest.mark.parametrize(("written", "meant"), [("1.250,75", "1250.75"), ("1.250", None), ("0,5", "0.5")])
def test_a_point_groups_unasked_only_where_decimals_follow(written, meant):
    found = one(lambda x: to_number(number_text(x, ",")), written)
    assert found == (None if meant is None else Decimal(meant))


@pytest.mark.parametrize("mark", ["\u00a0", "\u202f", " "])
def test_any_blank_may_be_given_as_the_mark_of_thousands(mark):
    assert one(lambda x: number_text(x, ",", mark), "1 234,50") == "1234.50"
    assert one(lambda x: number_text(x, ".", "’"), "1'234.50") == "1234.50"


@pytest.mark.parametrize(("written", "meant"), [("12 %", "12"), ("-7.5％", "-7.5"), ("12", "12"), ("% 12", None)])
def test_per_cent_where_it_is_asked_for(written, meant):
    assert one(lambda x: number_text(x, percent=True), written) == meant


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("-$18.00", "USD"),
        ("18,00 EUR", "EUR"),
        ("R$ 5", "BRL"),
        ("¥5", "CNY"),
        ("5 kr", ""),
        ("5", None),
        ("5 kg", None),
    ],
)
def test_the_currency_beside_an_amount(written, code):
    assert currency_of(written) == code


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2010-12-01 08:26:00", "2010-12-01 08:26:00"), ("2010-12-01T08:26", "2010-12-01 08:26:00"),
        ("2010-12-01", "2010-12-01"), ("2010/12/1 8:26", "2010-12-01 08:26:00"), ("2010.12.01", "2010-12-01"),
        ("2010年12月1日 8时26分30秒", "2010-12-01 08:26:30"), ("２０１０－１２－０１", "2010-12-01"),
        ("2010年12月1日(水) 8時26分", "2010-12-01 08:26:00"), ("2010年12月01日 星期三 08:26", "2010-12-01 08:26:00"),
        ("2010-12-01 08:26:00 GMT", "2010-12-01 08:26:00"),
        ("20101201", "2010-12-01"), ("20101201082630", "2010-12-01 08:26:30"),
        ("2010-12-01 08:26:00.0000000", "2010-12-01 08:26:00"),
        ("2010-12-01 08:26:00.123456", "2010-12-01 08:26:00.123456"), ("2010-12-01 08:26:00+00", "2010-12-01 08:26:00"),
        ("40513.5", "2010-12-01 12:00:00"), ("40513", "2010-12-01"), ("40513.351388888889", "2010-12-01 08:26:00"),
        ("2010-02-30", None), ("2010-13-01", None), ("2010-12-01 25:00:00", None), ("01/12/2010", None),
        ("infinity", None), ("epoch", None), ("1", None), ("0000-00-00 00:00:00", None),
        ("2010", None), ("2010-12", None),
        ("20101301", None), ("99999", None), ("tomorrow", None),
    ],
)  # fmt: skip
def test_dates_without_a_format(written, meant):
    found = one(lambda x: to_timestamp(iso_text(x)), written)
    assert found == (None if meant is None else dt.datetime.fromisoformat(meant))


@pytest.mark.parametrize(
    ("written", "meant"), [("14611", "1940-01-01"), ("40513.5", "2010-12-01 12:00:00"), ("1940", None), ("9999", None)]
)
def test_serial_numbers_of_a_workbook_reach_back_to_births(written, meant):
    found = one(lambda x: to_timestamp(iso_text(x, from_excel=True)), written)
    assert found == (None if meant is None else dt.datetime.fromisoformat(meant))
    assert one(lambda x: to_timestamp(iso_text(x)), "14611") is None


@pytest.mark.parametrize(
    ("form", "written", "meant"),
    [
        ("%d/%m/%Y", "01/12/2010", "2010-12-01"), ("%m/%d/%Y %H:%M", "12/1/2010 8:26", "2010-12-01 08:26:00"),
        ("%Y%m%d", "19970101", "1997-01-01"), ("%d-%b-%y", "05-Mar-26", "2026-03-05"),
        ("%d %B %Y", "5 March 2026", "2026-03-05"), ("%d.%m.%y", "05.03.68", "2068-03-05"),
        ("%d.%m.%y", "05.03.69", "1969-03-05"), ("%m/%d/%Y %I:%M %p", "12/1/2010 12:26 AM", "2010-12-01 00:26:00"),
        ("%m/%d/%Y %I:%M %p", "12/1/2010 12:26 PM", "2010-12-01 12:26:00"), ("%d/%m/%Y", "2010-12-01", None),
        ("%d/%m/%Y", "31/02/2010", None), ("%Y%d%m", "20111231", None),
        ("%b-%d-%y", "May-04-26", "2026-05-04"), ("%d%b%Y", "04MAY2026", "2026-05-04"),
        ("%m/%d/%y %I:%M %p", "5/4/26 3:07\u202fPM", "2026-05-04 15:07:00"),
        ("%d/%m/%Y %I:%M %p", "04/05/2026 3:07 p.\u00a0m.", "2026-05-04 15:07:00"),
        ("%d. %B %Y", "4. März 2026", "2026-03-04"), ("%d %b %Y", "4 févr. 2026", "2026-02-04"),
        ("%d de %B de %Y", "4 de agosto de 2026", "2026-08-04"), ("%d/%b/%y", "04/dez/26", "2026-12-04"),
        ("%a, %d %b %Y %H:%M:%S %z", "Mon, 04 May 2026 10:00:00 +0000", "2026-05-04 10:00:00"),
        ("%b %d, %Y %I:%M:%S %p %Z", "May 4, 2026 12:03:22 AM PDT", "2026-05-04 00:03:22"),
        ("%Y年%m月%d日 %p%I:%M", "2026年5月4日 下午3:07", "2026-05-04 15:07:00"),
        ("%Y年%m月%d日 %p%I:%M", "2026年5月4日 午前12:07", "2026-05-04 00:07:00"),
        ("%d %b %Y", "4 Tea 2026", None), ("%b-%d-%y", "Feb-30-26", None),
    ],
)  # fmt: skip
def test_dates_with_a_format(form, written, meant):
    found = one(lambda x: to_timestamp(iso_text(x, [form])), written)
    assert found == (None if meant is None else dt.datetime.fromisoformat(meant))


def test_formats_are_tried_in_order():
    forms = ["%d/%m/%Y", "%Y-%m-%d"]
    assert one(lambda x: to_timestamp(iso_text(x, forms)), "2010-12-01") == dt.datetime(2010, 12, 1)  # noqa: DTZ001
    assert one(lambda x: to_timestamp(iso_text(x, forms)), "01/12/2010") == dt.datetime(2010, 12, 1)  # noqa: DTZ001


@pytest.mark.parametrize("form", ["%Q", "%Y-%m", "%H:%M"])
def test_formats_that_cannot_be_used_are_refused(form):
    with pytest.raises(ValueError, match="date format"):
        compile_format(form)


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("2026-03-01 08:00:00Z", 0),
        ("2026-03-01T08:00:00+08:00", 480),
        ("2026-03-01 08:00:00-0330", -210),
        ("2026-03-01 08:00:00.5+08", 480),
        ("May 4, 2026 12:03:22 AM PDT", -420),
        ("2026-03-01 08:00:00 GMT", 0),
        ("2026-03-01 08:00:00 CST", None),
        ("2026-03-01", None),
    ],
)
def test_offsets(written, minutes):
    assert one(offset_minutes, written) == minutes


@pytest.mark.parametrize(
    ("source", "shop", "clock", "converted"),
    [
        ("UTC", "Asia/Shanghai", "2026-01-31 16:00:00", "2026-02-01 00:00:00"),
        ("Europe/London", "UTC", "2026-03-29 00:59:59", "2026-03-29 00:59:59"),
        ("Europe/London", "UTC", "2026-03-29 02:00:00", "2026-03-29 01:00:00"),
        ("UTC", "Europe/London", "2026-10-25 00:59:59", "2026-10-25 01:59:59"),
        ("UTC", "Europe/London", "2026-10-25 01:00:00", "2026-10-25 01:00:00"),
        ("Europe/London", "UTC", "2026-10-25 01:30:00", "2026-10-25 00:30:00"),
        ("America/New_York", "Asia/Shanghai", "2026-07-01 12:00:00", "2026-07-02 00:00:00"),
    ],
)
def test_clock_times_are_converted_at_the_change_of_the_clocks_too(source, shop, clock, converted):
    found = one(lambda x: convert_zone(to_timestamp(x), source, shop), clock)
    assert found == dt.datetime.fromisoformat(converted)


@pytest.mark.parametrize(
    ("written", "meant"),
    [(" a ", "a"), ("\u3000茶\u00a0", "茶"), ("NULL", None), ("", None), ("-99", None), ("-", None), ("a b", "a b")],
)
def test_texts(written, meant):
    assert one(lambda x: tidy_text(x, ["-99"]), written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("17850.0", "17850"),
        ("１７８５０", "17850"),
        ("007", "007"),
        ("1.50", "1.50"),
        ("A.0", "A.0"),
        ("1.2.0", "1.2.0"),
    ],
)
def test_ids(written, meant):
    assert one(id_text, written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Y", True), ("否", False), ("TRUE", True), ("Nein", False), ("withdrawn", False), ("０", False), ("maybe", None)],
)
def test_flags(written, meant):
    assert one(to_flag, written) is meant


def test_a_format_as_a_pattern_with_its_parts():
    assert compile_format("%Y%m%d") == ("^([12][0-9]{3})([0-9]{2})([0-9]{2})$", ("Y", "m", "d"))
    assert fixed_format("%d/%m/%Y") == ("^[0-3][0-9]/[01][0-9]/[12][0-9]{3}$", {"d": 0, "m": 3, "Y": 6})


def test_text_in_which_each_part_has_all_its_digits():
    _pattern, places = fixed_format("%d/%m/%Y %H:%M")
    assert one(lambda x: iso_from_fixed(x, places), "31/12/2010 08:26") == "2010-12-31 08:26:00"


@pytest.mark.parametrize(
    ("form", "tells"),
    [("%Y-%m-%d %H:%M%z", True), ("%Y-%m-%dT%H:%M:%SZ", True), ("%H:%M+00:00", True), ("%d-%m-%Y %H:%M", False)],
)
def test_formats_that_tell_a_zone(form, tells):
    assert tells_zone(form) is tells


@pytest.mark.parametrize(("name", "month"), [("Mai", 5), ("Sept.", 9), ("Tea", None)])
def test_names_of_months(name, month):
    assert month_of(name) == month


@pytest.mark.parametrize(("word", "plain"), [("größe", "große"), ("código", "codigo"), ("が", "が")])
def test_latin_letters_lose_their_accents_alone(word, plain):
    assert without_accents(word) == plain


@pytest.mark.parametrize(
    ("word", "small"),
    [("STRASSE", "strasse"), ("Straße", "strasse"), ("İADE", "iade"), ("ΣΟΦΟΣ", "σοφοσ"), ("σοφος", "σοφοσ")],
)
def test_words_are_compared_without_capitals(word, small):
    assert one(folded, word) == small


@pytest.mark.parametrize(
    ("address", "small"), [("Anna@Shop.DE", "anna@shop.de"), ("İnci@X.de", "inci@x.de"), ("K-17", "K-17")]
)
def test_addresses_in_small_letters(address, small):
    assert one(small_address, address) == small
    assert "@" not in address or in_small_letters(address) == small


@pytest.mark.parametrize(("text", "plain"), [("Tea", True), (" Tea", False), ("NULL", False), ("茶", False)])
def test_text_that_needs_no_tidying(text, plain):
    assert one(is_plain_text, text) is plain


@pytest.mark.parametrize(("text", "number"), [("2", True), ("-99", False), ("two", False)])
def test_a_stand_in_for_a_missing_value_matches_nothing(text, number):
    assert one(lambda x: matches(x, "^-?[0-9]+$", ["-99", "x"]), text) is number


def test_full_width_characters():
    assert one(half_width, "Ａ１２－３") == "A12-3"
