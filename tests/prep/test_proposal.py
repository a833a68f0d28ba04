"""``crm init`` on small made-up files: each guess, each doubt, and nothing of a person in the file it writes."""

import gzip
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crmlib.params import ParameterError, load_parameters
from crmlib.prep import InputRejectedError
from crmlib.prep.checking import check_sources
from crmlib.prep.landing.sources import find_files
from crmlib.prep.proposal import Home, propose, series_of, write_proposal
from crmlib.prep.proposal.dates import end_of_whole_months, read_dates
from crmlib.prep.proposal.grid import find_header, find_widths
from crmlib.prep.proposal.numbers import read_numbers
from crmlib.prep.proposal.scalars import comment, listed, scalar
from crmlib.prep.proposal.synonyms import likeness

LINES = "Order No;Bought;Client;Sku;Pieces;Total\n" + "".join(
    f"{1000 + n};{n % 28 + 1:02}.0{n % 3 + 1}.2026;K{n % 17};A{n % 9};{n % 4 + 1};1.{n:03},50\n" for n in range(200)
)


@pytest.fixture
def drafted(tmp_path):
    """Give a function that writes files, proposes parameters for them, and gives those and their text."""

    def made(files):
        for name, content in files.items():
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        home = Home(tmp_path / "params" / "shop.yaml", "shop")
        home.folder.mkdir(exist_ok=True)
        text = write_proposal(propose([tmp_path / "data"]), home)
        home.file.write_text(text, encoding="utf-8")
        return load_parameters(home.file), text

    return made


def test_a_continental_export_is_told_from_its_values(drafted):
    params, text = drafted({"orders.csv": LINES})
    (source,) = params.sources.transactions
    assert source.columns == {
        "customer_id": "Client",
        "order_id": "Order No",
        "product_id": "Sku",
        "quantity": "Pieces",
        "amount": "Total",
        "ordered_at": "Bought",  # by its values: no name we know
    }
    assert "ordered_at: Bought" in text
    assert "guess by its values: 100 % of 200 values are dates like" in text
    assert (source.delimiter, source.decimal, source.thousands, source.date_format) == (";", ",", ".", "%d.%m.%Y")
    assert params.as_of == date(2026, 3, 1)
    assert "could not tell: no amount has a sign" in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_headers_in_any_encoding(drafted, encoding):
    rows = "".join(
        f"XS{n:04},2026/0{n % 3 + 1}/{n % 28 + 1:02} 10:20,1{n % 13:04},货{n % 7},{n}.50\n" for n in range(60)
    )
    params, _text = drafted({"订单.csv": f"订单编号,下单时间,会员号,商品名称,实付金额（元）\n{rows}".encode(encoding)})
    (source,) = params.sources.transactions
    assert source.columns == {
        "customer_id": "会员号",
        "order_id": "订单编号",
        "ordered_at": "下单时间",
        "description": "商品名称",
        "amount": "实付金额（元）",
    }
    assert params.currency == "CNY"
    assert source.encoding == {"gb18030": "gb18030", "utf-16": "utf-16"}.get(encoding)


def test_nothing_of_a_person_is_written(drafted):
    people = [
        (f"张伟{n}", f"139{n:08}", f"person{n}@example.com", f"19{60 + n % 40}-05-{n % 28 + 1:02}") for n in range(80)
    ]
    rows = "".join(f"{n},{name},{phone},{mail},{born}\n" for n, (name, phone, mail, born) in enumerate(people))
    params, text = drafted({"members.csv": f"会员号,姓名,手机号,邮箱,出生日期\n{rows}", "orders.csv": LINES})
    (source,) = params.sources.customers
    assert source.columns == {
        "customer_id": "会员号",
        "birth_date": "出生日期",
        "name": "姓名",
        "phone": "手机号",
        "email": "邮箱",
    }
    for name, phone, mail, born in people:
        assert not any(secret in text for secret in (name, phone, mail, born))


def test_a_list_of_people_without_header_does_not_become_names_of_columns(drafted):
    rows = "".join(f"{1000 + n},张伟{n % 7},139{n:08},2026-03-01\n" for n in range(50))
    params, text = drafted({"people.csv": rows, "orders.csv": LINES})
    assert params.sources.customers is None
    assert "张伟" not in text
    assert "13900000" not in text
    assert "left out: people.csv" in text


def test_folders_become_globs_that_mean_their_files_only(drafted):
    other = "sku,product name,category\n1,tea,drinks\n2,cake,sweets\n"
    params, _text = drafted({f"days/2026-01-{day:02}.csv": LINES for day in range(1, 4)} | {"days/products.csv": other})
    assert params.sources.transactions[0].path == "../data/days/2026-*.csv"
    assert params.sources.products[0].path == "../data/days/products.csv"
    assert params.sources.products[0].columns == {"product_id": "sku", "name": "product name", "category": "category"}


