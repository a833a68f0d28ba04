"""The demo's planted dirt is found again: lines, money, persons; and nobody's phone leaves preparation."""

import shutil
from itertools import combinations

import ibis
import pandas as pd
import pytest

from crmlib.demo import write_raw_files
from crmlib.params.cleaning import ReturnsRules
from crmlib.prep import prepare
from crmlib.prep.persons.register import open_register
from crmlib.prep.returns import match_returns
from crmlib.prep.staging import stage
from crmlib.tables import DERIVED
from crmlib.workspace import open_run

MEMBERS = 600


@pytest.fixture(scope="module")
def demo(tmp_path_factory, project):
    home = tmp_path_factory.mktemp("demo")
    raw = write_raw_files(home / "work" / "demo" / "raw", size=MEMBERS)
    (home / "params").mkdir()
    shutil.copy(project / "params" / "demo.yaml", home / "params")
    run = open_run(home / "params" / "demo.yaml")
    return run, prepare(run), raw


def test_every_delivered_line_is_accounted_for(demo):
    _run, account, raw = demo
    delivered = raw.deliveries.groupby("table")["lines"].sum()
    counted = account.reconciliation.groupby("table")["lines_in"].sum()
    assert counted.to_dict() == delivered.to_dict()


def test_every_coin_is_accounted_for(demo):
    _run, account, raw = demo
    delivered = raw.deliveries.loc[raw.deliveries["table"] == "transactions", "amount"].sum()
    # the demo gives money as floats: half a cent over all lines
    assert float(account.reconciliation["money_in"].sum()) == pytest.approx(delivered, abs=0.005)


def test_sales_are_the_planted_ones_to_the_cent(demo):
    run, account, raw = demo
    clean = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    lost = account.reconciliation["money_quarantined"].sum()
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert lost == aside.loc[aside["fate"] == "quarantined", "amount"].sum()
    planted = raw.truth.sales[["lines", "amount"]].sum()
    quarantined = int((aside["fate"] == "quarantined").sum())
    assert planted["lines"] - quarantined <= len(clean) <= planted["lines"]


def test_persons_are_found_again(demo):
    run, _account, raw = demo
    truth = raw.truth.accounts
    truth = truth.assign(
        number=[a if s == "till" else f"{s}:{a}" for s, a in zip(truth["system"], truth["account"], strict=True)]
    )
    crosswalk = open_register(run.params, run.state_dir).contacts.set_index("number")["pseudonym"]
    found = truth.assign(pseudonym=truth["number"].map(crosswalk)).dropna(subset=["pseudonym"])
    pairs = lambda key: {p for _k, n in found.groupby(key)["number"] for p in combinations(sorted(n), 2)}  # noqa: E731
    true, joined = pairs("person"), pairs("pseudonym")
    assert len(joined & true) / len(joined) >= 0.995  # the precision
    assert len(joined & true) / len(true) >= 0.95  # the recall


def test_no_secret_leaves_preparation(demo):
    run, _account, raw = demo
    secrets = raw.truth.secrets
    hidden = secrets.loc[secrets["kind"].isin(["phone", "email"]), "value"].dropna()
    for path in (run.run_dir / "clean").glob("*.parquet"):
        frame = pd.read_parquet(path)
        texts = frame.select_dtypes(include=["object", "str"]).astype(str)
        everything = "\n".join(str(value) for name in texts for value in texts[name].unique())
        assert [each for each in hidden if each in everything] == [], path.stem


def test_masked_comments_are_counted(demo):
    _run, account, raw = demo
    planted = raw.dirt.loc[raw.dirt["kind"] == "personal data in text", "lines"].sum()
    assert 0 < account.masked <= planted


def test_personal_data_are_found_where_they_were_planted_and_nowhere_else(demo):
    _run, account, raw = demo
    found = account.privacy.personal
    assert set(zip(found["table"], found["column"], strict=True)) == {("surveys", "comment"), ("interactions", "text")}
    assert set(found["kind"]) == {"phone", "email"}
    planted = raw.dirt.loc[raw.dirt["kind"] == "personal data in text", "lines"].sum()
    assert planted / 2 < found["values"].sum() <= planted


