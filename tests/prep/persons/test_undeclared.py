"""Personal data in columns nobody declared are taken out or stop the run, and nobody raises a false alarm."""

from typing import NamedTuple

import ibis
import pandas as pd
import pytest

from crmlib.prep import InputRejectedError
from crmlib.prep.comments import mask_texts
from crmlib.prep.landing import FILE, LINE
from crmlib.prep.persons.undeclared import _look, _written
from crmlib.privacy.masking import know_names

PHONES = ("14411111111", "14522222222", "17733333333", "19944444444")
HEAD = "no,at,sku,qty,price,who,pay,item\n"
SOURCE = {
    "columns": {
        "order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "unit_price": "price",
        "customer_id": "who", "payment_method": "pay", "description": "item",
    }
}  # fmt: skip


class Lines(NamedTuple):
    """What is looked at of the judged lines of a table."""

    good: ibis.Table
    landed: tuple[()] = ()


def stop():
    return {"privacy": {"demo_key": True, "undeclared": "stop"}}


def sales(run):
    return pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")


def lines(orders, pay="cash", item="tea"):
    return HEAD + "".join(f"{no},2026-02-01,A,1,1,7,{pay},{item}\n" for no in orders)


def test_phones_as_order_numbers_give_way_to_codes_that_keep_orders_apart(shop):
    run, account = shop({"a.csv": lines([*PHONES, PHONES[0], "R-17"])}, source=SOURCE)
    orders = sales(run)["order_id"]
    assert orders.nunique() == 5
    assert orders.str.fullmatch(r"x[0-9a-f]{16}|R-17").all()
    found = account.privacy.personal
    assert found[["table", "column", "kind", "values", "file", "line"]].values.tolist() == [
        ["transactions", "order_id", "phone", 4, "a.csv", 2]
    ]
    assert found["share"].tolist() == [pytest.approx(5 / 6)]
    again, _account = shop({"a.csv": lines([*PHONES, PHONES[0], "R-17"])}, source=SOURCE)
    assert sales(again)["order_id"].tolist() == orders.tolist()


def test_an_address_in_a_column_of_codes_is_found_though_it_stands_once(shop):
    run, account = shop({"a.csv": lines(["1"]) + "2,2026-02-01,A,1,1,7,ann@example.com,tea\n"}, source=SOURCE)
    assert account.privacy.personal[["column", "kind", "line"]].values.tolist() == [["payment_method", "email", 3]]
    assert not sales(run)["payment_method"].str.contains("@").any()
    assert "cash" in set(sales(run)["payment_method"])


def test_a_phone_in_a_description_is_masked_and_said(shop):
    run, account = shop(
        {"a.csv": lines(["1"], item="tea for 144 1111 1111") + lines(["2"])[len(HEAD) :]}, source=SOURCE
    )
    assert set(sales(run)["description"]) == {"tea for [phone]", "tea"}
    found = account.privacy.personal
    assert found[["column", "kind", "values", "share"]].values.tolist() == [["description", "phone", 1, 0.5]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            lines(PHONES),
            r"a\.csv, line 2: 100\.0\s% of the lines .* in transactions\.order_id hold phone numbers",
        ),
        (lines(["1"], item="11010519491231002X"), r"transactions\.description hold identity card numbers"),
        (lines(["1"], pay="a@b.cn"), r"transactions\.payment_method hold e-mail addresses"),
    ],
)
def test_where_asked_the_run_stops_at_the_first_place(shop, content, message):
    with pytest.raises(InputRejectedError, match=message) as refused:
        shop({"a.csv": content}, source=SOURCE, more=stop())
    assert not any(phone in str(refused.value) for phone in PHONES)


def test_order_numbers_that_look_like_phones_and_cards_stop_nothing(shop):
    orders = [f"1500000{n:04}" for n in range(40)] + [f"2026020100{n:06}" for n in range(40)]
    run, account = shop({"a.csv": lines(orders)}, source=SOURCE, more=stop())
    assert account.privacy.personal.empty
    assert sorted(sales(run)["order_id"]) == sorted(orders)


def test_a_return_names_its_order_by_the_same_code(shop):
    head = "no,at,sku,qty,price,who,undoes\n"
    rows = "".join(f"{no},2026-02-01,A,1,1,7,\n" for no in PHONES) + f"R1,2026-02-02,A,-1,1,7,{PHONES[2]}\n"
    source = {"columns": {name: column for name, column in SOURCE["columns"].items() if name not in
                          ("payment_method", "description")} | {"returned_order_id": "undoes"}}  # fmt: skip
    run, _account = shop({"a.csv": head + rows}, source=source)
    found = sales(run).set_index("line")
    assert found.loc[6, "returned_order_id"] == found.loc[4, "order_id"]


@pytest.mark.parametrize("number", [PHONES[0], "+86 144 1111 1111", "6222021234567890128", "11010519491231002X"])
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("transactions", "channel"), ("transactions", "payment_method"), ("transactions", "promotion_id"),
        ("transactions", "store_id"), ("customers", "tier"), ("products", "category"), ("products", "brand"),
        ("stores", "region"), ("stores", "name"), ("interactions", "touchpoint"), ("contacts", "campaign_id"),
        ("contacts", "arm"),
    ],
)  # fmt: skip
def test_one_number_of_a_person_is_enough_in_a_column_of_names(table, column, number):
    values = [*(f"name {letter}" for letter in "abcdefgh"), number]
    frame = pd.DataFrame(dict.fromkeys(_written(table), "x") | {FILE: "a.csv", LINE: range(1, 10), column: values})
    (found,) = [row for row in _look(table, Lines(ibis.memtable(frame))) if row[1] == column]
    assert (found[2] in {"phone", "bank_card", "id_card"}, found[3], found[6]) == (True, 1, 9)


def test_a_team_in_charge_may_not_be_a_person():
    rows = ibis.memtable(pd.DataFrame({
        "topic": ["price", None, "price"], "text": ["Too dear", None, "ask Emma Müller"],
        "owner": ["Returns desk", "Emma Müller, 144 1111 1111", "张伟明"],
    }))  # fmt: skip
    masked, changed = mask_texts("interactions", rows, rows, know_names(["Emma Müller", "张伟明"]))
    assert sorted(masked.to_pandas()["owner"]) == ["Returns desk", "[name]", "[name], [phone]"]
    assert changed == 3


def test_one_number_like_a_phone_among_order_numbers_is_chance():
    frame = pd.DataFrame(dict.fromkeys(_written("transactions"), "x") | {FILE: "a.csv", LINE: range(1, 3)})
    frame["order_id"] = ["1", PHONES[0]]
    assert list(_look("transactions", Lines(ibis.memtable(frame)))) == []


def test_one_phone_as_a_channel_is_in_no_table(shop):
    run, account = shop({"a.csv": lines(["1", "2"]) + lines(["3"], pay=PHONES[0])[len(HEAD) :]}, source=SOURCE)
    assert account.privacy.personal[["column", "kind", "line"]].values.tolist() == [["payment_method", "phone", 4]]
    assert not sales(run)["payment_method"].str.contains(PHONES[0]).any()


def test_a_number_in_a_file_s_name_is_on_no_page(shop):
    name = f"of {PHONES[0]}.csv"
    bad = "x,never,A,1,1,7,cash,tea\n"
    source = SOURCE | {"path": f"../data/{name}"}
    run, account = shop({name: lines(["1", "2"]) + bad}, source=source)
    assert account.examples["file"].tolist() == ["of [phone].csv"]
    assert set(sales(run)["source"]) == {"of [phone]"}
    assert len(pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")) == 1
