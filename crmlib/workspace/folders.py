"""The names of periods, folders that only their owner may enter, and what goes into Parquet files and comes out."""

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd


def period_of(as_of: date) -> str:
    """Name the period that ends before ``as_of``.

    Examples
    --------
    >>> period_of(date(2026, 11, 1)), period_of(date(2026, 11, 15))
    ('2026-10', '2026-11-15')
    """
    return f"{as_of - timedelta(days=1):%Y-%m}" if as_of.day == 1 else as_of.isoformat()


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner can enter (mode 0700), and give it."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_parquet(con: Any, rows: Any, path: Path) -> None:
    """Write an Ibis expression into one Parquet file, in its order, streaming, whatever the engine.

    Spark's workers write a file each into a folder beside it, which they must see; they are put together in order.
    """
    if con.name == "duckdb":
        rows.to_parquet(path)
        return
    import pyarrow.parquet as pq

    parts, schema = path.with_name(f"{path.name}.parts"), rows.schema().to_pyarrow()
    shutil.rmtree(parts, ignore_errors=True)
    try:
        rows.to_parquet(parts)
        with pq.ParquetWriter(path, schema) as writer:
            for part in sorted(parts.glob("part-*")):
                for batch in pq.ParquetFile(part).iter_batches():
                    writer.write_batch(batch.cast(schema))
    finally:
        shutil.rmtree(parts, ignore_errors=True)


def numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn exact decimals, which pandas keeps as objects that cannot be reckoned with, into numbers.

    Examples
    --------
    >>> from decimal import Decimal
    >>> numbers(pd.DataFrame({"money": [Decimal("1.20"), None], "name": ["a", "b"]})).dtypes.astype(str).tolist()
    ['float64', 'str']
    """
    texts = frame.select_dtypes("object", exclude="str")
    exact = [name for name in texts if texts[name].map(lambda value: isinstance(value, Decimal)).any()]
    return frame.astype(dict.fromkeys(exact, "float64"))


def begin_experiment(state: Path, copy: Path) -> None:
    """Give an experiment a fresh copy of what the series keeps, but of the crosswalk of ids, which only 01 needs."""
    for old in copy.iterdir():
        if old.is_file():
            old.unlink()
    for file in sorted(state.iterdir()) if state.is_dir() else ():
        if file.is_file():
            shutil.copyfile(file, copy / file.name)
