"""Which lines count: by a column's values, by the latest delivery of a key; what does not count is accounted for."""

from decimal import Decimal

import ibis
import pandas as pd
import pytest
import yaml

from crmlib.params import ParameterError, load_parameters
from crmlib.params.counting import Condition
from crmlib.prep.checking import check_sources
from crmlib.prep.counted import holds
from crmlib.prep.errors import InputRejectedError

HEADER = "no,line,at,sku,total,status,updated\n"
COLUMNS = {"order_id": "no", "line_id": "line", "ordered_at": "at", "product_id": "sku", "amount": "total"}


def _shop(shop, files, **more):
    files = {name: HEADER + text for name, text in files.items()}
    return shop(files, source={"columns": COLUMNS} | more.pop("source", {}), **more)


def _total(run):
    return sum(run.table("transactions").to_pandas()["amount"])


STATUSES = (
    "1,1,2026-02-01,a,1.00,Paid,\n2,1,2026-02-02,a,2.00, paid ,\n3,1,2026-02-02,a,4.00,ＰＡＩＤ,\n"
    "4,1,2026-02-02,a,8.00,cancelled,\n5,1,2026-02-02,a,16.00,,\n6,1,2026-02-02,a,32.00,1.0,\n"
)


COUNTED = [
    (["PAID"], 7),
    ("paid", 7),
    (["paid", "cancelled"], 15),
    ({"not": ["Cancelled"]}, 55),
    ({"filled": True}, 47),
    ({"filled": False}, 16),
    ({"filled": True, "not": "cancelled"}, 39),
    ([1], 32),
]


def test_lines_count_by_their_values(shop):
    files = {f"{n}.csv": HEADER + STATUSES for n in range(len(COUNTED))}
    sources = [
        {"name": name, "path": f"../data/{name}", "columns": COLUMNS, "where": {"status": condition}}
        for name, (condition, _total) in zip(files, COUNTED, strict=True)
    ]
    run, account = shop(files, sources={"transactions": sources}, cleaning={"duplicates": "keep"})
    clean, rows = run.table("transactions").to_pandas(), account.reconciliation.set_index("source")
    for name, (_condition, total) in zip(files, COUNTED, strict=True):
        assert sum(clean.loc[clean["source"] == name, "amount"]) == total
        assert rows.loc[name, "money_left_out"] == 63 - total
        assert rows.loc[name, ["lines_in", "quarantined"]].tolist() == [6, 0]
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert set(aside["source"]) == set(files)
    assert set(aside["fate"]) == {"left_out"}
    assert set(aside["reasons"]) == {"left_out"}


def test_what_is_left_out_is_no_fault_of_the_data(shop):
    text = "1,1,2026-02-01,a,1.00,ok,\nTotal,,,,abc,,\nTotal,,,,abc,,\n1,1,2026-02-01,a,1.00,ok,\n"
    _run, account = _shop(
        shop, {"a.csv": text}, source={"where": {"sku": {"filled": True}}}, cleaning={"duplicates": "all"}
    )
    row = account.reconciliation.iloc[0]
    assert row[["lines_in", "clean", "merged", "left_out", "quarantined"]].tolist() == [4, 1, 1, 2, 0]
    assert set(account.rules["rule"]) == {"left_out", "said_twice"}
    assert not account.examples["rule"].tolist()
    assert "leave out" in set(account.steps["step"])
    assert account.persons == 0


def test_a_line_that_does_not_split_is_not_left_out(shop):
    text = "1,1,2026-02-01,a,1.00,ok,\n1,2,3,4,5,6,7,8,9\n"
    _run, account = _shop(shop, {"a.csv": text}, source={"where": {"status": {"filled": True}}})
    assert account.reconciliation.iloc[0][["quarantined", "left_out"]].tolist() == [1, 0]


def test_conditions_are_checked(shop):
    with pytest.raises(ParameterError, match=r"where\.Status: a has no column 'Status'. Did you mean status\?"):
        _shop(shop, {"a.csv": STATUSES}, source={"path": "../data/a.csv", "where": {"Status": ["paid"]}})
    with pytest.raises(ParameterError, match="at least 1 item"):
        _shop(shop, {"a.csv": STATUSES}, source={"where": {"status": []}})
    with pytest.raises(ParameterError, match="says nothing"):
        _shop(shop, {"a.csv": STATUSES}, source={"where": {"status": {}}})
    with pytest.raises(ParameterError, match=r"unknown key .*\. Did you mean not\?"):
        _shop(shop, {"a.csv": STATUSES}, source={"where": {"status": {"nott": ["paid"]}}})
    with pytest.raises(InputRejectedError, match="leaves every order line out"):
        _shop(shop, {"a.csv": STATUSES}, source={"where": {"status": ["payed"]}})


