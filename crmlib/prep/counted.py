"""Which delivered lines count: those that a source's ``where`` lets in, and the latest delivery of a key."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from operator import and_, or_
from typing import Final

import ibis

from crmlib.params.counting import Condition, Where
from crmlib.prep.landing import BROKEN, Landed
from crmlib.prep.logic import surely
from crmlib.prep.marks import LEFT_OUT
from crmlib.prep.parsing import half_width, tidy_text
from crmlib.prep.parsing.letters import folded
from crmlib.prep.typed import fitting

BY: Final = "_by"
"""The column that tells how late a line is, mapped like a time of the table."""

_WHOLE: Final = r"^([0-9]+)\.0+$"
_NUMBER: Final = r"^[0-9]{1,18}(\.[0-9]+)?$"
_DIGITS: Final = 20


def left_out(landed: Landed) -> ibis.Value:
    """Tell the lines of a source that do not count; a line that did not split is not judged."""
    counts = holds(landed.rows, landed.source.where, landed.source.missing)
    return ~counts & landed.rows[BROKEN].isnull()


def takes_back(landed: Landed) -> ibis.Value:
    """Tell the lines that the source's ``returns`` says take goods back: those on which any of its conditions holds."""
    rows, missing = landed.rows, landed.source.missing
    every = [_holds(rows[raw], condition, missing) for raw, condition in landed.source.returns.items()]
    return reduce(or_, every, ibis.literal(value=False))


def holds(rows: ibis.Table, where: Where, missing: Sequence[str] = ()) -> ibis.Value:
    """Tell the rows on which every condition holds, blanks round the values and letter case apart."""
    every = [_holds(rows[raw], condition, missing) for raw, condition in where.items()]
    return reduce(and_, every, ibis.literal(value=True))


def absent_values(landed: Landed) -> dict[str, list[str]]:
    """List the values that ``where`` or ``returns`` names and no line of a source has, by column."""
    named: dict[str, list[str]] = {}
    for raw, condition in (*landed.source.where.items(), *landed.source.returns.items()):
        named.setdefault(raw, []).extend([*(condition.among or ()), *(condition.other_than or ())])
    absent = {}
    for raw, values in named.items():
        told = landed.rows.select(_value=_plain_value(landed.rows[raw]))
        lines = {str(place): surely(told["_value"] == _plainly(value)).sum() for place, value in enumerate(values)}
        found = told.agg(**lines).to_pyarrow().to_pylist()[0]
        absent[raw] = [value for place, value in enumerate(values) if not found[str(place)]]
    return {raw: values for raw, values in absent.items() if values}


def _holds(raw: ibis.Value, condition: Condition, missing: Sequence[str]) -> ibis.Value:
    value, told = _plain_value(raw), []
    if condition.among is not None:
        told.append(surely(value.isin([*map(_plainly, condition.among)])))
    if condition.other_than is not None:
        told.append(~surely(value.isin([*map(_plainly, condition.other_than)])))
    if condition.filled is not None:
        filled = tidy_text(fitting(raw, "text"), missing).notnull()
        told.append(filled if condition.filled else ~filled)
    return reduce(and_, told)


def _plain_value(raw: ibis.Value) -> ibis.Value:
    """Write the values of a column in one way: plain characters, small letters, no blanks round them, no ``.0``."""
    plain = half_width(fitting(raw, "text")).strip()
    return folded(ibis.ifelse(plain.re_search(_WHOLE), plain.re_extract(_WHOLE, 1), plain))


def _plainly(value: str) -> ibis.Value:
    """Write a value of the parameters as those of a column: by the same engine, whose small letters are its own."""
    return _plain_value(ibis.literal(value, "string"))


def is_left_out(rows: ibis.Table) -> ibis.Value:
    """Tell the lines that were left out; none where no source leaves any out."""
    return rows[LEFT_OUT] if LEFT_OUT in rows.columns else ibis.literal(value=False)


def delivery(landed: Landed, text: ibis.Value | None, time: ibis.Value | None, file: ibis.Value) -> ibis.Value:
    """Give a text that is larger the later a line was delivered: by a column's value, then by the file."""
    names = [delivered.name for delivered in landed.files]
    place = file
    if names != sorted(names):
        known = [(file == name, str(position).zfill(_DIGITS)) for position, name in enumerate(names)]
        place = ibis.cases(*known, else_=ibis.literal(""))
    if text is None or time is None:
        return place
    written = text.cast("string")
    whole = written.re_extract(r"^([0-9]+)", 1).lpad(_DIGITS, "0") + written.re_extract(r"^[0-9]+(\.[0-9]+)?$", 1)
    value = ibis.cases(
        (time.notnull(), ibis.literal("2") + time.cast("string")),
        (written.re_search(_NUMBER), ibis.literal("1") + whole),
        else_=ibis.literal("0") + written,
    )
    return value.fill_null("") + ibis.literal("\x1f") + place


def mapped_by(landed: Landed) -> Landed:
    """Map the column of ``latest.by`` as if it were a time of the table."""
    latest = landed.source.latest
    if latest is None or latest.by is None:
        return landed
    columns = landed.source.columns | {BY: latest.by}
    return replace(landed, source=landed.source.model_copy(update={"columns": columns}))
