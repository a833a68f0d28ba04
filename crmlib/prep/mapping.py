"""Mapping: the delivered columns of a source become the canonical columns of its table, typed by rule."""

from dataclasses import dataclass
from typing import Any, Final

import ibis

from crmlib.params import ParameterError, Source
from crmlib.prep.landing import BROKEN, FILE, LINE, Landed
from crmlib.prep.parsing import (
    convert_zone,
    id_text,
    is_iso,
    is_plain_id,
    is_plain_number,
    is_plain_text,
    iso_text,
    matches,
    number_text,
    offset_minutes,
    tidy_text,
    to_flag,
    to_number,
    to_timestamp,
)
from crmlib.prep.parsing.formats import compile_format, fixed_format, iso_from_fixed, tells_zone
from crmlib.prep.typed import NUMBERS, TIMES, fitting, without_stand_ins
from crmlib.tables import TABLES, Column
from crmlib.tables.vocabulary import SCORE_PREFIX

UNREADABLE: Final = "_unreadable"
"""Bit i is set where column i of the table was delivered and could not be read."""

REPAIRED: Final = "_repaired"
"""Bit i is set where column i of the table was delivered in another form than the one it is kept in."""

DIGEST: Final = "_digest"
SOURCE: Final = "_source"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A canonical table before cleaning: its sources one under the other.

    Attributes
    ----------
    table
        Name of the canonical table.
    columns
        The canonical columns, in order; bit i of ``_unreadable`` is ``columns[i]``.
    rows
        Ibis table with those columns, ``_source``, ``_file``, ``_line``, ``_broken``, ``_unreadable``,
        ``_repaired`` and ``_digest``.
    given
        The columns that at least one source delivers.
    """

    table: str
    columns: tuple[Column, ...]
    rows: Any
    given: frozenset[str]


def map_table(table: str, sources: list[Landed], shop_zone: str) -> Mapped:
    """Bring all sources of a table into its canonical columns.

    Columns that no source of the table delivers are empty. Customer numbers of different name spaces are kept apart
    by a prefix.

    Parameters
    ----------
    table
        Name of the canonical table.
    sources
        Its landed sources.
    shop_zone
        Time zone of the shop.
    """
    columns = canonical_columns(table, sources)
    rows = [_map_source(each, columns, shop_zone) for each in sources]
    given = frozenset(name for each in sources for name in (*each.source.columns, *each.source.constants))
    return Mapped(table, columns, rows[0] if len(rows) == 1 else ibis.union(*rows), given)


def canonical_columns(table: str, sources: list[Landed]) -> tuple[Column, ...]:
    """List what sources may deliver, with the score columns that these do."""
    scores = sorted({name for each in sources for name in each.source.columns if name.startswith(SCORE_PREFIX)})
    made = tuple(Column(name, "number", "score of an answer") for name in scores) if table == "surveys" else ()
    return TABLES[table].delivered + made


def _map_source(landed: Landed, columns: tuple[Column, ...], shop_zone: str) -> Any:
    """Tidy, write in standard form, type, and note what could not be read: steps, each on the one before.

    Most values are delivered as they shall be: one search says so, and the steps that rewrite leave them alone.
    """
    formats = _date_formats(landed)
    given = [column for column in columns if column.name in (*landed.source.columns, *landed.source.constants)]
    delivered = landed.rows.select(
        **{column.name: _raw(landed, column) for column in given},
        **{f"{_PLAIN}{column.name}": _is_plain(landed, column) for column in given},
        **{
            SOURCE: ibis.literal(landed.name),
            FILE: landed.rows[FILE],
            LINE: landed.rows[LINE],
            BROKEN: landed.rows[BROKEN].notnull(),
            DIGEST: _digest(landed),
        },
    )
    tidied = delivered.mutate(**{column.name: _tidied(delivered, column, landed.source) for column in given})
    times = [column.name for column in given if column.kind == "timestamp"]
    offsets = {
        f"{_OFFSET}{name}": _unless_plain(tidied, name, ibis.null("int64"), offset_minutes(tidied[name], formats))
        for name in times
        if _is_text(tidied[name])
    }
    standard = tidied.mutate(
        **{f"{_FORM}{column.name}": _standard_form(tidied, column, landed) for column in given},
        **offsets,
    )
    typed = standard.mutate(
        **{f"{_FORM}{column.name}": _typed(standard, column) for column in given},
        **{REPAIRED: _repaired(standard, columns, landed)},
    )
    in_shop_time = typed.mutate(
        **{f"{_FORM}{name}": _shop_time(typed, name, landed.source, shop_zone) for name in times}
    )
    of_kind = {column.name: _of_kind(in_shop_time[f"{_FORM}{column.name}"], column) for column in given}
    return in_shop_time.select(
        **{column.name: of_kind.get(column.name, ibis.null(_TYPES[column.kind])) for column in columns},
        **{name: in_shop_time[name] for name in (SOURCE, FILE, LINE, BROKEN, DIGEST, REPAIRED)},
        **{UNREADABLE: _unreadable(in_shop_time, columns, of_kind)},
    )


_PLAIN: Final = "_plain_"
_FORM: Final = "_form_"
_OFFSET: Final = "_offset_"


def _is_text(column: Any) -> bool:
    return bool(column.type().is_string())


def _delivered(landed: Landed, column: Column) -> Any | None:
    """Give the source's column, of a fitting type or as text; None where it delivers a constant only."""
    if column.name not in landed.source.columns:
        return None
    return fitting(landed.rows[landed.source.columns[column.name]], column.kind)


