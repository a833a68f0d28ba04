"""One delivery as lines of YAML: how its files are written, what its columns are, what could not be told."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.proposal.choosing import Found
from crmlib.prep.proposal.dates import DateReading, read_dates
from crmlib.prep.proposal.evidence import LOOKED_AT, Evidence, night_share
from crmlib.prep.proposal.evidence_words import column_remark, delivery_remark, encoding_of, key_remark
from crmlib.prep.proposal.fitting import Match
from crmlib.prep.proposal.groups import Sampled, path_of
from crmlib.prep.proposal.numbers import NumberReading
from crmlib.prep.proposal.readings import Reading
from crmlib.prep.proposal.scalars import Line, comment, flow, listed, named, percent, scalar
from crmlib.tables import TABLES
from crmlib.words import _

_SEPARATORS = {";": "a semicolon", "\t": "a tab", "|": "a bar"}
_FREE_TEXT = ("description", "name", "text", "comment")
"""Where a word such as "missing" is what somebody wrote, not a missing value."""
_KINDS = {column.name: column.kind for table in TABLES.values() for column in table.delivered}
_NIGHT = 0.25
_MOST_NAMED = 12


def delivery_lines(found: Found, name: str, home: Path, *, alone: bool) -> Iterator[Line]:
    """Write a source: its name, its files, how they are written, its columns, remarks."""
    sample, choice = found.sample, found.choice
    if choice is None:
        return
    matches = matches_of(found)
    matched = [(match, sample.column(match.raw)) for match in matches.values()]
    yield f"name: {scalar(name)}"
    by_header = {name: [match.raw, *match.joined] for name, match in choice.matches.items() if match.joined}
    reading = found.reading or Reading()
    for line in file_lines(sample, home, matched, found.reading.columns if found.reading else by_header):
        if (line if isinstance(line, str) else line[0]).split(": ")[0] not in reading.settings:
            yield line
    for key, value in reading.settings.items():
        yield f"{key}: {flow(value)}", _("guess: {why}").format(why=reading.why.get(key, ""))
    yield "columns:"
    yield from _columns(found, matched)
    yield comment(key_remark(choice.table, matches, sample))
    yield from _remarks(found, matches, alone=alone)


def matches_of(found: Found) -> dict[str, Match]:
    """Give the columns of a delivery as they are proposed: by header, and as the numbers corrected it."""
    known = dict(found.choice.matches) if found.choice else {}
    if found.reading is None:
        return known
    order = {column.name: place for place, column in enumerate(TABLES[found.table].delivered)}
    proposed = {}
    for name in sorted(found.reading.columns, key=lambda name: order.get(name, 99)):
        raw = found.reading.columns[name]
        first = (raw[-1] if name == "order_id" else raw[0]) if isinstance(raw, list) else raw
        same = name in known and known[name].raw == first
        proposed[name] = known[name] if same else Match(name, first, 1.0, 1.0)
    return proposed


def _columns(found: Found, matched: Sequence[tuple[Match, Evidence]]) -> Iterator[Line]:
    """Write the mapping, each column with the reason that the numbers gave, else with its evidence."""
    reading = found.reading
    for match, evidence in matched:
        raw = reading.columns[match.canonical] if reading else match.raw
        why = reading.why.get(match.canonical) if reading else None
        remark = _("guess: {why}").format(why=why) if why else column_remark(found.table, match, evidence)
        doubt = reading.doubts.get(match.canonical) if reading else match.doubt
        remark = _("{remark}; could not tell {doubt}").format(remark=remark, doubt=doubt) if doubt else remark
        yield f"  {match.canonical}: {listed(raw) if isinstance(raw, list) else scalar(raw)}", remark


def file_lines(
    sample: Sampled,
    home: Path,
    matched: Sequence[tuple[Match, Evidence]] = (),
    joined: Mapping[str, str | list[str]] | None = None,
) -> Iterator[Line]:
    """Write the keys of a file: path, encoding, separator, header, sheet, number marks, date formats, sentinels."""
    group, first = sample.group, sample.group.first
    path = path_of(group, home)
    yield f"path: {scalar(path) if isinstance(path, str) else listed(path)}", delivery_remark(sample)
    if first.format in ("fixed", "xlsx", "jsonl") and first.widths:
        yield "format: fixed"
    encoding, why = encoding_of(group)
    if encoding:
        yield f"encoding: {scalar(encoding)}", why
    elif why:
        yield comment(why)
    separators = {layout.delimiter for layout in group.layouts}
    if len(separators) == 1 and first.delimiter in _SEPARATORS:
        why = _("guess: {mark} splits the lines evenly").format(mark=_SEPARATORS[first.delimiter])
        yield f"delimiter: {scalar(first.delimiter)}", why
    if first.header == 0:
        yield "header: false", _("guess: the first line has values as the others have")
    elif first.header > 1:
        yield f"header: {first.header}", _("guess: the lines above are a title")
    if first.widths:
        yield f"widths: {listed(first.widths)}", _("guess: places that are blank in every line")
    if first.sheet is not None:
        yield f"sheet: {scalar(first.sheet)}"
    if first.rows is not None:
        yield f"rows: {scalar(first.rows)}", _("guess: each element of this list is a line")
    yield from _marks(sample, matched, joined or {})


def _marks(
    sample: Sampled, matched: Sequence[tuple[Match, Evidence]], joined: Mapping[str, str | list[str]]
) -> Iterator[Line]:
    """Write number marks, date formats and sentinels that the mapped columns have in common."""
    of_kind = [(match.canonical, _KINDS.get(match.canonical), column) for match, column in matched]
    numbers = {
        name: column.numbers for name, kind, column in of_kind
        if kind in ("money", "number", "integer") and column.numbers.share > 0.9 and not column.typed
    }  # fmt: skip
    decimals = {name: number.decimal for name, number in numbers.items() if number.decimal in number.example}
    yield from _mark("decimal", decimals, numbers)
    thousands = {name: number.thousands for name, number in numbers.items() if number.thousands}
    yield from _mark("thousands", thousands, numbers)
    times = [(name, column) for name, kind, column in of_kind if kind in ("timestamp", "date") and not column.typed]
    yield from _date_format([_dates(sample, column, joined.get(name)) for name, column in times])
    sentinels = {word: n for name, _kind, column in of_kind if name not in _FREE_TEXT for word, n in column.sentinels}
    if sentinels:
        counts = ", ".join(f"{word} {count:,} ×" for word, count in sentinels.items())
        yield f"missing: {listed(list(sentinels))}", _("guess: stand for nothing: {counts}").format(counts=counts)


def _mark(key: str, marks: dict[str, str], numbers: Mapping[str, NumberReading]) -> Iterator[Line]:
    """Write a mark once where all columns that show one agree, else by column."""
    usual = {"decimal": ".", "thousands": ","}[key]
    found = set(marks.values())
    if not found - {usual}:
        return
    first = next(name for name, mark in marks.items() if mark != usual)
    why = _("guess: numbers like {example}").format(example=numbers[first].example)
    why = why if key == "decimal" else _("guess: three digits follow it")
    if len(found) == 1:
        yield f"{key}: {scalar(found.pop())}", why
    else:
        yield f"{key}: {flow({name: mark for name, mark in marks.items() if mark != usual})}", why


def _dates(sample: Sampled, column: Evidence, raw: str | list[str] | None) -> DateReading:
    """Read a time as the run will: joined with its clock, where that stands in a column of its own."""
    if not isinstance(raw, list):
        return column.dates
    texts = [pc.utf8_trim_whitespace(sample.rows.column(name).cast(pa.string())) for name in raw]
    both = pc.unique(pc.binary_join_element_wise(*texts, " ")).drop_null().to_pylist()
    return read_dates([text for text in both if text.strip()][:LOOKED_AT])


def _date_format(readings: Sequence[DateReading]) -> Iterator[Line]:
    """Write formats that preparation must be told; then those of the source's other dates too."""
    telling = [dates for dates in readings if dates.formats]
    if not telling:
        return
    formats = list(dict.fromkeys(form for dates in readings for form in dates.formats or dates.free))
    written = scalar(formats[0]) if len(formats) == 1 else listed(formats)
    why = _("guess: dates like {example}")
    if all(dates.ambiguous for dates in telling):
        why = _("could not tell whether day or month stands first in dates like {example}")
    yield f"date_format: {written}", why.format(example=telling[0].example)


