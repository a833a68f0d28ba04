"""Money given back beside a sale, and orders on a list of returns, are returns of their own."""

from decimal import Decimal

import pytest

from crmlib.params import ParameterError
from crmlib.prep.checking import check_sources

HEADER = "no,at,sku,qty,total,back,back_at,kind,who\n"
COLUMNS = {
    "order_id": "no", "ordered_at": "at", "product_id": "sku", "quantity": "qty", "amount": "total",
    "customer_id": "who",
}  # fmt: skip
REFUNDS = COLUMNS | {"refund": "back", "refunded_at": "back_at"}
LIST = {"orders": {"file": "returns", "column": "Order", "where": {"Returned": ["yes"]}}}


def _shop(shop, text, columns=REFUNDS, **more):
    return shop({"a.csv": HEADER + text}, source={"path": "../data/a.csv", "columns": columns}, **more)


def _frame(run):
    return run.table("transactions").to_pandas()


def test_a_refund_is_a_return_beside_its_sale(shop):
    run, account = _shop(shop, "1,2026-02-01,a,2,20.00,-5.00,2026-02-10 08:00,,c1\n2,2026-02-01,a,1,10.00,0,,,c1\n")
    frame = _frame(run)
    back = frame[frame["is_return"]].iloc[0]
    assert frame.loc[~frame["is_return"], "amount"].tolist() == [Decimal(20), Decimal(10)]
    assert (back["amount"], back["quantity"], back["returned_order_id"]) == (Decimal(-5), Decimal("-0.5"), "1")
    assert str(back["ordered_at"]) == "2026-02-10 08:00:00"
    assert frame["line_id"].is_unique
    assert account.reconciliation.iloc[0][["lines_in", "made", "clean"]].tolist() == [2, 1, 3]
    assert set(account.steps["step"]) >= {"take back"}


def test_it_finds_its_purchase(shop):
    run, _account = _shop(shop, "1,2026-02-01,a,2,20.00,20.00,,,c1\n1,2026-02-01,b,1,9.00,4.50,,,c1\n")
    matches = run.frame("return_matches")
    assert matches["matched_by"].tolist() == ["order", "order"]
    assert matches["amount"].tolist() == [Decimal(20), Decimal("4.5")]


def test_a_refund_never_comes_before_its_sale(shop):
    run, _account = _shop(shop, "1,2026-02-03,a,2,20.00,5.00,1970-01-01,,c1\n")
    assert _frame(run)["ordered_at"].nunique() == 1


def test_a_refund_is_held_to_the_same_last_day_as_its_sale(shop):
    text = "1,2026-02-01,a,2,20.00,5.00,2026-02-20,,c1\n2,2026-02-01,a,1,10.00,0,2026-02-20,,c1\n"
    run, account = _shop(shop, text, cleaning={"latest": "2026-02-20"})
    assert account.rules[["rule", "severity", "lines"]].to_numpy().tolist() == [["too_late", "quarantine", 1]]
    assert _frame(run)["order_id"].tolist() == ["2"]  # where nothing was given back, its day says nothing


def test_a_refund_dated_years_ahead_is_set_aside(shop):
    usual = "".join(f"{n},2026-01-{n % 28 + 1:02},a,1,1.00,,,,c{n}\n" for n in range(60))
    run, account = _shop(shop, usual + "99,2026-02-01,a,2,20.00,5.00,2091-02-02,,c1\n")
    assert account.rules[["rule", "lines"]].to_numpy().tolist() == [["far_ahead", 1]]
    assert not _frame(run)["is_return"].any()


def test_a_refund_after_the_period_is_not_seen_by_it(shop):
    text = "1,2026-02-01,a,2,20.00,5.00,2026-03-01,,c1\n"
    _run, account = _shop(shop, text)
    row = account.reconciliation.iloc[0]
    assert (row["clean"], row["after_as_of"], row["money_after_as_of"]) == (2, 1, Decimal(-5))


def test_a_return_and_its_refund_are_not_taken_off_twice(shop):
    text = "1,2026-02-01,a,1,20.00,,,sale,c1\n1,2026-02-02,a,1,20.00,20.00,,return,c1\n"
    columns = REFUNDS | {"is_return": "kind"}
    run, _account = _shop(shop, text.replace("sale", "no").replace("return", "yes"), columns)
    assert sum(_frame(run)["amount"]) == 0


def test_odd_refunds_are_told(shop):
    _run, account = _shop(shop, "1,2026-02-01,a,1,20.00,25.00,,,c1\n2,2026-02-01,a,1,0.00,5.00,,,c1\n")
    rules = account.rules.set_index("rule")["lines"]
    assert (rules["refund_beyond_sale"], rules["refund_without_sale"]) == (1, 1)