def _raw(landed: Landed, column: Column) -> Any:
    raw = _delivered(landed, column)
    return ibis.literal(landed.source.constants.get(column.name), "string") if raw is None else raw


def _is_plain(landed: Landed, column: Column) -> Any:
    """Tell the values that are delivered in the form they are kept in, so that nothing has to be rewritten."""
    raw, source = _delivered(landed, column), landed.source
    never = ibis.literal(value=False)
    if raw is None:
        return _is_plain_constant(_raw(landed, column), column)
    if not _is_text(raw):
        return never
    if column.kind in TIMES:
        if not source.date_format:
            return is_iso(raw, source.missing)
        fixed = _first_fixed(source)
        return never if fixed is None else matches(raw, fixed[0], source.missing)
    if column.kind in NUMBERS:
        commas = source.decimal != "." or any(file.comma for file in landed.files)
        return never if commas else is_plain_number(raw, source.missing)
    return is_plain_id(raw, source.missing) if column.name.endswith("_id") else is_plain_text(raw, source.missing)


def _is_plain_constant(constant: Any, column: Column) -> Any:
    """Tell a constant in the form of the parameters, whose numbers and days are not written as the source's are."""
    if column.kind in TIMES:
        return is_iso(constant)
    return is_plain_number(constant) if column.kind in NUMBERS else ibis.literal(value=False)


def _tidied(delivered: Any, column: Column, source: Source) -> Any:
    """Strip text, empty the stand-ins for a missing value, and put the constant where nothing is left."""
    raw = delivered[column.name]
    if column.name not in source.columns:
        return raw
    if _is_text(raw):
        raw = _unless_plain(delivered, column.name, raw, tidy_text(raw, source.missing))
    else:
        raw = without_stand_ins(raw, source.missing)
    constant = source.constants.get(column.name)
    return raw if constant is None else ibis.coalesce(raw, ibis.literal(constant).cast(raw.type()))


def _unless_plain(rows: Any, name: str, plain: Any, rewritten: Any) -> Any:
    return ibis.ifelse(rows[f"{_PLAIN}{name}"], plain, rewritten)


def _standard_form(tidied: Any, column: Column, landed: Landed) -> Any:
    """Write text in the form that every engine types alike; what the engine has typed stays."""
    text, source = tidied[column.name], landed.source
    if not _is_text(text):
        return text
    if column.kind in TIMES:
        written = iso_text(text, _listed(source.date_format), from_excel=landed.from_excel)
        fixed = _first_fixed(source) if column.name in source.columns else None
        return _unless_plain(tidied, column.name, text if fixed is None else iso_from_fixed(text, fixed[1]), written)
    if column.kind in NUMBERS:
        written = number_text(text, source.decimal, source.thousands)
        with_comma = [file.name for file in landed.files if file.comma]
        if with_comma:
            written = ibis.ifelse(tidied[FILE].isin(with_comma), number_text(text, ",", "."), written)
        return _unless_plain(tidied, column.name, text, written)
    if column.name.endswith("_id"):
        own = source.id_namespace if column.name == "customer_id" else ""
        written = _unless_plain(tidied, column.name, text, id_text(text))
        return ibis.literal(f"{own}:") + written if own else written
    return text


