"""An order's money, refunds, lists of returns, lines left out and replaced are the same on Spark as on DuckDB."""

import pandas as pd
import pytest
import yaml

from crmlib.prep import prepare
from crmlib.workspace import open_run

pytestmark = [
    pytest.mark.spark,
    # py4j leaves its sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
    # Ibis hands Spark's rows on through pandas with a keyword that pandas 3 no longer needs
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

ENGINES = ("duckdb", "spark")
COLUMNS = {
    "order_id": ["store", "no"], "ordered_at": ["day", "time"], "product_id": "sku", "quantity": "qty",
    "unit_price": "price", "customer_id": "who", "discount_percent": "rate", "order_total": "total",
    "order_shipping": "ship", "order_refund": "back", "refunded_at": "back_at",
}  # fmt: skip
SOURCE = {
    "path": "../data/o*.csv", "columns": COLUMNS, "where": {"status": {"not": ["Void"]}},
    "latest": {"key": ["order_id"], "by": "updated"}, "cents": True, "thousands": {"order_total": " "},
}  # fmt: skip
RETURNS = {"orders": {"file": "returns", "column": "Order"}}


def _orders():
    header = "store,no,day,time,sku,qty,price,who,rate,total,ship,back,back_at,status,updated\n"
    lines = []
    for order in range(60):
        for line in range(order % 4 + 1):
            total = f"1 {order:03d}" if line == 0 or order % 3 else ""
            back = str(order * 40) if order % 5 == 0 and line == 0 else ""
            lines.append(
                f"S{order % 2},{order},2026-02-{order % 27 + 1:02d},08:{order:02d},a{line},{line + 1},"
                f"{100 + 7 * line}.1234567,c{order % 9},{5 * (order % 3)},{total},{order % 2 * 99},{back},"
                f"2026-02-28 10:00,{'void' if order % 11 == 0 else 'paid'},{2 if order % 7 else ''}\n"
            )
    earlier = [line.replace("paid", "open").replace(",2\n", ",1\n") for line in lines[:40]]
    return {"o1.csv": header + "".join(earlier), "o2.csv": header + "".join(lines), "r.csv": "Order\nS1-1\nS0-2\n"}


@pytest.fixture(scope="module")
def runs(spark, tmp_path_factory):
    """Prepare the same shop once on each engine."""
    assert spark.version
    home = tmp_path_factory.mktemp("orders")
    for folder in ("data", "params"):
        (home / folder).mkdir()
    for name, text in _orders().items():
        (home / "data" / name).write_text(text, encoding="utf-8")
    prepared = {}
    for engine in ENGINES:
        params = {
            "series": engine, "title": "A shop", "as_of": "2026-03-01", "engine": engine,
            "files": {"returns": {"path": "../data/r.csv"}}, "sources": {"transactions": SOURCE},
            "cleaning": {"returns": RETURNS, "tax": {"rate": 0.19}}, "privacy": {"demo_key": True},
        }  # fmt: skip
        file = home / "params" / f"{engine}.yaml"
        file.write_text(yaml.safe_dump(params), encoding="utf-8")
        run = open_run(file)
        prepared[engine] = (run, prepare(run))
    return prepared


def _told(frame):
    names = [name for name in frame.columns if name != "original"]
    return frame[names].astype(str).sort_values(names, ignore_index=True)


def test_the_lines_agree(runs):
    duckdb, spark = (_told(runs[engine][0].table("transactions").to_pandas()) for engine in ENGINES)
    pd.testing.assert_frame_equal(duckdb, spark)
    assert (duckdb["is_return"] == "True").sum() > 10


@pytest.mark.parametrize("frame", ["reconciliation", "rules", "steps"])
def test_the_accounts_agree(runs, frame):
    duckdb, spark = (_told(getattr(runs[engine][1], frame)) for engine in ENGINES)
    pd.testing.assert_frame_equal(duckdb, spark)
    assert len(duckdb)


def test_every_fate_is_there(runs):
    row = runs["duckdb"][1].reconciliation.iloc[0]
    assert min(row[["made", "merged", "left_out"]]) > 0
