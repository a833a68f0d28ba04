"""One table from its sources to lines that are judged: mapped, described, held against the contract, repeats found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.params import Parameters
from crmlib.params.cleaning import Severity
from crmlib.prep.context_rules import with_far_ahead, with_references
from crmlib.prep.contracts import BROKEN_ID, REASONS, WARNINGS, Rule, contract, reasons_text, with_reasons
from crmlib.prep.duplicates import find_merged, settle, with_merged
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.keys import placeholder_rules, without_placeholders
from crmlib.prep.landing import BROKEN, FILE, LINE, Landed
from crmlib.prep.mapping import DIGEST, SOURCE, UNREADABLE, Mapped, map_table
from crmlib.prep.marks import LEFT_OUT, MERGED, PASSING
from crmlib.prep.refunds import without_working
from crmlib.prep.rule_words import remedy, rule_words
from crmlib.prep.sales import describe_lines
from crmlib.prep.staging import keeper

MOST_CUT: Final = 0.01
"""Share of all lines whose order or customer number is cut, up to which they are set aside and nothing is refused.

A number that somebody typed stands alone, and a hundredth of the lines moves no figure much: so far data are fit.
"""
SAVED_CUT: Final = 0.5
"""Share of one file's lines: a spreadsheet that saved the file has cut every long number, not one of many."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A table whose every line is clean, to be set aside, or merged into another."""

    mapped: Mapped  # the table as mapped; its rows carry ``_reasons`` (bits of the rules a line breaks) and ``_merged``
    rules: tuple[Rule, ...]
    landed: tuple[Landed, ...]

    @property
    def rows(self) -> ibis.Table:
        """Every line of the table."""
        return self.mapped.rows

    @property
    def counted(self) -> ibis.Table:
        """The lines that ``where`` does not leave out."""
        return self.rows.filter(~self.rows[LEFT_OUT]) if LEFT_OUT in self.rows.columns else self.rows

    @property
    def good(self) -> ibis.Table:
        """The lines that are neither set aside nor merged."""
        # one question, not two: for two, DuckDB expects so few lines that it joins everything the wrong way round
        return self.rows.filter(ibis.ifelse(self.rows[MERGED].isnull(), self.rows[REASONS], -1) == 0)


def judge_tables(con: Any, landed: Sequence[Landed], params: Parameters, folder: Path) -> dict[str, Judged]:
    """Map every table's sources and judge every line, first by itself, then by what other tables know.

    The judged lines are written once to ``folder``: parsing text is the dear part, and everything after reads them.
    """
    judged = {
        table: _judge_alone(con, table, [source for source in landed if source.table == table], params, folder)
        for table in params.sources.given
    }
    alone = {table: table_judged.mapped for table, table_judged in judged.items()}
    return {table: _judge_among(con, table_judged, alone, params, folder) for table, table_judged in judged.items()}


def _judge_alone(con: Any, table: str, landed: list[Landed], params: Parameters, folder: Path) -> Judged:
    keep = keeper(con, folder)
    mapped = settle(map_table(table, landed, params.timezone), landed, params, con, keep)
    if table == "transactions":
        mapped = describe_lines(mapped, params.cleaning, params.currency)
    nobody = placeholder_rules(mapped, params.cleaning.severity)
    rules = (*contract(mapped, params), *_of_broken_files(mapped, landed), *nobody)
    rows = without_placeholders(with_reasons(mapped, rules).drop(*_done_with(mapped)), nobody)
    rows = keep(rows, f"judged_{table}")
    return Judged(replace(mapped, rows=rows), rules, tuple(landed))


def _done_with(mapped: Mapped) -> list[str]:
    """Name the columns that nothing asks for once a line is judged by itself."""
    return [BROKEN, UNREADABLE, *without_working(mapped), *(name for name in PASSING if name in mapped.rows.columns)]


def _of_broken_files(mapped: Mapped, landed: list[Landed]) -> list[Rule]:
    """Set all lines of files aside that were cut off or changed their columns; see ``cleaning.broken_files``."""
    rows = mapped.rows
    wrong = {source.name: [file.name for file in source.files if file.fault] for source in landed}
    of_them = [(rows[SOURCE] == name) & rows[FILE].isin(files) for name, files in wrong.items() if files]
    return [Rule("broken_file", "quarantine", reduce(or_, of_them))] if of_them else []


def _judge_among(con: Any, judged: Judged, tables: dict[str, Mapped], params: Parameters, folder: Path) -> Judged:
    """Judge the references of a table, stop where a line breaks a rule that stops, and find the repeats."""
    keep = keeper(con, folder)
    table, severity, first = judged.mapped.table, params.cleaning.severity, len(judged.rules)
    rows, references = with_references(judged.mapped, tables, severity, first, keep)
    rules = (*judged.rules, *references)
    if table == "transactions":
        rows, ahead = with_far_ahead(rows, len(rules), params)
        rules = (*rules, ahead)
    refuse_where_asked(table, rows, rules, severity)
    found = find_merged(table, rows, params.cleaning)
    merged = keep(found, f"merged_{table}") if found is not None else None
    # Written once more: a dozen questions are asked of these lines, and each would join and compile all of it again.
    known = keep(with_merged(rows, merged).drop(DIGEST), f"known_{table}")
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


def refuse_where_asked(table: str, rows: ibis.Table, rules: Sequence[Rule], severity: dict[str, Severity]) -> None:
    """Stop where a line breaks a rule that stops, or numbers are cut that many lines hang on.

    Where the parameters give a severity to the rule of cut numbers, that holds, however many they are.
    """
    stopping = _bits_of(rules, (rule.name for rule in rules if rule.severity == "stop"))
    cut = _bits_of(rules, (rule.name for rule in rules if rule.name in BROKEN_ID and rule.name not in severity))
    if stopping:
        _refuse_first(table, rows, rules, stopping)
    if cut:
        broken = ((rows[REASONS] & cut) != 0).cast("int64")
        files = rows.group_by(rows[FILE]).agg(lines=rows.count(), broken=broken.sum()).to_pandas()
        least = 0 if files["broken"].sum() > MOST_CUT * files["lines"].sum() else SAVED_CUT * files["lines"]
        full = files.loc[files["broken"] > least, FILE].tolist()
        if full:
            _refuse_first(table, rows.filter(rows[FILE].isin(full)), rules, cut)


def _bits_of(rules: Sequence[Rule], names: Iterable[str]) -> int:
    wanted = {*names}
    return sum(1 << position for position, rule in enumerate(rules) if rule.name in wanted)


def _refuse_first(table: str, rows: ibis.Table, rules: Sequence[Rule], bits: int) -> None:
    """Refuse by the first line, in the order of the files, that has any of these reasons."""
    broken = rows.filter((rows[REASONS] & bits) != 0).order_by([FILE, LINE]).limit(1)
    first = broken.select(FILE, LINE, why=reasons_text(broken[REASONS], tuple(rules))).to_pandas()
    if first.empty:
        return
    names = first["why"].iloc[0].split()
    cut = next((name for name in names if name in BROKEN_ID), None)
    usual = "correct the delivery, or set the rule to quarantine under cleaning.severity"
    raise InputRejectedError.at(
        str(first[FILE].iloc[0]),
        f"breaks a rule of {table} that stops the run ({' '.join(names)})" if cut is None else rule_words(cut),
        usual if cut is None else remedy(table, cut),
        int(first[LINE].iloc[0]),
    )
