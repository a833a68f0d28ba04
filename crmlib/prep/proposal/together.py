"""Deliveries that belong together: order lines in two files, a list of returned orders, lines delivered twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.parsing.flags import YES
from crmlib.prep.proposal.choosing import Choice, Found, choose_table
from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.groups import Sampled
from crmlib.prep.proposal.synonyms import likeness
from crmlib.words import _

_UNIQUE = 0.99


@dataclass(frozen=True, slots=True)
class Joined:
    """Two deliveries that make order lines together."""

    lines: Sampled  # has the money
    orders: Sampled  # has the time
    lines_key: str  # the order number
    orders_key: str
    choice: Choice
    found: float  # share of the sampled lines whose order is in the sample

    @property
    def query(self) -> str:
        """SQL that keeps every line, with the file and line it stands on; a line without an order has no time."""
        own = {column.name for column in self.lines.columns}
        taken = [match.raw for match in self.choice.matches.values() if match.raw not in own]
        more = "".join(f", orders.{_quoted(name)}" for name in taken)
        on = f"lines.{_quoted(self.lines_key)} = orders.{_quoted(self.orders_key)}"
        return f"SELECT lines.*{more} FROM lines LEFT JOIN orders ON {on}"


def join_order_lines(samples: Sequence[Sampled]) -> Joined | None:
    """Find the two deliveries that make the best order lines together, if any do."""
    found = [joined for orders, lines in permutations(samples, 2) if (joined := _join(lines, orders)) is not None]
    return max(found, key=lambda joined: (joined.choice.score, joined.found), default=None)


def _join(lines: Sampled, orders: Sampled) -> Joined | None:
    left, right = _order_number(lines), _order_number(orders)
    if left is None or right is None or orders.column(right).unique < _UNIQUE:
        return None
    line, order = (_as_transactions(sample.columns, sample.group.labels) for sample in (lines, orders))
    if line.lacking != ("ordered_at",) or "ordered_at" in order.lacking:
        return None
    names = {column.name for column in lines.columns}
    more = [column for column in orders.columns if column.name not in names]
    both = _as_transactions([*lines.columns, *more], ["orders"])
    if both.lacking:
        return None
    known = pc.is_in(lines.rows.column(left), value_set=pc.unique(orders.rows.column(right)))
    return Joined(lines, orders, left, right, both, pc.mean(known).as_py() or 0.0)


def _as_transactions(columns: Sequence[Evidence], labels: Sequence[str]) -> Choice:
    return next(choice for choice in choose_table(columns, labels) if choice.table == "transactions")


def _order_number(sample: Sampled) -> str | None:
    """Find the column of order numbers by its name."""
    likely = [(likeness(column.name, "transactions", "order_id"), column.name) for column in sample.columns]
    share, name = max(likely, default=(0.0, ""))
    return name if share >= 0.9 else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_WORDS: Final = ("return", "refund", "rma", "retour", "devolu", "remboursement", "rücksend", "退货", "退款", "返品")
_KNOWN: Final = 0.5
"""Share of the list's numbers that must be order numbers."""
_FEWER: Final = 0.7
"""A list of returns names fewer orders than there are."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A list of orders that were taken back."""

    sample: Sampled
    column: str  # its column of order numbers
    where: Mapping[str, list[str]]  # which of its lines count, where a column says yes or no
    why: str


def find_returned(found: Sequence[Found], orders: Sequence[pa.ChunkedArray]) -> Returned | None:
    """Find the list of returned orders among the deliveries that are no table."""
    if not orders:
        return None
    every = pa.chunked_array([chunk for column in orders for chunk in column.cast(pa.string()).chunks], pa.string())
    known = pc.unique(pc.utf8_trim_whitespace(every)).drop_null()
    rest = (delivery.sample for delivery in found if delivery.choice is None)
    return next((found for sample in rest for found in _lists_of_returns(sample, known)), None)


def _lists_of_returns(sample: Sampled, known: pa.Array) -> Iterator[Returned]:
    names = [*sample.group.labels, *(column.name for column in sample.columns)]
    if not any(word in name.lower() for name in names for word in _WORDS):
        return
    for column in sample.columns:
        values = pc.unique(pc.utf8_trim_whitespace(sample.rows.column(column.name).cast(pa.string()))).drop_null()
        if not len(values) or len(values) > _FEWER * len(known):
            continue
        share = pc.mean(pc.is_in(values, value_set=known)).as_py() or 0.0
        if share >= _KNOWN:
            why = _("{n:,} of its {all:,} numbers are order numbers")
            n = round(share * len(values))
            yield Returned(sample, column.name, _yes(sample), why.format(n=n, all=len(values)))