def _remarks(found: Found, matches: Mapping[str, Match], *, alone: bool) -> Iterator[Line]:
    """Say what is not mapped and what could not be told."""
    yield from map(comment, found.sample.remarks)
    taken = {match.raw for match in matches.values()}
    if found.reading:
        taken |= found.reading.taken | found.reading.settings.get("where", {}).keys()
    rest = [named(column.name) for column in found.sample.columns if column.name not in taken]
    if rest:
        more = _(" and {n} more").format(n=len(rest) - _MOST_NAMED) if len(rest) > _MOST_NAMED else ""
        yield comment(_("not mapped: {names}{more}").format(names=", ".join(rest[:_MOST_NAMED]), more=more))
    yield from map(comment, found.choice.doubts if found.choice else ())
    if found.table == "transactions":
        yield from _about_order_lines(found.sample, matches)
    if found.table in ("transactions", "customers") and "customer_id" in matches and not alone:
        yield comment(
            _("could not tell whose customer numbers these are; if of another register, add id_namespace: web")
        )


def _about_order_lines(sample: Sampled, matches: Mapping[str, Match]) -> Iterator[str]:
    if "channel" not in matches:
        yield comment(_("could not tell the channel; if all of it is one, add constants: {channel: store}"))
    night = night_share(sample.rows.column(matches["ordered_at"].raw))
    if night > _NIGHT:
        why = _("could not tell: {share} of the times are before six in the morning; if not local, add timezone: UTC")
        yield comment(why.format(share=percent(night)))
    if "customer_id" not in matches:
        yield comment(_("could not tell which column is customer_id: every sale counts as anonymous"))
    yield from who_remark(sample, matches)


def who_remark(sample: Sampled, matches: Mapping[str, Match]) -> Iterator[str]:
    """Doubt a customer number that is another one in every order."""
    who, order = matches.get("customer_id"), matches.get("order_id")
    if who is None or order is None or not {who.raw, order.raw} <= set(sample.rows.column_names):
        return
    customers = sample.column(who.raw).distinct
    if customers > 100 and customers >= sample.column(order.raw).distinct:
        yield comment(_("could not tell: customer_id differs in every order; is it a person's number?"))
