"""Columns that come with a type: nothing is taken for a time, a yes or a number that it is not."""

import io

import ibis
import pandas as pd
import pytest

from crmlib.prep.typed import fitting, without_stand_ins

LINES = "no,at,sku,qty,price,who\n1,2026-01-05,A,1,5,7\n"
PEOPLE = {"customer_id": "id", "birth_date": "born", "joined_at": "joined", "consent": "agreed"}


def parquet(**columns):
    out = io.BytesIO()
    pd.DataFrame(columns).to_parquet(out, index=False)
    return out.getvalue()


def sold(**columns):
    """Write order lines as Parquet; what is not given is usual."""
    usual = {
        "no": ["1", "2"],
        "at": ["2026-01-05", "2026-01-06"],
        "sku": ["A", "B"],
        "qty": [1, 2],
        "price": [5.0, 5.0],
    }
    return {"a.parquet": parquet(**(usual | {"who": ["7", "8"]} | columns))}


def reasons(run):
    return pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")["reasons"].tolist()


SOURCE = {"path": "../data/*.parquet"}


def by_file(shop, times):
    """Prepare files whose times have a type of their own, each a source."""
    files = {f"{n}.parquet": sold(at=given)["a.parquet"] for n, given in enumerate(times)}
    columns = {"order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "unit_price": "price"}
    columns |= {"customer_id": "who"}
    sources = [{"name": name, "path": f"../data/{name}", "columns": columns} for name in files]
    run, _account = shop(files, sources={"transactions": sources}, cleaning={"duplicates": "keep"})
    return run


def test_a_number_is_the_day_that_it_says(shop):
    days = [[20260105, 20260106], [46027, 46028], [46027.0, 46028.5], [202601051030, 202601060000]]
    clean = pd.read_parquet(by_file(shop, days).run_dir / "clean" / "transactions.parquet")
    for _file, lines in clean.sort_values(["file", "line"]).groupby("file"):
        assert lines["ordered_at"].dt.strftime("%Y-%m-%d").tolist() == ["2026-01-05", "2026-01-06"]
    assert clean["file"].nunique() == len(days)


def test_what_is_no_day_is_set_aside(shop):
    run = by_file(shop, [[1767312000000, 1767398400000], [True, False], [b"\xff", b"\xfe"]])
    assert reasons(run) == ["unreadable_ordered_at"] * 6


def test_stand_ins_for_a_missing_value_hold_for_typed_columns(shop):
    files = sold(qty=[1, -99], price=[-99.0, 5.0])
    run, _account = shop(files, source=SOURCE | {"missing": ["-99"]})
    assert reasons(run) == ["missing_amount", "missing_amount"]


def test_a_day_that_stands_for_a_missing_one_is_emptied(shop):
    files = sold(at=pd.to_datetime(["1900-01-01", "2026-01-06"]))
    run, _account = shop(files, source=SOURCE | {"missing": ["1900-01-01"]})
    assert reasons(run) == ["missing_ordered_at"]


@pytest.mark.parametrize(("agreed", "kept"), [([1, 2, -99, 0], 2), ([1.0, float("nan"), -99.0, 0.0], 3)])
def test_no_number_but_one_is_a_yes_and_one_that_is_neither_withholds(shop, agreed, kept):
    people = parquet(id=["7", "8", "9", "10"], born=[19900512] * 4, joined=[20250101] * 4, agreed=agreed)
    customers = {"path": "../data/people.pq", "format": "parquet", "missing": ["-99"], "columns": PEOPLE}
    run, account = shop({"a.csv": LINES, "people.pq": people}, sources={"customers": customers})
    clean = pd.read_parquet(run.run_dir / "clean" / "customers.parquet")
    assert clean["birth_year"].tolist() == [1990] * kept
    assert clean["joined_at"].astype("str").tolist() == ["2025-01-01"] * kept
    assert (account.privacy.agreed, account.privacy.refused) == (1, 4 - kept)


def test_a_type_that_does_not_fit_is_read_as_text_and_stand_ins_are_emptied():
    t = ibis.memtable({"day": [20260102, 1], "agreed": [1.0, 0.5], "quantity": [1, -99]})
    assert fitting(t.day, "timestamp").name("x").to_list() == ["20260102", "1"]
    assert fitting(t.agreed, "flag").name("x").to_list() == ["1", "0.5"]
    assert without_stand_ins(t.quantity, ["-99", "n/a"]).isnull().name("empty").to_list() == [False, True]
