"""One reader: what the proposal calls a number or a date is read so by the run, and nothing becomes another value."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.engine import connect
from crmlib.params import Source
from crmlib.prep.landing import Landed
from crmlib.prep.mapping import map_table
from crmlib.prep.proposal.dates import read_dates
from crmlib.prep.proposal.evidence import weigh, weigh_all
from crmlib.prep.proposal.groups import merged_down
from crmlib.prep.proposal.numbers import read_numbers
from crmlib.prep.proposal.reader import COMMA, GROUPED, POINT, read_as_numbers, read_as_times
from crmlib.prep.proposal.written import take_apart

STYLES = ("{}", "${}", "-${}", "(${})", "{} €", "€ {}", "-€ {}", "{}-", "USD {}", "−{}", "R$ {}", "CHF {}")


@pytest.fixture(scope="module")
def run_reads():
    """Give a function that reads texts as the run does; the expression of the same parameters is made once."""
    con, known = connect(), {}

    def read(values, column, **given_):
        lines = pa.table(
            {
                "x": pa.array(values, pa.string()), "_file": ["a.csv"] * len(values),
                "_line": list(range(len(values))), "_broken": pa.nulls(len(values), pa.string()),
            }
        )  # fmt: skip
        con.con.register("texts", lines)
        asked = repr((column, given_))
        if asked not in known:
            known[asked] = reading(con.table("texts"), column, given_)
        return known[asked].to_pyarrow()[column].to_pylist()

    yield read
    con.disconnect()


def reading(texts, column, given_):
    """Read texts as a column of a source with these parameters."""
    other = "quantity" if column != "quantity" else "unit_price"
    columns = {"ordered_at": "x", "quantity": "x", "unit_price": "x"} if column == "ordered_at" else {
        "ordered_at": "x", column: "x", other: "x"}  # fmt: skip
    source = Source.model_validate({"path": "a.csv", "columns": columns, **given_})
    rows = map_table("transactions", [Landed("transactions", "a", source, texts, ())], "UTC").rows
    return rows.order_by("_line").select(column)


def styled(draw):
    whole, decimals = draw(st.integers(0, 9_999_999)), draw(st.integers(0, 3))
    part = f"{draw(st.integers(0, 999)):03}"[:decimals]
    group, point = draw(st.sampled_from([("", "."), (",", "."), (".", ","), (" ", ","), ("'", "."), ("", ",")]))
    digits = f"{whole:,}".replace(",", group) + (point + part if part else "")
    return draw(st.sampled_from(STYLES)).format(digits)


@given(st.lists(st.composite(styled)(), min_size=1, max_size=12))
def test_the_run_reads_as_many_numbers_as_the_proposal_and_the_same(run_reads, values):
    found = read_numbers(values)
    read = run_reads(values, "unit_price", decimal=found.decimal, thousands=found.thousands or None)
    numbers = [each for each in read if each is not None]
    assert len(numbers) == round(found.share * len(values))
    if numbers:
        assert (float(min(numbers)), float(max(numbers))) == (found.low, found.high)


@given(st.lists(st.from_regex(r"[+-]?[0-9]{0,16}\.?[0-9]{0,5}", fullmatch=True), min_size=1, max_size=20))
def test_plain_numbers_are_known_without_the_engine_as_the_engine_reads_them(run_reads, values):
    marks = {POINT: {}, COMMA: {"decimal": ","}, GROUPED: {"decimal": ",", "thousands": "."}}
    read = read_as_numbers(values)
    for each, given_ in marks.items():
        by_run = run_reads(values, "quantity", **given_)
        found = [reading[each] for reading in read]
        assert [number is None for number in found] == [number is None for number in by_run]
        assert all(abs(a - float(b)) < 1e-3 for a, b in zip(found, by_run, strict=True) if a is not None)


FORMS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%d.%m.%Y %H:%M", "%b-%d-%y", "%d-%b-%Y", "%Y%m%d", "%m/%d/%Y %I:%M %p",
    "%d %B %Y", "%B %d, %Y", "%a, %d %b %Y %H:%M:%S", "%Y年%m月%d日", "%d-%m-%Y", "%Y-%m-%dT%H:%M:%S",
)  # fmt: skip


@given(
    st.sampled_from(FORMS),
    st.lists(st.datetimes(dt.datetime(2001, 1, 1), dt.datetime(2030, 1, 1)), min_size=2, max_size=20),  # noqa: DTZ001
)
def test_the_run_reads_as_many_dates_as_the_proposal_and_the_same(run_reads, form, times):
    values = [time.strftime(form) for time in times]
    found = read_dates(values)
    read = [each for each in run_reads(values, "ordered_at", date_format=list(found.formats) or None) if each]
    assert len(read) == round(found.share * len(values)) > 0
    if not found.ambiguous:
        assert {each.date() for each in read} == {time.date() for time in times}


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["May-04-26", "May-14-26"], "%b-%d-%y"),
        (["04-May-26"], "%d-%b-%y"),
        (["04MAY2026"], "%d%b%Y"),
        (["5/4/26 3:07 PM", "5/14/26 3:07 PM"], "%m/%d/%y %I:%M %p"),
        (["5/14/26, 3:07\u202fPM"], "%m/%d/%y, %I:%M %p"),
        (["4. März 2026", "14. Mai 2026"], "%d. %b %Y"),
        (["4 févr. 2026", "14 août 2026"], "%d %b %Y"),
        (["4 de agosto de 2026"], "%d de %b de %Y"),
        (["04/dez/2026"], "%d/%b/%Y"),
        (["Monday, May 4, 2026"], "%a, %b %d, %Y"),
        (["May 4, 2026 12:03:22 AM PDT"], "%b %d, %Y %I:%M:%S %p %Z"),
        (["2026年5月4日 下午3:07"], "%Y年%m月%d日 %p%I:%M"),
        (["2026-05-04 3:07 PM"], "%Y-%m-%d %I:%M %p"),
        (["04.05.2026 15:07 Uhr", "14.05.2026 15:07 Uhr"], "%d.%m.%Y %H:%M Uhr"),
        ([f"26-05-{day:02}" for day in range(1, 32)], "%y-%m-%d"),
    ],
)
def test_formats_that_are_proposed(values, form):
    found = read_dates(values)
    assert (found.share, found.formats, found.ambiguous) == (1.0, (form,), False)


@pytest.mark.parametrize(
    "value",
    ["20260504", "2026-05-04T10:00:00Z", "2026-05-04 10:00:00 -0700", "2026年5月4日(月) 15時07分", "2026/5/4 10:20"],
)
def test_dates_that_need_no_format(value):
    found = read_dates([value])
    assert (found.share, found.formats) == (1.0, ())


def test_dates_that_tell_both_orders_are_in_doubt():
    assert read_dates(["13/05/2026", "14/05/2026", "05/14/2026"]).ambiguous
    assert read_dates(["01/02/2026", "03/04/2026"]).ambiguous
    assert not read_dates(["13/05/2026", "01/02/2026"]).ambiguous


@pytest.mark.parametrize(
    "value", ["14-10000-00001", "120426", "1 Tea 2026", "3 mugs 2026", "12:30", "2026", "May 4", "31.02.", "A-1-2026"]
)
def test_what_only_looks_like_a_date(value):
    assert read_dates([value]).share == 0


def test_words_that_are_no_months_make_no_date():
    assert take_apart("Tea 4, 2026") is None
    assert read_as_times(["Feb-30-26"], ["%b-%d-%y"]) == [None]


def test_the_leading_nought_tells_the_comma_of_its_column_and_of_the_others_in_the_file():
    rows = pa.table({"qty": ["0,750", "1,250", "2"], "price": ["8,000", "6,450", "19,900"], "no": ["1", "2", "3"]})
    qty, price, _no = weigh_all(rows)
    assert (qty.numbers.decimal, qty.numbers.low, price.numbers.decimal, price.numbers.high) == (",", 0.75, ",", 19.9)
    assert not price.numbers.ambiguous


def test_columns_of_one_file_may_have_marks_of_their_own():
    rows = pa.table({"qty": ["1.0", "2.0"], "price": ["0,90 €", "1,20 €"], "total": ["1,250", "2,500"]})
    qty, price, total = (each.numbers for each in weigh_all(rows))
    assert (qty.decimal, price.decimal, price.currency) == (".", ",", "EUR")
    assert total.ambiguous  # the others do not agree


def test_thousands_beside_smaller_numbers_are_no_doubt_and_alone_they_are():
    assert not read_numbers(["1,250", "250", "12"]).ambiguous
    assert read_numbers(["1,250", "8,000"]).ambiguous
    assert read_numbers(["1.250", "2.500"]).ambiguous


def test_one_typing_error_does_not_turn_thousands_into_decimals_in_silence():
    found = read_numbers([f"{n},250" for n in range(1, 900)] + ["12,5"])
    assert found.ambiguous


def test_currencies_and_per_cent_are_told():
    found = read_numbers(["$5", "$7", "€8", "5", "12 %"])
    assert (found.currency, found.percent) == ("", 0.2)


def test_shares_are_of_rows():
    found = weigh("x", pa.chunked_array([["1.50"] * 98 + ["n1", "n2"]]))
    assert found.numbers.share == pytest.approx(0.98)
    assert read_dates(["2026-05-04", "tea"], [9, 1]).share == pytest.approx(0.9)


def test_a_column_filled_once_an_order_is_seen():
    rows = pa.table({"no": ["A", "", "B", ""], "day": ["1", "", "1", ""], "sku": ["1", "2", "1", "2"]})
    assert merged_down(rows) == {"no", "day"}
    assert merged_down(pa.table({"sku": ["1", "2", "3"], "note": ["x", "", "y"]})) == frozenset()
    assert merged_down(rows, ["sku"]) == {"no", "day", "sku"}


def test_decimal_text_keeps_its_own_decimals(run_reads):
    assert run_reads(["0.01234567"], "unit_price") == [Decimal("0.0123456700")]
