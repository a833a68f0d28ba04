"""From files to clean tables: what is a return, a product, a purchase, a repeat; nothing is lost, nobody is named."""

import json
from decimal import Decimal

import pandas as pd
import pytest

from crmlib.params import ParameterError
from crmlib.prep import InputRejectedError

HEADER = "no,at,sku,qty,price,who\n"


def written(*rows):
    return HEADER + "".join(f"{row}\n" for row in rows)


def clean(run):
    return pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")


def aside(run):
    return pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")


DRESSED = ["17850.0", " 17850", "１７８５０"]


@pytest.fixture(scope="module")
def plain(prepare_shop, tmp_path_factory):
    """Prepare once what the parameters have no say in: a file a test, which reads its own lines."""
    files = {
        "amount.csv": written("1,2026-02-01 10:00:00,A,3,0.1,7"),
        "dressed.csv": written(*[f"2{i},2026-02-01,A,1,1,{who}" for i, who in enumerate(DRESSED)]),
        "later.csv": written("3,2026-02-28,A,1,1,7", "4,2026-03-01,A,1,2,7"),
        "ordered.csv": written("5,2026-02-01,A,2,3,7"),
        "otherwise.csv": "who,price,qty,sku,at,no\n7,4,5,A,2026-02-02,6\n",
        "reasons.csv": written("7,never,A,one,1,7"),
    }
    return prepare_shop(tmp_path_factory.mktemp("plain"), files)


def of_file(frame, *names):
    return frame[frame["file"].isin(names)].sort_values(["file", "line"]).reset_index(drop=True)


def test_amount_is_exact_and_typed(plain):
    run, _account = plain
    row = of_file(clean(run), "amount.csv").iloc[0]
    assert row["amount"] == Decimal("0.3000")
    assert row["ordered_at"] == pd.Timestamp("2026-02-01 10:00:00")
    assert bool(row["is_purchase"])
    schema = {name: str(kind) for name, kind in run.table("transactions").schema().items()}
    assert schema["amount"] == "decimal(18, 4)"
    assert schema["line"] == "int64"


def test_every_canonical_column_is_there_though_nobody_delivered_it(plain):
    run, _account = plain
    from crmlib.tables import TABLES

    assert list(clean(run).columns) == [column.name for column in TABLES["transactions"].clean]
    assert clean(run)["store_id"].isna().all()


RETURN_PRODUCT_PURCHASE = {
    "1,2026-02-01,A,1,2.5,7": [False, True, True],
    "C1,2026-02-01,A,-1,2.5,7": [True, True, False],
    "1,2026-02-01,A,-1,2.5,7": [True, True, False],
    "1,2026-02-01,POST,1,2.5,7": [False, False, False],
    "1,2026-02-01,gift_20,1,2.5,7": [False, False, False],
    "1,2026-02-01,A,1,0,7": [False, True, False],
}


def test_rules_say_what_a_line_is(shop):
    rules = {"returns": {"order_id_prefix": "C"}, "non_products": ["POST"], "non_product_pattern": "^gift_"}
    run, _account = shop({f"{n}.csv": written(row) for n, row in enumerate(RETURN_PRODUCT_PURCHASE)}, cleaning=rules)
    found = clean(run).sort_values("file")[["is_return", "is_product", "is_purchase"]]
    assert dict(zip(RETURN_PRODUCT_PURCHASE, found.values.tolist(), strict=True)) == RETURN_PRODUCT_PURCHASE


def test_a_return_written_as_positive_becomes_negative(shop):
    run, _account = shop({"a.csv": written("C1,2026-02-01,A,2,5,7")}, cleaning={"returns": {"order_id_prefix": "C"}})
    assert clean(run)[["quantity", "amount"]].iloc[0].tolist() == [Decimal(-2), Decimal(-10)]


