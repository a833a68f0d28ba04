"""One delivery as lines of YAML: how its files are written, what its columns are, what could not be told."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.proposal.choosing import Found
from crmlib.prep.proposal.dates import DateReading, read_dates
from crmlib.prep.proposal.evidence import LOOKED_AT, Evidence, night_share
from crmlib.prep.proposal.evidence_words import column_remark, delivery_remark, encoding_of, key_remark
from crmlib.prep.proposal.groups import Sampled, path_of
from crmlib.prep.proposal.matching import Match
from crmlib.prep.proposal.numbers import NumberReading
from crmlib.prep.proposal.readings import Reading
from crmlib.prep.proposal.scalars import comment, flow, listed, named, percent, scalar
from crmlib.tables import TABLES
from crmlib.words import _

Line = str | tuple[str, str]
_SEPARATORS = {";": "a semicolon", "\t": "a tab", "|": "a bar"}
_FREE_TEXT = ("description", "name", "text", "comment")
"""Where a word such as "missing" is what somebody wrote, not a missing value."""
_NIGHT = 0.25
_MOST_NAMED = 12


def delivery_lines(found: Found, name: str, home: Path, *, alone: bool) -> Iterator[Line]:
    """Write a source: its name, its files, how they are written, its columns, remarks."""
    sample, choice = found.sample, found.choice
    if choice is None:
        return
    matched = [(match, sample.column(match.raw)) for match in matches_of(found).values()]
    yield f"name: {scalar(name)}"
    lines = file_lines(sample, home, matched, found.reading.columns if found.reading else _joined_by_header(found))
    set_by_numbers = {f"{key}: " for key in found.reading.settings} if found.reading else set()
    yield from (each for each in lines if not any(_text(each).startswith(key) for key in set_by_numbers))
    yield from _settings(found.reading)
    yield "columns:"
    yield from _columns(found, matched)
    yield comment(key_remark(choice.table, matches_of(found), sample))
    yield from _remarks(found, alone=alone)


def _text(line: Line) -> str:
    return line if isinstance(line, str) else line[0]


def _joined_by_header(found: Found) -> dict[str, str | list[str]]:
    matches = found.choice.matches if found.choice else {}
    return {name: [match.raw, *match.joined] for name, match in matches.items() if match.joined}


def matches_of(found: Found) -> dict[str, Match]:
    """Give the columns of a delivery as they are proposed: by header, and as the numbers corrected it."""
    if found.choice is None:
        return {}
    if found.reading is None:
        return dict(found.choice.matches)
    known = found.choice.matches
    order = {column.name: place for place, column in enumerate(TABLES[found.choice.table].delivered)}
    proposed = {}
    for name, raw in sorted(found.reading.columns.items(), key=lambda each: order.get(each[0], 99)):
        first = (raw[-1] if name == "order_id" else raw[0]) if isinstance(raw, list) else raw
        if first is not None:
            same = name in known and known[name].raw == first
            proposed[name] = known[name] if same else Match(name, first, 1.0, 1.0)
    return proposed


def _columns(found: Found, matched: Sequence[tuple[Match, Evidence]]) -> Iterator[Line]:
    """Write the mapping, each column with the reason that the numbers gave, else with its evidence."""
    table = found.choice.table if found.choice else ""
    for match, evidence in matched:
        raw = found.reading.columns[match.canonical] if found.reading else match.raw
        why = found.reading.why.get(match.canonical) if found.reading else None
        remark = _("guess: {why}").format(why=why) if why else column_remark(table, match, evidence)
        doubt = found.reading.doubts.get(match.canonical) if found.reading else match.doubt
        remark = _("{remark}; could not tell {doubt}").format(remark=remark, doubt=doubt) if doubt else remark
        yield f"  {match.canonical}: {listed(raw) if isinstance(raw, list) else scalar(raw)}", remark


def _settings(reading: Reading | None) -> Iterator[Line]:
    """Write what else was read out of the numbers: which rows count, which delivery, which cells are merged."""
    for key, value in reading.settings.items() if reading else ():
        yield f"{key}: {flow(value)}", _("guess: {why}").format(why=reading.why.get(key, "") if reading else "")


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
    separators = {each.delimiter for each in group.layouts}
    if len(separators) == 1 and first.delimiter in _SEPARATORS:
        yield (
            f"delimiter: {scalar(first.delimiter)}",
            _("guess: {mark} splits the lines evenly").format(mark=_SEPARATORS[first.delimiter]),
        )
    if first.header != 1:
        yield _header(first.header)
    if first.widths:
        yield f"widths: {listed(first.widths)}", _("guess: places that are blank in every line")
    if first.sheet is not None:
        yield f"sheet: {scalar(first.sheet)}"
    if first.rows is not None:
        yield f"rows: {scalar(first.rows)}", _("guess: each element of this list is a line")
    yield from _marks(sample, matched, joined or {})


def _header(header: int) -> Line:
    if header == 0:
        return "header: false", _("guess: the first line has values as the others have")
    return f"header: {header}", _("guess: the lines above are a title")


def _marks(
    sample: Sampled, matched: Sequence[tuple[Match, Evidence]], joined: Mapping[str, str | list[str]]
) -> Iterator[Line]:
    """Write number marks, date formats and sentinels that the mapped columns have in common."""
    numbers = {
        match.canonical: each.numbers for match, each in matched
        if each.numbers.share > 0.9 and not each.typed and _is_number(match)
    }  # fmt: skip
    yield from _mark(
        "decimal", {name: each.decimal for name, each in numbers.items() if each.decimal in each.example}, numbers
    )
    yield from _mark("thousands", {name: each.thousands for name, each in numbers.items() if each.thousands}, numbers)
    yield from _date_format([_of_joined(sample, match, each, joined) for match, each in matched if _is_time(match)])
    sentinels = {word: n for match, each in matched if match.canonical not in _FREE_TEXT for word, n in each.sentinels}
    if sentinels:
        counts = ", ".join(f"{word} {count:,} ×" for word, count in sentinels.items())
        yield f"missing: {listed(list(sentinels))}", _("guess: stand for nothing: {counts}").format(counts=counts)


def _is_number(match: Match) -> bool:
    return _kinds().get(match.canonical) in ("money", "number", "integer")


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


def _kinds() -> dict[str, str]:
    return {column.name: column.kind for table in TABLES.values() for column in table.delivered}


def _is_time(match: Match) -> bool:
    return _kinds().get(match.canonical) in ("timestamp", "date")


def _of_joined(
    sample: Sampled, match: Match, evidence: Evidence, joined: Mapping[str, str | list[str]]
) -> DateReading | None:
    """Read a time as the run will: joined with its clock, where that stands in a column of its own; typed ones not."""
    raw = joined.get(match.canonical)
    if evidence.typed:
        return None
    if not isinstance(raw, list):
        return evidence.dates
    texts = [pc.utf8_trim_whitespace(sample.rows.column(name).cast(pa.string())) for name in raw]
    both = pc.unique(pc.binary_join_element_wise(*texts, " ")).drop_null().to_pylist()
    return read_dates([each for each in both if each.strip()][:LOOKED_AT])


def _date_format(found: Sequence[DateReading | None]) -> Iterator[Line]:
    """Write formats that preparation must be told; then those of the source's other dates too."""
    readings = [each for each in found if each is not None]
    if not any(each.formats for each in readings):
        return
    formats = list(dict.fromkeys(form for each in readings for form in each.formats or each.free))
    written = scalar(formats[0]) if len(formats) == 1 else listed(formats)
    unclear = any(each.ambiguous for each in readings if each.formats)
    example = next(each.example for each in readings if each.formats)
    if unclear and all(each.ambiguous for each in readings if each.formats):
        yield (
            f"date_format: {written}",
            _("could not tell whether day or month stands first in dates like {example}").format(example=example),
        )
    else:
        yield f"date_format: {written}", _("guess: dates like {example}").format(example=example)


