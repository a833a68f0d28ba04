"""A look at what would come in: sources landed and judged, nobody identified, nothing kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ibis
import pandas as pd

from crmlib.engine import connect
from crmlib.params import Parameters
from crmlib.prep.arguing import Doubt, doubts_of, doubts_of_scales
from crmlib.prep.contracts import LEFT_OUT_RULE, REASONS, WARNINGS, refuse_unknown_rules, rule_words
from crmlib.prep.control import refuse_unknown_sources
from crmlib.prep.control_words import control_lines
from crmlib.prep.counted import absent_values, is_left_out
from crmlib.prep.judging import Judged, count_rules, judge_tables
from crmlib.prep.landing import BROKEN, FILE, LINE, Landed, land_tables
from crmlib.prep.landing.mixed import BOTH
from crmlib.prep.logic import surely
from crmlib.prep.mapping import SOURCE
from crmlib.prep.marks import MERGED
from crmlib.prep.persons.left_out import LeftOut, left_out
from crmlib.prep.persons.undeclared import find_undeclared, kind_words
from crmlib.prep.refunds import refunded, with_made_returns
from crmlib.prep.remedies import remedy
from crmlib.prep.sales import number_lines
from crmlib.prep.shapes import shape
from crmlib.tables import TABLES
from crmlib.words import _

MOST_PROBLEMS: Final = 10
_SEVEREST_FIRST: Final = ("stop", "quarantine", "merge", "warn")


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What one source would deliver.

    Attributes
    ----------
    lines, clean, set_aside, merged
        Lines in = clean + set aside + merged + left out. Accounts of one person are merged later, by ``crm run``.
    first, last
        Days of its first and last clean line, where the table has a time.
    customers
        Share of its clean lines that say who bought, where the table has that column.
    left_out
        Lines that ``where`` leaves out.
    made
        Returns that refunds make of clean lines; they are not among ``lines``.
    """

    table: str
    source: str
    files: int
    lines: int
    clean: int
    set_aside: int
    merged: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    customers: float | None
    left_out: int = 0
    made: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """One line that breaks a rule: where it stands and the shape of its text, never the text."""

    file: str
    line: int
    shape: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that lines break, how many, and the first of them."""

    table: str
    rule: str
    severity: str
    lines: int
    meaning: str
    remedy: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """What would come in, source by source, and what is wrong with it, the severest and most frequent first.

    Attributes
    ----------
    personal
        Columns in which personal data stand that nobody declared: what, on what share of the lines, and where first.
    doubts
        What the data say against the mapping and the parameters have not answered.
    left_out
        Whom a run will leave out for their consent; None where no consent is delivered.
    control
        The order lines held to the shop's own books, or a request for one figure of them.
    absent
        Values that ``where`` names and no line has.
    """

    sources: tuple[SourceCheck, ...]
    problems: tuple[Problem, ...]
    personal: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    left_out: LeftOut | None = None
    control: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def check_sources(params: Parameters, folder: Path) -> Check:
    """Land and judge every source as a run would.

    Parameters
    ----------
    params
        The validated parameters.
    folder
        A private folder for what is landed; the caller removes it.

    Raises
    ------
    crmlib.params.ParameterError
        If the parameters do not fit the files.
    crmlib.prep.InputRejectedError
        If a file cannot be read, or a line breaks a rule that stops the run.
    """
    con = connect(params.engine)
    try:
        tables = judge_tables(con, land_tables(con, params, folder), params, folder)
        judged = list(tables.values())
        refuse_unknown_rules(params, {rule.name for each in judged for rule in each.rules})
        sources = tuple(source for each in judged for source in _count_sources(each))
        personal = tuple(_personal(find_undeclared(params, tables)))
        sales = tables.get("transactions")
        doubts = doubts_of(sales, params) if sales is not None else ()
        if "surveys" in tables:
            doubts = (*doubts, *doubts_of_scales(tables["surveys"], params))
        books = tuple(_control(sales, params)) if sales is not None else ()
        gone = left_out(tables, params.privacy.consent)
        absent = tuple(_absent(judged))
        return Check(sources, tuple(_problems(judged)), personal, doubts, gone, books, absent)
    finally:
        con.disconnect()


def _absent(judged: Sequence[Judged]) -> Iterator[str]:
    """Say which values of `where` stand on no line, misspelt or merely rare, and which files have two encodings."""
    for landed in (each for table in judged for each in table.landed):
        for file in landed.files:
            if file.encoding.startswith(BOTH):
                yield _("{file}: some lines are UTF-8, others {other}; have it written in one encoding").format(
                    file=file.name, other=file.encoding.removeprefix(BOTH)
                )
        for column, values in absent_values(landed).items():
            yield _("{source}: no line has {values} in {column}, which `where` or `returns` names").format(
                source=landed.name, values=", ".join(values), column=column
            )


def _control(judged: Judged, params: Parameters) -> list[str]:
    """Hold the good order lines to the books; accounts of one person are joined later, by ``crm run``."""
    refuse_unknown_sources(params.control, [each.name for each in judged.landed])
    good = judged.good
    return control_lines(with_made_returns(number_lines(good.mutate(source=good[SOURCE]))), params)


def _personal(findings: pd.DataFrame) -> Iterator[str]:
    """Say which columns hold personal data that nobody declared; a run masks them."""
    for row in findings.to_dict("records"):
        yield _(
            "{table}: {column} holds {kind} on {share} of its lines, first {file}, line {line}: a run masks them"
        ).format(
            table=row["table"],
            column=row["column"],
            kind=kind_words(row["kind"]),
            share=f"{row['share']:.1%}",
            file=row["file"],
            line=row["line"],
        )


def _count_sources(judged: Judged) -> Iterator[SourceCheck]:
    """Count a table's lines by source, those of a source without lines too."""
    table = judged.mapped.table
    counted = _counted(judged, TABLES[table].time).set_index("source")
    who = "customer_id" in judged.mapped.given and table != "customers"
    for each in judged.landed:
        if each.name not in counted.index:
            yield SourceCheck(table, each.name, len(each.files), 0, 0, 0, 0, None, None, None)
            continue
        row = counted.loc[each.name]
        clean = int(row["clean"])
        first, last = (None if pd.isna(row[name]) else pd.Timestamp(row[name]) for name in ("first", "last"))
        share = int(row["known"]) / clean if who and clean else None
        aside, merged = int(row["aside"]), int(row["merged"])
        yield SourceCheck(
            table, each.name, len(each.files), int(row["lines"]), clean, aside, merged, first, last, share,
            int(row["left_out"]), int(row["made"]),
        )  # fmt: skip


