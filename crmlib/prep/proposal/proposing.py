"""The whole of ``crm init``: from files to a proposal, every guess with its evidence."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.proposal.choosing import Found, choose_table, is_enough
from crmlib.prep.proposal.dates import end_of_whole_months
from crmlib.prep.proposal.delivery import matches_of
from crmlib.prep.proposal.groups import Sampled, group_files, sample_group
from crmlib.prep.proposal.matching import Match
from crmlib.prep.proposal.rules_of_trade import Guess, cancellation_prefix, codes_of_no_product, currency
from crmlib.prep.proposal.sampling import find_files
from crmlib.prep.proposal.settling import settle
from crmlib.prep.proposal.together import Joined, Returned, find_returned, join_order_lines, without_repeats


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is known and guessed of a retailer's files.

    Attributes
    ----------
    found
        Each delivery with its table.
    joined
        Order lines out of two deliveries, where no single one has them.
    unreadable
        What is wrong with files that cannot be read.
    as_of
        The day after the last whole month of the order lines.
    last
        Their last day.
    late
        Whether single days long after it occur.
    prefix, codes, odd_codes
        Beginning of cancelled orders' numbers; article numbers that are no products, and others to look at.
    returned
        A list of returned orders.
    """

    found: tuple[Found, ...]
    joined: Joined | None
    unreadable: tuple[str, ...]
    currency: Guess | None
    as_of: date | None
    last: date | None
    late: bool
    prefix: Guess | None
    codes: tuple[str, ...]
    odd_codes: tuple[str, ...]
    returned: Returned | None = None

    def of(self, table: str) -> list[Found]:
        """List the deliveries proposed for a table."""
        return [each for each in self.found if each.choice is not None and each.choice.table == table]

    @property
    def left_out(self) -> list[Found]:
        """The deliveries for which no table is proposed and which no query reads."""
        used = (self.joined.lines, self.joined.orders) if self.joined else ()
        used = (*used, self.returned.sample) if self.returned else used
        return [each for each in self.found if each.choice is None and each.sample not in used]


def propose(paths: Sequence[Path]) -> Proposal:
    """Look at files and propose what they are.

    Parameters
    ----------
    paths
        Files, folders or globs.

    Raises
    ------
    crmlib.params.ParameterError
        If a path leads to no file.
    crmlib.prep.InputRejectedError
        If none of the files can be read.
    """
    with tempfile.TemporaryDirectory(prefix="crm-init-") as folder:
        groups, unreadable = group_files(find_files(paths), Path(folder))
        if not groups:
            raise InputRejectedError("\n".join(unreadable))
        samples: list[Sampled] = []
        for group in groups:
            try:
                samples.append(sample_group(group, Path(folder)))
            except InputRejectedError as error:
                unreadable.append(str(error))
        samples, repeats = without_repeats(samples)
        unreadable += repeats
        return _proposal(samples, unreadable, Path(folder))


def _proposal(samples: Sequence[Sampled], unreadable: Sequence[str], folder: Path) -> Proposal:
    money = currency([column for sample in samples for column in sample.columns], [sample.rows for sample in samples])
    found = _without_hidden([_found(sample) for sample in samples])
    found = [settle(each, money.value if money else "EUR", folder) for each in found]
    joined = None
    if not any(each.choice is not None and each.choice.table == "transactions" for each in found):
        joined = join_order_lines(samples)
    if joined is not None:
        used = (joined.lines, joined.orders)
        found = [Found(each.sample, None, each.ranked) if each.sample in used else each for each in found]
    parts = _order_lines(found, joined)
    timed = [(sample, matches["ordered_at"].raw) for sample, matches in parts if _has(sample, matches, "ordered_at")]
    times = [sample.column(name).dates for sample, name in timed]
    latest = max((each for each in times if each.last), key=lambda each: each.last or date.min, default=None)
    codes, odd = codes_of_no_product(
        sample.rows.column(matches["product_id"].raw)
        for sample, matches in parts
        if _has(sample, matches, "product_id")
    )
    return Proposal(
        found=tuple(found),
        joined=joined,
        unreadable=tuple(unreadable),
        currency=money,
        as_of=end_of_whole_months(latest) if latest else None,
        last=latest.last if latest else None,
        late=any(each.late for each in times),
        prefix=next((guess for sample, matches in parts if (guess := _prefix(sample, matches))), None),
        codes=tuple(codes),
        odd_codes=tuple(odd),
        returned=find_returned(found, _order_numbers(parts)),
    )


def _without_hidden(found: Sequence[Found]) -> list[Found]:
    """Leave a hidden sheet out where the workbook shows another of the same table; the file says so."""
    shown = {
        (each.sample.group.first.path, each.choice.table)
        for each in found if each.choice is not None and not each.sample.group.first.hidden
    }  # fmt: skip
    return [
        replace(each, choice=None)
        if each.choice is not None
        and each.sample.group.first.hidden
        and (each.sample.group.first.path, each.choice.table) in shown
        else each
        for each in found
    ]


def _found(sample: Sampled) -> Found:
    ranked = choose_table(sample.columns, sample.group.labels, by_values=not sample.group.first.header)
    return Found(sample, ranked[0] if is_enough(ranked[0]) else None, tuple(ranked))


def _order_lines(found: Sequence[Found], joined: Joined | None) -> list[tuple[Sampled, Mapping[str, Match]]]:
    """Give the samples of order lines with what was matched in them; of two joined deliveries each its part."""
    if joined is not None:
        return [(joined.orders, joined.choice.matches), (joined.lines, joined.choice.matches)]
    lines = [each for each in found if each.choice is not None and each.choice.table == "transactions"]
    return [(each.sample, matches_of(each)) for each in lines]


def _order_numbers(parts: Sequence[tuple[Sampled, Mapping[str, Match]]]) -> list[pa.ChunkedArray]:
    return [
        sample.rows.column(matches["order_id"].raw) for sample, matches in parts if _has(sample, matches, "order_id")
    ]


def _has(sample: Sampled, matches: Mapping[str, Match], canonical: str) -> bool:
    match = matches.get(canonical)
    return match is not None and match.raw in sample.rows.column_names


def _prefix(sample: Sampled, matches: Mapping[str, Match]) -> Guess | None:
    mine = {name: match for name, match in matches.items() if match.raw in sample.rows.column_names}
    return cancellation_prefix(sample.rows, mine)


def series_of(paths: Sequence[Path]) -> str:
    """Make the name of a series from the folder or the file that was given.

    Examples
    --------
    >>> series_of([Path("exports/My Shop 2026")]), series_of([Path("导出/订单.csv")])
    ('my-shop-2026', 'shop')
    """
    for path in (*paths[:1], *(path.parent for path in paths[:1])):
        name = path.stem if path.suffix else path.name
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        if slug and not slug.isdigit():
            return slug[:40]
    return "shop"
