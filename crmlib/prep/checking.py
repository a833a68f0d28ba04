"""A look at what would come in: sources landed and judged, nobody identified, nothing kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import ibis
import pandas as pd
from ibis import Table

from crmlib.engine import connect
from crmlib.params import Parameters
from crmlib.prep.arguing import Doubt, doubts_of, doubts_of_list, doubts_of_scales, unlisted_words
from crmlib.prep.contracts import REASONS, refuse_unknown_rules
from crmlib.prep.control import hold, refuse_unknown_sources
from crmlib.prep.control_words import control_lines
from crmlib.prep.counted import absent_values, is_left_out
from crmlib.prep.holes import hole_words, holes
from crmlib.prep.judging import Judged, judge_tables
from crmlib.prep.landing import land_tables
from crmlib.prep.landing.mixed import BOTH
from crmlib.prep.listed import Listed, look_up_listed
from crmlib.prep.logic import surely
from crmlib.prep.mapping import SOURCE
from crmlib.prep.marks import MERGED
from crmlib.prep.persons.consent import LeftOut, left_out
from crmlib.prep.persons.undeclared import find_undeclared, kind_words
from crmlib.prep.problems import Problem, rank_problems
from crmlib.prep.profile import by_day
from crmlib.prep.refunds import refunded, with_made_returns
from crmlib.prep.sales import number_lines
from crmlib.privacy.rules import DisclosureRules
from crmlib.tables import TABLES
from crmlib.words import _
from crmlib.words.saying import Say, Speaker

_SPAN: Final = ("first", "last")


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What one source would deliver."""

    table: str
    source: str
    files: int
    # lines in = clean + set aside + merged + left out. Accounts of one person are merged later, by ``crm run``.
    lines: int
    clean: int
    set_aside: int
    merged: int
    # days of its first and last clean line, where the table has a time
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    customers: float | None  # share of its clean lines that say who bought, where the table has that column
    left_out: int = 0  # lines that ``where`` leaves out
    made: int = 0  # returns that refunds make of clean lines; they are not among ``lines``


@dataclass(frozen=True, slots=True)
class Check:
    """What would come in, source by source, and what is wrong with it, the severest and most frequent first."""

    sources: tuple[SourceCheck, ...]
    problems: tuple[Problem, ...]
    # columns in which personal data stand that nobody declared: what, on what share of the lines, and where first
    personal: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()  # what the data say against the mapping and the parameters have not answered
    left_out: LeftOut | None = None  # whom a run will leave out for their consent; None where no consent is delivered
    control: tuple[str, ...] = ()  # the order lines held to the shop's own books, or a request for one figure of them
    # what the parameters name in vain: values of ``where`` that no line has, returned orders that nobody delivered
    absent: tuple[str, ...] = ()
    holes: tuple[str, ...] = ()  # stretches of days without a sale that usually have some
    books_differ: bool = False  # whether a figure of the books is another one


def check_sources(params: Parameters, folder: Path) -> Check:
    """Land and judge every source as a run would."""
    con = connect(params.engine, folder / "spill")
    say = Speaker(DisclosureRules(params.privacy.threshold, params.privacy.base), params.currency)
    try:
        tables = judge_tables(con, land_tables(con, params, folder), params, folder)
        judged = list(tables.values())
        refuse_unknown_rules(params, {rule.name for table in judged for rule in table.rules})
        sources = tuple(source for table in judged for source in _count_sources(table))
        personal = tuple(_personal(find_undeclared(params, tables), say))
        sales = tables.get("transactions")
        doubts = doubts_of(sales, params) if sales is not None else ()
        if "surveys" in tables:
            doubts = (*doubts, *doubts_of_scales(tables["surveys"], params))
        lines = _clean_lines(sales, params) if sales is not None else None
        held = hold(lines, params.control, params.as_of) if lines is not None else []
        books = control_lines(held, lines, params, say) if lines is not None else ()
        missing = _missing(lines, params, say) if lines is not None else ()
        gone = left_out(tables, params.privacy.consent)
        listed = look_up_listed(con, sales.rows, params) if sales is not None else None
        doubts = (*doubts, *doubts_of_list(listed, params))
        absent = (*_absent(judged), *_unlisted(listed))
        return Check(
            sources, tuple(rank_problems(judged)), personal, doubts, gone, tuple(books), absent, tuple(missing),
            books_differ=not all(figure.agrees for figure in held),
        )  # fmt: skip
    finally:
        con.disconnect()