def _yes(sample: Sampled) -> dict[str, list[str]]:
    """Give the column that says yes or no, with its words for yes; nothing where every line counts."""
    for column in sample.columns:
        if column.flags == 1 and column.distinct:
            words = pc.unique(sample.rows.column(column.name).cast(pa.string())).drop_null().to_pylist()
            return {column.name: [word for word in words if word.strip().lower() in YES]}
    return {}


_ALIKE: Final = 0.8
"""Share of the columns that two deliveries must have in common to be of one kind."""
_ALL: Final = 0.95
_SOME: Final = 0.02
_MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Repeat:
    """Lines of one delivery that another holds, too."""

    sample: Sampled  # the smaller of the two, or the hidden one
    of: Sampled
    share: float  # of the lines of ``sample`` that ``of`` holds

    @property
    def whole(self) -> bool:
        """Whether all of it, but for stray lines, stands in the other: counting both counts twice."""
        return self.share >= _ALL

    @property
    def words(self) -> str:
        """Say it in a sentence."""
        what, other = self.sample.group.first.title, self.of.group.first.title
        if self.whole:
            hidden = _(" and is hidden") if self.sample.group.first.hidden else ""
            words = _(
                "{what}: repeats lines of {other}{hidden}; only the latter is proposed, so that nothing counts twice"
            )
            return words.format(what=what, other=other, hidden=hidden)
        words = _("{share} % of the lines of {what} stand in {other}, too; both would count them twice")
        return words.format(share=round(100 * self.share), what=what, other=other)


def find_repeats(samples: Sequence[Sampled]) -> list[Repeat]:
    """Find deliveries with mostly the same columns that have lines in common.

    Of two equal ones that which is hidden, or else stands later, is said to repeat the other.
    """
    whole = [sample for sample in samples if sample.whole and sample.rows.num_rows][:_MOST]
    return [repeat for one, other in combinations(whole, 2) if (repeat := _compare(one, other)) is not None]


def without_repeats(samples: Sequence[Sampled]) -> tuple[list[Sampled], list[str]]:
    """Leave out deliveries that repeat another one entirely; say it of those, and on those that do so in part."""
    repeats = list(_once(find_repeats(samples)))
    left_out = [repeat for repeat in repeats if repeat.whole]
    others = [sample for sample in samples if not any(sample is repeat.sample for repeat in left_out)]
    remarked = [
        replace(sample, remarks=(*sample.remarks, *(repeat.words for repeat in repeats if repeat.sample is sample)))
        for sample in others
    ]
    return remarked, [repeat.words for repeat in left_out]


def _once(repeats: Sequence[Repeat]) -> Iterator[Repeat]:
    """Give what says something new: a delivery that is left out needs no further word."""
    out: list[Sampled] = []
    for repeat in sorted(repeats, key=lambda repeat: -repeat.share):
        if not any(repeat.sample is sample or repeat.of is sample for sample in out):
            yield repeat
        if repeat.whole:
            out.append(repeat.sample)


def _compare(one: Sampled, other: Sampled) -> Repeat | None:
    names = [name for name in one.rows.column_names if name in other.rows.column_names]
    if len(names) < 2 or len(names) < _ALIKE * max(len(one.rows.column_names), len(other.rows.column_names)):
        return None
    hidden = one.group.first.hidden, other.group.first.hidden
    small, large = (one, other) if (hidden[0], -one.rows.num_rows) > (hidden[1], -other.rows.num_rows) else (other, one)
    common = _in_common(small.rows.select(names), large.rows.select(names))
    share = common / small.rows.num_rows
    return Repeat(small, large, share) if share >= _SOME and common > 1 else None


def _in_common(small: pa.Table, large: pa.Table) -> int:
    """Count the lines of one table that the other has, as often as it has them."""
    with duckdb.connect() as connection:
        connection.register("small", _texts(small))
        connection.register("large", _texts(large))
        both = connection.sql("select count(*) from (select * from small intersect all select * from large)")
        return int(both.fetchall()[0][0])


def _texts(rows: pa.Table) -> pa.Table:
    columns = [pc.utf8_trim_whitespace(column.cast(pa.string()).fill_null("")) for column in rows.columns]
    return pa.table(dict(zip(map(str, range(len(columns))), columns, strict=True)))
