"""A real standalone cluster (a master, two workers) gives DuckDB's tables: preparation, and what is asked of the lines.

Each engine answers in a process of its own, as a process holds one Spark session. Parity is tested here, not speed.
"""

import os
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest
import yaml

from crmlib.adjustment.around import purchases_around
from crmlib.churn.history.silences import count_returned
from crmlib.engine import connect
from crmlib.features import customer_features, next_purchases, purchase_summary
from crmlib.orders import as_orders, orders_by_category
from crmlib.params.segmentation import SegmentationSection
from crmlib.prep import prepare
from crmlib.segmentation.affinity.pairs import affinities
from crmlib.segmentation.business.glance import business_figures
from crmlib.segmentation.business.monthly import customer_months, monthly_figures
from crmlib.segmentation.business.people import window_people
from crmlib.segmentation.business.windows import report_windows
from crmlib.segmentation.cohorts.retention import cohort_retention
from crmlib.segmentation.cohorts.second_purchase import second_purchases
from crmlib.segmentation.cohorts.worth import customers_won
from crmlib.segmentation.customers.rhythm import customer_rhythm, purchase_waits
from crmlib.segmentation.found.behaviour import behaviour
from crmlib.segmentation.personas.comparison import segment_counts
from crmlib.segmentation.personas.dimensions import described
from crmlib.segmentation.prices.elasticity import weekly_prices
from crmlib.segmentation.prices.promotion import promotion_orders
from crmlib.segmentation.tags.history import history
from crmlib.workspace import open_run

