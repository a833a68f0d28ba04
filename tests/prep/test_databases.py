"""Databases are sources too: read only, streamed as text, and their passwords stay with the driver."""

import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from crmlib.params import ParameterError
from crmlib.prep import InputRejectedError
from crmlib.prep.landing.databases import read_address

COLUMNS = {"order_id": "no", "ordered_at": "sold", "product_id": "sku", "amount": "paid", "customer_id": "who"}
ROWS = [
    ("2", "2026-02-02 10:00:00", "茶", 4, "8"),
    ("1", "2026-02-01 09:30:00", 'B "x", y', 2.5, "7"),
    ("3", "2026-02-03 00:00:00", None, 0.3, None),
]
CREATE = "CREATE TABLE lines (no TEXT, sold TIMESTAMP, sku TEXT, paid NUMERIC(12, 4), who TEXT)"
SECRET = "p@ss:w/rd-Zq9"
QUOTED = "p%40ss%3Aw%2Frd-Zq9"


def clean(run):
    return pd.read_parquet(run.run_dir / "clean" / "transactions.parquet")


def check_lines(run, account, file):
    """Compare the clean table with what was written into the database."""
    rows = clean(run)
    assert rows["order_id"].tolist() == ["1", "2", "3"]
    assert rows["amount"].tolist() == [Decimal("2.5"), Decimal(4), Decimal("0.3")]
    assert rows["product_id"].fillna("missing").tolist() == ['B "x", y', "茶", "missing"]
    assert rows["ordered_at"].iloc[0] == pd.Timestamp("2026-02-01 09:30:00")
    assert rows[["file", "line"]].values.tolist() == [[file, 1], [file, 2], [file, 3]]
    assert account.reconciliation[["lines_in", "clean"]].values.tolist() == [[3, 3]]
    assert account.files[["name", "lines", "columns"]].values.tolist() == [[file, 3, 5]]


def fill_sqlite(path):
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(CREATE)
        db.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", ROWS)


def fill_duckdb(path):
    with closing(duckdb.connect(str(path))) as db:
        db.execute(CREATE)
        db.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?)", ROWS)


@pytest.mark.parametrize(("kind", "fill"), [("sqlite", fill_sqlite), ("duckdb", fill_duckdb)])
def test_a_table_of_a_database_file(shop, tmp_path, kind, fill):
    fill(tmp_path / "shop.db")
    source = {"url": f"{kind}:///../shop.db", "table": "lines", "columns": COLUMNS}
    run, account = shop({}, sources={"transactions": source})
    check_lines(run, account, f"{kind}:shop.db/lines")


@pytest.mark.parametrize(("kind", "fill"), [("sqlite", fill_sqlite), ("duckdb", fill_duckdb)])
def test_a_query_of_a_database_file(shop, tmp_path, kind, fill):
    fill(tmp_path / "shop.db")
    query = "SELECT no, sold, sku, paid * 2 AS paid, who FROM lines WHERE paid > 1;"
    source = {"url": f"{kind}:///../shop.db", "query": query, "columns": COLUMNS}
    run, _account = shop({}, sources={"transactions": source})
    assert clean(run)["amount"].tolist() == [Decimal(5), Decimal(8)]
    assert set(clean(run)["file"]) == {f"{kind}:shop.db"}


def test_values_of_another_type_than_the_first_rows_are_kept(shop, tmp_path):
    # SQLite has types by value: a driver that takes the first rows' type stops at the others
    with closing(sqlite3.connect(tmp_path / "shop.db")) as db, db:
        db.execute("CREATE TABLE lines (no, sold, sku, paid, who)")
        db.executemany("INSERT INTO lines VALUES (?, '2026-02-01', 'A', ?, ?)", [(i, i, i) for i in range(3000)])
        db.execute("INSERT INTO lines VALUES ('x', '2026-02-01', 'A', 'free', 'nobody')")
    source = {"url": "sqlite:///../shop.db", "table": "lines", "columns": COLUMNS}
    run, account = shop({}, sources={"transactions": source})
    assert account.reconciliation[["lines_in", "clean", "quarantined"]].values.tolist() == [[3001, 3000, 1]]
    aside = pd.read_parquet(run.run_dir / "quarantine" / "transactions.parquet")
    assert aside[["reasons", "original"]].values.tolist() == [["unreadable_amount", "x,2026-02-01,A,free,nobody"]]


