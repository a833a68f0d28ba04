"""How good the clean data are: completeness by column, lines, orders and money by day, who is known."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow.parquet as pq
from ibis import Table

from crmlib.features import before
from crmlib.workspace import Run


def completeness(run: Run, table: str) -> pd.DataFrame:
    """Say how many rows of a clean table have a value: ``table, column, filled, rows, share``, in its order."""
    path = run.out_dir / "clean" / f"{table}.parquet"
    total, filled = _from_footer(pq.read_metadata(path)) or _from_rows(run.table(table))
    return pd.DataFrame(
        [(table, name, n, total, n / total if total else 1.0) for name, n in filled.items()],
        columns=["table", "column", "filled", "rows", "share"],
    )


def _from_footer(footer: pq.FileMetaData) -> tuple[int, dict[str, int]] | None:
    """Read the counts that a Parquet file keeps of itself; None where its writer left some out."""
    filled = dict.fromkeys(footer.schema.names, 0)
    for group in (footer.row_group(number) for number in range(footer.num_row_groups)):
        for column in (group.column(number) for number in range(group.num_columns)):
            statistics = column.statistics
            if statistics is None or not statistics.has_null_count:
                return None
            filled[column.path_in_schema] += group.num_rows - statistics.null_count
    return footer.num_rows, filled


def _from_rows(rows: Table) -> tuple[int, dict[str, int]]:
    counted = rows.agg(_rows=rows.count(), **{name: rows[name].count() for name in rows.columns}).to_pandas()
    return int(counted["_rows"].iloc[0]), {name: int(counted[name].iloc[0]) for name in rows.columns}


def by_day(transactions: Table, as_of: date) -> pd.DataFrame:
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


@dataclass(frozen=True, slots=True)
class Seen:
    """The order lines before a date."""

    # how many there are, and how many of them carry a customer number
    lines: int
    with_customer: int
    revenue: float  # their money, returns taken off
    last: pd.Timestamp | None  # when the last one was sold; ``None`` where there is none

    @property
    def known(self) -> float | None:
        """Share of the lines that carry a customer; ``None`` without lines."""
        return self.with_customer / self.lines if self.lines else None


def lines_before(transactions: Table, as_of: date) -> Seen:
    """Count the order lines before a date."""
    rows = before(transactions, as_of)
    counted = rows.agg(
        lines=rows.count(),
        known=rows.customer_id.notnull().sum(),
        revenue=rows.amount.cast("decimal(38, 4)").sum(),
        last=rows.ordered_at.max(),
    ).to_pandas()
    row = counted.iloc[0]
    lines, known, revenue = (0 if pd.isna(row[name]) else row[name] for name in ("lines", "known", "revenue"))
    return Seen(int(lines), int(known), float(revenue), None if pd.isna(row["last"]) else pd.Timestamp(row["last"]))
