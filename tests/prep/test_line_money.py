"""A line's money in the words of its source: before discount, a rate, in per cent, in cents, with marks of its own."""

from decimal import Decimal

import pytest

from crmlib.params import ParameterError

HEADER = "no;day;time;qty;price;total;off\n"
COLUMNS = {"order_id": "no", "ordered_at": "day"}


def _lines(shop, cases, **source):
    """Prepare a line of text with its columns in a source of its own, each case, and give them in their order."""
    files = {f"{n:02}.csv": HEADER + text for n, (text, _columns) in enumerate(cases)}
    sources = [
        {"name": name, "path": f"../data/{name}", "columns": COLUMNS | columns} | source
        for name, (_text, columns) in zip(files, cases, strict=True)
    ]
    run, account = shop(files, sources={"transactions": sources})
    assert not account.reconciliation["quarantined"].any()
    return run.table("transactions").to_pandas().sort_values("file", ignore_index=True)


def _line(shop, text, columns, **source):
    return _lines(shop, [(text, columns)], **source).iloc[0]


WORTH = [
    ("2;10.00;20.00;3.00", {"amount_before_discount": "total", "discount": "off"}, "17", "3"),
    ("2;10.00;20.00;-3.00", {"amount_before_discount": "total", "discount": "off"}, "17", "3"),
    ("-2;10.00;-20.00;3.00", {"amount_before_discount": "total", "discount": "off"}, "-17", "3"),
    ("2;10.00;20.00;", {"amount_before_discount": "total", "discount": "off"}, "20", None),
    ("2;10.00;;0.2", {"quantity": "qty", "unit_price": "price", "discount_rate": "off"}, "16", "4"),
    ("2;10.00;;20", {"quantity": "qty", "unit_price": "price", "discount_percent": "off"}, "16", "4"),
    ("2;10.00;;-3.00", {"quantity": "qty", "unit_price": "price", "discount": "off"}, "17", "3"),
    ("2;10.00;;20 %", {"quantity": "qty", "unit_price": "price", "discount_percent": "off"}, "16", "4"),
    ("2;10.00;;-12.5%", {"quantity": "qty", "unit_price": "price", "discount_rate": "off"}, "17.5", "2.5"),
    ("1;;80.00;0.2", {"amount": "total", "discount_rate": "off"}, "80", "20"),
    ("1;;80.00;20", {"amount": "total", "discount_percent": "off"}, "80", "20"),
    ("1;100.00;80.00;", {"amount": "total", "amount_before_discount": "price"}, "80", "20"),
    ("10000;0.01234567;;", {"quantity": "qty", "unit_price": "price"}, "123.4567", None),
    ("3;0.3333333333;;", {"quantity": "qty", "unit_price": "price"}, "1", None),
]


def test_what_a_line_is_worth(shop):
    lines = _lines(shop, [(f"1;2026-02-01;;{text}\n", columns) for text, columns, *_worth in WORTH])
    expected = [(Decimal(amount), discount and Decimal(discount)) for *_case, amount, discount in WORTH]
    assert list(lines[["amount", "discount"]].itertuples(index=False, name=None)) == expected


def test_a_rate_that_is_none_sets_the_line_aside(shop):
    columns = COLUMNS | {"amount_before_discount": "total", "discount_rate": "off"}
    text = "1;2026-02-01;;1;;20.00;20\n2;2026-02-01;;1;;20.00;0.1\n"
    run, account = shop({"a.csv": HEADER + text}, source={"columns": columns})
    assert account.rules["rule"].tolist() == ["outside_discount_rate"]
    assert run.table("transactions").to_pandas()["amount"].tolist() == [Decimal(18)]


def test_cents(shop):
    line = _line(
        shop, "1;2026-02-01;;3;1999;;597\n", {"quantity": "qty", "unit_price": "price", "discount": "off"}, cents=True
    )
    assert line[["quantity", "unit_price", "discount", "amount"]].tolist() == [
        Decimal(3),
        Decimal("19.99"),
        Decimal("5.97"),
        Decimal(54),
    ]


def test_marks_by_column(shop):
    columns = {"quantity": "qty", "unit_price": "price", "discount": "off"}
    marks = {"decimal": {"unit_price": ","}, "thousands": {"discount": ","}}
    line = _line(shop, "1;2026-02-01;;2.0;1000,90;;1,000.50\n", columns, **marks)
    assert line["amount"] == Decimal("1001.30")


def test_marks_are_checked(shop):
    columns = COLUMNS | {"quantity": "qty", "unit_price": "price"}
    with pytest.raises(ParameterError, match=r"'unitprice' is no mapped number. Did you mean unit_price\?"):
        shop({"a.csv": HEADER}, source={"columns": columns, "decimal": {"unitprice": ","}})
    with pytest.raises(ParameterError, match="thousands and decimal are both"):
        shop({"a.csv": HEADER}, source={"columns": columns, "decimal": {"quantity": ","}, "thousands": ","})


def test_day_and_time_apart(shop):
    told = {
        ("2026-02-01", "08:26"): "2026-02-01 08:26:00",
        ("2026-02-01 00:00:00", "08:26:05"): "2026-02-01 08:26:05",
        ("2026-02-01", "1899-12-31 08:26:00"): "2026-02-01 08:26:00",
        ("2026-02-01", ""): "2026-02-01 00:00:00",
        ("20260201", "0826"): "2026-02-01 08:26:00",
    }
    columns = {"ordered_at": ["day", "time"], "amount": "total"}
    lines = _lines(shop, [(f"1;{day};{time};1;;20.00;\n", columns) for day, time in told])
    assert lines["ordered_at"].astype(str).tolist() == list(told.values())


def test_an_order_number_of_several_columns(shop):
    columns = COLUMNS | {"order_id": ["no", "day"], "amount": "total"}
    text = "1.0;2026-02-01;;1;;20.00;\n1;2026-02-02;;1;;20.00;\n;2026-02-02;;1;;20.00;\n"
    run, _account = shop({"a.csv": HEADER + text}, source={"columns": columns})
    assert run.table("transactions").to_pandas().sort_values("line")["order_id"].tolist() == [
        "1-2026-02-01", "1-2026-02-02", "a.csv/4",
    ]  # fmt: skip


def test_joined_columns_must_be_there(shop):
    with pytest.raises(ParameterError, match="has no column 'hour'"):
        shop({"a.csv": HEADER}, source={"columns": COLUMNS | {"ordered_at": ["day", "hour"], "amount": "total"}})
    with pytest.raises(ParameterError, match="names a column twice"):
        shop({"a.csv": HEADER}, source={"columns": COLUMNS | {"ordered_at": ["day", "day"], "amount": "total"}})
