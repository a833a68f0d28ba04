"""Deliveries whose lines stand in another delivery too, as sheets copied within a workbook: counted once, and told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.prep.proposal.groups import Sampled
from crmlib.words import _

_ALIKE: Final = 0.8
"""Share of the columns that two deliveries must have in common to be of one kind."""
_ALL: Final = 0.95
_SOME: Final = 0.02
_MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Repeat:
    """Lines of one delivery that another holds, too."""

    sample: Sampled  # the smaller of the two, or the hidden one
    of: Sampled  # the other
    share: float  # share of the lines of ``sample`` that ``of`` holds

    @property
    def whole(self) -> bool:
        """Whether all of it, but for stray lines, stands in the other: counting both counts twice."""
        return self.share >= _ALL

    @property
    def words(self) -> str:
        """Say it in a sentence."""
        what, other = _name(self.sample), _name(self.of)
        if self.whole:
            hidden = _(" and is hidden") if self.sample.group.first.hidden else ""
            said = _(
                "{what}: repeats lines of {other}{hidden}; only the latter is proposed, so that nothing counts twice"
            )
            return said.format(what=what, other=other, hidden=hidden)
        said = _("{share} % of the lines of {what} stand in {other}, too; both would count them twice")
        return said.format(share=round(100 * self.share), what=what, other=other)


def find_repeats(samples: Sequence[Sampled]) -> list[Repeat]:
    """Find deliveries with mostly the same columns that have lines in common.

    Of two equal ones that which is hidden, or else stands later, is said to repeat the other.
    """
    whole = [each for each in samples if each.whole and each.rows.num_rows][:_MOST]
    return [repeat for one, other in combinations(whole, 2) if (repeat := _compare(one, other)) is not None]


def without_repeats(samples: Sequence[Sampled]) -> tuple[list[Sampled], list[str]]:
    """Leave out deliveries that repeat another one entirely; say it of those, and on those that do so in part."""
    repeats = list(_once(find_repeats(samples)))
    left_out = [repeat for repeat in repeats if repeat.whole]
    kept = [each for each in samples if not any(each is repeat.sample for repeat in left_out)]
    remarked = [
        replace(each, remarks=(*each.remarks, *(repeat.words for repeat in repeats if repeat.sample is each)))
        for each in kept
    ]
    return remarked, [repeat.words for repeat in left_out]


def _once(repeats: Sequence[Repeat]) -> Iterator[Repeat]:
    """Give what says something new: a delivery that is left out needs no further word."""
    out: list[Sampled] = []
    for repeat in sorted(repeats, key=lambda each: -each.share):
        if not any(repeat.sample is each or repeat.of is each for each in out):
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


def _name(sample: Sampled) -> str:
    first = sample.group.first
    return (
        first.path.name
        if first.sheet is None
        else _("{file}, sheet {sheet}").format(file=first.path.name, sheet=first.sheet)
    )
