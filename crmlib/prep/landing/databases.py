"""Tables and queries of databases, streamed as text with the number of each row; no password is shown."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from crmlib.params import FileSource, ParameterError, did_you_mean
from crmlib.params.addresses import VARIABLE, is_secret, resolved
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.landing.lines import OWN, landed_schema
from crmlib.prep.landing.scanning import sha256_of
from crmlib.prep.landing.writing import DeliveredFile

_TEXT: Final = {"sqlite": "TEXT", "duckdb": "VARCHAR", "postgresql": "TEXT"}
_POSTGRESQL: Final = ("SET TIME ZONE 'UTC'", "SET datestyle TO ISO", "SET default_transaction_read_only TO on")
_ROWS: Final = 1 << 16
_Query = Callable[[str], pa.RecordBatchReader]

_SCHEMES: Final = {"sqlite": "sqlite", "duckdb": "duckdb", "postgresql": "postgresql", "postgres": "postgresql"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is: what logs call it (``shown``), what its driver gets (``target``), what nobody may see."""

    kind: str
    shown: str
    target: str = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def without_secrets(self, message: str) -> str:
        """Take the secrets out of what a driver says."""
        for secret in self.secrets:
            message = message.replace(secret, "…")
        return message


def read_address(url: str, root: Path, place: str) -> Address:
    """Read a database address; ``${NAME}`` is read from the environment. No error holds a part of the address."""
    try:
        whole = resolved(url)
    except KeyError as missing:
        unset = f"{place}.url: the environment has no variable {missing.args[0]}. Set it, or correct the name."
        raise ParameterError(unset) from None
    scheme, _sep, rest = whole.partition("://")
    if scheme not in _SCHEMES or not rest:
        kinds = ", ".join(f"{kind}://" for kind in _SCHEMES if kind != "postgres")
        raise ParameterError(f"{place}.url: is no address of a database; it begins with one of {kinds}")
    if _SCHEMES[scheme] == "postgresql":
        return _server(whole, tuple(os.environ[name] for name in VARIABLE.findall(url)), place)
    if "?" in rest:
        raise ParameterError(f"{place}.url: a database of one file takes no options; leave out what follows the ?")
    return _file(scheme, root / rest.removeprefix("/"), place)


def _file(kind: str, path: Path, place: str) -> Address:
    if not path.is_file():
        names = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
        near = did_you_mean(path.name, names) if names else "There is no such folder, or it is empty."
        raise ParameterError(f"{place}.url: there is no file {path.name!r}. {near}")
    return Address(kind, f"{kind}:{path.name}", str(path.resolve()))


def _server(whole: str, from_environment: tuple[str, ...], place: str) -> Address:
    """Take the address apart and put it together again, so that no driver meets a password it could misread."""
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        raise ParameterError(
            f"{place}.url: is no address of a database; write special characters of a password as %40 and the like"
        ) from None
    user, password = (unquote(part) if part is not None else None for part in (parts.username, parts.password))
    login = "" if user is None else quote(user, safe="") + ("" if password is None else f":{quote(password, safe='')}")
    options = f"?{parts.query}" if parts.query else ""
    target = f"postgresql://{login}{'@' if login else ''}{host}{port}{parts.path}{options}"
    options_of = [value for name, value in parse_qsl(parts.query) if is_secret(name)]
    plain = [secret for secret in (password, *from_environment, *options_of) if secret]
    known = [parts.password, *plain, *(quote(each, safe="") for each in plain), *(unquote(each) for each in plain)]
    visible = {host, port.removeprefix(":"), parts.path.removeprefix("/")}
    secrets = tuple(sorted({secret for secret in known if secret and secret not in visible}, key=len, reverse=True))
    return Address("postgresql", f"postgresql://{host}{port}{parts.path}", target, secrets)