@pytest.mark.parametrize(("choice", "kept", "purchases"), [("keep", 1, 0), ("purchase", 1, 1), ("quarantine", 0, 0)])
def test_zero_prices_are_as_the_parameters_choose(shop, choice, kept, purchases):
    run, account = shop({"a.csv": written("1,2026-02-01,A,1,0,7")}, cleaning={"zero_price": choice})
    assert len(clean(run)) == kept
    assert int(clean(run)["is_purchase"].sum()) == purchases
    assert account.rules["rule"].tolist() == ["zero_amount"]


IMPOSSIBLE = {
    "1,2026-02-30,A,1,1,7": "unreadable_ordered_at",
    "1,01/02/2026,A,1,1,7": "unreadable_ordered_at",
    "1,,A,1,1,7": "missing_ordered_at",
    "1,1926-02-01,A,1,1,7": "too_early",
    "1,2027-02-01,A,1,1,7": "too_late",
    "1,2026-02-01,A,one,1,7": "unreadable_quantity",
    '1,2026-02-01,A,1,"1,5",7': "unreadable_unit_price",
    "1,2026-02-01,A,,1,7": "missing_amount",
    "1,2026-02-01,A,1,1": "broken_line",
    "1,2026-02-01,A,1,1,7,8": "broken_line",
}


def test_what_cannot_be_is_set_aside_with_its_place_and_reason(shop):
    files = {f"{n}.csv": written(f"2{n},2026-02-01,A,1,1,7", row) for n, row in enumerate(IMPOSSIBLE)}
    run, account = shop(files, cleaning={"latest": "2026-03-02"})
    found = aside(run).sort_values("file")
    assert found[["fate", "reasons", "file", "line", "original"]].values.tolist() == [
        ["quarantined", reason, name, 3, row] for name, (row, reason) in zip(files, IMPOSSIBLE.items(), strict=True)
    ]
    assert account.reconciliation[["lines_in", "clean", "quarantined", "merged"]].values.tolist() == [[20, 10, 10, 0]]


def test_what_no_csv_reader_splits_is_set_aside_all_the_same(shop):
    texts = ["one\rtwo", "one\r\ntwo", "x" * 140_000]
    line = {"no": "1", "at": "never", "qty": "1", "price": "1", "who": "7"}
    files = {f"{n}.jsonl": json.dumps(line | {"sku": text}) for n, text in enumerate(texts)}
    run, account = shop(files, source={"path": "../data/*.jsonl", "format": "jsonl"})
    originals = aside(run).sort_values("file")["original"]
    assert [text in original for text, original in zip(texts, originals, strict=True)] == [True] * 3
    assert sorted(account.examples["file"]) == sorted(files)


def test_a_line_keeps_every_reason(plain):
    run, _account = plain
    assert aside(run)["reasons"].tolist() == ["unreadable_ordered_at unreadable_quantity"]


def test_money_set_aside_is_counted_where_it_can_be_read(shop):
    _run, account = shop({"a.csv": written("1,2026-02-01,A,2,1.5,7", "2,never,A,1,0.25,7", "3,2026-02-01,A,x,1,7")})
    row = account.reconciliation.iloc[0]
    assert (row["money_in"], row["money_clean"], row["money_quarantined"]) == (
        Decimal("3.25"),
        Decimal(3),
        Decimal("0.25"),
    )
    assert row["money_unknown"] == 1


@pytest.mark.parametrize(
    ("rule", "kept"),
    # a.csv holds a line twice and b.csv delivers a.csv again, with one line of its own
    [("keep", 5), ("across_files", 3), ("all", 2)],
)
def test_repeats_are_merged_as_the_parameters_choose(shop, rule, kept):
    twice = ["1,2026-02-01,A,1,1,7", "1,2026-02-01,A,1,1,7"]
    files = {"a.csv": written(*twice), "b.csv": written(*twice, "2,2026-02-01,A,1,1,7")}
    run, account = shop(files, cleaning={"duplicates": rule})
    assert len(clean(run)) == kept
    row = account.reconciliation.iloc[0]
    assert (row["clean"], row["merged"]) == (kept, 5 - kept)
    assert row["money_in"] == row["money_clean"] + row["money_merged"] == 5


