"""How good the clean data are: completeness by column, lines, orders and money by day, who is known."""

from datetime import date
from typing import Any

import ibis
import pandas as pd
import pyarrow.parquet as pq

from crmlib.features import before
from crmlib.workspace import Run


def completeness(run: Run, table: str) -> pd.DataFrame:
    """Say how many rows of a clean table have a value: ``table, column, filled, rows, share``, as the table has them.

    Examples
    --------
    >>> share_filled(3, 4)
    0.75
    """
    path = run.run_dir / "clean" / f"{table}.parquet"
    total, filled = _from_footer(pq.read_metadata(path)) or _from_rows(run.table(table))
    return pd.DataFrame(
        [(table, name, n, total, share_filled(n, total)) for name, n in filled.items()],
        columns=["table", "column", "filled", "rows", "share"],
    )


def _from_footer(footer: pq.FileMetaData) -> tuple[int, dict[str, int]] | None:
    """Read the counts that a Parquet file keeps of itself; None where its writer left some out."""
    filled = dict.fromkeys(footer.schema.names, 0)
    for group in (footer.row_group(number) for number in range(footer.num_row_groups)):
        for column in (group.column(number) for number in range(group.num_columns)):
            told = column.statistics
            if told is None or not told.has_null_count:
                return None
            filled[column.path_in_schema] += group.num_rows - told.null_count
    return footer.num_rows, filled


def _from_rows(rows: Any) -> tuple[int, dict[str, int]]:
    counted = rows.agg(_rows=rows.count(), **{name: rows[name].count() for name in rows.columns}).to_pandas()
    return int(counted["_rows"].iloc[0]), {name: int(counted[name].iloc[0]) for name in rows.columns}


def share_filled(filled: int, rows: int) -> float:
    """Divide, an empty table being complete."""
    return filled / rows if rows else 1.0


def by_day(transactions: Any, as_of: date) -> pd.DataFrame:
    """Count every day that the report sees: ``day, lines, orders, revenue``, days without a line too.

    ``revenue`` is the money of all lines less returns, in the engine's exact decimals, given as floats for drawing.
    """
    seen = before(transactions, as_of)
    counted = (
        seen.group_by(day=seen.ordered_at.date())
        .agg(lines=seen.count(), orders=seen.order_id.nunique(), revenue=seen.amount.cast("decimal(38, 4)").sum())
        .to_pandas()
    )
    days = counted.assign(day=pd.to_datetime(counted["day"]), revenue=counted["revenue"].astype(float)).set_index("day")
    if days.empty:
        return pd.DataFrame({"day": pd.to_datetime([]), "lines": [], "orders": [], "revenue": []})
    whole = pd.date_range(days.index.min(), days.index.max(), freq="D")
    counted = days.sort_index().reindex(whole).fillna(0.0).astype({"lines": "int64", "orders": "int64"})
    return counted.rename_axis("day").reset_index()


def last_line_at(transactions: Any, as_of: date) -> pd.Timestamp | None:
    """Give the time of the last line that the report sees."""
    last = before(transactions, as_of).ordered_at.max().to_pandas()
    return None if pd.isna(last) else pd.Timestamp(last)


def customers_known(transactions: Any, as_of: date) -> dict[str, float]:
    """Count what anonymous sales are: ``lines``, ``known`` lines, ``revenue`` and ``known_revenue`` of purchases."""
    seen = before(transactions, as_of)
    money = seen.amount.cast("decimal(38, 4)")
    known = seen.customer_id.notnull()
    zero = ibis.literal(0).cast("decimal(38, 4)")
    counted = seen.agg(
        lines=seen.count(),
        known=known.sum(),
        revenue=money.sum(),
        known_revenue=ibis.ifelse(known, money, zero).sum(),
        customers=seen.customer_id.nunique(),
    ).to_pandas()
    return {name: float(counted[name].iloc[0] or 0) for name in counted.columns}