def _counted(judged: Judged, time: str | None) -> pd.DataFrame:
    rows, left_out = judged.rows, is_left_out(judged.rows)
    not_good, merged = rows[REASONS] != 0, rows[MERGED].notnull()
    aside, clean = not_good & ~left_out, surely(~not_good & ~merged)
    when = rows[time] if time else ibis.null("timestamp(6)")
    known = rows.customer_id.notnull() if "customer_id" in rows.columns else ibis.literal(value=False)
    marked = rows.select(
        source=rows[SOURCE], clean=clean, aside=aside, merged=surely(merged & ~not_good), when=when, known=known,
        left_out=left_out, made=clean & refunded(rows),
    )  # fmt: skip
    counted = marked.group_by("source").agg(
        lines=marked.count(),
        clean=marked.clean.sum(),
        aside=marked.aside.sum(),
        merged=marked.merged.sum(),
        left_out=marked.left_out.sum(),
        made=marked.made.sum(),
        known=(marked.known & marked.clean).sum(),
        first=marked.when.min(where=marked.clean),
        last=marked.when.max(where=marked.clean),
    )
    frame: pd.DataFrame = counted.to_pandas()
    return frame


def _problems(judged: Sequence[Judged]) -> Iterator[Problem]:
    """Rank the broken rules of all tables; the first ten come with examples, ten in all."""
    counts = pd.concat([*(count_rules(each) for each in judged), *(_count_merged(each) for each in judged)])
    counts = counts[counts["rule"] != LEFT_OUT_RULE]
    ranked = counts.assign(rank=counts["severity"].map(_SEVEREST_FIRST.index))
    ranked = ranked.sort_values(["rank", "lines"], ascending=[True, False], kind="stable")
    tables = {each.mapped.table: each for each in judged}
    each_shows = max(MOST_PROBLEMS // max(len(ranked), 1), 1)
    for place, row in enumerate(ranked.to_dict("records")):
        table, rule = str(row["table"]), str(row["rule"])
        examples = _examples(tables[table], rule, each_shows) if place < MOST_PROBLEMS else ()
        words = rule_words(rule), remedy(table, rule)
        yield Problem(table, rule, str(row["severity"]), int(row["lines"]), *words, examples)


def _count_merged(judged: Judged) -> pd.DataFrame:
    rows = judged.rows.filter((judged.rows[REASONS] == 0) & judged.rows[MERGED].notnull())
    counts = rows.group_by(rule=rows[MERGED]).agg(lines=rows.count()).order_by("rule").to_pandas()
    return counts.assign(table=judged.mapped.table, severity="merge")


def _examples(judged: Judged, rule: str, most: int) -> tuple[Example, ...]:
    """Find the first lines that break a rule, by file and line."""
    rows = judged.rows
    first = rows.filter(_breaks(judged, rule)).order_by([SOURCE, FILE, LINE]).limit(most)
    places = first.select(SOURCE, FILE, LINE).to_pandas()
    return tuple(
        Example(str(file), int(line), _shape_of_line(judged.landed, str(source), str(file), int(line)))
        for source, file, line in places.itertuples(index=False)
    )


def _breaks(judged: Judged, rule: str) -> Any:
    rows = judged.rows
    for position, each in enumerate(judged.rules):
        if each.name == rule:
            bits = rows[WARNINGS if each.severity == "warn" else REASONS]
            return (bits & (1 << position)) != 0
    return (rows[REASONS] == 0) & (rows[MERGED] == rule)


def _shape_of_line(landed: Sequence[Landed], source: str, file: str, line: int) -> str:
    """Read a delivered line back and give its shape, its fields separated by commas."""
    for each in landed:
        if each.name == source:
            rows = each.rows.filter((each.rows[FILE] == file) & (each.rows[LINE] == line)).limit(1)
            fields = [rows[BROKEN], *(rows[name].cast("string") for name in each.columns)]
            found = rows.select(**{f"c{position}": field for position, field in enumerate(fields)}).to_pandas()
            if len(found):
                broken, *values = (None if pd.isna(value) else str(value) for value in found.iloc[0])
                return shape(broken) if broken is not None else shape(",".join(value or "" for value in values))
    return ""