def test_a_query_over_a_database_and_a_file(shop, tmp_path):
    fill_sqlite(tmp_path / "shop.db")
    named = {
        "lines": {"url": "sqlite:///../shop.db", "table": "lines"},
        "prices": {"path": "../data/prices.csv"},
    }
    query = "SELECT l.no, l.sold, p.price AS paid FROM lines l JOIN prices p ON l.sku = p.sku"
    columns = {"order_id": "no", "ordered_at": "sold", "amount": "paid"}
    run, account = shop(
        {"prices.csv": "sku,price\n茶,9\n"},
        sources={"transactions": {"query": query, "columns": columns}},
        more={"files": named},
    )
    assert clean(run)[["order_id", "amount"]].values.tolist() == [["2", Decimal(9)]]
    assert account.files["name"].tolist() == ["sqlite:shop.db/lines", "prices.csv"]


def test_a_database_is_opened_for_reading_only(shop, tmp_path):
    fill_duckdb(tmp_path / "shop.db")
    source = {"url": "duckdb:///../shop.db", "query": "DELETE FROM lines RETURNING *", "columns": COLUMNS}
    with pytest.raises(ParameterError, match=r"sources\.transactions\.query: "):
        shop({}, sources={"transactions": source})
    with closing(duckdb.connect(str(tmp_path / "shop.db"), read_only=True)) as db:
        assert db.execute("SELECT count(*) FROM lines").fetchone() == (3,)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"url": "sqlite:///../shop.db", "table": "line"}, r"sources\.transactions\.table: .*line"),
        ({"url": "sqlite:///../shop.db", "query": "SELECT nothing FROM lines"}, r"transactions\.query: .*nothing"),
        ({"url": "sqlite:///../shp.db", "table": "lines"}, r"no file 'shp\.db'\. Did you mean shop\.db\?"),
        ({"url": "oracle://db/shop", "table": "lines"}, "is no address of a database"),
        ({"url": "sqlite:///${NO_SUCH_NAME}", "table": "lines"}, "the environment has no variable NO_SUCH_NAME"),
        ({"url": "sqlite:///../shop.db"}, "url needs a table or a query"),
        ({"url": "sqlite:///../shop.db", "table": "lines", "query": "SELECT 1"}, "url needs a table or a query"),
        ({"path": "../data/a.csv", "table": "lines"}, "table is a table of the database"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(shop, tmp_path, source, message):
    fill_sqlite(tmp_path / "shop.db")
    with pytest.raises(ParameterError, match=message):
        shop({}, sources={"transactions": source | {"columns": COLUMNS}})


def test_a_file_that_is_no_database_is_rejected(shop, tmp_path):
    (tmp_path / "shop.db").write_text("no database at all, " * 100)
    with pytest.raises((InputRejectedError, ParameterError), match=r"duckdb:shop\.db: cannot be opened"):
        shop({}, sources={"transactions": {"url": "duckdb:///../shop.db", "table": "lines", "columns": COLUMNS}})


def test_an_address_is_shown_without_user_and_password(monkeypatch):
    monkeypatch.setenv("SHOP_PASSWORD", QUOTED)
    address = read_address("postgresql://crm:${SHOP_PASSWORD}@db.shop:5433/sales", Path(), "here")
    assert address.shown == "postgresql://db.shop:5433/sales"
    assert SECRET not in repr(address)
    assert address.without_secrets(f"{SECRET} and {QUOTED}") == "… and …"


@pytest.mark.parametrize("url", [f"postgresql://crm:{SECRET}@db:5432/shop", f"postgresql://crm@db:{SECRET}/shop"])
def test_a_password_that_breaks_the_address_is_not_told(url):
    with pytest.raises(ParameterError) as refused:
        read_address(url, Path(), "sources.transactions")
    assert not any(part in str(refused.value) for part in ("ss:w", "Zq9", "p@ss"))


def free_port():
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def server():
    """Start a PostgreSQL server on loopback with a password, or skip and say so; give its port."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin")) or [Path(shutil.which("initdb") or "").parent]
    if not (binaries[-1] / "initdb").exists():
        pytest.skip("PostgreSQL's initdb was not found: install the package postgresql to test databases by address")
    as_root = os.getuid() == 0
    # A folder of its own: pytest's belong to root alone, and PostgreSQL does not run as root.
    with tempfile.TemporaryDirectory(prefix="crm-pg-") as name:
        folder, port = Path(name), free_port()
        if as_root:
            try:
                owner = pwd.getpwnam("postgres")
            except KeyError:
                pytest.skip("there is no user postgres, and PostgreSQL does not run as root")
            os.chown(folder, owner.pw_uid, owner.pw_gid)

        def call(program, *arguments):
            command = [str(binaries[-1] / program), *arguments]
            command = ["runuser", "-u", "postgres", "--", *command] if as_root else command
            return subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder, timeout=60)

        with running_server(folder, port, call):
            sql = CREATE + ";" + "".join(f"INSERT INTO lines VALUES ({_literals(row)});" for row in ROWS)
            sql += "CREATE TABLE zoned (no TEXT, sold TIMESTAMPTZ, paid DOUBLE PRECISION, ok BOOLEAN);"
            sql += "INSERT INTO zoned VALUES ('1', '2026-01-31 16:30:00+00', 0.1, true);"
            call("psql", f"postgresql://crm:{QUOTED}@127.0.0.1:{port}/postgres", "-v", "ON_ERROR_STOP=1", "-c", sql)
            yield port


@contextmanager
def running_server(folder, port, call):
    (folder / "password").write_text(SECRET)
    (folder / "password").chmod(0o644)
    data = str(folder / "data")
    call("initdb", "-D", data, "-U", "crm", "--pwfile", str(folder / "password"), "-A", "scram-sha-256", "-E", "UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    call("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield
    finally:
        call("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _literals(row):
    return ", ".join("NULL" if value is None else "'" + str(value).replace("'", "''") + "'" for value in row)


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv("SHOP_PASSWORD", QUOTED)
    return "${SHOP_PASSWORD}"


def test_a_table_of_a_server(shop, server, password):
    url = f"postgresql://crm:{password}@127.0.0.1:{server}/postgres"
    source = {"url": url, "table": "public.lines", "columns": COLUMNS}
    run, account = shop({}, sources={"transactions": source})
    check_lines(run, account, f"postgresql://127.0.0.1:{server}/postgres/public.lines")
    for path in [*run.run_dir.rglob("*"), *run.run_dir.parents[1].rglob("*")]:
        if path.is_file():
            content = path.read_bytes()
            assert SECRET.encode() not in content, path
            assert QUOTED.encode() not in content, path


def test_a_query_of_a_server_with_times_in_a_zone(shop, server, password):
    url = f"postgresql://crm:{password}@127.0.0.1:{server}/postgres"
    columns = {"order_id": "no", "ordered_at": "sold", "amount": "paid"}
    source = {"url": url, "query": "SELECT no, sold, paid FROM zoned", "columns": columns}
    run, _account = shop({}, sources={"transactions": source}, more={"timezone": "Asia/Shanghai"})
    assert clean(run)["ordered_at"].tolist() == [pd.Timestamp("2026-02-01 00:30:00")]
    assert clean(run)["amount"].tolist() == [Decimal("0.1")]


@pytest.mark.parametrize(
    ("user", "query", "error"),
    [
        ("nobody", "SELECT 1", InputRejectedError),
        ("crm", "SELECT nothing", ParameterError),
        ("crm", "SELECT sku::int AS no, sold, 1 AS paid FROM lines", InputRejectedError),
        ("crm", "DELETE FROM lines RETURNING *", ParameterError),
    ],
)
def test_no_error_of_a_server_tells_the_password_or_a_value(  # noqa: PLR0917
    shop, server, password, user, query, error, capfd, caplog
):
    url = f"postgresql://{user}:{password}@127.0.0.1:{server}/postgres"
    columns = {"order_id": "no", "ordered_at": "sold", "amount": "paid"}
    with pytest.raises(error) as refused:
        shop({}, sources={"transactions": {"url": url, "query": query, "columns": columns}})
    said = str(refused.value) + repr(refused.value) + "".join(capfd.readouterr()) + caplog.text
    for secret in (SECRET, QUOTED, "Zq9", "茶"):
        assert secret not in said
    assert refused.value.__cause__ is None


def test_a_server_that_is_not_there_is_named(shop, password):
    url = f"postgresql://crm:{password}@127.0.0.1:{free_port()}/postgres"
    with pytest.raises(
        InputRejectedError, match=r"postgresql://127\.0\.0\.1:\d+/postgres: cannot be opened"
    ) as refused:
        shop({}, sources={"transactions": {"url": url, "table": "lines", "columns": COLUMNS}})
    assert "Zq9" not in str(refused.value)


@pytest.mark.parametrize("kind", ["TEXT", "BLOB"])
def test_bytes_that_are_no_text_are_named_and_not_told(shop, tmp_path, kind):
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "shop.db")) as db, db:
        db.execute(f"CREATE TABLE lines (no TEXT, sold TEXT, sku {kind}, paid NUMERIC, who TEXT)")
        value = "CAST(x'BFCDBBA7' AS TEXT)" if kind == "TEXT" else "x'BFCDBBA7'"
        db.execute(f"INSERT INTO lines VALUES ('1', '2026-02-01', {value}, 5, '7')")
    source = {"url": f"sqlite:///{tmp_path}/data/shop.db", "table": "lines", "path": None, "columns": COLUMNS}
    with pytest.raises(InputRejectedError, match="column 'sku' holds bytes that are not UTF-8 text") as told:
        shop({}, source=source)
    assert "BF" not in str(told.value)


def test_a_query_of_a_database_file_reads_no_other_file(shop, tmp_path):
    fill_duckdb(tmp_path / "shop.db")
    (tmp_path / "secret.csv").write_text("no,sold,paid\n1,2026-02-01,5\n")
    query = f"SELECT no, sold, paid FROM read_csv('{tmp_path}/secret.csv', all_varchar = true)"
    columns = {"order_id": "no", "ordered_at": "sold", "amount": "paid"}
    source = {"url": "duckdb:///../shop.db", "query": query, "columns": columns}
    with pytest.raises(ParameterError, match=r"sources\.transactions\.query: .*disabled"):
        shop({}, sources={"transactions": source})
    run, _account = shop(
        {}, sources={"transactions": source}, more={"privacy": {"demo_key": True, "queries_read_files": True}}
    )
    assert clean(run)["amount"].tolist() == [Decimal(5)]


def test_a_database_of_one_file_takes_no_options_and_repeats_none(monkeypatch):
    monkeypatch.setenv("TOKEN", SECRET)
    with pytest.raises(ParameterError, match=r"url: a database of one file takes no options") as refused:
        read_address("duckdb:///shop.db?key=${TOKEN}", Path(), "files.shop")
    assert "Zq9" not in str(refused.value)


def test_options_that_hold_a_secret_are_taken_out_of_what_a_driver_says(monkeypatch):
    monkeypatch.setenv("OPTIONS", f"sslpassword={QUOTED}&sslmode=require")
    address = read_address("postgresql://crm@db/shop?${OPTIONS}", Path(), "here")
    assert address.without_secrets(f"{SECRET}, {QUOTED}, require") == "…, …, require"
