"""A delivery landed once and tried in many ways: by the readers and the parser of a run, so that both agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow.parquet as pq

from crmlib.params import Parameters, Source
from crmlib.params.reading import read_scalar
from crmlib.prep.arguing.relations import number
from crmlib.prep.judging import Judged, judge_tables
from crmlib.prep.landing import BROKEN, FILE, LINE, Landed, land_tables
from crmlib.prep.marks import REFUND
from crmlib.prep.parsing import number_text, tidy_text, to_number
from crmlib.prep.proposal.groups import Sampled
from crmlib.prep.proposal.sampling import sample_of
from crmlib.prep.staging import stage
from crmlib.prep.typed import NUMBERS
from crmlib.tables import TABLES


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a mapping makes of the sample: net money, orders and clean lines of a month, and of everything."""

    month: date | None
    month_money: float
    month_orders: int
    money: float
    orders: int
    lines: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One delivery of order lines in the engine.

    Attributes
    ----------
    params
        Parameters with this delivery as their only source.
    landed
        The delivery as landed, every value as delivered.
    lines
        Its lines with numbers typed: the raw columns by name (text tidied, numbers as floating point), ``_file``,
        ``_line``.
    numeric
        Names of the columns that hold numbers.
    marks
        Their decimal and thousands marks.
    known
        What was judged, by the keys of its source.
    """

    con: Any
    folder: Path
    params: Parameters
    landed: Landed
    lines: Any
    numeric: tuple[str, ...]
    marks: Mapping[str, tuple[str, str]]
    known: dict[str, Judged] = field(default_factory=dict)

    def judged(self, source: Mapping[str, Any]) -> Judged:
        """Map and judge the lines as another source would; what was judged before is not judged again."""
        key = repr(source)
        if key not in self.known:
            self.known[key] = self._judged(source)
        return self.known[key]

    def _judged(self, source: Mapping[str, Any]) -> Judged:
        place = self.folder / f"judged_{len(self.known)}"
        place.mkdir()
        given = {**self.landed.source.model_dump(exclude_unset=True), **source, **self._marks(source["columns"])}
        changed = Source.model_validate(given)
        landed = [_as(self.landed, changed)]
        sources = self.params.sources.model_copy(update={"transactions": [changed]})
        params = self.params.model_copy(update={"sources": sources})
        judged = judge_tables(self.con, landed, params, place)["transactions"]
        # read by their own files: another mapping of the same lines is staged under the same names
        rows = self.con.read_parquet(str(place / "known_transactions.parquet"), table_name=place.name)
        return replace(judged, mapped=replace(judged.mapped, rows=rows))

    def _marks(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """Give the marks of the columns that are mapped to numbers, as the proposal writes them."""
        kinds = {column.name: column.kind for column in TABLES["transactions"].delivered}
        read = {
            name: self.marks[raw] for name, raw in columns.items()
            if isinstance(raw, str) and raw in self.marks and kinds.get(name) in NUMBERS
        }  # fmt: skip
        thousands = {name: marks[1] for name, marks in read.items() if marks[1]}
        return {"decimal": {name: marks[0] for name, marks in read.items()}, "thousands": thousands or None}

    def outcome(self, source: Mapping[str, Any]) -> Outcome:
        """Say what the figures would be."""
        return outcome_of(self.judged(source).good)


def outcome_of(good: Any) -> Outcome:
    """Count the net money and the orders of clean lines, in all and in the last month that ends within them."""
    amount = good.amount - good[REFUND].fill_null(0) if REFUND in good.columns else good.amount
    rows = good.select(
        "order_id", amount=amount, month=good.ordered_at.truncate("M").date(), day=good.ordered_at.date()
    )
    months = rows.group_by("month").agg(
        money=rows.amount.cast("decimal(38, 4)").sum(), orders=rows.order_id.nunique(), lines=rows.count(),
        last=rows.day.max(),
    ).order_by("month").to_pandas()  # fmt: skip
    if not len(months):
        return Outcome(None, 0.0, 0, 0.0, 0, 0)
    last = months.iloc[-1]
    ends = pd.Timestamp(last["last"]) + pd.Timedelta(days=1)
    whole = len(months) == 1 or ends.month != pd.Timestamp(last["month"]).month
    told = last if whole else months.iloc[-2]
    orders = int(rows.order_id.nunique().to_pandas() or 0)
    return Outcome(
        pd.Timestamp(told["month"]).date(), number(told["money"]), int(told["orders"]),
        float(sum(map(number, months["money"]))), orders, int(months["lines"].sum()),
    )  # fmt: skip


def open_trial(  # noqa: PLR0917
    con: Any, sample: Sampled, written: Sequence[str], currency: str, folder: Path, named: frozenset[str]
) -> Trial:
    """Land a delivery of order lines by the lines of YAML that propose it.

    Parameters
    ----------
    con
        A DuckDB backend.
    sample
        The sampled delivery; of one that is not looked at whole the samples are landed in its place.
    written
        The source as it is proposed, paths relative to the root of the file system.
    folder
        A private folder.
    named
        Columns whose headers say numbers, though not all of their values are.
    """
    source = dict(read_scalar("\n".join(written)))
    if not sample.whole:
        source |= {"path": _samples(sample, folder)}
    params = Parameters.model_validate(
        {
            "series": "trial", "title": "trial", "root": "/", "currency": currency,
            "sources": {"transactions": [source]},
        }
    )  # fmt: skip
    place = folder / f"trial_{len(list(folder.iterdir()))}"
    place.mkdir()
    landed = land_tables(con, params, place)[0]
    numeric = tuple(
        each.name for each in sample.columns if each.distinct and (each.numbers.share > 0.9 or each.name in named)
    )
    lines = stage(con, _typed(landed, sample, numeric), place, f"{place.name}_lines")
    marks = {
        each.name: (each.numbers.decimal, each.numbers.thousands)
        for each in sample.columns if each.name in numeric and not each.typed
    }  # fmt: skip
    return Trial(con, place, params, landed, lines, numeric, marks)


def _typed(landed: Landed, sample: Sampled, numeric: Sequence[str]) -> Any:
    """Tidy the texts and type the numbers as the run would with the marks of each column."""
    rows = landed.rows.filter(landed.rows[BROKEN].isnull())
    missing = landed.source.missing
    tidied = rows.select(FILE, LINE, **{name: _tidied(rows[name], missing) for name in landed.columns})
    marks = {each.name: each.numbers for each in sample.columns}
    return tidied.mutate(
        **{name: _typed_number(tidied[name], marks[name].decimal, marks[name].thousands or None) for name in numeric}
    )


def _tidied(column: Any, missing: Sequence[str]) -> Any:
    return tidy_text(column, missing) if column.type().is_string() else column


def _typed_number(column: Any, decimal: str, thousands: str | None) -> Any:
    if not column.type().is_string():
        return column.cast("float64")
    return to_number(number_text(column, decimal, thousands)).cast("float64")


def _samples(sample: Sampled, folder: Path) -> list[str]:
    """Write the part of a large delivery that is looked at."""
    if sample.group.first.format == "parquet":
        target = folder / f"{len(list(folder.iterdir()))}_sample.parquet"
        pq.write_table(sample.rows, target)
        return [str(target)]
    return [str(sample_of(each.path, folder, whole=False)) for each in sample.looked_at]


def _as(landed: Landed, source: Source) -> Landed:
    return Landed(landed.table, landed.name, source, landed.rows, landed.files)


def first_texts(lines: Any, column: str, most: int) -> list[tuple[str, int]]:
    """Give the most frequent texts of a column with their counts."""
    counts = lines.group_by(value=lines[column].cast("string")).agg(n=lines.count())
    top = counts.filter(counts["value"].notnull()).order_by([ibis.desc("n"), "value"]).limit(most).to_pandas()
    return [(str(value), int(n)) for value, n in zip(top["value"], top["n"], strict=True)]
