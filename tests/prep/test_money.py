"""Money is counted in the report's currency and net of tax; what cannot be converted is set aside."""

from decimal import Decimal

import pandas as pd
import pytest
from pydantic import ValidationError

from crmlib.params.cleaning import CleaningSection, TaxRules
from crmlib.prep import Study, show_lines

COLUMNS = {
    "order_id": "no", "ordered_at": "at", "quantity": "qty", "unit_price": "price", "cost": "cost", "currency": "cur",
}  # fmt: skip
HEADER = "no,at,qty,price,cost,cur\n"


def clean(run):
    return pd.read_parquet(run.run_dir / "clean" / "transactions.parquet").sort_values("line", ignore_index=True)


def test_foreign_money_is_converted_and_unknown_currencies_are_set_aside(shop):
    rows = "1,2026-02-01,2,10,4,EUR\n2,2026-02-01,2,10,4,usd\n3,2026-02-01,1,3,1,\n4,2026-02-01,1,5,2,XYZ\n"
    run, account = shop(
        {"a.csv": HEADER + rows}, source={"columns": COLUMNS}, cleaning={"currencies": {"USD": 0.8}},
        more={"currency": "EUR"},
    )  # fmt: skip
    frame = clean(run)
    assert frame["amount"].tolist() == [Decimal(20), Decimal(16), Decimal(3)]
    assert frame["unit_price"].tolist() == [Decimal(10), Decimal(8), Decimal(3)]
    assert frame["cost"].tolist() == [Decimal(4), Decimal("3.2"), Decimal(1)]
    assert frame["currency"].fillna("-").tolist() == ["EUR", "USD", "-"]
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert aside[["reasons", "line"]].values.tolist() == [["unknown_currency", 5]]
    assert account.reconciliation[["money_in", "money_clean", "money_unknown"]].values.tolist() == [[39, 39, 1]]


def test_the_page_says_what_was_done_to_the_money(shop):
    rules = {"currencies": {"USD": 0.8}, "tax": {"rate": 0.2}}
    run, account = shop({"a.csv": HEADER + "1,2026-02-01,2,12,4,USD\n"}, source={"columns": COLUMNS}, cleaning=rules)
    assert clean(run)["amount"].tolist() == [Decimal(16)]
    text = show_lines(Study(run, account), run).text
    assert "Goods sold (gross) | 1 | €16.00" in text
    html = show_lines(Study(run, account), run).html
    assert "Tax of 20.0\u00a0% was taken off all delivered money but costs." in html
    assert "Other currencies are converted: 1 USD = 0.8 EUR." in html


def test_a_source_may_have_one_currency(shop):
    text = "no,at,qty,price\n1,2026-02-01,1,10\n"
    columns = {name: COLUMNS[name] for name in ("order_id", "ordered_at", "quantity", "unit_price")}
    source = {"columns": columns, "constants": {"currency": "GBP"}}
    run, _account = shop({"a.csv": text}, source=source, cleaning={"currencies": {"GBP": 1.17}})
    assert clean(run)["amount"].tolist() == [Decimal("11.7")]


@pytest.mark.parametrize(("included", "net", "tax"), [(True, "100", "20"), (False, "120", None)])
def test_tax_that_is_included_is_taken_off(shop, included, net, tax):
    rows = "1,2026-02-01,1,120,50,\n"
    rules = {"tax": {"rate": 0.2, "included": included}}
    run, _account = shop({"a.csv": HEADER + rows}, source={"columns": COLUMNS}, cleaning=rules)
    row = clean(run).iloc[0]
    assert (row["amount"], row["unit_price"]) == (Decimal(net), Decimal(net))
    assert row["tax"] == (None if tax is None else Decimal(tax))
    assert row["cost"] == Decimal(50)


def test_tax_of_returns_is_negative_and_nothing_is_lost_to_rounding(shop):
    rows = "1,2026-02-01,1,9.99,5,\n2,2026-02-02,-1,9.99,5,\n"
    run, _account = shop(
        {"a.csv": HEADER + rows}, source={"columns": COLUMNS}, cleaning={"tax": {"rate": 0.19}, "returns": {}}
    )
    frame = clean(run)
    assert (frame["amount"] + frame["tax"]).tolist() == [Decimal("9.99"), Decimal("-9.99")]
    assert frame["amount"].tolist() == [Decimal("8.3950"), Decimal("-8.3950")]


@pytest.mark.parametrize("wrong", [{"tax": {"rate": 1.2}}, {"tax": {}}, {"currencies": {"euro": 1}},
                                   {"currencies": {"USD": 0}}])  # fmt: skip
def test_what_cannot_be_a_rate_is_refused(wrong):
    with pytest.raises(ValidationError):
        CleaningSection(**wrong)
    assert TaxRules(rate=0.2).included
