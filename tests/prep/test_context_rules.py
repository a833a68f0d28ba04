"""Tables refer to one another, and values have bounds: what leads nowhere or cannot be is counted, or set aside."""

from decimal import Decimal

import pandas as pd
import pytest

from crmlib.params import ParameterError
from crmlib.prep import InputRejectedError

LINES = "no,at,sku,qty,price,who,shop,undoes\n"
COLUMNS = {
    "order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "unit_price": "price",
    "customer_id": "who", "store_id": "shop", "returned_order_id": "undoes",
}  # fmt: skip
FILES = {
    "lines.csv": LINES
    + "1,2026-02-01,A,1,2,7,S1,\n"
    + "2,2026-02-02,B,1,3,8,S1,\n"
    + "3,2026-02-03,X,1,4,9,S9,\n"
    + "4,2026-02-04,A,-1,2,7,S1,1\n"
    + "5,2026-02-05,A,-1,2,,,77\n",
    "people.csv": "id,born,joined,age\n"
    "7,1980-01-01,2020-01-01,\n8,2031-01-01,2020-01-01,\n8x,1880-01-01,2020-01-01,140\n",
    "products.csv": "sku,name,cost\nA,Tea,1\nB,Pot,-2\n",
    "stores.csv": "shop,name\nS1,Centre\n",
    "answers.csv": "id,at,who,order,nps,all\n1,2026-02-06,7,1,10,5\n2,2026-02-06,nobody,99,11,-1\n3,,7,2,,\n",
    "letters.csv": "campaign,who,at,cost\nspring,7,2026-02-01,1\nspring,zz,2026-02-01,-1\n",
}
SOURCES = {
    "customers": {
        "path": "../data/people.csv",
        "columns": {"customer_id": "id", "birth_date": "born", "joined_at": "joined", "age": "age"},
    },
    "products": {"path": "../data/products.csv", "columns": {"product_id": "sku", "name": "name", "unit_cost": "cost"}},
    "stores": {"path": "../data/stores.csv", "columns": {"store_id": "shop", "name": "name"}},
    "surveys": {
        "path": "../data/answers.csv",
        "columns": {
            "response_id": "id", "answered_at": "at", "customer_id": "who", "order_id": "order",
            "score_recommend": "nps", "score_satisfaction": "all",
        },
    },
    "contacts": {
        "path": "../data/letters.csv",
        "columns": {"campaign_id": "campaign", "customer_id": "who", "contacted_at": "at", "cost": "cost"},
    },
}  # fmt: skip


@pytest.fixture
def whole_shop(shop):
    def prepared(tables=tuple(SOURCES), **cleaning):
        chosen = {name: SOURCES[name] for name in tables}
        source = {"path": "../data/lines.csv", "columns": COLUMNS}
        return shop(FILES, source=source, sources=chosen, cleaning=cleaning)

    return prepared


def counted(account):
    return {(rule.table, rule.rule): (rule.severity, rule.lines) for rule in account.rules.itertuples()}


