"""Opening the engine in which order lines stay: DuckDB by default, Spark or another Ibis backend by parameter."""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Final

import ibis

from crmlib.params.addresses import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ibis.backends import BaseBackend

_NUMBERS: Final = count(1)
_SETTINGS: Final = {
    "sql.session.timeZone": "UTC",
    "sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "ui.enabled": "false",
}
"""What a session must have for the same tables; all else is left to ``spark-defaults.conf``."""


def connect(engine: str = "duckdb", spill: Path | None = None) -> BaseBackend:
    """Open the Ibis backend that a report computes in.

    Parameters
    ----------
    engine
        ``duckdb`` (in this process, in memory), ``spark`` (a session in this process, or what the
        ``spark-defaults.conf`` of ``SPARK_CONF_DIR`` says), ``spark://host:port`` (a standalone cluster), or any
        Ibis backend URL.
    spill
        Where DuckDB puts what does not fit into memory, in a folder of this process alone that it makes and removes;
        ``.tmp`` in the current folder where not given, which may be read-only and is nobody's secret.

    Returns
    -------
    ibis.BaseBackend
        The connection; the caller closes it with ``disconnect``.

    Raises
    ------
    ModuleNotFoundError
        If Spark is asked for and the spark extra is not installed; the message says what to install.
    RuntimeError
        If this process has a Spark session already, and that one computes elsewhere.

    Examples
    --------
    >>> connect().name
    'duckdb'
    """
    engine = resolved(engine)
    if engine == "duckdb":
        aside = {} if spill is None else {"temp_directory": f"{spill}_{os.getpid()}"}
        return ibis.duckdb.connect(threads=os.cpu_count() or 1, **aside)
    if engine == "spark":
        return _spark()
    if engine.startswith("spark://"):
        return _spark(engine)
    return ibis.connect(engine)


def _spark(master: str | None = None) -> BaseBackend:
    """Open a session in shop time's UTC; without a ``master`` Spark's own settings say where it computes."""
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "engine: spark needs PySpark and Java 17; install them with: pip install -r requirements-spark.lock"
        ) from error
    builder = SparkSession.builder.appName("crm")
    for name, value in _SETTINGS.items():
        builder = builder.config(f"spark.{name}", value)
    session = (builder if master is None else builder.master(master)).getOrCreate()
    if master not in (None, session.sparkContext.master):
        raise RuntimeError(f"engine: {master}: this process computes on {session.sparkContext.master} already")
    return ibis.pyspark.connect(session)


@contextmanager
def computed_once(table: ibis.Table) -> Iterator[ibis.Table]:
    """Hold a table's rows in the engine while several questions are asked of it; they are gone when the block ends.

    Examples
    --------
    >>> with computed_once(ibis.memtable({"orders": [1, 2]})) as rows:
    ...     int(rows.orders.sum().execute())
    3
    """
    con = table.get_backend()
    if con.name != "duckdb":
        # frames that the expression holds are handed over on execution only, not on caching (Ibis 12)
        con._run_pre_execute_hooks(table)  # noqa: SLF001
        with table.cache() as rows:
            yield rows
        return
    name = f"computed_once_{next(_NUMBERS)}"
    rows = con.create_table(name, table, temp=True)
    try:
        yield rows
    finally:
        # Ibis 12 leaves the name out of DROP TABLE with the SQL writer of these days
        con.raw_sql(f'DROP TABLE "{name}"')