def test_lines_after_the_period_stay_in_the_clean_table_and_are_counted(plain):
    run, account = plain
    assert len(of_file(clean(run), "later.csv")) == 2
    assert account.reconciliation[["after_as_of", "money_after_as_of"]].values.tolist() == [[1, Decimal(2)]]


def test_orders_without_a_number_are_a_customers_day_and_hold_no_customer_number(shop):
    text = "at,qty,price,who\n2026-02-01 09:00,1,1,alice7\n2026-02-01 18:00,1,1,alice7\n2026-02-02 09:00,1,1,\n"
    columns = {"ordered_at": "at", "quantity": "qty", "unit_price": "price", "customer_id": "who"}
    run, _account = shop({"a.csv": text}, source={"columns": columns})
    orders = clean(run)["order_id"].tolist()
    assert orders[0] == orders[1] == clean(run)["customer_id"][0] + "-2026-02-01"
    assert orders[2] == "a.csv/4"
    assert not any("alice7" in order for order in orders)


def test_a_customer_number_is_one_whatever_its_dress(plain):
    run, _account = plain
    customers = of_file(clean(run), "dressed.csv")["customer_id"]
    assert len(customers) == len(DRESSED)
    assert len(set(customers)) == 1
    assert customers[0].startswith("c")


def test_an_address_is_one_customer_whatever_its_capitals(shop):
    told = ["Anna@x.de", " anna@x.de ", "ANNA＠X.DE", "K-a", "k-A"]
    lines = written(*[f"{i},2026-02-01,A,1,1,{who}" for i, who in enumerate(told)])
    accounts = {"staff_ids": ["web:aNNa@x.de"]}
    run, _account = shop({"a.csv": lines}, source={"id_namespace": "web"}, cleaning={"accounts": accounts})
    frame = clean(run)
    assert frame["customer_id"].nunique() == 3
    assert frame["account_kind"].fillna("").tolist() == ["staff"] * 3 + [""] * 2
    keys = {"keys": ["phone"]}  # not by what joins accounts: the number itself is one
    run, _account = shop({"a.csv": lines}, cleaning={"identity": keys})
    assert clean(run)["customer_id"].nunique() == 3


def test_numbers_of_two_name_spaces_are_two_customers(shop):
    web = {"path": "../data/web.csv", "id_namespace": "web", "name": "web"}
    columns = {
        "order_id": "no",
        "ordered_at": "at",
        "product_id": "sku",
        "quantity": "qty",
        "unit_price": "price",
        "customer_id": "who",
    }
    files = {"till.csv": written("1,2026-02-01,A,1,1,7"), "web.csv": written("1,2026-02-01,A,1,1,7")}
    sources = {"transactions": [{"path": "../data/till.csv", "columns": columns}, web | {"columns": columns}]}
    run, account = shop(files, sources=sources)
    assert clean(run)["customer_id"].nunique() == 2
    assert account.reconciliation["source"].tolist() == ["till", "web"]


def test_a_query_reads_the_landed_files(shop):
    files = {"orders.csv": "id,at\n1,2026-02-01\n", "lines.csv": "id,sku,paid\n1,A,2.50\n1,B,4\n"}
    query = "select o.id, o.at, l.sku, l.paid from orders o join lines l on o.id = l.id"
    columns = {"order_id": "id", "ordered_at": "at", "product_id": "sku", "amount": "paid"}
    named = {"orders": {"path": "../data/orders.csv"}, "lines": {"path": "../data/lines.csv"}}
    run, account = shop(files, sources={"transactions": {"query": query, "columns": columns}}, more={"files": named})
    assert clean(run)["amount"].tolist() == [Decimal("2.5"), Decimal(4)]
    assert account.reconciliation["lines_in"].tolist() == [2]


