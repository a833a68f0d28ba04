"""The steps of cleaning, each with the rows it took in, gave out and changed, and by which rule."""

import logging
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from crmlib.prep.judging import Judged
from crmlib.prep.mapping import REPAIRED

COLUMNS: Final = ("table", "step", "rows_in", "rows_out", "changed", "rule")
_RULES: Final = {
    "integer": "number", "money": "number", "number": "number", "date": "date", "timestamp": "date", "text": "id",
}  # fmt: skip
_TOTALS: Final = ["lines_in", "quarantined", "left_out", "made", "clean"]
_LOG: Final = logging.getLogger(__name__)


def take_steps(judged: Sequence[Judged], rules: pd.DataFrame, reconciliation: pd.DataFrame) -> pd.DataFrame:
    """List the steps of every table in their order, and log each.

    ``read`` gives the lines as they were split, ``write in one form`` the values that had another form (ids such as
    ``17850.0``, full-width digits, thousands marks, dates that are not ISO), ``contract`` the lines that each rule
    warns of or sets aside, ``merge`` those that stand for another. A line may break several rules of the contract:
    its last step says how many lines went on.
    """
    totals = reconciliation.groupby("table", sort=False)[_TOTALS].sum()
    rows: list[tuple[Any, ...]] = []
    for each in judged:
        table = each.mapped.table
        lines, aside, left, made, clean = (int(totals.loc[table, name]) for name in _TOTALS)
        found = rules[rules["table"] == table]
        broken = int(found.loc[found["rule"] == "broken_line", "lines"].sum())
        rows.append((table, "read", lines, lines, broken, "lines that do not split are kept whole"))
        rows += [(table, "write in one form", lines, lines, n, f"{name}: {kind}") for name, kind, n in _repairs(each)]
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
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _repairs(judged: Judged) -> list[tuple[str, str, int]]:
    """Count for each column the values that were delivered in another form."""
    rows, given = judged.rows, judged.mapped.given
    bits = {name.name: position for position, name in enumerate(judged.mapped.columns) if name.name in given}
    counts = rows.agg(**{name: ((rows[REPAIRED] & (1 << bit)) != 0).sum() for name, bit in bits.items()}).to_pandas()
    kinds = {column.name: _RULES.get(column.kind, "") for column in judged.mapped.columns}
    return [(name, kinds[name], int(n)) for name in bits if (n := counts[name].iloc[0]) and int(n)]
