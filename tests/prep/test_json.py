"""JSON as systems give it: lines, arrays, documents with a list in them; lines within orders, nested fields."""

import json
from io import StringIO

import pandas as pd
import pytest

from crmlib.params import FileSource, ParameterError
from crmlib.prep import InputRejectedError
from crmlib.prep.landing.json_records import document_records, fields_of, lines_of, lists_in
from crmlib.prep.landing.reading import open_file

ORDERS = [
    {
        "no": n, "at": f"2026-02-{n:02}", "customer": {"id": f"K{n % 3}", "tags": ["a"]}, "total": 30.0,
        "items": [{"sku": "A", "qty": 1, "price": "10.00"}, {"sku": "B", "qty": 1, "price": "20.00"}],
    }
    for n in range(1, 6)
]  # fmt: skip
COLUMNS = {
    "order_id": "no", "ordered_at": "at", "product_id": "items.sku", "quantity": "items.qty",
    "unit_price": "items.price", "customer_id": "customer.id",
}  # fmt: skip
FORMS = {
    "lines": "".join(json.dumps(each) + "\n" for each in ORDERS),
    "array": json.dumps(ORDERS),
    "pretty": json.dumps(ORDERS, indent=2),
    "envelope": json.dumps({"page": 1, "ok": True, "orders": ORDERS, "next": None}),
    "deep": json.dumps({"data": {"orders": {"edges": ORDERS}, "cost": [1, 2]}}, indent=1),
}


def read(path, **given):
    """Read a file to rows of names and texts."""
    _scan, opened = open_file(path, FileSource(path=str(path), **given))
    return [row for batch in opened.batches() for row in batch.to_pylist()], opened


def test_the_lines_within_orders_are_lines(shop):
    files = {f"{form}.json": text for form, text in FORMS.items()}
    sources = [{"name": form, "path": f"../data/{form}.json", "rows": "items", "columns": COLUMNS} for form in FORMS]
    run, account = shop(files, sources={"transactions": sources}, cleaning={"duplicates": "keep"})
    rows = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    assert account.reconciliation[["clean", "quarantined"]].values.tolist() == [[10, 0]] * len(FORMS)
    for form in FORMS:
        of_form = rows[rows["source"] == form]
        assert of_form["amount"].sum() == 150, form
        assert (of_form["order_id"].nunique(), of_form["customer_id"].nunique()) == (5, 3), form
        assert sorted(of_form["line"]) == list(range(1, 11)), form


@pytest.mark.parametrize("form", FORMS)
def test_without_rows_each_object_is_a_row_with_its_lists_as_text(tmp_path, form):
    (tmp_path / "a.json").write_text(FORMS[form], encoding="utf-8")
    rows, opened = read(tmp_path / "a.json")
    assert opened.names == ("no", "at", "customer.id", "customer.tags", "total", "items")
    assert list(opened.lists) == ["items"]
    assert [row["_line"] for row in rows] == [1, 2, 3, 4, 5]
    assert (rows[0]["total"], rows[0]["customer.id"]) == ("30.0", "K1")
    assert json.loads(rows[0]["items"])[1]["sku"] == "B"


def test_an_order_without_lines_is_not_lost(tmp_path):
    (tmp_path / "a.json").write_text('[{"no": 1, "items": []}, {"no": 2}, {"no": 3, "items": [{"sku": "A"}]}]')
    rows, _opened = read(tmp_path / "a.json", rows="items")
    assert [(row["no"], row["items.sku"]) for row in rows] == [("1", None), ("2", None), ("3", "A")]


def test_lists_within_lists(tmp_path):
    order = {
        "no": 1,
        "parcels": [{"id": "P", "items": [{"sku": "A"}, {"sku": "B"}]}, {"id": "Q", "items": [{"sku": "C"}]}],
    }
    (tmp_path / "a.json").write_text(json.dumps([order]))
    rows, _opened = read(tmp_path / "a.json", rows="parcels.items")
    assert [(row["no"], row["parcels.id"], row["parcels.items.sku"]) for row in rows] == [
        ("1", "P", "A"), ("1", "P", "B"), ("1", "Q", "C"),
    ]  # fmt: skip


def test_of_several_lists_one_must_be_named(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"orders": ORDERS, "customers": [{"id": "K1"}]}))
    with pytest.raises(
        InputRejectedError, match="holds several lists: customers, orders; say which of them with `rows`"
    ):
        read(tmp_path / "a.json")
    rows, opened = read(tmp_path / "a.json", rows="orders.items")
    assert (len(rows), opened.names[-1]) == (10, "items.price")
    assert len(read(tmp_path / "a.json", rows="customers")[0]) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (json.dumps(ORDERS, indent=1)[:-40], "a.json, line [0-9]+: is no complete JSON"),
        ('[{"no": 1},\n {"no": 2}\n {"no": 3}]', "a.json, line 3: is no complete JSON"),
        ('[{"no": 1}]\nmore', "a.json, line 2: is no complete JSON"),
        ("[" * 100_000, "is no complete JSON"),
        ("[]", "holds no JSON object"),
        ("not json at all\nnor here\n", "holds no JSON object"),
    ],
)
def test_what_is_no_json_is_named_with_its_line(tmp_path, text, message):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(InputRejectedError, match=message):
        read(tmp_path / "a.json")


def test_rows_that_are_not_there_are_refused_with_the_nearest(tmp_path):
    (tmp_path / "a.json").write_text(FORMS["lines"])
    with pytest.raises(ParameterError, match=r"no object has a list 'itmes' \(`rows`\)\. Did you mean items"):
        read(tmp_path / "a.json", rows="itmes")
    (tmp_path / "a.csv").write_text("no\n1\n")
    with pytest.raises(ParameterError, match="this is no JSON file"):
        read(tmp_path / "a.csv", rows="items")


def test_elements_that_are_no_objects_are_broken_rows(tmp_path):
    (tmp_path / "a.json").write_text('[{"no": 1}, 7, {"no": "\\ud800"}]')
    rows, _opened = read(tmp_path / "a.json")
    assert [(row["no"], row["_broken"]) for row in rows] == [("1", None), ("?", None), (None, "7")]


def test_a_document_longer_than_what_is_held_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("crmlib.prep.landing.json_records._CHUNK", 7)
    (tmp_path / "a.json").write_text(FORMS["deep"])
    rows, _opened = read(tmp_path / "a.json", rows="items")
    assert [row["no"] for row in rows] == [str(n) for n in range(1, 6) for _ in range(2)]


def test_fields_of_nested_objects_are_dotted():
    assert fields_of({"id": "7", "customer": {"id": "K1", "tags": ["a"]}}) == {
        "id": "7", "customer.id": "K1", "customer.tags": '["a"]',
    }  # fmt: skip


def test_each_element_of_a_list_is_a_line_with_the_fields_of_what_holds_it():
    rows = lines_of({"id": "7", "items": [{"sku": "A"}, {"sku": "B"}]}, ["items"])
    assert list(rows) == [{"id": "7", "items.sku": "A"}, {"id": "7", "items.sku": "B"}]


def test_lists_of_objects_are_found_within_objects():
    found = lists_in({"id": "7", "order": {"items": [{"sku": "A"}]}, "tags": ["a"]})
    assert list(found) == [("order.items", {"sku": "A"})]


def test_the_elements_of_a_document_have_the_name_of_their_list():
    text = StringIO('{"page": 1, "data": {"orders": [{"id": 7}, {"id": 8}]}}')
    assert list(document_records(text)) == [("data.orders", {"id": "7"}), ("data.orders", {"id": "8"})]