def _typed(standard: Any, column: Column) -> Any:
    form = standard[f"{_FORM}{column.name}"]
    if column.kind in TIMES:
        if not _is_text(form):
            return form.cast("timestamp(6)")
        return _unless_plain(standard, column.name, form.try_cast("timestamp(6)"), to_timestamp(form))
    if column.kind in NUMBERS:
        return to_number(form)
    if column.kind == "flag":
        return to_flag(form) if _is_text(form) else form.cast("boolean")
    return form


def _shop_time(typed: Any, name: str, source: Source, shop_zone: str) -> Any:
    """Bring a time to the shop's clock: from the offset written with it, else from the source's zone."""
    time = typed[f"{_FORM}{name}"]
    delivered = typed[name].type()
    if delivered.is_timestamp() and delivered.timezone is not None:
        return convert_zone(time, "UTC", shop_zone)
    local = convert_zone(time, source.timezone or shop_zone, shop_zone)
    if f"{_OFFSET}{name}" not in typed.columns:
        return local
    offset = typed[f"{_OFFSET}{name}"]
    utc = time - (offset.fill_null(0) * 60).as_interval("s")
    return ibis.ifelse(offset.isnull(), local, convert_zone(utc, "UTC", shop_zone))


def _of_kind(value: Any, column: Column) -> Any:
    """Give a typed value the table's type; a fraction is no integer, a date has no time."""
    if column.kind == "integer":
        return ibis.ifelse(value == value.floor(), value.cast("int64"), ibis.null("int64"))
    return value.cast(_TYPES[column.kind])


_TYPES: Final = {
    "text": "string",
    "timestamp": "timestamp(6)",
    "date": "date",
    "money": "decimal(18, 4)",
    "number": "decimal(18, 4)",
    "integer": "int64",
    "flag": "boolean",
}


def _unreadable(rows: Any, columns: tuple[Column, ...], of_kind: dict[str, Any]) -> Any:
    """Set bit i where column i was delivered and could not be read."""
    bits = ibis.literal(0, "int64")
    for position, column in enumerate(columns):
        if column.name in of_kind and column.kind != "text":
            lost = rows[column.name].notnull() & of_kind[column.name].isnull()
            bits = bits + ibis.ifelse(lost, ibis.literal(1 << position, "int64"), ibis.literal(0, "int64"))
    return bits


def _repaired(standard: Any, columns: tuple[Column, ...], landed: Landed) -> Any:
    """Set bit i where text of column i is written otherwise than it was delivered, blanks round it apart."""
    bits = ibis.literal(0, "int64")
    for position, column in enumerate(columns):
        if column.name in landed.source.columns and column.kind != "flag" and _is_text(standard[column.name]):
            own = landed.source.id_namespace if column.name == "customer_id" else ""
            said = ibis.literal(f"{own}:") + standard[column.name] if own else standard[column.name]
            other = (standard[f"{_FORM}{column.name}"] != said).fill_null(ibis.literal(value=False))
            bits = bits + ibis.ifelse(other, ibis.literal(1 << position, "int64"), ibis.literal(0, "int64"))
    return bits


def _digest(landed: Landed) -> Any:
    """Hash everything delivered in a line: equal lines of one source have equal digests."""
    values = [landed.rows[name].cast("string").fill_null("\x00") for name in landed.columns]
    return ibis.literal("\x1f").join([ibis.literal(landed.name), *values]).hexdigest("md5")


def _first_fixed(source: Source) -> tuple[str, dict[str, int]] | None:
    """Give the pattern of the first date format, see :func:`fixed_format`; None where a format tells a time zone."""
    formats = _listed(source.date_format)
    return fixed_format(formats[0]) if formats and not any(map(tells_zone, formats)) else None


def _listed(formats: str | list[str] | None) -> list[str]:
    return [formats] if isinstance(formats, str) else formats or []


def _date_formats(landed: Landed) -> list[str]:
    """Give the source's date formats, or refuse one that cannot be used."""
    given = _listed(landed.source.date_format)
    for each in given:
        try:
            compile_format(each)
        except ValueError as error:
            raise ParameterError(f"sources.{landed.table}.date_format: {error}") from None
    return given
