"""Mapping: the delivered columns of a source become the canonical columns of its table, typed by rule."""

from dataclasses import dataclass
from typing import Final

import ibis

from crmlib.params import ParameterError
from crmlib.prep.counted import BY, delivery, left_out, mapped_by, takes_back
from crmlib.prep.landing import BROKEN, FILE, LINE, Landed
from crmlib.prep.logic import bit, surely
from crmlib.prep.marks import DELIVERY, LEFT_OUT, TAKES_BACK
from crmlib.prep.parsing import offset_minutes
from crmlib.prep.parsing.formats import compile_format
from crmlib.prep.standard import (
    FORM,
    OFFSET,
    PLAIN,
    as_delivered,
    as_kind,
    is_plain,
    is_text,
    listed,
    on_shop_clock,
    standard_form,
    tidied_value,
    type_of,
    typed_value,
    unless_plain,
)
from crmlib.prep.typed import with_joined
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
    """A canonical table before cleaning: its sources one under the other."""

    table: str  # name of the canonical table
    columns: tuple[Column, ...]  # the canonical columns, in order; bit i of ``_unreadable`` is ``columns[i]``
    # Ibis table with those columns, ``_source``, ``_file``, ``_line``, ``_broken``, ``_unreadable``, ``_repaired``
    # and ``_digest``; ``_left_out`` and ``_delivery`` where a source asks for them
    rows: ibis.Table
    given: frozenset[str]  # the columns that at least one source delivers


def map_table(table: str, sources: list[Landed], shop_zone: str) -> Mapped:
    """Bring all sources of a table into its canonical columns.

    Columns that no source of the table delivers are empty. Customer numbers of different name spaces are kept apart
    by a prefix.
    """
    columns = canonical_columns(table, sources)
    asked = _asked(sources)
    rows = [_map_source(landed, columns, shop_zone, asked) for landed in sources]
    given = frozenset(name for landed in sources for name in (*landed.source.columns, *landed.source.constants))
    return Mapped(table, columns, rows[0] if len(rows) == 1 else ibis.union(*rows), given)


def canonical_columns(table: str, sources: list[Landed]) -> tuple[Column, ...]:
    """List what sources may deliver, with the score columns and the working columns that these do."""
    mapped = {name for landed in sources for name in (*landed.source.columns, *landed.source.constants)}
    scores = sorted(name for name in mapped if name.startswith(SCORE_PREFIX))
    made = tuple(Column(name, "number", "score of an answer") for name in scores) if table == "surveys" else ()
    return tuple(column for column in TABLES[table].delivered if not column.working or column.name in mapped) + made


def _asked(sources: list[Landed]) -> frozenset[str]:
    """Name the further columns that the parameters of any source of a table ask for."""
    of_where = {LEFT_OUT for landed in sources if landed.source.where}
    return frozenset(of_where | {DELIVERY for landed in sources if landed.source.latest is not None})


def _map_source(landed: Landed, columns: tuple[Column, ...], shop_zone: str, asked: frozenset[str]) -> ibis.Table:
    """Tidy, write in standard form, type, and note what could not be read: steps, each on the one before.

    Most values are delivered as they shall be: one search says so, and the steps that rewrite leave them alone.
    """
    digest, landed = _digest(landed), mapped_by(landed)
    formats = _date_formats(landed)
    given = [column for column in columns if column.name in (*landed.source.columns, *landed.source.constants)]
    landed = with_joined(landed, given)
    read = [*given, *([_BY] if BY in landed.source.columns else [])]
    delivered = landed.rows.select(
        **{column.name: as_delivered(landed, column) for column in read},
        **{f"{PLAIN}{column.name}": is_plain(landed, column) for column in read},
        **{
            SOURCE: ibis.literal(landed.name),
            FILE: landed.rows[FILE],
            LINE: landed.rows[LINE],
            BROKEN: landed.rows[BROKEN].notnull(),
            DIGEST: digest,
        },
        **({LEFT_OUT: left_out(landed)} if LEFT_OUT in asked else {}),
        **({TAKES_BACK: takes_back(landed)} if landed.source.returns else {}),
    )
    tidied = delivered.mutate(**{column.name: tidied_value(delivered, column, landed.source) for column in read})
    times = [column.name for column in read if column.kind == "timestamp"]
    offsets = {
        f"{OFFSET}{name}": unless_plain(tidied, name, ibis.null("int64"), offset_minutes(tidied[name], formats))
        for name in times
        if is_text(tidied[name])
    }
    standard = tidied.mutate(
        **{f"{FORM}{column.name}": standard_form(tidied, column, landed) for column in read},
        **offsets,
    )
    typed = standard.mutate(
        **{f"{FORM}{column.name}": typed_value(standard, column) for column in read},
        **{REPAIRED: _repaired(standard, columns, landed)},
    )
    in_shop_time = typed.mutate(
        **{f"{FORM}{name}": on_shop_clock(typed, name, landed.source, shop_zone) for name in times}
    )
    of_kind = {column.name: _of_kind(in_shop_time, column, landed) for column in read}
    said = {"is_return": _is_return(in_shop_time, of_kind)} if landed.source.returns else {}
    return in_shop_time.select(
        **{column.name: (of_kind | said).get(column.name, ibis.null(type_of(column))) for column in columns},
        **{name: in_shop_time[name] for name in (SOURCE, FILE, LINE, BROKEN, DIGEST)},
        **_bits(in_shop_time, _unreadable(in_shop_time, columns, of_kind)),
        **({DELIVERY: _delivery(in_shop_time, landed, of_kind)} if DELIVERY in asked else {}),
    )


