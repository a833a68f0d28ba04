"""Nothing is lost: lines in + made = clean + quarantined + merged + left out, money too, or the run stops."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.prep.logic import surely
from crmlib.prep.marks import LEFT_OUT, REFUND
from crmlib.prep.quarantine import FATES

COLUMNS: Final = (
    "table", "source", "lines_in", "made", "clean", "quarantined", "merged", "left_out", "after_as_of",
    "money_in", "money_made", "money_clean", "money_quarantined", "money_merged", "money_left_out",
    "money_after_as_of", "money_unknown",
)  # fmt: skip
_MONEY: Final = "decimal(38, 4)"


class ReconciliationError(RuntimeError):
    """Lines or money went missing between the files and the clean tables: a fault of preparation, never of the data."""


def count_in(rows: Any, label: str | None = None) -> pd.DataFrame:
    """Count lines and money of a table as mapped, by source: ``source, lines_in, money_in, money_unknown``.

    Only transactions keep the source of every clean line; other tables are counted as a whole under a label.
    """
    amount = rows.amount if "amount" in rows.columns else ibis.null("decimal(18, 4)")
    unknown = amount.isnull() & ~rows[LEFT_OUT] if LEFT_OUT in rows.columns else amount.isnull()
    counted = (
        rows.mutate(_amount=amount, _unknown=unknown)
        .group_by(source=_source(rows, "_source", label))
        .agg(
            lines_in=lambda t: t.count(),
            money_in=lambda t: t["_amount"].cast(_MONEY).sum(),
            money_unknown=lambda t: t["_unknown"].sum(),
        )
    )
    return counted.to_pandas()


def count_aside(rows: Any, label: str | None = None) -> pd.DataFrame:
    """Count lines and money set aside, read back from what was written."""
    counted = rows.group_by(source=_source(rows, "source", label)).agg(
        **{fate: (rows.fate == fate).sum() for fate in FATES},
        **{f"money_{fate}": rows.amount.cast(_MONEY).sum(where=rows.fate == fate) for fate in FATES},
    )
    return counted.to_pandas()


def count_made(good: Any) -> pd.DataFrame:
    """Count the returns that refunds make of good lines, and their money: ``source, made, money_made``."""
    if REFUND not in good.columns:
        return pd.DataFrame({"source": pd.Series(dtype="str"), "made": [], "money_made": []})
    sold = good.filter(good[REFUND].notnull())
    money = (-sold[REFUND]).cast(_MONEY)
    counted = sold.mutate(_back=money).group_by(source=sold["_source"])
    return counted.agg(made=lambda t: t.count(), money_made=lambda t: t["_back"].sum()).to_pandas()


def count_clean(rows: Any, as_of: date, time: str | None, label: str | None = None) -> pd.DataFrame:
    """Count clean lines and money, read back from what was written, and how much of them lies after ``as_of``."""
    later = rows[time] >= ibis.timestamp(as_of.isoformat()) if time else ibis.literal(value=False)
    amount = rows.amount if "amount" in rows.columns else ibis.null("decimal(18, 4)")
    marked = rows.mutate(_later=surely(later), _amount=amount.cast(_MONEY))
    counted = marked.group_by(source=_source(marked, "source", label)).agg(
        clean=marked.count(),
        after_as_of=marked["_later"].sum(),
        money_clean=marked["_amount"].sum(),
        money_after_as_of=marked["_amount"].sum(where=marked["_later"]),
    )
    return counted.to_pandas()


def _source(rows: Any, column: str, label: str | None) -> Any:
    return rows[column] if label is None else ibis.literal(label)


def reconcile(table: str, counts: Mapping[str, pd.DataFrame], delivered: Mapping[str, int]) -> pd.DataFrame:
    """Bring the counts of a table together and hold them against one another: one row a source, exact money."""
    frame = counts["in"]
    for name in [each for each in ("made", "aside", "clean") if each in counts]:
        frame = frame.merge(counts[name], on="source", how="left")
    numbers = [name for name in COLUMNS if name not in ("table", "source")]
    frame = frame.assign(table=table).reindex(columns=list(COLUMNS))
    for name in numbers:
        money = name.startswith("money_") and name != "money_unknown"
        frame[name] = [_number(value, money=money) for value in frame[name]]
    _check(frame, delivered)
    return frame.sort_values("source", ignore_index=True)


def _number(value: Any, *, money: bool) -> Any:
    nothing = value is None or pd.isna(value)
    if money:
        return Decimal(0) if nothing else Decimal(value)
    return 0 if nothing else int(value)


def _check(frame: pd.DataFrame, delivered: Mapping[str, int]) -> None:
    for row in frame.itertuples():
        lines = row.clean + row.quarantined + row.merged + row.left_out - row.made
        money = row.money_clean + row.money_quarantined + row.money_merged + row.money_left_out - row.money_made
        if row.lines_in != lines or row.lines_in != delivered.get(row.source, row.lines_in):
            raise ReconciliationError(
                f"{row.table}, source {row.source}: {delivered.get(row.source, row.lines_in)} lines delivered, "
                f"{row.lines_in} mapped, {lines} accounted for; nothing is published. Please report this."
            )
        if row.money_in != money:
            raise ReconciliationError(
                f"{row.table}, source {row.source}: money in and money accounted for differ; nothing is published. "
                "Please report this."
            )
