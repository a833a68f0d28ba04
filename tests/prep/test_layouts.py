"""What ``crm init`` sees of how files are delivered: zip files, nested JSON, names that come twice, cut numbers."""

import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from crmlib.params import load_parameters
from crmlib.prep.checking import check_sources
from crmlib.prep.proposal import Home, propose, write_proposal
from crmlib.prep.proposal.groups import group_files, sample_group

HEADER = "Order No,Date,Customer,SKU,Qty,Amount"


def line(n, amount=None):
    return f"{1000 + n},2026-0{n % 3 + 1}-{n % 28 + 1:02},K{n % 17},S{n % 9},1,{amount or f'{n % 7 + 1}.50'}"


def packed(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.fixture
def drafted(tmp_path):
    """Give a function that writes files, proposes parameters for them, and gives those, their text and the check."""

    def made(files):
        for name, content in files.items():
            path = tmp_path / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        home = Home(tmp_path / "params" / "shop.yaml", "shop")
        home.folder.mkdir(exist_ok=True)
        text = write_proposal(propose([tmp_path / "data"]), home)
        home.file.write_text(text, encoding="utf-8")
        (tmp_path / "landed").mkdir()
        params = load_parameters(home.file)
        return params, text, check_sources(params, tmp_path / "landed")

    return made


@pytest.fixture
def sampled(tmp_path):
    """Give a function that writes one file and samples it."""

    def made(name, content):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        folder = tmp_path / "private"
        folder.mkdir()
        groups, unreadable = group_files([tmp_path / name], folder)
        assert not unreadable
        return sample_group(groups[0], folder)

    return made


def test_files_in_a_zip_file_are_one_delivery(drafted):
    parts = {f"orders-{part}.csv": "\n".join([HEADER, *map(line, range(part * 50, part * 50 + 50))]) for part in (1, 2)}
    params, _text, check = drafted({"shop.zip": packed({**parts, "README.md": "by the till"})})
    (source,) = params.sources.transactions
    assert source.path == "../data/shop.zip/*.csv"
    assert (check.sources[0].lines, check.sources[0].clean) == (100, 100)


ORDERS = [
    {
        "id": 5000 + n, "created_at": f"2026-0{n % 3 + 1}-{n % 28 + 1:02}T10:00:00",
        "customer": {"email": f"b{n % 9}@x.org"},
        "line_items": [{"sku": "A", "quantity": 1, "price": "10.00"}, {"sku": "B", "quantity": 2, "price": "5.00"}],
        "discount_codes": [{"code": "TEN", "type": "x"}],
    }
    for n in range(60)
]  # fmt: skip


@pytest.mark.parametrize("text", [json.dumps({"orders": ORDERS}), "\n".join(map(json.dumps, ORDERS)) + "\n"])
def test_the_list_of_the_lines_is_told_from_others(drafted, text):
    params, written, check = drafted({"orders.json": text})
    (source,) = params.sources.transactions
    assert source.rows == "line_items"
    assert {"product_id", "quantity", "unit_price", "ordered_at"} <= set(source.columns)
    assert "rows: line_items" in written
    assert (check.sources[0].lines, check.sources[0].clean) == (120, 120)


def test_a_large_document_is_sampled_over_its_whole_length(drafted, monkeypatch):
    monkeypatch.setattr("crmlib.prep.proposal.groups.WHOLE", 0)
    for name, size in (("HEAD", 2_000), ("PIECE", 500)):
        monkeypatch.setattr(f"crmlib.prep.proposal.sampling.{name}", size)
    orders = [{**each, "created_at": f"2026-0{n // 28 + 1}-{n % 28 + 1:02}"} for n, each in enumerate(ORDERS)]
    params, _text, _check = drafted({"orders.json": json.dumps(orders)})
    assert params.as_of.month == 3


def test_names_that_come_twice_are_told_apart_and_told(sampled):
    sample = sampled("a.csv", "sku,Amount,Amount,day\n" + "A,1.50,2.50,2026-01-01\n" * 9)
    assert sample.rows.column_names == ["sku", "Amount", "Amount (2)", "day"]
    assert sample.group.first.repeated == ("Amount",)
    assert sample.remarks == ("Amount is the name of several columns; a number tells them apart: Amount (2)",)


@pytest.mark.parametrize("ends", [("", ""), (",", ","), ("", ","), (",", "")])
def test_separators_at_the_end_of_lines_are_no_column(sampled, ends):
    sample = sampled("a.csv", f"{HEADER}{ends[0]}\n" + "".join(f"{line(n)}{ends[1]}\n" for n in range(30)))
    assert sample.rows.column_names == HEADER.split(",")
    assert sample.rows.num_rows == 30


def test_cut_numbers_are_said(sampled):
    sample = sampled("a.csv", "\n".join([HEADER, *(line(n).replace(f"{1000 + n},", "2.10000E+18,") for n in range(9))]))
    assert sample.column("Order No").broken == 1
    assert sample.remarks[0].startswith(
        "could not tell Order No apart: 100\u00a0% of its values are numbers cut by a spreadsheet"
    )


def test_merged_cells_are_seen(sampled, tmp_path):
    book = Workbook()
    book.active.append(["Orders of May"])
    book.active.append(["No", "Day", "SKU", "Amount"])
    for n in range(9):
        book.active.append([f"A{n}", "2026-05-01", "S1", 1.5])
        book.active.append([None, "2026-05-01", "S2", 2.5])
        book.active.merge_cells(f"A{2 * n + 3}:A{2 * n + 4}")
    book.save(tmp_path / "b.xlsx")
    sample = sampled("a.xlsx", (tmp_path / "b.xlsx").read_bytes())
    assert [each.name for each in sample.columns if each.merged] == ["No"]


def test_files_in_several_encodings_are_one_delivery_and_told(drafted):
    rows = {0: [], 1: []}
    for n in range(80):
        rows[n % 2].append(f"XS{n:04},2026/0{n % 3 + 1}/{n % 28 + 1:02},1{n % 13:04},货{n % 7},{n}.50")
    files = {
        f"订单-{part}.csv": "\n".join(["订单编号,下单时间,会员号,商品名称,实付金额", *rows[part]]).encode(encoding)
        for part, encoding in enumerate(("utf-8", "gb18030"))
    }
    params, text, check = drafted(files)
    assert len(params.sources.transactions) == 1
    assert "encodings differ: gb18030, utf-8; each file's is found when it is read" in text
    assert check.sources[0].clean == 80