def test_references_that_lead_nowhere_are_counted_and_kept(whole_shop):
    run, account = whole_shop()
    assert counted(account) == {
        ("transactions", "unknown_product_id"): ("warn", 1),
        ("transactions", "unknown_store_id"): ("warn", 1),
        ("transactions", "unknown_customer_id"): ("warn", 1),
        ("transactions", "unknown_returned_order_id"): ("warn", 1),
        ("customers", "outside_birth_date"): ("warn", 2),
        ("customers", "outside_age"): ("warn", 1),
        ("products", "outside_unit_cost"): ("warn", 1),
        ("surveys", "placeholder_customer_id"): ("warn", 1),
        ("surveys", "unknown_order_id"): ("warn", 1),
        ("surveys", "outside_score_recommend"): ("warn", 1),
        ("surveys", "outside_score_satisfaction"): ("warn", 1),
        ("contacts", "unknown_customer_id"): ("warn", 1),
        ("contacts", "outside_cost"): ("warn", 1),
    }
    assert len(pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")) == 5
    assert set(account.rules["meaning"]) >= {"product id is in no other table that should know it"}


def test_without_the_other_table_nothing_is_asked(whole_shop):
    _run, account = whole_shop(tables=("stores",))
    assert list(counted(account)) == [
        ("transactions", "unknown_store_id"),
        ("transactions", "unknown_returned_order_id"),
    ]


def test_a_reference_can_set_a_line_aside_with_its_money(whole_shop):
    run, account = whole_shop(severity={"unknown_product_id": "quarantine", "unknown_order_id": "quarantine"})
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert aside[["reasons", "file", "line"]].values.tolist() == [["unknown_product_id", "lines.csv", 4]]
    assert aside["amount"].tolist() == [Decimal(4)]
    assert counted(account)["transactions", "unknown_product_id"] == ("quarantine", 1)
    aside = pd.read_parquet(run.run_dir / "quarantine" / "surveys.parquet")
    assert aside[["reasons", "line"]].values.tolist() == [["unknown_order_id", 3]]


def test_a_reference_can_stop_the_run(whole_shop):
    with pytest.raises(InputRejectedError, match=r"lines\.csv, line 4: .*unknown_store_id"):
        whole_shop(severity={"unknown_store_id": "stop"})


def test_many_unknown_values_are_counted_too(shop):
    lines = LINES + "".join(f"{i},2026-02-01,P{i},1,1,,S1,\n" for i in range(500))
    files = {"lines.csv": lines + "x,2026-02-01,A,1,1,,S1,\n", "products.csv": FILES["products.csv"]}
    source = {"path": "../data/lines.csv", "columns": COLUMNS}
    products = {"products": SOURCES["products"]}
    run, account = shop(files, source=source, sources=products)
    assert counted(account)["transactions", "unknown_product_id"] == ("warn", 500)
    rules = {"severity": {"unknown_product_id": "quarantine"}}
    run, account = shop(files, source=source, sources=products, cleaning=rules)
    assert account.reconciliation.loc[0, ["clean", "quarantined"]].tolist() == [1, 500]
    assert pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")["order_id"].tolist() == ["x"]


def test_ranges_of_the_parameters_replace_the_usual_ones(whole_shop):
    ranges = {"quantity": [None, 0], "score_recommend": [0, 20]}
    _run, account = whole_shop(ranges=ranges, severity={"outside_quantity": "quarantine"})
    found = counted(account)
    assert found["transactions", "outside_quantity"] == ("quarantine", 3)
    assert ("surveys", "outside_score_recommend") not in found


def test_a_declared_scale_is_the_range_of_its_score(shop):
    scales = {"score_recommend": {"missing": [11]}, "score_satisfaction": {"low": 1, "high": 4, "missing": [-1]}}
    source = {"path": "../data/lines.csv", "columns": COLUMNS}
    surveys = {"surveys": SOURCES["surveys"]}
    _run, account = shop(FILES, source=source, sources=surveys, more={"satisfaction": {"scales": scales}})
    assert ("surveys", "outside_score_recommend") not in counted(account)
    assert counted(account)["surveys", "outside_score_satisfaction"] == ("warn", 1)


@pytest.mark.parametrize(
    ("ranges", "message"),
    [
        ({"quantty": [0, 1]}, r"no table has a number 'quantty'. Did you mean quantity\?"),
        ({"cost": [2, 1]}, "at least 2"),
    ],
)
def test_ranges_that_cannot_be_are_refused(whole_shop, ranges, message):
    with pytest.raises(ParameterError, match=message):
        whole_shop(ranges=ranges)


def test_a_return_may_book_its_cost_back(shop):
    text = "no,at,qty,price,cost\n1,2026-02-01,-1,2,-1\n2,2026-02-01,1,2,-1\n3,2026-02-01,1,-2,1\n"
    columns = {"order_id": "no", "ordered_at": "at", "quantity": "qty", "unit_price": "price", "cost": "cost"}
    _run, account = shop({"a.csv": text}, source={"columns": columns})
    # the third line's amount is below zero, which makes it a return too
    assert counted(account) == {("transactions", "outside_cost"): ("warn", 1)}