def _remarks(found: Found, *, alone: bool) -> Iterator[Line]:
    """Say what is not mapped and what could not be told."""
    choice = found.choice
    if choice is None:
        return
    yield from map(comment, found.sample.remarks)
    matches = matches_of(found)
    joined = [raw for raw in (found.reading.columns.values() if found.reading else ()) if isinstance(raw, list)]
    asked = found.reading.settings.get("where", {}) if found.reading else {}
    taken = {*(match.raw for match in matches.values()), *(raw for each in joined for raw in each), *asked}
    rest = [named(each.name) for each in found.sample.columns if each.name not in taken]
    if rest:
        more = _(" and {n} more").format(n=len(rest) - _MOST_NAMED) if len(rest) > _MOST_NAMED else ""
        yield comment(_("not mapped: {names}{more}").format(names=", ".join(rest[:_MOST_NAMED]), more=more))
    yield from map(comment, choice.doubts)
    if choice.table == "transactions":
        yield from _about_order_lines(found)
    if choice.table in ("transactions", "customers") and "customer_id" in matches and not alone:
        yield comment(
            _("could not tell whose customer numbers these are; if of another register, add id_namespace: web")
        )


def _about_order_lines(found: Found) -> Iterator[str]:
    matches, sample = matches_of(found), found.sample
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