def test_headers_that_would_break_yaml_are_read_back_as_they_are(drafted):
    header = '"order no: #1","order date: ""x"", [a]","total amount {net} - ","# evil: |"\n'
    rows = "".join(f"{n},2026-01-{n:02},{n}.5,x\n" for n in range(1, 20))
    params, text = drafted({"orders.csv": header + rows})
    assert params.sources.transactions[0].columns == {
        "order_id": "order no: #1",
        "ordered_at": 'order date: "x", [a]',
        "amount": "total amount {net} -",
    }
    assert "# not mapped: # evil: |" in text


def test_a_workbook_gives_each_sheet_and_skips_its_title(drafted):
    openpyxl = pytest.importorskip("openpyxl")
    from io import BytesIO

    book = openpyxl.Workbook()
    book.active.title = "读我"
    book.active.append(["Export of the members, for internal use"])
    sheet = book.create_sheet("members")
    sheet.append(["Members on 1 May"])
    sheet.append(["member no", "joined", "gender", "tier"])
    for n in range(30):
        sheet.append([n, date(2026, 1, n % 28 + 1), "f", "gold"])
    stream = BytesIO()
    book.save(stream)
    params, _text = drafted({"members.xlsx": stream.getvalue(), "orders.csv": LINES})
    (source,) = params.sources.customers
    assert (source.sheet, int(source.header)) == ("members", 2)
    assert source.columns == {"customer_id": "member no", "joined_at": "joined", "gender": "gender", "tier": "tier"}


def test_parquet_and_compressed_files_are_looked_at_too(drafted, tmp_path):
    (tmp_path / "data").mkdir()
    table = pa.table({"order_no": ["a", "b"], "created_at": pa.array([0, 1], pa.timestamp("us")), "paid": [1.5, 2.0]})
    pq.write_table(table, tmp_path / "data" / "app.parquet")
    params, _text = drafted({"orders.csv.gz": gzip.compress(LINES.encode())})
    written = {each.name: each for each in params.sources.transactions}
    assert written["app"].columns == {"order_id": "order_no", "ordered_at": "created_at", "amount": "paid"}
    assert written["orders"].date_format == "%d.%m.%Y"


def test_a_large_file_is_sampled_to_its_end_and_says_so(drafted, monkeypatch):
    monkeypatch.setattr("crmlib.prep.proposal.groups.WHOLE", 0)
    monkeypatch.setattr("crmlib.prep.proposal.sampling.HEAD", 2_000)
    monkeypatch.setattr("crmlib.prep.proposal.sampling.PIECE", 1_000)
    rows = "".join(f"{n},2026-{n // 2500 + 1:02}-{n % 28 + 1:02},{n % 90}.5,c{n % 50}\n" for n in range(10_000))
    params, text = drafted({"orders.csv": f"order no,date,amount,customer\n{rows}"})
    assert params.as_of == date(2026, 4, 1)
    assert "lines of a sample looked at" in text


def test_files_that_cannot_be_read_are_left_out_and_said(drafted):
    params, text = drafted({"orders.csv": LINES, "empty.csv": b"", "noise.csv": bytes(range(256)) * 20})
    assert len(params.sources.transactions) == 1
    assert "left out: empty.csv" in text
    assert "left out: noise.csv: is no text file" in text


def test_a_name_with_marks_of_globs_means_its_file(drafted):
    params, _text = drafted({"orders [1].csv": LINES, "products[2].csv": "sku,brand,category\n1,a,b\n"})
    assert params.sources.transactions[0].path == "../data/orders [[]1].csv"
    assert [path.name for path in find_files(params, params.sources.transactions[0], "")] == ["orders [1].csv"]


def test_a_compressed_file_that_is_cut_off_is_left_out(drafted):
    _params, text = drafted({"orders.csv": LINES, "cut.csv.gz": gzip.compress(LINES.encode())[:60]})
    assert "left out: cut.csv.gz: cannot be read" in text


def test_names_with_line_ends_as_spreadsheets_export_them(drafted, tmp_path):
    rows = "".join(f"{n},2026-01-{n:02},{n}.50\n" for n in range(1, 10))
    content = f'"order\nno","order date","amount\n(EUR)"\n{rows}9,never,1\n'
    params, _text = drafted({"orders.csv": content})
    columns = {"order_id": "order no", "ordered_at": "order date", "amount": "amount (EUR)"}
    assert params.sources.transactions[0].columns == columns
    folder = tmp_path / "landed"
    folder.mkdir()
    check = check_sources(params, folder)
    assert (check.sources[0].lines, check.sources[0].clean) == (10, 9)
    assert check.problems[0].examples[0].line == 13  # the header has three lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end(drafted, end):
    params, _text = drafted({"orders.csv": LINES.replace("\n", end)})
    assert params.sources.transactions[0].columns["amount"] == "Total"


def test_a_point_before_three_digits_everywhere_is_a_question(drafted):
    rows = "".join(f"{n};2026-0{n % 3 + 1}-10;{n % 9 + 1}.250\n" for n in range(30))
    _params, text = drafted({"orders.csv": f"order no;order date;amount (EUR)\n{rows}"})
    assert "could not tell whether the point in 1.250 groups thousands" in text
    assert "currency: EUR" in text


