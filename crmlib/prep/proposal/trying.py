"""A delivery landed once and tried in many ways, by the readers and the parser of a run, so that both agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow.parquet as pq

from crmlib.params import ParameterError, Parameters, Source
from crmlib.params.questions import extended
from crmlib.params.reading import read_scalar
from crmlib.prep.arguing.relations import number
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.judging import Judged, judge_tables
from crmlib.prep.landing import BROKEN, FILE, LINE, Landed, land_tables
from crmlib.prep.marks import REFUND
from crmlib.prep.parsing import number_text, tidy_text, to_number
from crmlib.prep.proposal.groups import Sampled
from crmlib.prep.proposal.readings import Option, Reading
from crmlib.prep.proposal.sampling import sample_of
from crmlib.prep.staging import stage
from crmlib.prep.typed import NUMBERS
from crmlib.tables import TABLES
from crmlib.words import _, plural


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a mapping makes of the sample: net money and orders of a month, and the money of everything."""

    month: date | None
    month_money: float
    month_orders: int
    money: float


@dataclass(frozen=True, slots=True)
class Trial:
    """One delivery of order lines in the engine."""

    con: Any
    folder: Path
    params: Parameters  # with this delivery as their only source
    landed: Landed
    lines: ibis.Table  # the raw columns by name (text tidied, numbers as floating point), ``_file``, ``_line``
    numeric: tuple[str, ...]  # names of the columns that hold numbers
    marks: Mapping[str, tuple[str, str]]  # their decimal and thousands marks
    known: dict[str, Judged] = field(default_factory=dict)  # what was judged, by the keys of its source

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
        landed = [replace(self.landed, source=changed)]
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


def _outcome(good: ibis.Table) -> Outcome:
    """Count the net money and the orders of clean lines, in all and in the last month that ends within them."""
    amount = good.amount - good[REFUND].fill_null(0) if REFUND in good.columns else good.amount
    rows = good.select(
        "order_id", amount=amount, month=good.ordered_at.truncate("M").date(), day=good.ordered_at.date()
    )
    months = rows.group_by("month").agg(
        money=rows.amount.cast("decimal(38, 4)").sum(), orders=rows.order_id.nunique(), last=rows.day.max(),
    ).order_by("month").to_pandas()  # fmt: skip
    if not len(months):
        return Outcome(None, 0.0, 0, 0.0)
    last = months.iloc[-1]
    ends = pd.Timestamp(last["last"]) + pd.Timedelta(days=1)
    whole = len(months) == 1 or ends.month != pd.Timestamp(last["month"]).month
    month = last if whole else months.iloc[-2]
    return Outcome(
        pd.Timestamp(month["month"]).date(), number(month["money"]), int(month["orders"]),
        float(sum(map(number, months["money"]))),
    )  # fmt: skip


def open_trial(  # noqa: PLR0917
    con: Any, sample: Sampled, written: Sequence[str], currency: str, folder: Path, named: frozenset[str]
) -> Trial:
    """Land a delivery of order lines by the lines of YAML that propose it."""
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
        column.name
        for column in sample.columns
        if column.distinct and (column.numbers.share > 0.9 or column.name in named)
    )
    lines = stage(con, _typed(landed, sample, numeric), place, f"{place.name}_lines")
    marks = {
        column.name: (column.numbers.decimal, column.numbers.thousands)
        for column in sample.columns if column.name in numeric and not column.typed
    }  # fmt: skip
    return Trial(con, place, params, landed, lines, numeric, marks)


def _typed(landed: Landed, sample: Sampled, numeric: Sequence[str]) -> Any:
    """Tidy the texts and type the numbers as the run would with the marks of each column."""
    rows = landed.rows.filter(landed.rows[BROKEN].isnull())
    texts = [name for name in landed.columns if rows[name].type().is_string()]
    tidied = rows.mutate(**{name: tidy_text(rows[name], landed.source.missing) for name in texts})
    tidied = tidied.select(FILE, LINE, *landed.columns)
    marks = {column.name: column.numbers for column in sample.columns}
    return tidied.mutate(
        **{name: _typed_number(tidied[name], marks[name].decimal, marks[name].thousands or None) for name in numeric}
    )


def _typed_number(column: Any, decimal: str, thousands: str | None) -> Any:
    number = to_number(number_text(column, decimal, thousands)) if column.type().is_string() else column
    return number.cast("float64")


def _samples(sample: Sampled, folder: Path) -> list[str]:
    """Write the part of a large delivery that is looked at."""
    if sample.group.first.format == "parquet":
        target = folder / f"{len(list(folder.iterdir()))}_sample.parquet"
        pq.write_table(sample.rows, target)
        return [str(target)]
    return [str(sample_of(layout.path, folder, whole=False)) for layout in sample.looked_at]


def first_texts(lines: ibis.Table, column: str, most: int) -> list[tuple[str, int]]:
    """Give the most frequent texts of a column with their counts."""
    counts = lines.group_by(value=lines[column].cast("string")).agg(n=lines.count())
    top = counts.filter(counts["value"].notnull()).order_by([ibis.desc("n"), "value"]).limit(most).to_pandas()
    return [(str(value), int(n)) for value, n in zip(top["value"], top["n"], strict=True)]


def weigh_options(trial: Trial, reading: Reading) -> None:
    """Say of each answer what it makes of the last month's revenue."""
    for place, question in enumerate(reading.asked):
        options = tuple(replace(option, gives=_gives(trial, reading, option)) for option in question.options)
        reading.asked[place] = replace(question, options=options)


def _gives(trial: Trial, reading: Reading, option: Option) -> str:
    try:
        outcome = _outcome(trial.judged(with_option(reading.source, option)).good)
    except (ParameterError, InputRejectedError, ValueError):
        return _("cannot be tried on these files")
    if outcome.month is None:
        return _("no clean line")
    words = [_("{month}: {money:,.2f}").format(month=f"{outcome.month:%Y-%m}", money=outcome.month_money)]
    if outcome.month_orders:
        words.append(plural("of {n:,} order", "of {n:,} orders", outcome.month_orders).format(n=outcome.month_orders))
    if outcome.money != outcome.month_money:
        words.append(_("(in all {all:,.2f})").format(all=outcome.money))
    return " ".join(words)


def with_option(source: Mapping[str, Any], option: Option) -> dict[str, Any]:
    """Set what an option sets in the keys of a source."""
    changed = {**source, "columns": dict(source["columns"])}
    for key, new in option.sets.items():
        value = [str(path) for path in new] if key == "path" else new
        name = key.removeprefix("columns.")
        target = changed["columns"] if name != key else changed
        if value is None:
            target.pop(name, None)
        else:
            target[name] = extended(target.get(name), value)
    return changed
