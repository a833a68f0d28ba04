"""Which rows are sales: by their status, by what was paid, and not the lines that add up others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.params.counting import Condition
from crmlib.prep.arguing.no_sales import Totals
from crmlib.prep.arguing.relations import number
from crmlib.prep.counted import holds
from crmlib.prep.landing import FILE, LINE
from crmlib.prep.logic import surely
from crmlib.prep.proposal.money.facts import Value
from crmlib.prep.proposal.readings import Asked, Option, Reading
from crmlib.prep.proposal.scalars import percent
from crmlib.prep.proposal.statuses import Status
from crmlib.prep.proposal.trying import first_texts
from crmlib.privacy.detector import find_personal_data
from crmlib.words import _, plural

if TYPE_CHECKING:
    import ibis.expr.types as ir

_MOST_VALUES: Final = 200
_FEW_WORDS: Final = 12
_AT_ONCE: Final = 3
_LABELS: Final = 40


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines, and whether money that takes back is delivered in some other way than by a status."""

    lines: ibis.Table
    money: Value  # expression of a line's money, for what a status is worth
    returns_known: bool  # whether refunds are columns, or lines below nought


def read_statuses(rows: Rows, statuses: Sequence[Status], reading: Reading) -> None:
    """Leave out rows whose status says that they are no sales; ask where a status is not known or says returned."""
    for status in statuses:
        values = [value for value, _n in first_texts(rows.lines, status.column, _MOST_VALUES)]
        if any(find_personal_data(value) for value in values):
            continue  # no word of a person in the parameters; `crm check` counts the lines
        kinds = {value: status.kind(value) for value in values}
        out = [value for value in values if kinds[value] == "not_sale"]
        if out and len(out) == len(values) and not _count(rows.lines[status.column].isnull()):
            kinds, out = dict.fromkeys(values, "unknown"), []  # a shop without a sale: the words mean something else
        left = [value for value, _n in first_texts(counted(rows.lines, reading), status.column, _MOST_VALUES)]
        back = [value for value in left if kinds[value] == "returned" and not _turned_back(rows, status.column, value)]
        unknown = [value for value in left if kinds[value] == "unknown"]
        if out:
            why = _("no sales: {what}").format(what=_worth(rows, status.column, out))
            _leave_out(reading, status.column, out, why)
        if back:
            reading.ask(_ask_returned(rows, status.column, back))
        if unknown and len(values) > 1 and len(unknown) <= _FEW_WORDS:
            doubted = _doubted(rows, status.column, unknown, kinds)
            for first in range(0, len(doubted), _AT_ONCE):
                reading.ask(_ask_unknown(rows, status.column, doubted[first : first + _AT_ONCE]))


def counted(lines: ibis.Table, reading: Reading) -> ibis.Table:
    """Take the lines that count by what was read so far."""
    where = {raw: Condition.model_validate(condition) for raw, condition in reading.settings.get("where", {}).items()}
    texts = lines.mutate(**{raw: lines[raw].cast("string") for raw in where})
    rows = texts.filter(holds(texts, where))
    return rows.mutate(**{raw: rows[raw].cast(lines[raw].type()) for raw in where})


def read_called_off(rows: Rows, times: Sequence[str], reading: Reading) -> None:
    """Leave out rows with a time under a header such as Cancelled at, whenever it was."""
    for time in times:
        n = _count(rows.lines[time].notnull())
        if n:
            why = plural("{n:,} row has a {time}", "{n:,} rows have a {time}", n).format(n=n, time=time)
            reading.let_count(time, {"filled": False}, why)


def _count(condition: "ir.BooleanValue") -> int:
    return int(number(condition.sum().to_pandas()))


def _turned_back(rows: Rows, column: str, value: str) -> bool:
    """Say whether lines of a status that says returned are below nought already, or refunds stand in a column."""
    return rows.returns_known or not _count((rows.lines[column] == value) & (rows.money > 0))


def _leave_out(reading: Reading, column: str, values: Sequence[str], why: str) -> None:
    before = reading.settings.get("where", {}).get(column, {}).get("not", [])
    reading.let_count(column, {"not": [*before, *values]}, why)


def _worth(rows: Rows, column: str, values: Sequence[str]) -> str:
    """Say how many rows the values stand on and what they are worth."""
    lines = rows.lines.mutate(_money=rows.money)
    chosen = lines.filter(lines[column].isin(list(values)))
    n, total = (int(table.count().to_pandas()) for table in (chosen, lines))
    return _("{values} on {n:,} of {total:,} rows ({share}, {money:,.2f})").format(
        values=", ".join(values[:5]), n=n, total=total, share=percent(n / max(total, 1)),
        money=number(chosen["_money"].sum().to_pandas()),
    )  # fmt: skip