def test_a_single_month_cut_off_ends_with_its_last_day():
    assert end_of_whole_months(read_dates(["2026-10-05", "2026-10-28"])) == date(2026, 10, 29)


def test_nothing_readable_and_nothing_there_are_refused(tmp_path):
    (tmp_path / "orders.csv").write_bytes(b"")
    with pytest.raises(InputRejectedError, match=r"orders\.csv: is empty"):
        propose([tmp_path])
    with pytest.raises(ParameterError, match=r"Did you mean orders\.csv"):
        propose([tmp_path / "order.csv"])


@pytest.mark.parametrize(
    ("values", "formats", "ambiguous"),
    [
        (["2026-03-31 10:00:00", "20260331"], (), False),
        (["31/12/2010 08:26"], ("%d/%m/%Y %H:%M",), False),
        (["12/31/2010 8:26:01 PM"], ("%m/%d/%Y %I:%M:%S %p",), False),
        (["03/04/2026"], ("%d/%m/%Y",), True),
        (["5-Mar-26", "17-Dec-25"], ("%d-%b-%y",), False),
        (["31.12.2025", "2026-01-02"], ("%d.%m.%Y", "%Y-%m-%d"), False),
        (["31/12/2025", "31/12/2025 10:00"], ("%d/%m/%Y", "%d/%m/%Y %H:%M"), False),
    ],
)
def test_date_formats_are_tried_on_values(values, formats, ambiguous):
    found = read_dates(values)
    assert (found.share, found.formats, found.ambiguous) == (1.0, formats, ambiguous)


@pytest.mark.parametrize("values", [["tea"], ["2026-02-30"], ["31/31/2026"], ["12:30"], ["1.5"], ["17850"]])
def test_what_is_no_date_is_none(values):
    assert read_dates(values).share == 0.0


def test_stray_days_do_not_move_the_end_of_the_data():
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 28)]
    found = read_dates([*days, "2099-12-31", "1970-01-01"])
    assert (found.first, found.last, found.late) == (date(2026, 1, 1), date(2026, 3, 27), True)


def test_a_month_that_ends_on_a_closed_day_is_whole():
    mondays_to_saturdays = [f"2026-05-{day:02}" for day in range(1, 31) if date(2026, 5, day).weekday() < 6]
    assert end_of_whole_months(read_dates(mondays_to_saturdays)) == date(2026, 6, 1)  # 31 May is a Sunday


@pytest.mark.parametrize(
    ("values", "decimal", "thousands"),
    [
        (["1,250.50", "3.5"], ".", ","),
        (["1.250,50", "3,5"], ",", "."),
        (["3,5", "12,25", "7"], ",", ""),
        (["12.5", "7"], ".", ""),
        (["1,250", "3,400"], ".", ","),
        (["¥1,250.00", "(3.50)"], ".", ","),
    ],
)
def test_the_marks_of_numbers(values, decimal, thousands):
    found = read_numbers(values)
    assert (found.share, found.decimal, found.thousands) == (1.0, decimal, thousands)


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["a1", "b2"], ["x", "1.5"], ["y", "2.5"]], 1),
        ([["1", "2.5"], ["2", "3.5"]], 0),
        ([["1001", "13812345678", "x"], ["1002", "13812345679", "y"]], 0),
        ([["Sales of May", ""], ["", ""], ["sku", "price"], ["A", "1.5"]], 3),
        ([["tea", "green"], ["tea", "black"], ["tea", "green"]], 0),
    ],
)
def test_the_header_row(rows, header):
    assert find_header(rows) == header


def test_widths_of_text_aligned_left_and_right():
    lines = ["ann    12  3.50", "berta   7 13.00", "carl  112  0.25"]
    assert find_widths(lines) == (6, 3, 6)


@pytest.mark.parametrize(
    "value", ["no", "1e5", "0123", "12:30", "~", "", "a: b", "# x", "x\ny", "é\x07", "2026-01", "- a", "{a}"]
)
def test_any_text_is_read_back_from_yaml(value, tmp_path):
    from crmlib.params.reading import read_file

    file = tmp_path / "x.yaml"
    file.write_text(f"series: {scalar(value)}  {comment(value)}\nlist: {listed([value, value])}\n", encoding="utf-8")
    values, _places = read_file(file)
    assert values == {"series": value, "list": [value, value]}


@pytest.mark.parametrize(
    ("header", "table", "column"),
    [
        ("update_time", "transactions", "ordered_at"),
        ("shipping_limit_date", "transactions", "ordered_at"),
        ("freight_value", "transactions", "amount"),
    ],
)
def test_one_common_word_of_several_is_no_match(header, table, column):
    assert likeness(header, table, column) == 0.0


def test_a_series_is_named_after_its_folder(tmp_path):
    assert series_of([tmp_path / "Our Shop"]) == "our-shop"
