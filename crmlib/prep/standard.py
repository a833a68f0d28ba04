"""One column from as it was delivered to its kind: tidied, written in standard form, typed, on the shop's clock.

Each step is a column on the one before; :mod:`crmlib.prep.mapping` puts the steps of all columns of a source together.
"""

from decimal import Decimal
from typing import Any, Final

import ibis

from crmlib.params import Source
from crmlib.prep.landing import FILE, Landed
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
    tidy_text,
    to_arm,
    to_flag,
    to_number,
    to_timestamp,
)
from crmlib.prep.parsing.formats import fixed_format, iso_from_fixed, tells_zone
from crmlib.prep.parsing.letters import small_address
from crmlib.prep.typed import JOINED, NUMBERS, TIMES, fitting, without_stand_ins
from crmlib.tables import Column

PLAIN: Final = "_plain_"
"""Before a column's name: whether it is delivered as it is kept, its standard form, its minutes ahead of UTC."""

FORM: Final = "_form_"
OFFSET: Final = "_offset_"

TYPES: Final = {
    "text": "string",
    "timestamp": "timestamp(6)",
    "date": "date",
    "money": "decimal(18, 4)",
    "number": "decimal(18, 4)",
    "integer": "int64",
    "flag": "boolean",
}

MEASURE: Final = "decimal(24, 10)"
"""What is multiplied before it is rounded keeps its decimals: 10,000 at 0.01234567 are 123.4567."""

_CENT: Final = ibis.literal(Decimal("0.01"), "decimal(3, 2)")
_SHARES: Final = ("discount_rate", "discount_percent")
_MEASURES: Final = ("unit_price", *_SHARES)


def type_of(column: Column) -> str:
    """Give the type of a canonical column as it is mapped."""
    return MEASURE if column.name in _MEASURES else TYPES[column.kind]


def is_text(column: Any) -> bool:
    """Tell a column of text."""
    return bool(column.type().is_string())


def _delivered(landed: Landed, column: Column) -> ibis.Value | None:
    """Give the source's column, of a fitting type or as text; None where it delivers a constant only."""
    if column.name not in landed.source.columns:
        return None
    first, *others = landed.source.parts[column.name]
    return landed.rows[f"{JOINED}{column.name}"] if others else fitting(landed.rows[first], column.kind)


def as_delivered(landed: Landed, column: Column) -> ibis.Value:
    """Give a column as the source delivers it, or its constant."""
    raw = _delivered(landed, column)
    return ibis.literal(landed.source.constants.get(column.name), "string") if raw is None else raw


def is_plain(landed: Landed, column: Column) -> ibis.Value:
    """Tell the values that are delivered in the form they are kept in, so that nothing has to be rewritten."""
    raw, source = _delivered(landed, column), landed.source
    never = ibis.literal(value=False)
    if raw is None:
        return _is_plain_constant(as_delivered(landed, column), column)
    if not is_text(raw):
        return never
    if column.kind in TIMES:
        if not source.date_format:
            return is_iso(raw, source.missing)
        fixed = _first_fixed(source)
        return never if fixed is None else matches(raw, fixed[0], source.missing)
    if column.kind in NUMBERS:
        commas = source.decimal_of(column.name) != "." or _with_comma(landed, column)
        return never if commas else is_plain_number(raw, source.missing)
    return is_plain_id(raw, source.missing) if column.name.endswith("_id") else is_plain_text(raw, source.missing)


def _is_plain_constant(constant: ibis.Value, column: Column) -> ibis.Value:
    """Tell a constant in the form of the parameters, whose numbers and days are not written as the source's are."""
    if column.kind in TIMES:
        return is_iso(constant)
    return is_plain_number(constant) if column.kind in NUMBERS else ibis.literal(value=False)


def tidied_value(delivered: ibis.Table, column: Column, source: Source) -> ibis.Value:
    """Strip text, empty the stand-ins for a missing value, and put the constant where nothing is left."""
    raw = delivered[column.name]
    if column.name not in source.columns:
        return raw
    if is_text(raw):
        raw = unless_plain(delivered, column.name, raw, tidy_text(raw, source.missing))
    else:
        raw = without_stand_ins(raw, source.missing)
    constant = source.constants.get(column.name)
    return raw if constant is None else ibis.coalesce(raw, ibis.literal(constant).cast(raw.type()))


def unless_plain(rows: ibis.Table, name: str, plain: ibis.Value, rewritten: ibis.Value) -> ibis.Value:
    """Take the rewritten value of a column where it was not plain; see :func:`is_plain`."""
    return ibis.ifelse(rows[f"{PLAIN}{name}"], plain, rewritten)