def test_a_wrong_query_is_refused_with_its_place(shop):
    source = {"query": "select nothing from nowhere", "columns": {"ordered_at": "at", "amount": "paid"}}
    named = {"orders": {"path": "../data/orders.csv"}}
    with pytest.raises(ParameterError, match=r"sources\.transactions\.query: "):
        shop({"orders.csv": "id,at\n1,2026-02-01\n"}, sources={"transactions": source}, more={"files": named})


def test_a_mapped_column_that_is_not_there_is_refused_with_the_nearest_name(shop):
    columns = {"ordered_at": "att", "amount": "price"}
    with pytest.raises(
        ParameterError, match=r"sources\.transactions\.columns\.ordered_at: .* 'att'\. Did you mean at\?"
    ):
        shop({"a.csv": written("1,2026-02-01,A,1,1,7")}, source={"columns": columns})


def test_a_missing_file_is_refused_with_the_nearest_name(shop):
    with pytest.raises(ParameterError, match=r"no file matches .*\. Did you mean a\.csv\?"):
        shop({"a.csv": written("1,2026-02-01,A,1,1,7")}, source={"path": "../data/aa.csv"})


def test_a_file_that_lost_a_column_is_named(shop):
    with pytest.raises(InputRejectedError, match=r"b\.csv, line 1: has no column 'price'"):
        shop({"a.csv": written("1,2026-02-01,A,1,1,7"), "b.csv": "no,at,sku,qty,who\n1,2026-02-01,A,1,7\n"})


def test_files_may_order_their_columns_differently(plain):
    run, _account = plain
    assert of_file(clean(run), "ordered.csv", "otherwise.csv")["amount"].tolist() == [Decimal(6), Decimal(20)]


def test_a_rule_can_stop_the_run_and_names_the_line_without_its_value(shop):
    with pytest.raises(InputRejectedError, match=r"a\.csv, line 2: breaks a rule of transactions") as refused:
        shop({"a.csv": written("1,someday,A,1,1,7")}, cleaning={"severity": {"unreadable_ordered_at": "stop"}})
    assert "someday" not in str(refused.value)


def test_an_unknown_rule_is_refused(shop):
    with pytest.raises(ParameterError, match=r"no rule 'unreadable_date'\. Did you mean"):
        shop({"a.csv": written("1,2026-02-01,A,1,1,7")}, cleaning={"severity": {"unreadable_date": "stop"}})


def test_nothing_landed_is_left_behind_though_the_run_fails(shop, tmp_path):
    with pytest.raises(InputRejectedError):
        shop({"a.csv": written("1,someday,A,1,1,7")}, cleaning={"severity": {"unreadable_ordered_at": "stop"}})
    assert list(tmp_path.rglob("landed")) == []


def test_the_same_run_twice_gives_the_same_bytes(shop):
    files = {
        "a.csv": written(*[f"{i},2026-02-0{i % 9 + 1},A{i},1,{i}.5,{i % 7}" for i in range(400)], "9,never,A,1,1,7")
    }
    first, _account = shop(files)
    bytes_of = {path.name: path.read_bytes() for path in first.run_dir.rglob("*.parquet")}
    again, _account = shop(files)
    assert {path.name: path.read_bytes() for path in again.run_dir.rglob("*.parquet")} == bytes_of


def test_private_folders_are_closed_to_others(plain):
    run, _account = plain
    for folder in ("clean", "quarantine", "../state/identity", "tables"):
        assert (run.run_dir / folder).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("formats", "value", "hour"),
    [
        (["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S%z"], "2026-01-05T10:00:00Z", 18),
        ("%Y-%m-%dT%H:%M:%SZ", "2026-01-05T10:00:00Z", 18),
        (["%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M"], "2026-01-05 10:00", 10),
        ("%d/%m/%Y %H:%M", "05/01/2026 10:00", 10),
    ],
)
def test_a_zone_that_is_written_with_a_time_counts(shop, formats, value, hour):
    source = {"date_format": formats}
    run, _account = shop({"a.csv": written(f"1,{value},A,1,1,7")}, source=source, more={"timezone": "Asia/Shanghai"})
    assert clean(run)["ordered_at"].dt.hour.tolist() == [hour]