def _absent(judged: Sequence[Judged]) -> Iterator[str]:
    """Say which values of `where` stand on no line, misspelt or merely rare, and which files have two encodings."""
    for landed in (source for table in judged for source in table.landed):
        for file in landed.files:
            if file.encoding.startswith(BOTH):
                yield _("{file}: some lines are UTF-8, others {other}; have it written in one encoding").format(
                    file=file.name, other=file.encoding.removeprefix(BOTH)
                )
        for column, values in absent_values(landed).items():
            yield _("{source}: no line has {values} in {column}, which `where` or `returns` names").format(
                source=landed.name, values=", ".join(values), column=column
            )


def _unlisted(listed: Listed | None) -> Iterator[str]:
    if listed is not None and listed.unknown:
        yield f"{listed.file}: {unlisted_words(listed)}"


def _clean_lines(judged: Judged, params: Parameters) -> Table:
    """Give the order lines as they would be clean; accounts of one person are joined later, by ``crm run``."""
    refuse_unknown_sources(params.control, [source.name for source in judged.landed])
    good = judged.good
    return with_made_returns(number_lines(good.mutate(source=good[SOURCE])))


def _missing(lines: Table, params: Parameters, say: Say) -> Iterator[str]:
    """Say on which days before the last one sales are missing, by the shop's own rhythm."""
    last = lines.ordered_at.max().to_pandas()
    if not pd.isna(last):
        end = params.as_of or (pd.Timestamp(last) + pd.Timedelta(days=1)).date()
        days = by_day(lines, end)
        gaps = holes(days, end, params.country)
        yield from hole_words(gaps[gaps["start"] <= days["day"].max()], say)


def _personal(findings: pd.DataFrame, say: Say) -> Iterator[str]:
    """Say which columns hold personal data that nobody declared; a run masks them."""
    for row in findings.to_dict("records"):
        words = _(
            "{table}: {column} holds {kind} on {share:share} of its lines, first {file}, line {line}: a run masks them"
        )
        known = {name: row[name] for name in ("table", "column", "share", "file")}
        yield say(words, **known, kind=kind_words(row["kind"]), line=str(row["line"]))


def _count_sources(judged: Judged) -> Iterator[SourceCheck]:
    """Count a table's lines by source, those of a source without lines too."""
    table = judged.mapped.table
    found = _counted(judged, TABLES[table].time).set_index("source").reindex([source.name for source in judged.landed])
    counts = found.drop(columns=[*_SPAN]).fillna(0).astype("int64")
    who = "customer_id" in judged.mapped.given and table != "customers"
    for source in judged.landed:
        n = {name: int(value) for name, value in counts.loc[source.name].items()}
        first, last = (None if pd.isna(day := found.loc[source.name, name]) else pd.Timestamp(day) for name in _SPAN)
        share = n["known"] / n["clean"] if who and n["clean"] else None
        yield SourceCheck(
            table, source.name, len(source.files), n["lines"], n["clean"], n["aside"], n["merged"], first, last, share,
            n["left_out"], n["made"],
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
        **{name: marked[name].sum() for name in ("clean", "aside", "merged", "left_out", "made")},
        known=(marked.known & marked.clean).sum(),
        first=marked.when.min(where=marked.clean),
        last=marked.when.max(where=marked.clean),
    )
    return counted.to_pandas()