def test_the_latest_file_replaces_a_key(shop):
    files = {
        "o-03.csv": "1,1,2026-02-01,a,1.00,open,\n2,1,2026-02-02,a,2.00,open,\n2,2,2026-02-02,b,4.00,open,\n",
        "o-04.csv": "2,1,2026-02-02,a,8.00,done,\n3,1,2026-02-03,a,16.00,open,\n",
    }
    run, account = _shop(shop, files, source={"latest": {"key": ["order_id"]}})
    assert _total(run) == 25
    assert account.rules.set_index("rule")["lines"].to_dict() == {"superseded": 2}
    by_line, _account = _shop(shop, files, source={"latest": {"key": ["order_id", "line_id"]}})
    assert _total(by_line) == 29


def test_the_latest_by_a_column(shop):
    text = (
        "1,1,2026-02-01,a,1.00,,2026-02-09 10:00\n1,1,2026-02-01,a,2.00,,2026-02-10 9:00\n"
        "1,1,2026-02-01,a,4.00,,\n2,1,2026-02-01,a,8.00,,\n"
    )
    latest = {"latest": {"key": ["order_id", "line_id"], "by": "updated"}}
    run, _account = _shop(shop, {"a.csv": text}, source=latest)
    assert _total(run) == 10
    counted = text.replace("2026-02-09 10:00", "9").replace("2026-02-10 9:00", "10")
    run, _account = _shop(shop, {"a.csv": counted}, source=latest)
    assert _total(run) == 10


def test_a_cancellation_delivered_later_counts(shop):
    files = {
        "a.csv": "1,1,2026-02-01,a,1.00,paid,\n2,1,2026-02-01,a,2.00,paid,\n",
        "b.csv": "1,1,2026-02-01,a,1.00,void,\n",
    }
    source = {"latest": {"key": "order_id"}, "where": {"status": ["paid"]}}
    run, account = _shop(shop, files, source=source)
    assert _total(run) == 2
    row = account.reconciliation.iloc[0]
    assert row[["merged", "left_out"]].tolist() == [1, 1]


def test_a_key_must_be_mapped(shop):
    with pytest.raises(ParameterError, match="'customer_id' is not mapped"):
        _shop(shop, {"a.csv": STATUSES}, source={"latest": {"key": ["customer_id"]}})


def test_the_latest_of_customers(shop):
    people = {"p1.csv": "id,town\n1,Ulm\n2,Bonn\n", "p2.csv": "id,town\n1,Trier\n"}
    run, account = shop(
        {"a.csv": HEADER + STATUSES} | people,
        source={"columns": COLUMNS, "path": "../data/a.csv"},
        sources={
            "customers": {
                "path": "../data/p*.csv", "columns": {"customer_id": "id", "city": "town"},
                "latest": {"key": ["customer_id"]},
            }
        },
    )  # fmt: skip
    assert sorted(run.table("customers").to_pandas()["city"]) == ["Bonn", "Trier"]
    assert account.rules.set_index("rule").loc["superseded", "lines"] == 1


def test_equal_lines_of_two_deliveries_are_still_merged(shop):
    line = "1,1,2026-02-01,a,1.00,,2026-02-09\n"
    latest = {"latest": {"key": ["order_id"], "by": "updated"}}
    run, account = _shop(shop, {"a.csv": line, "b.csv": line}, source=latest)
    assert _total(run) == Decimal(1)
    assert account.reconciliation.iloc[0]["merged"] == 1


def test_a_check_tells_what_counts(tmp_path):
    (tmp_path / "landed").mkdir()
    (tmp_path / "a.csv").write_text(HEADER + STATUSES)
    params = {
        "series": "shop",
        "title": "A shop",
        "sources": {
            "transactions": {
                "path": "a.csv",
                "columns": COLUMNS | {"refund": "updated"},
                "where": {"status": ["paid", "Closed"]},
            }
        },
    }
    (tmp_path / "shop.yaml").write_text(yaml.safe_dump(params))
    check = check_sources(load_parameters(tmp_path / "shop.yaml"), tmp_path / "landed")
    source = check.sources[0]
    assert (source.lines, source.clean, source.set_aside, source.left_out, source.made) == (6, 3, 0, 3, 0)
    assert check.absent == ("a: no line has Closed in status, which `where` or `returns` names",)
    assert check.problems == ()


def test_conditions_hold_whatever_the_case_and_the_blanks():
    t = ibis.memtable({"Status": ["Paid ", "cancelled", None, "İPTAL", "iptal"]})
    counts = holds(t, {"Status": Condition(**{"not": ["Cancelled", "İptal"]})})
    assert counts.name("counts").to_list() == [True, False, True, False, False]