def test_no_clock_and_no_calendar_has_such_a_time(shop):
    times = ["31/01/2026 24:00", "31/02/2026 10:00", "3/1/2026 24:00", "01/13/2026 10:00"]
    files = {f"{n}.csv": written(f"1,{time},A,1,1,7") for n, time in enumerate(times)}
    run, _account = shop(files, source={"date_format": "%d/%m/%Y %H:%M"})
    assert aside(run)["reasons"].tolist() == ["unreadable_ordered_at"] * len(times)


def test_constants_are_written_as_the_parameters_are(shop):
    columns = {"ordered_at": "at", "product_id": "sku", "unit_price": "price", "customer_id": "who"}
    source = {
        "columns": columns, "decimal": ",", "thousands": ".", "date_format": "%d.%m.%Y", "delimiter": ";",
        "constants": {"quantity": "1.000"},
    }  # fmt: skip
    run, _account = shop({"a.csv": "at;sku;price;who\n05.01.2026;A;1.234,50;7\n"}, source=source)
    assert clean(run)["amount"].tolist() == [Decimal("1234.5000")]


def test_two_marks_cannot_be_one(shop):
    with pytest.raises(ParameterError, match=r"thousands and decimal are both"):
        shop({"a.csv": written("1,2026-01-05,A,1,1,7")}, source={"thousands": "."})


def test_what_an_older_account_says_of_a_person_is_masked(shop):
    people = (
        "id,phone,occ,city,known\nB1,13700137000,ring Li 138–0013–8000,x li@example.com,2025-01-01\n"
        "B2,13700137000,,,2026-01-01\n"
    )
    columns = {"customer_id": "id", "phone": "phone", "occupation": "occ", "city": "city", "known_at": "known"}
    customers = {"path": "../data/people.txt", "columns": columns}
    run, account = shop(
        {"a.csv": written("1,2026-02-01,A,1,1,B1"), "people.txt": people}, sources={"customers": customers}
    )
    person = pd.read_parquet(run.run_dir / "clean" / "customers.parquet").iloc[0]
    assert (person["occupation"], person["city"], account.masked) == ("ring Li [phone]", "x [e-mail]", 2)


MIXED = written(
    "1,2026-02-01 10:00:00,A,3,0.1,7",
    "1,2026-02-01 10:00:20,B,1,2,7",
    "1,2026-02-01 23:59:59,B,1,2,8",
    "1,2026-02-02 00:00:00,A,-1,0.1,7",
    "2,2026-02-02 10:00:00,POST,1,5,7",
    ",2026-02-03 10:00:00,A,1,1,7",
    ",2026-02-03 18:00:00,B,1,1,7",
    ",2026-02-03 10:00:00,A,1,1,",
    ",2026-02-03 10:00:00,A,2,1,",
    "C9,2026-02-04,A,-1,0.1,9",
    "10,2026-02-05,A,1,0,9",
)


def test_orders_of_mixed_lines_are_the_lines_exactly(shop, orders_equal_lines):
    run, _account = shop({"a.csv": MIXED}, cleaning={"returns": {"order_id_prefix": "C"}, "non_products": ["POST"]})
    orders = orders_equal_lines(run)
    assert orders.loc[orders["order_id"] == "1", "parts"].tolist() == [3, 3, 3]
    # a customer's day without a number is one order, here of two hours; an anonymous line is one of its own
    assert orders["customer_id"].isna().sum() == 2
    assert (orders["lines"] == 0).sum() == 4
    assert run.orders().count().to_pandas() == len(orders)
    assert run.customer_days().to_pandas()["orders"].tolist() == [1, 1, 1]
