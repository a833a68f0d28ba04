"""Nothing is lost: lines in + made = clean + quarantined + merged + left out, money too; and every step between."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.prep.judging import Judged
from crmlib.prep.logic import surely
from crmlib.prep.mapping import REPAIRED
from crmlib.prep.marks import LEFT_OUT, REFUND
from crmlib.prep.quarantine import FATES

COLUMNS: Final = (
    "table", "source", "lines_in", "made", "clean", "quarantined", "merged", "left_out", "after_as_of",
    "money_in", "money_made", "money_clean", "money_quarantined", "money_merged", "money_left_out",
    "money_after_as_of", "money_unknown",
)  # fmt: skip
_MONEY: Final = "decimal(38, 4)"
STEP_COLUMNS: Final = ("table", "step", "rows_in", "rows_out", "changed", "rule")
_FORMS: Final = {
    "integer": "number", "money": "number", "number": "number", "date": "date", "timestamp": "date", "text": "id",
}  # fmt: skip
_FATES: Final = ["lines_in", "quarantined", "left_out", "made", "clean"]
_LOG: Final = logging.getLogger(__name__)


class ReconciliationError(RuntimeError):
    """Lines or money went missing between the files and the clean tables: a fault of preparation, never of the data."""


def count_in(rows: ibis.Table, label: str | None = None) -> pd.DataFrame:
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


def count_aside(rows: ibis.Table, label: str | None = None) -> pd.DataFrame:
    """Count lines and money set aside, read back from what was written."""
    counted = rows.group_by(source=_source(rows, "source", label)).agg(
        **{fate: (rows.fate == fate).sum() for fate in FATES},
        **{f"money_{fate}": rows.amount.cast(_MONEY).sum(where=rows.fate == fate) for fate in FATES},
    )
    return counted.to_pandas()


def count_made(good: ibis.Table) -> pd.DataFrame:
    """Count the returns that refunds make of good lines, and their money: ``source, made, money_made``."""
    if REFUND not in good.columns:
        return pd.DataFrame({"source": pd.Series(dtype="str"), "made": [], "money_made": []})
    sold = good.filter(good[REFUND].notnull())
    money = (-sold[REFUND]).cast(_MONEY)
    counted = sold.mutate(_back=money).group_by(source=sold["_source"])
    return counted.agg(made=lambda t: t.count(), money_made=lambda t: t["_back"].sum()).to_pandas()


def count_clean(rows: ibis.Table, as_of: date, time: str | None, label: str | None = None) -> pd.DataFrame:
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


def _source(rows: ibis.Table, column: str, label: str | None) -> ibis.Value:
    return rows[column] if label is None else ibis.literal(label)


def reconcile(table: str, counts: Mapping[str, pd.DataFrame], delivered: Mapping[str, int]) -> pd.DataFrame:
    """Bring the counts of a table together and hold them against one another: one row a source, exact money."""
    frame = counts["in"]
    for name in [part for part in ("made", "aside", "clean") if part in counts]:
        frame = frame.merge(counts[name], on="source", how="left")
    numbers = [name for name in COLUMNS if name not in ("table", "source")]
    frame = frame.assign(table=table).reindex(columns=list(COLUMNS))
    for name in numbers:
        money = name.startswith("money_") and name != "money_unknown"
        frame[name] = [as_number(value, money=money) for value in frame[name]]
    _check(frame, delivered)
    return frame.sort_values("source", ignore_index=True)


def as_number(value: Any, *, money: bool) -> Any:
    """Give a sum of the engine as a whole number, or as exact money; nothing is nought."""
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


def take_steps(judged: Sequence[Judged], rules: pd.DataFrame, reconciliation: pd.DataFrame) -> pd.DataFrame:
    """List the steps of every table in their order, and log each.

    ``read`` gives the lines as they were split, ``write in one form`` the values that had another form (ids such as
    ``17850.0``, full-width digits, thousands marks, dates that are not ISO), ``contract`` the lines that each rule
    warns of or sets aside, ``merge`` those that stand for another. A line may break several rules of the contract:
    its last step says how many lines went on.
    """
    totals = reconciliation.groupby("table", sort=False)[_FATES].sum()
    rows: list[tuple[Any, ...]] = []
    for judged_table in judged:
        table = judged_table.mapped.table
        lines, aside, left, made, clean = (int(totals.loc[table, name]) for name in _FATES)
        found = rules[rules["table"] == table]
        broken = int(found.loc[found["rule"] == "broken_line", "lines"].sum())
        rows.append((table, "read", lines, lines, broken, "lines that do not split are kept whole"))
        rows += [
            (table, "write in one form", lines, lines, n, f"{name}: {kind}") for name, kind, n in _repairs(judged_table)
        ]
        if left:
            rows.append((table, "leave out", lines, lines - left, left, "lines that where does not let in"))
        kept = lines - left
        for row in found[~found["severity"].isin(["merge", "left_out"])].to_dict("records"):
            rows.append((table, "contract", kept, kept, row["lines"], f"{row['rule']}: {row['severity']}"))
        rows.append((table, "contract", kept, kept - aside, aside, "lines that break a rule are set aside"))
        kept -= aside
        for row in found[found["severity"] == "merge"].to_dict("records"):
            rows.append((table, "merge", kept, kept - row["lines"], row["lines"], row["rule"]))
            kept -= row["lines"]
        if made:
            rows.append((table, "take back", kept, kept + made, made, "returns are made of refunds"))
            kept += made
        rows.append((table, "write", kept, clean, 0, "sorted, personal data out"))
    for row in rows:
        _LOG.info("%s, %s: %d rows in, %d out, %d changed (%s)", *row)
    return pd.DataFrame(rows, columns=list(STEP_COLUMNS))


def _repairs(judged: Judged) -> list[tuple[str, str, int]]:
    """Count for each column the values that were delivered in another form."""
    rows, given = judged.rows, judged.mapped.given
    bits = {name.name: position for position, name in enumerate(judged.mapped.columns) if name.name in given}
    counts = rows.agg(**{name: ((rows[REPAIRED] & (1 << bit)) != 0).sum() for name, bit in bits.items()}).to_pandas()
    kinds = {column.name: _FORMS.get(column.kind, "") for column in judged.mapped.columns}
    return [(name, kinds[name], int(n)) for name in bits if (n := counts[name].iloc[0]) and int(n)]