_BY: Final = Column(BY, "timestamp", "what latest.by tells")


def _of_kind(rows: ibis.Table, column: Column, landed: Landed) -> ibis.Value:
    """Give a column its type; only what the source itself delivers is in its cents."""
    cents = landed.source.cents and column.name in landed.source.columns
    return as_kind(rows[f"{FORM}{column.name}"], column, cents=cents)


def _is_return(rows: ibis.Table, of_kind: dict[str, ibis.Value]) -> ibis.Value:
    """Tell a return by the source's ``returns``, or as its own column tells it."""
    return rows[TAKES_BACK] | surely(of_kind["is_return"]) if "is_return" in of_kind else rows[TAKES_BACK]


def _bits(rows: ibis.Table, unreadable: ibis.Value) -> dict[str, ibis.Value]:
    """Give the marks of a line; a line that was left out is neither repaired nor unreadable."""
    marks = {REPAIRED: rows[REPAIRED], UNREADABLE: unreadable}
    if LEFT_OUT not in rows.columns:
        return marks
    nothing = ibis.literal(0, "int64")
    told = {name: ibis.ifelse(rows[LEFT_OUT], nothing, bits) for name, bits in marks.items()}
    return {LEFT_OUT: rows[LEFT_OUT], **told}


def _delivery(rows: ibis.Table, landed: Landed, of_kind: dict[str, ibis.Value]) -> ibis.Value:
    """Tell how late a line was delivered, where its source asks for the latest."""
    if landed.source.latest is None:
        return ibis.null("string")
    text = rows[BY] if BY in of_kind else None
    return delivery(landed, text, of_kind.get(BY), rows[FILE])


def _unreadable(rows: ibis.Table, columns: tuple[Column, ...], of_kind: dict[str, ibis.Value]) -> ibis.Value:
    """Set bit i where column i was delivered and could not be read."""
    bits = ibis.literal(0, "int64")
    for position, column in enumerate(columns):
        if column.name in of_kind and column.kind != "text":
            lost = rows[column.name].notnull() & of_kind[column.name].isnull()
            bits = bits + bit(position, lost)
    return bits


def _repaired(standard: ibis.Table, columns: tuple[Column, ...], landed: Landed) -> ibis.Value:
    """Set bit i where text of column i is written otherwise than it was delivered, blanks round it apart."""
    bits = ibis.literal(0, "int64")
    for position, column in enumerate(columns):
        if column.name in landed.source.columns and column.kind != "flag" and is_text(standard[column.name]):
            own = landed.source.id_namespace if column.name == "customer_id" else ""
            said = ibis.literal(f"{own}:") + standard[column.name] if own else standard[column.name]
            bits = bits + bit(position, surely(standard[f"{FORM}{column.name}"] != said))
    return bits


def _digest(landed: Landed) -> ibis.Value:
    """Hash everything delivered in a line: equal lines of one source have equal digests."""
    values = [landed.rows[name].cast("string").fill_null("\x00") for name in landed.columns]
    return ibis.literal("\x1f").join([ibis.literal(landed.name), *values]).hexdigest("md5")


def _date_formats(landed: Landed) -> list[str]:
    """Give the source's date formats, or refuse one that cannot be used."""
    given = listed(landed.source.date_format)
    for form in given:
        try:
            compile_format(form)
        except ValueError as error:
            raise ParameterError(f"sources.{landed.table}.date_format: {error}") from None
    return given
