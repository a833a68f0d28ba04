"""How a CSV file is written is told from its first lines, and its decimal mark from its numbers."""

import pyarrow as pa
import pytest

from crmlib.prep.landing.dialects import comma_columns, header_lines, sniff_delimiter, width_of_rows


def test_the_delimiter_splits_each_line_alike():
    assert sniff_delimiter(["id;name;price", "1;tea, green;3,50"]) == ";"


@pytest.mark.parametrize(
    ("lines", "count"), [(['"order', 'no",date', "1,2026-03-01"], 2), (['5" disk,date', "1,2026-03-01"], 1)]
)
def test_names_may_hold_line_ends(lines, count):
    assert header_lines(lines, ",") == count


@pytest.mark.parametrize(
    ("header", "lines", "width"),
    [
        (["sku", "price"], ["A1,2.50,", "A2,3.50,"], 3),
        (["sku", "price", ""], ["A1,2.50", "A2,3.50"], 2),
        (["sku", "price"], ["A1,2.50,x", "A2,3.50"], 2),
    ],
)
def test_rows_may_end_in_a_separator(header, lines, width):
    assert width_of_rows(header, lines, ",") == width


@pytest.mark.parametrize(
    ("columns", "commas"),
    [
        ({"qty": ["0,750", "1,250"], "price": ["8,000"]}, ("qty", "price")),
        ({"qty": ["1.0"], "price": ["0,90 €"]}, ("price",)),
        ({"price": ["1,250", "3"]}, ()),
    ],
)
def test_decimal_commas(columns, commas):
    assert comma_columns({name: pa.chunked_array([values]) for name, values in columns.items()}) == commas