def test_who_refused_analysis_stands_in_no_customer_table(demo):
    run, account, _raw = demo
    members = pd.read_excel(run.params.home / "work/demo/raw/members.xlsx", sheet_name="会员", engine="calamine")
    refused = members.loc[members["同意分析"] == "否", "会员号"].astype(str)
    persons = open_register(run.params, run.state_dir)
    assert 0 < account.privacy.refused <= len(refused)
    assert account.privacy.withheld == account.privacy.refused
    assert not persons.numbers["number"].isin(refused).any()
    customers = pd.read_parquet(run.run_dir / "clean" / "customers.parquet")
    assert set(customers["consent"].dropna()) == {True}


def test_no_customer_is_named_in_a_comment(demo):
    run, _account, _raw = demo
    members = pd.read_excel(run.params.home / "work/demo/raw/members.xlsx", sheet_name="会员", engine="calamine")
    names = {name.strip().lower() for name in members["姓名"].dropna() if len(name.strip()) > 1}
    assert len(names) > MEMBERS / 2
    said = []
    for table, column in (("surveys", "comment"), ("interactions", "text")):
        said += pd.read_parquet(run.run_dir / "clean" / f"{table}.parquet")[column].dropna().unique().tolist()
    assert any("[name]" in text for text in said)
    assert [name for name in names if any(name in text.lower() for text in said)] == []


def test_returns_find_the_order_they_name(demo):
    run, _account, _raw = demo
    lines = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    found = run.frame("return_matches")
    named = lines[lines["returned_order_id"].notna()]
    told = found.merge(named, on=["source", "file", "line"], suffixes=("", "_of_line"))
    # every order that a return names was delivered, but for the few lines in quarantine
    assert (told["matched_by"] == "order").mean() > 0.98
    matched = told[told["matched_by"] == "order"]
    assert (matched["purchase_order_id"] == matched["returned_order_id"]).all()


def test_without_the_orders_number_the_same_purchase_is_found(demo, tmp_path):
    run, _account, _raw = demo
    lines = run.table("transactions").mutate(returned_order_id=ibis.null("string"))
    found = match_returns(lines, ReturnsRules(), lambda e, name: stage(run.con, e, tmp_path, f"blind_{name}"))
    named = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet").dropna(subset=["returned_order_id"])
    told = found.to_pandas().merge(named, on=["source", "file", "line"], suffixes=("", "_of_line"))
    told = told[told["customer_id"].notna() & (told["matched_by"] == "customer")]
    assert len(told) > 20
    assert (told["purchase_order_id"] == told["returned_order_id"]).mean() > 0.95


def test_vouchers_and_stock_taking_are_no_returns(demo):
    run, _account, raw = demo
    planted = raw.truth.sales.groupby("kind")["lines"].sum()
    lines = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    lost = int((aside["fate"] == "quarantined").sum())
    assert planted["return"] - lost <= lines["is_return"].sum() <= planted["return"]
    assert planted["service"] - lost <= (~lines["is_product"]).sum() <= planted["service"]
    assert not (lines["is_return"] & ~lines["is_product"]).any()


def test_orders_are_the_lines_exactly(demo, orders_equal_lines):
    run, _account, _raw = demo
    orders = orders_equal_lines(run)
    assert (orders["parts"] == 1).mean() > 0.95
    assert orders["points_redeemed"].notna().any()
    assert list(orders.columns) == [column.name for column in DERIVED["orders"].clean]
    lines = run.table("transactions").left_join(run.table("products").select("product_id", "unit_cost"), "product_id")
    made = (lines.unit_cost * lines.quantity).cast("decimal(38, 8)").round(4).cast("decimal(18, 4)")
    costs = lines.mutate(known=ibis.coalesce(lines.cost, made)).filter(lines.is_purchase)
    by_lines = costs.agg(cost=costs.known.sum(), costed=costs.amount.sum(where=costs.known.notnull())).to_pandas()
    for name in ("cost", "costed"):
        assert sum(orders[name].dropna()) == by_lines[name].iloc[0]
