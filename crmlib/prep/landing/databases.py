"""Tables and queries of databases, streamed as text with the number of each row."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from crmlib.params import FileSource, ParameterError
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.addresses import Address, read_address
from crmlib.prep.landing.lines import BROKEN, FILE, LINE, OWN
from crmlib.prep.landing.scanning import sha256_of
from crmlib.prep.landing.writing import DeliveredFile

_TEXT: Final = {"sqlite": "TEXT", "duckdb": "VARCHAR", "postgresql": "TEXT"}
_SESSION: Final = {"postgresql": "SET TIME ZONE 'UTC'; SET datestyle TO ISO; SET default_transaction_read_only TO on"}
_ROWS: Final = 1 << 16


def land_database(source: FileSource, root: Path, name: str, place: str, target: Path) -> tuple[DeliveredFile, ...]:
    """Write a table or the result of a query into an all-text Parquet file with ``_file``, ``_line``, ``_broken``.

    The database writes its values as text, sorted by all of them, and is opened for reading only; the line is the
    row's number. The password of its address is in no table, error or account.
    """
    address = read_address(source.url or "", root, place)
    label = f"{address.shown}/{source.table}" if source.table else address.shown
    with _opened(address, place) as run:
        try:
            columns = _columns(run, source)
        except Exception as error:  # noqa: BLE001  (every driver has exceptions of its own for bad SQL)
            key = "table" if source.table else "query"
            raise ParameterError(f"{place}.{key}: {_reason(error, address)}") from None
        lines = _write(_as_text(run, source, columns, _TEXT[address.kind]), columns, label, target)
    size = target.stat().st_size
    return (DeliveredFile(name, label, sha256_of(target), size, "", len(columns), lines, 0),)


def _columns(run: Any, source: FileSource) -> list[str]:
    """Ask for the names of the columns, and for no row."""
    names = [str(each) for each in run(f"SELECT * FROM {_relation(source)} LIMIT 0").schema.names]
    taken = [each for each in names if each in OWN]
    if taken:
        raise ParameterError(f"a column is called {taken[0]!r}, which is a name of landing's own; rename it in a query")
    return names


def _as_text(run: Any, source: FileSource, columns: list[str], text: str) -> Any:
    selected = ", ".join(f"CAST({_quoted(each)} AS {text}) AS {_quoted(each)}" for each in columns)
    order = ", ".join(str(position) for position in range(1, len(columns) + 1))
    return run(f"SELECT {selected} FROM {_relation(source)} ORDER BY {order}")


def _relation(source: FileSource) -> str:
    if source.table:
        return ".".join(_quoted(part) for part in source.table.split("."))
    return f"({(source.query or '').strip().rstrip(';')}) AS asked"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _write(reader: Any, columns: list[str], label: str, target: Path) -> int:
    schema = pa.schema([(FILE, pa.string()), (LINE, pa.int64()), *[(each, pa.string()) for each in (*columns, BROKEN)]])
    lines = 0
    with pq.ParquetWriter(target, schema) as writer:
        try:
            for batch in reader:
                rows = batch.num_rows
                numbers = pa.array(range(lines + 1, lines + rows + 1), pa.int64())
                texts = [_text(each, name, label) for name, each in zip(columns, batch.columns, strict=True)]
                values = [pa.repeat(pa.scalar(label), rows), numbers, *texts]
                writer.write_table(pa.table([*values, pa.nulls(rows, pa.string())], schema=schema))
                lines += rows
        except InputRejectedError:
            raise
        except Exception as error:  # noqa: BLE001  (a driver's message may hold a value)
            raise InputRejectedError.at(
                label, f"breaks off ({type(error).__name__})", "see whether the query runs in the database", lines + 1
            ) from None
    return lines


def _text(values: pa.Array, name: str, label: str) -> pa.Array:
    """Give a column as text; a database may hold bytes that are none, and says so to nobody."""
    try:
        text = values.cast("string")
        text.validate(full=True)
    except pa.ArrowInvalid:
        raise InputRejectedError.at(
            label, f"column {name!r} holds bytes that are not UTF-8 text", "export the table in its own encoding"
        ) from None
    return text


@contextmanager
def _opened(address: Address, place: str) -> Iterator[Any]:
    """Open a database for reading and give a function that runs SQL and streams the result in batches."""
    try:
        connection = _connect(address)
    except Exception as error:  # noqa: BLE001  (every driver has exceptions of its own)
        raise InputRejectedError.at(
            address.shown, f"cannot be opened ({_reason(error, address)})", f"see {place}.url and whether it runs"
        ) from None
    with closing(connection), closing(connection.cursor()) as cursor:

        def run(sql: str) -> Any:
            if address.kind == "duckdb":
                return connection.sql(sql).to_arrow_reader(_ROWS)
            cursor.execute(sql)
            return cursor.fetch_record_batch()

        yield run


def _connect(address: Address) -> Any:
    if address.kind == "duckdb":
        import duckdb

        return duckdb.connect(address.target, read_only=True)
    if address.kind == "sqlite":
        import adbc_driver_sqlite.dbapi as sqlite

        return sqlite.connect(f"file:{address.target}?mode=ro")
    import adbc_driver_postgresql.dbapi as postgresql

    connection = postgresql.connect(address.target)
    with closing(connection.cursor()) as cursor:
        for each in _SESSION["postgresql"].split(";"):
            cursor.execute(each)
    return connection


def _reason(error: Exception, address: Address) -> str:
    """Give the first line of what a driver says, without secrets."""
    lines = address.without_secrets(str(error)).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__
