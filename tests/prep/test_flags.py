"""Lines that are out of the ordinary are flagged and kept: adjustments, accounts, outliers; vouchers are no returns."""

from decimal import Decimal

import pandas as pd
import pytest
from pydantic import ValidationError

from crmlib.params.cleaning import AccountRules, AdjustmentRules, CleaningSection

HEADER = "no,at,sku,qty,price,who,text\n"
COLUMNS = {
    "order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "unit_price": "price",
    "customer_id": "who", "description": "text",
}  # fmt: skip


@pytest.fixture
def sold(shop):
    """Give a function that prepares order lines and gives them back clean, in their order."""

    def clean(*rows, **cleaning):
        text = HEADER + "".join(f"{row}\n" for row in rows)
        run, account = shop({"a.csv": text}, cleaning=cleaning, source={"columns": COLUMNS})
        frame = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet").sort_values("line")
        return frame.reset_index(drop=True), account

    return clean


def test_stock_adjustments_are_told_from_returns_and_gifts(sold):
    frame, account = sold(
        "1,2026-02-01,A,-5,0,,damages", "2,2026-02-01,A,9,0,,FOUND again", "3,2026-02-01,A,9,0,,",
        "4,2026-02-01,A,-2,0,,",
        "5,2026-02-01,A,1,0,,a lost lamb of china", "6,2026-02-01,A,1,0,,Sample biscuits", "7,2026-02-01,A,-1,0,7,lamp",
        "8,2026-02-01,A,-1,5,,damaged", "9,2026-02-01,A,3,0,,盘点调整",
    )  # fmt: skip
    assert frame["is_adjustment"].tolist() == [True, True, True, True, True, False, False, False, True]
    assert frame["is_return"].tolist() == [False, False, False, False, False, False, True, True, False]
    assert frame["is_product"].tolist() == [False, False, False, False, False, True, True, True, False]
    assert not frame["is_purchase"].any()
    assert account.reconciliation["clean"].tolist() == [9]


def test_adjustments_follow_the_parameters(sold):
    rules = {"pattern": "^found$", "negative_quantity": False, "no_description": False}
    frame, _account = sold("1,2026-02-01,A,-5,0,,damages", "2,2026-02-01,A,9,0,,found", "3,2026-02-01,A,9,0,,",
                           adjustments=rules)  # fmt: skip
    assert frame["is_adjustment"].tolist() == [False, True, False]


def test_a_voucher_is_no_return_and_a_cancelled_postage_is(sold):
    frame, _account = sold(
        "1,2026-02-01,VOUCHER,1,-10,7,voucher", "C2,2026-02-01,POST,-1,5,7,postage", "3,2026-02-01,A,-1,5,7,lamp",
        non_products=["VOUCHER", "POST"], returns={"order_id_prefix": "C"},
    )  # fmt: skip
    assert frame["is_product"].tolist() == [False, False, True]
    assert frame["is_return"].tolist() == [False, True, True]
    assert frame["amount"].tolist() == [Decimal(-10), Decimal(-5), Decimal(-5)]


def test_accounts_are_flagged_and_stay(sold):
    wholesale = [f"W{n},2026-02-0{n},A,120,1,big,lamp" for n in (1, 2, 3)]
    frame, _account = sold(
        "1,2026-02-01,A,1,1,900,lamp", "2,2026-02-01,A,1,1,test01,lamp", "3,2026-02-01,A,1,1,7,lamp",
        "4,2026-02-01,A,1,1,,lamp", *wholesale, "5,2026-02-01,A,500,1,once,lamp",
        accounts={"staff_ids": ["900"]},
    )  # fmt: skip
    kinds = [None if pd.isna(kind) else kind for kind in frame["account_kind"]]
    assert kinds == ["staff", "test", None, None, "wholesale", "wholesale", "wholesale", None]
    assert frame["customer_id"].notna().tolist() == [True, True, True, False, True, True, True, True]
    assert frame["is_purchase"].all()


def test_a_reseller_is_judged_by_what_the_report_sees(sold):
    later = [f"W{n},2026-03-0{n},A,120,1,big,lamp" for n in (1, 2, 3)]  # the report ends before March
    frame, _account = sold("1,2026-02-01,A,1,1,big,lamp", *later)
    assert frame["account_kind"].isna().all()


def test_flagged_accounts_may_lose_their_number_and_keep_their_sales(sold):
    frame, account = sold(
        "1,2026-02-01,A,1,2,S900,lamp", ",2026-02-01,A,1,3,test01,lamp", "3,2026-02-01,A,1,4,7,lamp",
        accounts={"staff_pattern": "^S[0-9]+$", "as_anonymous": ["staff", "test"]},
    )  # fmt: skip
    assert frame["customer_id"].notna().tolist() == [False, False, True]
    assert frame["account_kind"].fillna("-").tolist() == ["staff", "test", "-"]
    assert frame["order_id"].tolist() == ["1", "a.csv/3", "3"]  # no number is made of a customer who is nobody now
    assert account.reconciliation["money_clean"].tolist() == [Decimal(9)]


def test_prices_and_quantities_far_from_the_products_own_are_flagged(sold):
    usual = [f"{n},2026-02-01,A,{1 + n % 3},{10 + n % 2},7,lamp" for n in range(30)]
    frame, _account = sold(
        *usual, "x,2026-02-01,A,1,1000,7,lamp", "x,2026-02-01,A,1,0.10,7,lamp", "x,2026-02-01,A,600,10,7,lamp",
        "x,2026-02-01,A,1,20,7,lamp", "x,2026-02-01,B,1,1000,7,chair", "C,2026-02-01,A,-900,10,7,lamp",
    )  # fmt: skip
    assert frame["is_price_outlier"].tolist() == [False] * 30 + [True, True, False, False, False, False]
    assert frame["is_quantity_outlier"].tolist() == [False] * 30 + [False, False, True, False, False, True]
    assert frame["is_purchase"].sum() == 35


def test_nothing_is_an_outlier_where_the_parameters_ask_for_none(sold):
    usual = [f"{n},2026-02-01,A,1,10,7,lamp" for n in range(20)]
    frame, _account = sold(*usual, "x,2026-02-01,A,900,1000,7,lamp", outliers=None)
    assert not frame[["is_price_outlier", "is_quantity_outlier"]].any(axis=None)


def test_a_ratio_that_is_just_the_limit_is_not_beyond_it(sold):
    usual = [f"{n},2026-02-01,A,1,10,7,lamp" for n in range(20)]
    frame, _account = sold(*usual, "x,2026-02-01,A,1,50,7,lamp", "x,2026-02-01,A,1,50.01,7,lamp")
    assert frame["is_price_outlier"].tolist()[-2:] == [False, True]


@pytest.mark.parametrize("pattern", ["(", "[a-"])
def test_a_pattern_that_is_none_is_refused(pattern):
    with pytest.raises(ValidationError, match="is no regular expression"):
        AccountRules(staff_pattern=pattern)
    with pytest.raises(ValidationError, match="is no regular expression"):
        AdjustmentRules(pattern=pattern)


@pytest.mark.parametrize("wrong", [{"as_anonymous": ["dogs"]}, {"wholesale": {"orders": 0}}])
def test_rules_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValidationError):
        CleaningSection(accounts=wrong)