pytestmark = [
    pytest.mark.cluster,
    # py4j leaves its sockets to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]

LINES = 200_000
AS_OF = date(2026, 1, 1)
SPLIT = date(2025, 9, 1)
SECTION = SegmentationSection(basket_orders=10)
WINDOWS = report_windows(date(2025, 1, 1), AS_OF)
PRODUCTS = "SELECT 'P' || i AS sku, 'Article ' || i AS name, 'Kind ' || i % 12 AS kind FROM range(3000) t(i)"
MEMBERS = "SELECT i::VARCHAR AS card, DATE '2024-01-01' + (i % 700)::INT AS joined FROM range(10000) t(i)"
TABLES = ("transactions", "products", "customers")
ACCOUNTS = ("reconciliation", "rules", "examples", "inventory")
SMALL = (
    "--conf spark.executor.memory=768m --conf spark.driver.memory=1g --conf spark.sql.shuffle.partitions=4 "
    "--conf spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1 "
    "--conf spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 pyspark-shell"
)
"""Two executors of one core beside the tests; all else as `deploy/spark` has it."""


def asked(t):
    """Give every member with a moment and one of two groups."""
    ids = t.customers.select("customer_id").distinct().order_by("customer_id").to_pandas()
    return ids.assign(at=pd.Timestamp("2025-07-01"), segment=["one", "other"] * (len(ids) // 2))


def tags(past):
    """Sum up what tags are made of."""
    sums = {name: np.nansum(months, axis=1) for name, months in past.months.items()}
    return pd.DataFrame({"customer": past.customers, **sums})


QUESTIONS = {
    "features": lambda t: customer_features(t.transactions, AS_OF).to_pandas(),
    "summary": lambda t: purchase_summary(t.transactions, AS_OF).to_pandas(),
    "next purchases": lambda t: next_purchases(t.transactions, SPLIT, 90).to_pandas(),
    "returned": lambda t: count_returned(t.transactions, [date(2025, 3, 1), SPLIT], 90).to_pandas(),
    "around a survey": lambda t: purchases_around(t.transactions, asked(t)[["customer_id", "at"]], AS_OF, 90),
    "customers' months": lambda t: customer_months(t.transactions, AS_OF).to_pandas(),
    "rhythm": lambda t: customer_rhythm(t.transactions, AS_OF).to_pandas(),
    "waits": lambda t: purchase_waits(t.transactions, AS_OF).to_pandas(),
    "months": lambda t: monthly_figures(t.transactions, AS_OF),
    "cohorts": lambda t: cohort_retention(t.transactions, AS_OF),
    "second purchases": lambda t: second_purchases(t.transactions, AS_OF),
    "people": lambda t: window_people(t.transactions, WINDOWS, AS_OF, lost_after=120),
    "glance": lambda t: business_figures(
        t.transactions,
        WINDOWS,
        AS_OF,
        categories=orders_by_category(t.transactions, t.products, as_orders(t.transactions)),
        members=t.customers,
        lost_after=120,
    ),
    "worth": lambda t: customers_won(t.transactions, AS_OF, t.products),
    "baskets": lambda t: affinities(t.transactions, AS_OF, SECTION, t.products).pairs,
    "found": lambda t: behaviour(t.transactions, SPLIT, t.products).customers.reset_index(),
    "personas": lambda t: segment_counts(
        described(t.transactions, AS_OF, {"customers": t.customers, "products": t.products}),
        asked(t)[["customer_id", "segment"]],
    ),
    "tags": lambda t: tags(history(t.transactions, AS_OF, t.products)),
    "prices": lambda t: weekly_prices(t.transactions, AS_OF, t.products),
    "promotions": lambda t: promotion_orders(t.transactions, AS_OF),
}
"""What chapters ask of the lines: each a function of the clean tables that gives a frame."""


def answer(file, folder):
    """Prepare a series and write down what it is asked; this runs in a process of its own."""
    run = open_run(file, run_dir=folder)
    study = prepare(run)
    tables = SimpleNamespace(**{name: run.table(name) for name in TABLES})
    answers = {name: getattr(study, name) for name in ACCOUNTS}
    answers |= {name: ask(tables) for name, ask in QUESTIONS.items()}
    session = getattr(run.con, "_session", None)
    master = session and session.sparkContext.master
    written = Path(folder) / "answers"
    written.mkdir()
    for name, frame in answers.items():
        plain(frame).to_parquet(written / f"{name}.parquet")
    (written / "master").write_text(master or "", encoding="utf-8")


def parameters(home, engine, address):
    """Write the parameters of the lines, the products and the members for an engine."""
    import prep_speed

    file = prep_speed.parameters(home, "parquet")
    params = yaml.safe_load(file.read_text(encoding="utf-8"))
    params["sources"] |= {
        "products": {"path": "products.parquet", "columns": {"product_id": "sku", "name": "name", "category": "kind"}},
        "customers": {"path": "members.parquet", "columns": {"customer_id": "card", "joined_at": "joined"}},
    }
    named = home / f"{engine}.yaml"
    named.write_text(yaml.safe_dump(params | {"engine": address, "series": engine}), encoding="utf-8")
    return named


@pytest.fixture(scope="module")
def cluster_of(project):
    """Give the context manager that starts a cluster, or skip and say so."""
    pytest.importorskip("pyspark", reason="the spark extra is not installed: make test-spark")
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(project / "benchmarks"))
        from _spark_cluster import standalone_cluster

        yield standalone_cluster


@pytest.fixture(scope="module")
def answered(cluster_of, project, tmp_path_factory):
    """Let DuckDB and the cluster prepare the same lines and answer the same questions."""
    from _prep_data import write_lines

    home = tmp_path_factory.mktemp("cluster")
    write_lines(home, LINES)
    for name, rows in {"products": PRODUCTS, "members": MEMBERS}.items():
        duckdb.sql(rows).write_parquet(str(home / f"{name}.parquet"))
    environment = os.environ | {
        "PYTHONPATH": str(project), "SPARK_CONF_DIR": str(project / "deploy" / "spark"),
        "PYSPARK_SUBMIT_ARGS": SMALL, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1",
    }  # fmt: skip

    def answers(engine, address):
        file, folder = parameters(home, engine, address), home / engine / "run"
        command = [sys.executable, "-W", "ignore", __file__, str(file), str(folder)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1800, check=False)
        assert done.returncode == 0, done.stderr[-1500:]
        frames = {each.stem: pd.read_parquet(each) for each in sorted((folder / "answers").glob("*.parquet"))}
        return (folder / "answers" / "master").read_text(encoding="utf-8"), frames

    by_duckdb = answers("duckdb", "duckdb")
    with cluster_of(home) as master:
        by_spark = answers("spark", master)
    assert not by_duckdb[0]
    assert by_spark[0] == master
    return home, by_duckdb[1], by_spark[1]


def plain(frame):
    """Write numbers as floats and all else as text, sorted by all columns: engines differ in dtypes, not in values."""
    out = pd.DataFrame(index=range(len(frame)))
    for name in frame.columns:
        column = frame[name].reset_index(drop=True)
        numbers = pd.to_numeric(column, errors="coerce") if column.dtype.kind != "M" else None
        days = (
            pd.to_datetime(column, errors="coerce") if column.map(lambda value: isinstance(value, date)).any() else None
        )
        if numbers is not None and numbers.notna().equals(column.notna()):
            out[name] = numbers.astype("float64")
        elif days is not None:
            out[name] = days.dt.strftime("%Y-%m-%d %H:%M:%S.%f").astype(object).fillna("–")
        else:
            out[name] = column.astype(object).where(column.notna(), "–").astype(str)
    return out.sort_values(list(out.columns), ignore_index=True)


def test_both_workers_computed(answered):
    home, *_answers = answered
    assert len(list(home.glob("worker_*/app-*/*/stderr"))) == 2


@pytest.mark.parametrize("file", [*(f"clean/{name}" for name in TABLES), "quarantine/transactions"])
def test_the_tables_are_the_same_row_by_row(answered, file):
    home, *_answers = answered
    one, two = (f"FROM '{home}/{engine}/run/{file}.parquet'" for engine in ("duckdb", "spark"))
    assert duckdb.sql(f"SELECT count(*) {one}").fetchall()[0][0] > 0
    assert duckdb.sql(f"({one} EXCEPT ALL {two}) UNION ALL ({two} EXCEPT ALL {one})").fetchall() == []


@pytest.mark.parametrize("name", [*ACCOUNTS, *QUESTIONS])
def test_the_answers_are_the_same(answered, name):
    _home, by_duckdb, by_spark = answered
    left, right = plain(by_duckdb[name]), plain(by_spark[name])
    assert len(left) > 0
    # sums of floats come after the engine, from equal integers and decimals: only their order may differ
    pd.testing.assert_frame_equal(left, right, check_dtype=False, rtol=1e-12)


def test_a_cluster_ends_when_its_block_fails(cluster_of, tmp_path):
    addresses = []

    def fail():
        with cluster_of(tmp_path, workers=1) as master:
            addresses.append(master)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    host, _, port = addresses[0].removeprefix("spark://").partition(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))


def test_a_session_elsewhere_is_not_taken_for_the_cluster(spark):
    assert spark.sparkContext.master == "local[2]"
    with pytest.raises(RuntimeError, match=r"on local\[2\] already"):
        connect("spark://127.0.0.1:7077")


if __name__ == "__main__":
    answer(*sys.argv[1:])
