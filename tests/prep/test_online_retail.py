"""The widely quoted clean set of Online Retail comes out of a filter on our clean table."""

from decimal import Decimal

import pandas as pd
import pytest

from crmlib.prep import Study, prepare
from crmlib.workspace import open_run

pytestmark = pytest.mark.shared_data


def quoted(run):
    """Customer present, not cancelled, quantity and price above zero: lines, customers, money."""
    table = run.table("transactions")
    kept = table.filter(table.customer_id.notnull() & ~table.is_return & (table.quantity > 0) & (table.unit_price > 0))
    found = kept.agg(lines=kept.count(), customers=kept.customer_id.nunique(), money=kept.amount.sum()).to_pandas()
    return int(found["lines"][0]), int(found["customers"][0]), Decimal(found["money"][0]).quantize(Decimal("0.01"))


@pytest.fixture(scope="module")
def prepared(shared_data, project, tmp_path_factory):
    assert shared_data.is_dir()

    def _prepare(duplicates):
        folder = tmp_path_factory.mktemp(duplicates) / "work" / "online-retail" / "2011-11"
        run = open_run(
            project / "params" / "online_retail.yaml", run_dir=folder, knobs={"cleaning.duplicates": duplicates}
        )
        return run, prepare(run)

    return _prepare


@pytest.fixture(scope="module")
def kept(prepared):
    return prepared("across_files")


def test_with_repeated_lines_kept(kept):
    run, account = kept
    assert account.reconciliation["lines_in"].tolist() == [541_909]
    assert quoted(run) == (397_884, 4_338, Decimal("8911407.90"))
    assert Study(run, account).seen.known == pytest.approx(0.754, abs=5e-4)  # 389,168 of 516,384 lines, to three digits


def test_most_cancellations_find_the_purchase_they_undo(kept, by_hand):
    run, _account = kept
    found = pd.read_parquet(run.run_dir / "tables" / "return_matches.parquet")  # money to the last decimal
    lines = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")
    back = lines[lines["is_return"] & lines["is_product"]]
    known = back[back["customer_id"].notna()]
    matched = found[found["matched_by"] != "none"]
    # a cancellation's number is none of an order, so customer, product and quantity decide; the rest cancels what was
    # bought before December 2010, or more than that
    assert set(matched["matched_by"]) == {"customer"}
    assert set(found["line"].astype(str) + found["file"]) == set(back["line"].astype(str) + back["file"])
    assert found["amount"].sum() == -back["amount"].sum()
    assert matched.groupby(["file", "line"]).ngroups / len(known) == pytest.approx(0.876, abs=0.0005)  # 7,483 of 8,539
    some = sorted(known["customer_id"].unique())[::25]
    sample = lines[lines["customer_id"].isin(some)]
    assert len(some) > 50
    assert by_hand.told(found[found["customer_id"].isin(some)]) == by_hand.matched(sample, prefix="C")


def test_with_repeated_lines_merged(prepared):
    run, account = prepared("all")
    # 541,909 lines, 536,641 of them different: the difference is what pandas' drop_duplicates leaves out
    assert account.reconciliation[["clean", "merged"]].values.tolist() == [[536_641, 5_268]]
    assert quoted(run) == (392_692, 4_338, Decimal("8887208.89"))


def test_orders_are_the_lines_exactly(kept, orders_equal_lines):
    run, _account = kept
    assert len(orders_equal_lines(run)) >= 25_900