def _ask_returned(rows: Rows, column: str, back: Sequence[str]) -> Asked:
    asks = _(
        "Are rows of {column} {what} sales? The words say that goods or money went back, the money is above nought."
    )
    options = (
        Option("sales", _("they count; nothing tells what went back")),
        Option("no_sales", _("they are left out"), {"where": {column: {"not": list(back)}}}),
        Option("returns", _("they are returns: their money comes off"), {"returns": {column: {"in": list(back)}}}),
    )
    return Asked("returned_rows", "returns", asks.format(column=column, what=_worth(rows, column, back)), options)


def _doubted(rows: Rows, column: str, unknown: Sequence[str], kinds: Mapping[str, str]) -> Sequence[str]:
    """List the unknown words; where none is known for a sale, the word on more than half of the rows is one."""
    most = _count(rows.lines[column].cast("string") == unknown[0])
    usual = "sale" not in kinds.values() and 2 * most > int(rows.lines.count().to_pandas())
    return unknown[1:] if usual else unknown


def _ask_unknown(rows: Rows, column: str, unknown: Sequence[str]) -> Asked:
    """Ask which of a few words are no sales: an answer for each choice among them."""
    some = [words for n in range(1, len(unknown)) for words in combinations(unknown, n)]
    asks = plural(
        "Are rows of {column} {what} sales? The words are not known.",
        "Which rows of {column} {what} are sales? The words are not known.",
        len(unknown),
    )
    options = (
        Option("sales", _("they count")),
        Option("no_sales", _("they are left out"), {"where": {column: {"not": list(unknown)}}}),
        *(_without(column, n, words) for n, words in enumerate(some, start=1)),
    )
    back = Option("returns", _("they are returns: their money comes off"), {"returns": {column: {"in": [*unknown]}}})
    asks = asks.format(column=column, what=_worth(rows, column, unknown))
    return Asked("rows_that_count", "money", asks, options if some else (*options, back))


def _without(column: str, place: int, words: Sequence[str]) -> Option:
    means = _("{words} are left out, the others count").format(words=", ".join(words))
    return Option(f"without_{place}", means, {"where": {column: {"not": list(words)}}})


def read_unpaid(
    lines: ibis.Table, listed: str, paid: str, *, refund: str | None, times: Sequence[str], reading: Reading
) -> None:
    """Leave out orders that were never paid: no money came in or went back, and a time of payment is empty."""
    back = surely(lines[refund] != 0) if refund else None
    nothing = surely(lines[paid] == 0) & surely(lines[listed] != 0)
    nothing = nothing & ~back if back is not None else nothing
    for time in times:
        empty = lines[time].isnull()
        both = _count(nothing & empty)
        if both and both == _count(empty) and both >= 0.9 * _count(nothing):
            why = plural(
                "{n:,} row has no {time} and nothing was paid", "{n:,} rows have no {time} and nothing was paid", both
            )
            reading.let_count(time, {"filled": True}, why.format(n=both, time=time))
            return


def ask_unpaid(lines: ibis.Table, times: Sequence[str], money: Value, reading: Reading) -> None:
    """Ask about rows without a time of payment, where some have one and no other column tells what was paid."""
    for time in times:
        rows = lines.mutate(_money=money)
        found = rows.agg(
            n=rows.count(), empty=rows[time].isnull().sum(), money=rows["_money"].sum(where=rows[time].isnull())
        )
        n, empty, worth = found.to_pandas().iloc[0][["n", "empty", "money"]]
        if 0 < empty < n and not pd.isna(worth) and worth:
            asks = _("Are the {n:,} rows without {time} ({money:,.2f}) sales?")
            options = (
                Option("sales", _("they count")),
                Option("no_sales", _("they were never paid, and are left out"), {"where": {time: {"filled": True}}}),
            )
            reading.ask(
                Asked("unpaid_rows", "money", asks.format(n=int(empty), time=time, money=float(worth)), options)
            )


def leave_totals_out(lines: ibis.Table, totals: Totals, columns: Sequence[str], reading: Reading) -> None:
    """Leave out lines that add up those before them: by the word that stands on them alone, else by what they lack."""
    places = [(lines[FILE] == file) & (lines[LINE] == line) for file, line in totals.places[:_LABELS]]
    on_them = lines.filter(ibis.or_(*places))
    why = plural(
        "{n:,} line adds up the lines before it", "{n:,} lines add up the lines before them", totals.lines
    ).format(n=totals.lines)
    for column in columns:
        if not lines[column].type().is_string():
            continue
        labels = [value for value, _n in first_texts(on_them, column, _LABELS)]
        if not labels or len(labels) > 3 or any(find_personal_data(label) for label in labels):
            continue
        worded = all(any(map(str.isalpha, label)) for label in labels)
        if worded and _count(lines[column].isin(labels)) <= totals.lines + 3:
            _leave_out(reading, column, labels, why)
            return
    needed = reading.plain.get("product_id") or reading.plain.get("customer_id")
    if needed and _count(lines[needed].isnull()) <= totals.lines + 1:  # else some are sales, and `crm check` asks
        reading.let_count(needed, {"filled": True}, why)
