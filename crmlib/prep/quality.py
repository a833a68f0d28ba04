"""How good each clean table is: completeness, validity, uniqueness, timeliness, one row a table."""

from typing import Any, Final

import pandas as pd

from crmlib.features import before
from crmlib.prep.preparation import Preparation
from crmlib.prep.profile import completeness
from crmlib.tables import TABLES
from crmlib.workspace import Run

PROVENANCE: Final = frozenset({"source", "file", "line", "line_id"})
_COUNTS: Final = ["lines_in", "made", "quarantined", "merged", "left_out", "clean"]
COLUMNS: Final = ("table", "lines", "complete", "valid", "unique", "last", "days_late")


def quality_by_table(done: Preparation, run: Run, filled: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Measure the tables that the sources deliver.

    Parameters
    ----------
    done
        The account of preparation.
    run
        The run.
    filled
        What :func:`fill_by_table` gave.

    Returns
    -------
    pandas.DataFrame
        ``table``; ``lines`` (clean); ``complete``: share of cells with a value in columns that have any; ``valid``:
        share of delivered lines that were not set aside; ``unique``: share of the valid ones that repeat no other;
        ``last``: time of the last entry before ``as_of``; ``days_late``: whole days without one before ``as_of``.
    """
    counts = done.reconciliation.groupby("table", sort=False)[_COUNTS].sum()
    rows = []
    for table, row in counts.iterrows():
        counted = row["lines_in"] - row["left_out"]
        good = counted - row["quarantined"]
        last = _last(run, str(table))
        rows.append((
            table, int(row["clean"]), share_of_cells(filled[str(table)]), _share(good, counted),
            _share(row["clean"] - row["made"], good), last, None if last is None else _days_late(last, run),
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def fill_by_table(run: Run) -> dict[str, pd.DataFrame]:
    """Count the values of every column of every clean table; see :func:`crmlib.prep.profile.completeness`."""
    return {table: completeness(run, table) for table in run.params.sources.given}


def share_of_cells(filled: pd.DataFrame) -> float:
    """Give the share of cells with a value, over the columns that have any; provenance is always there.

    Examples
    --------
    >>> share_of_cells(pd.DataFrame({"column": ["a", "b", "c"], "filled": [4, 2, 0], "rows": [4, 4, 4]}))
    0.75
    """
    told = filled[(filled["filled"] > 0) & ~filled["column"].isin(PROVENANCE)]
    return _share(told["filled"].sum(), told["rows"].sum())


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 1.0


def _last(run: Run, table: str) -> pd.Timestamp | None:
    time = TABLES[table].time
    if time is None:
        return None
    rows: Any = before(run.table(table), run.as_of, time)
    last = rows[time].max().to_pandas()
    return None if pd.isna(last) else pd.Timestamp(last)


def _days_late(last: pd.Timestamp, run: Run) -> int:
    return (pd.Timestamp(run.as_of) - last.normalize()).days - 1
