"""What every test shares: where the real data stand, and how a test that needs them skips aloud."""

import gc
import importlib.util
import os
import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from crmlib.running.fork_server import GARBAGE, ONE_THREAD

# as in a report, and before NumPy is imported: two threads take ten times as long to fit a purchase model
os.environ.update(ONE_THREAD)

import ibis
import ibis.expr.operations as ops
import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from ibis.backends.duckdb import Backend
from ibis.backends.sql import SQLBackend
from ibis.backends.sql.datatypes import DuckDBType

gc.set_threshold(*GARBAGE)

# a busy machine is no failure
settings.register_profile("quick", max_examples=12, deadline=None)
settings.register_profile("thorough", max_examples=300, deadline=None)
settings.load_profile("quick")

ROOT = Path(__file__).resolve().parents[1]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

REPORTS = ("demo_report", "online_retail_report", "cdnow_report")
LONGEST_FIRST = ("end_to_end", "small_shops", "running", "prep")
"""Folders that begin first, so that no worker waits for the other at the end (`-n 2 --dist loadscope`)."""


REMEMBERED = 1_000
"""Expressions whose SQL is kept: a tenth of a megabyte each."""

SPARK = {
    "sql.session.timeZone": "UTC",
    "sql.shuffle.partitions": 2,
    "sql.debug.maxToStringFields": 20,
    # code for expressions as deep as preparation's does not compile: they end in the interpreter, minutes later
    "sql.codegen.wholeStage": "false",
    "sql.codegen.factoryMode": "NO_CODEGEN",
    "ui.enabled": "false",
    "ui.showConsoleProgress": "false",
    "driver.memory": "2g",
    "driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
"""A session for small data: two threads, two partitions, nothing compiled that runs once."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=_rank)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Send to one worker what shares a report or else a file (`-n 2`)."""
    from xdist.scheduler import LoadScopeScheduling

    class ByReport(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid)

    return ByReport(config, log)


def _group(nodeid: str) -> str:
    """Name what a test shares with others: a report, whose files may be written once at a time, or its file."""
    file, _, name = nodeid.partition("::")
    if "end_to_end" in file:
        return next((report for report in REPORTS if report.removesuffix("_report") in name), REPORTS[0])
    return nodeid if "small_shops" in file else file


def _rank(item: pytest.Item) -> int:
    folder = item.nodeid.removeprefix("tests/").partition("/")[0]
    return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.fixture(scope="session", autouse=True)
def compiled_once(pytestconfig: pytest.Config) -> Iterator[None]:
    """Write an expression's SQL once for all small shops that ask it, a quarter of their time; not if thorough."""
    if pytestconfig.getoption("--hypothesis-profile") == "thorough":
        yield
        return
    written: OrderedDict[tuple[Any, ops.Node], str] = OrderedDict()
    compiled = SQLBackend.compile

    def compile_once(con: Any, expr: Any, /, **options: Any) -> str:
        if con.name != "duckdb" or options.get("params"):
            return compiled(con, expr, **options)
        options.pop("params", None)
        op = expr.op()
        how = (ibis.options.sql.fuse_selects, *sorted(options.items(), key=str))
        if (how, op) in written:
            written.move_to_end((how, op))
            return written[how, op]
        sql = compiled(con, expr, **options)
        tables = op.find(ops.PhysicalTable)
        if all(isinstance(table, ops.DatabaseTable) for table in tables):
            # equal and unconnected, so that no shop's database stays open for its SQL
            closed = type(con)()
            written[how, op.replace({table: table.copy(source=closed) for table in tables})] = sql
        if len(written) > REMEMBERED:
            written.popitem(last=False)
        return sql

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SQLBackend, "compile", compile_once)
        # each shop's database spills into a folder of its own, and would be another one for that
        patched.setattr(Backend, "db_identity", "duckdb")
        # and the names of types are few, in tables that are opened by the thousand
        patched.setattr(DuckDBType, "from_string", staticmethod(cache(DuckDBType.from_string)))
        yield


@pytest.fixture(scope="session")
def project() -> Path:
    """Give the project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def keeper(project: Path) -> ModuleType:
    """Give the command that keeps the notebooks' outputs and compares them."""
    spec = importlib.util.spec_from_file_location("notebooks", project / ".ci" / "notebooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Open one browser for all, or skip and say so."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium to see the pages in a browser")
    playwright = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")
    with playwright.sync_playwright() as started:
        # the sandbox cannot start as root, which is what CI runs as
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """Open one Spark session for all, before `engine: spark` asks for one, or skip and say so."""
    sql = pytest.importorskip("pyspark.sql", reason="the spark extra is not installed: make test-spark")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: Spark needs Java 17")
    builder = sql.SparkSession.builder.master("local[2]")
    for name, value in SPARK.items():
        builder = builder.config(f"spark.{name}", value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real data beside the project, or skip and say so."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real data not found: expected the folder {folder}")
    return folder


@pytest.fixture(scope="session")
def answered() -> Callable[..., pd.DataFrame]:
    """Give a function that answers five questions as customers do who are satisfied on the whole."""

    def answers_of(people: int = 240) -> pd.DataFrame:
        rng = np.random.default_rng(7)
        mood = rng.normal(size=people)

        def scores(low: int, high: int) -> np.ndarray:
            felt = 0.6 + 0.8 * mood + 0.6 * rng.normal(size=people)
            return np.clip(np.round(low + (high - low) * (felt + 2) / 4), low, high)

        names = ["satisfaction", "staff", "price", "range"]
        return pd.DataFrame({"score_recommend": scores(0, 10)} | {f"score_{name}": scores(1, 5) for name in names})

    return answers_of
