"""Every step of cleaning says how many rows it took in, gave out and changed, and by which rule."""

import logging

import pandas as pd


def test_steps_are_told_logged_and_written(shop, caplog):
    lines = (
        "1,2026-02-01,A,1,2.5,7\n"  # nothing to change
        "2,2026/2/1 9:05,A,１,2.5,17850.0\n"  # a date, a number and an id in another form
        '3,2026-02-01,A,1,"1,250",７\n'
        "4,never,A,one,1,7\n"
        "5,2026-02-01,A,1\n"
    )  # fmt: skip
    text = "no,at,sku,qty,price,who\n" + lines
    with caplog.at_level(logging.INFO, logger="crmlib.prep.reconciliation"):
        run, account = shop({"a.csv": text, "b.csv": "no,at,sku,qty,price,who\n1,2026-02-01,A,1,2.5,7\n"})
    assert account.steps.values.tolist() == [
        ["transactions", "read", 6, 6, 1, "lines that do not split are kept whole"],
        ["transactions", "write in one form", 6, 6, 2, "customer_id: id"],
        ["transactions", "write in one form", 6, 6, 1, "ordered_at: date"],
        ["transactions", "write in one form", 6, 6, 1, "quantity: number"],
        ["transactions", "write in one form", 6, 6, 1, "unit_price: number"],
        ["transactions", "contract", 6, 6, 1, "broken_line: quarantine"],
        ["transactions", "contract", 6, 6, 1, "unreadable_ordered_at: quarantine"],
        ["transactions", "contract", 6, 6, 1, "unreadable_quantity: quarantine"],
        ["transactions", "contract", 6, 4, 2, "lines that break a rule are set aside"],
        ["transactions", "merge", 4, 3, 1, "delivered_twice"],
        ["transactions", "write", 3, 3, 0, "sorted, personal data out"],
    ]
    written = pd.read_parquet(run.run_dir / "tables" / "prep_steps.parquet").drop(columns="position")
    assert written.values.tolist() == account.steps.values.tolist()
    assert "transactions, merge: 4 rows in, 3 out, 1 changed (delivered_twice)" in caplog.text
    assert "17850" not in caplog.text


def test_a_name_space_is_no_change(shop):
    columns = {"order_id": "no", "ordered_at": "at", "amount": "price", "customer_id": "who"}
    source = {"id_namespace": "web", "columns": columns}
    _run, account = shop({"a.csv": "no,at,price,who\n1,2026-02-01,1,7\n2,2026-02-01,1,8.0\n"}, source=source)
    assert account.steps.loc[account.steps["step"] == "write in one form", "changed"].tolist() == [1]