def land_database(
    source: FileSource, root: Path, name: str, place: str, target: Path, *, outside: bool = False
) -> tuple[DeliveredFile, ...]:
    """Write a table or the result of a query into an all-text Parquet file with ``_file``, ``_line``, ``_broken``.

    The database writes its values as text, sorted by all of them, and is opened for reading only; the line is the
    row's number. The password of its address is in no table, error or account. A DuckDB file reads no other file unless
    ``outside`` allows it.
    """
    address = read_address(source.url or "", root, place)
    label = f"{address.shown}/{source.table}" if source.table else address.shown
    with _opened(address, place, outside=outside) as run:
        try:
            columns = _columns(run, source)
        except Exception as error:  # noqa: BLE001  (every driver has exceptions of its own for bad SQL)
            key = "table" if source.table else "query"
            raise ParameterError(f"{place}.{key}: {_reason(error, address)}") from None
        lines = _write(_as_text(run, source, columns, _TEXT[address.kind]), columns, label, target)
    size = target.stat().st_size
    return (DeliveredFile(name, label, sha256_of(target), size, "", len(columns), lines, 0),)


def _columns(run: _Query, source: FileSource) -> list[str]:
    """Ask for the names of the columns, and for no row."""
    names = [str(column) for column in run(f"SELECT * FROM {_relation(source)} LIMIT 0").schema.names]
    taken = [column for column in names if column in OWN]
    if taken:
        raise ParameterError(f"a column is called {taken[0]!r}, which is a name of landing's own; rename it in a query")
    return names


def _as_text(run: _Query, source: FileSource, columns: list[str], text: str) -> pa.RecordBatchReader:
    selected = ", ".join(f"CAST({_quoted(column)} AS {text}) AS {_quoted(column)}" for column in columns)
    order = ", ".join(str(position) for position in range(1, len(columns) + 1))
    return run(f"SELECT {selected} FROM {_relation(source)} ORDER BY {order}")


def _relation(source: FileSource) -> str:
    if source.table:
        return ".".join(_quoted(part) for part in source.table.split("."))
    return f"({(source.query or '').strip().rstrip(';')}) AS asked"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _write(reader: pa.RecordBatchReader, columns: list[str], label: str, target: Path) -> int:
    schema = landed_schema(columns)
    lines = 0
    with pq.ParquetWriter(target, schema) as writer:
        try:
            for batch in reader:
                rows = batch.num_rows
                numbers = pa.array(range(lines + 1, lines + rows + 1), pa.int64())
                texts = [_text(column, name, label) for name, column in zip(columns, batch.columns, strict=True)]
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
def _opened(address: Address, place: str, *, outside: bool) -> Iterator[_Query]:
    """Open a database for reading and give a function that runs SQL and streams the result in batches."""
    try:
        connection = _connect(address, outside=outside)
    except Exception as error:  # noqa: BLE001  (every driver has exceptions of its own)
        raise InputRejectedError.at(
            address.shown, f"cannot be opened ({_reason(error, address)})", f"see {place}.url and whether it runs"
        ) from None
    with closing(connection), closing(connection.cursor()) as cursor:

        def run(sql: str) -> pa.RecordBatchReader:
            if address.kind == "duckdb":
                return connection.sql(sql).to_arrow_reader(_ROWS)
            cursor.execute(sql)
            return cursor.fetch_record_batch()

        yield run


def _connect(address: Address, *, outside: bool) -> Any:
    if address.kind == "duckdb":
        import duckdb

        return duckdb.connect(
            address.target, read_only=True, config={"enable_external_access": outside, "lock_configuration": True}
        )
    if address.kind == "sqlite":
        import adbc_driver_sqlite.dbapi as sqlite

        return sqlite.connect(f"file:{address.target}?mode=ro")
    import adbc_driver_postgresql.dbapi as postgresql

    connection = postgresql.connect(address.target)
    with closing(connection.cursor()) as cursor:
        for statement in _POSTGRESQL:
            cursor.execute(statement)
    return connection


def _reason(error: Exception, address: Address) -> str:
    """Give the first line of what a driver says, without secrets."""
    lines = address.without_secrets(str(error)).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__