def test_a_refund_has_its_tax_taken_off(shop):
    run, account = _shop(shop, "1,2026-02-01,a,1,120.00,60.00,,,c1\n", cleaning={"tax": {"rate": 0.2}})
    frame = _frame(run).set_index("is_return")
    assert frame["amount"].to_dict() == {False: Decimal(100), True: Decimal(-50)}
    assert frame["tax"].to_dict() == {False: Decimal(20), True: Decimal(-10)}
    assert account.reconciliation.iloc[0]["money_made"] == Decimal(-50)


def test_listed_orders_are_taken_back_whole(shop):
    text = "1,2026-02-01,a,2,20.00,,,,c1\n1,2026-02-01,VOUCHER,1,-5.00,,,,c1\n2,2026-02-01,a,1,10.00,,,,c1\n"
    returns = "Returned,Order\nYes,1.0\nNo,2\nYes,77\n"
    run, account = shop(
        {"a.csv": HEADER + text, "returns.csv": returns},
        source={"path": "../data/a.csv", "columns": COLUMNS},
        cleaning={"returns": LIST, "non_products": ["VOUCHER"]},
        more={"files": {"returns": {"path": "../data/returns.csv"}}},
    )
    frame = _frame(run)
    assert sum(frame.loc[frame["order_id"] == "1", "amount"]) == 0
    assert sum(frame.loc[frame["is_return"] & frame["is_product"], "amount"]) == Decimal(-20)
    assert account.reconciliation.iloc[0]["made"] == 2


def _listed(shop, returns, **more):
    text = "".join(f"{n},2026-02-01,a,2,20.00,,,,c1\n" for n in range(1, 4))
    return shop(
        {"a.csv": HEADER + text, "returns.csv": returns},
        source={"path": "../data/a.csv", "columns": COLUMNS},
        cleaning={"returns": LIST},
        more={"files": {"returns": {"path": "../data/returns.csv"}}} | more,
    )


def test_listed_orders_that_nobody_delivered_are_counted(shop, tmp_path):
    run, account = _listed(shop, "Returned,Order\nYes,1\nYes,2\nYes,77\nYes,77\nNo,88\n")
    rules = account.rules.set_index("rule")
    assert rules.loc["unknown_listed_order", "lines"] == 1
    assert account.doubts == ()
    seen = "returns: 1 of the 3 returned orders that it names is in no source, and nothing is taken back for it"
    check = check_sources(run.params, tmp_path)
    assert (check.absent, check.doubts) == ((seen,), ())


@pytest.mark.parametrize(
    ("returns", "seen"),
    [
        ("Returned,Order\nYes,1\nYes,R-2\nYes,R-3\n", "2 of the 3 returned orders that it names are in no source"),
        ("Returned,Order\nJa,1\n", "none of its lines names a returned order"),
    ],
)
def test_a_list_of_other_numbers_is_a_doubt_that_a_person_may_stand_by(shop, tmp_path, returns, seen):
    run, account = _listed(shop, returns)
    assert [seen in each for each in account.doubts] == [True]
    found = check_sources(run.params, tmp_path).doubts
    assert [(each.key, each.decides, seen in each.seen) for each in found] == [
        ("unknown_listed_order", "returns", True)
    ]
    _run, account = _listed(shop, returns, questions={"unknown_listed_order": {"answer": "as_mapped"}})
    assert account.doubts == ()


def test_a_list_without_lines_is_nobodys_fault(shop):
    _run, account = _listed(shop, "Returned,Order\n")
    assert account.doubts == ()
    assert account.rules.empty


def test_a_list_must_be_there(shop):
    with pytest.raises(ParameterError, match="there is no 'returns' under `files`"):
        _shop(shop, "", COLUMNS, cleaning={"returns": LIST})
    with pytest.raises(ParameterError, match=r"returns has no column 'Order'. Did you mean Order No\?"):
        shop(
            {"a.csv": HEADER + "1,2026-02-01,a,2,20.00,,,,c1\n", "returns.csv": "Returned,Order No\n"},
            source={"path": "../data/a.csv", "columns": COLUMNS},
            cleaning={"returns": LIST},
            more={"files": {"returns": {"path": "../data/returns.csv"}}},
        )


def test_without_refunds_nothing_is_made(shop):
    run, account = _shop(shop, "1,2026-02-01,a,2,20.00,5.00,,,c1\n", COLUMNS)
    assert len(_frame(run)) == 1
    assert not account.reconciliation["made"].any()