def standard_form(tidied: ibis.Table, column: Column, landed: Landed) -> ibis.Value:
    """Write text in the form that every engine types alike; what the engine has typed stays."""
    text, source = tidied[column.name], landed.source
    if not is_text(text):
        return text
    if column.kind in TIMES:
        written = iso_text(text, listed(source.date_format), from_excel=landed.from_excel)
        fixed = _first_fixed(source) if column.name in source.columns else None
        return unless_plain(tidied, column.name, text if fixed is None else iso_from_fixed(text, fixed[1]), written)
    if column.kind in NUMBERS:
        marks, percent = (source.decimal_of(column.name), source.thousands_of(column.name)), column.name in _SHARES
        written = number_text(text, *marks, percent=percent)
        with_comma = _with_comma(landed, column)
        if with_comma:
            in_them = number_text(text, ",", ".", percent=percent)
            written = ibis.ifelse(tidied[FILE].isin(with_comma), in_them, written)
        return unless_plain(tidied, column.name, text, written)
    if column.name.endswith("_id"):
        own = source.id_namespace if column.name == "customer_id" else ""
        written = unless_plain(tidied, column.name, text, id_text(text))
        written = small_address(written) if column.name == "customer_id" else written
        return ibis.literal(f"{own}:") + written if own else written
    return text


def _with_comma(landed: Landed, column: Column) -> list[str]:
    """List the files in which a column was found to have a decimal comma."""
    raw = set(landed.source.parts.get(column.name, ()))
    return [file.name for file in landed.files if raw & set(file.comma)]


def typed_value(standard: ibis.Table, column: Column) -> ibis.Value:
    """Type what stands in standard form; what cannot be typed becomes empty."""
    form = standard[f"{FORM}{column.name}"]
    if column.kind in TIMES:
        if not is_text(form):
            return form.cast("timestamp(6)")
        return unless_plain(standard, column.name, form.try_cast("timestamp(6)"), to_timestamp(form))
    if column.kind in NUMBERS:
        number = form.try_cast(MEASURE) if column.name in _MEASURES else to_number(form)
        return _rate(standard[column.name], number) if column.name == "discount_rate" else number
    if column.kind == "flag":
        return to_flag(form) if is_text(form) else form.cast("boolean")
    return to_arm(form) if column.name == "arm" and is_text(form) else form


def _rate(text: ibis.Value, number: ibis.Value) -> ibis.Value:
    """Take a rate that is written with a per cent sign for the share that it is: 20 % for 0.2."""
    if not is_text(text):
        return number
    share = (number * _CENT).cast("decimal(38, 12)").cast(MEASURE)
    return ibis.ifelse(text.re_search("[%％]"), share, number)


def on_shop_clock(typed: ibis.Table, name: str, source: Source, shop_zone: str) -> ibis.Value:
    """Bring a time to the shop's clock: from the offset written with it, else from the source's zone."""
    time = typed[f"{FORM}{name}"]
    delivered = typed[name].type()
    if delivered.is_timestamp() and delivered.timezone is not None:
        return convert_zone(time, "UTC", shop_zone)
    local = convert_zone(time, source.timezone or shop_zone, shop_zone)
    if f"{OFFSET}{name}" not in typed.columns:
        return local
    offset = typed[f"{OFFSET}{name}"]
    utc = time - (offset.fill_null(0) * 60).as_interval("s")
    return ibis.ifelse(offset.isnull(), local, convert_zone(utc, "UTC", shop_zone))


def as_kind(value: ibis.Value, column: Column, *, cents: bool = False) -> ibis.Value:
    """Give a typed value the table's type; a fraction is no integer, a date has no time, a hundred cents are one."""
    if column.kind == "integer":
        return ibis.ifelse(value == value.floor(), value.cast("int64"), ibis.null("int64"))
    typed = value.cast(type_of(column))
    if not cents or column.kind != "money":
        return typed
    # Ibis takes the product for as wide as the number: a cast to the same type would be left out
    return (typed * _CENT).cast("decimal(38, 12)").cast(type_of(column))


def _first_fixed(source: Source) -> tuple[str, dict[str, int]] | None:
    """Give the pattern of the first date format, see :func:`fixed_format`; None where a format tells a time zone."""
    formats = listed(source.date_format)
    return fixed_format(formats[0]) if formats and not any(map(tells_zone, formats)) else None


def listed(formats: str | list[str] | None) -> list[str]:
    """Give the date formats of a source as a list."""
    return [formats] if isinstance(formats, str) else formats or []
