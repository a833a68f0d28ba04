"""One table from its sources to lines that are judged: mapped, described, held against the contract, repeats found."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

import ibis
import pandas as pd

from crmlib.params import Parameters
from crmlib.prep.contracts import REASONS, WARNINGS, Rule, contract, with_reasons
from crmlib.prep.duplicates import find_merged, with_merged
from crmlib.prep.far_ahead import with_far_ahead
from crmlib.prep.landing import BROKEN, FILE, Landed
from crmlib.prep.mapping import DIGEST, SOURCE, UNREADABLE, Mapped, map_table
from crmlib.prep.marks import (
    BEYOND_SALE,
    DELIVERY,
    DISCOUNT_BEYOND,
    LEFT_OUT,
    LISTED,
    MERGED,
    ORDER_DIFFERS,
    REFUND_BEYOND,
    WITHOUT_SALE,
)
from crmlib.prep.placeholders import placeholder_rules, without_placeholders
from crmlib.prep.references import with_references
from crmlib.prep.refunds import without_working
from crmlib.prep.refusing import refuse_where_asked
from crmlib.prep.sales import describe_lines
from crmlib.prep.settling import settle
from crmlib.workspace import write_parquet


@dataclass(frozen=True, slots=True)
class Judged:
    """A table whose every line is clean, to be set aside, or merged into another."""

    mapped: Mapped  # the table as mapped; its rows carry ``_reasons`` (bits of the rules a line breaks) and ``_merged``
    rules: tuple[Rule, ...]  # the contract
    landed: tuple[Landed, ...]  # the sources

    @property
    def rows(self) -> Any:
        """Every line of the table."""
        return self.mapped.rows

    @property
    def counted(self) -> Any:
        """The lines that ``where`` does not leave out."""
        return self.rows.filter(~self.rows[LEFT_OUT]) if LEFT_OUT in self.rows.columns else self.rows

    @property
    def good(self) -> Any:
        """The lines that are neither set aside nor merged."""
        # one question, not two: for two, DuckDB expects so few lines that it joins everything the wrong way round
        return self.rows.filter(ibis.ifelse(self.rows[MERGED].isnull(), self.rows[REASONS], -1) == 0)


def judge_tables(con: Any, landed: Sequence[Landed], params: Parameters, folder: Path) -> dict[str, Judged]:
    """Map every table's sources and judge every line, first by itself, then by what other tables know.

    The judged lines are written once to ``folder``: parsing text is the dear part, and everything after reads them.
    """
    judged = {
        table: _judge_alone(con, table, [each for each in landed if each.table == table], params, folder)
        for table in params.sources.given
    }
    alone = {table: each.mapped for table, each in judged.items()}
    return {table: _judge_among(con, each, alone, params, folder) for table, each in judged.items()}


def _judge_alone(con: Any, table: str, landed: list[Landed], params: Parameters, folder: Path) -> Judged:
    def keep(rows: Any, name: str) -> Any:
        return stage(con, rows, folder, name)

    mapped = settle(map_table(table, landed, params.timezone), landed, params, con, keep)
    if table == "transactions":
        mapped = describe_lines(mapped, params.cleaning, params.currency)
    nobody = placeholder_rules(mapped, params.cleaning.severity)
    rules = (*contract(mapped, params), *_of_broken_files(mapped, landed), *nobody)
    rows = without_placeholders(with_reasons(mapped, rules).drop(*_done_with(mapped)), nobody)
    rows = stage(con, rows, folder, f"judged_{table}")
    return Judged(replace(mapped, rows=rows), rules, tuple(landed))


def _done_with(mapped: Mapped) -> list[str]:
    """Name the columns that nothing asks for once a line is judged by itself."""
    marks = (DELIVERY, LISTED, ORDER_DIFFERS, DISCOUNT_BEYOND, REFUND_BEYOND, WITHOUT_SALE, BEYOND_SALE)
    return [BROKEN, UNREADABLE, *without_working(mapped), *(name for name in marks if name in mapped.rows.columns)]


def _of_broken_files(mapped: Mapped, landed: list[Landed]) -> list[Rule]:
    """Set all lines of files aside that were cut off or changed their columns; see ``cleaning.broken_files``."""
    rows = mapped.rows
    wrong = {each.name: [file.name for file in each.files if file.fault] for each in landed}
    of_them = [(rows[SOURCE] == name) & rows[FILE].isin(files) for name, files in wrong.items() if files]
    return [Rule("broken_file", "quarantine", reduce(or_, of_them))] if of_them else []


def _judge_among(con: Any, judged: Judged, tables: dict[str, Mapped], params: Parameters, folder: Path) -> Judged:
    """Judge the references of a table, stop where a line breaks a rule that stops, and find the repeats."""

    def keep(values: Any, name: str) -> Any:
        return stage(con, values, folder, name)

    table, severity, first = judged.mapped.table, params.cleaning.severity, len(judged.rules)
    rows, references = with_references(judged.mapped, tables, severity, first, keep)
    rules = (*judged.rules, *references)
    if table == "transactions":
        rows, ahead = with_far_ahead(rows, len(rules), params)
        rules = (*rules, ahead)
    refuse_where_asked(table, rows, rules, severity)
    found = find_merged(table, rows, params.cleaning)
    merged = stage(con, found, folder, f"merged_{table}") if found is not None else None
    # Written once more: a dozen questions are asked of these lines, and each would join and compile all of it again.
    known = stage(con, with_merged(rows, merged).drop(DIGEST), folder, f"known_{table}")
    return Judged(replace(judged.mapped, rows=known), rules, judged.landed)


def count_rules(judged: Judged) -> pd.DataFrame:
    """Count the lines that break each rule: ``table, rule, severity, lines``; rules nobody breaks are left out."""
    rows = judged.rows
    counts = rows.agg(
        **{
            rule.name: ((rows[WARNINGS if rule.severity == "warn" else REASONS] & (1 << position)) != 0).sum()
            for position, rule in enumerate(judged.rules)
        }
    ).to_pandas()
    broken = [
        (judged.mapped.table, rule.name, rule.severity, int(counts[rule.name].iloc[0] or 0)) for rule in judged.rules
    ]
    frame = pd.DataFrame(broken, columns=["table", "rule", "severity", "lines"])
    return frame[frame["lines"] > 0].reset_index(drop=True)


def stage(con: Any, rows: Any, folder: Path, name: str) -> Any:
    """Write an expression to a private Parquet file and go on from there."""
    path = folder / f"{name}.parquet"
    with step_by_step():
        write_parquet(con, rows, path)
    return con.read_parquet(str(path), table_name=name)


@contextmanager
def step_by_step() -> Iterator[None]:
    """Keep the steps of parsing apart in the SQL: fused, each step would repeat the expression of the one before."""
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before
