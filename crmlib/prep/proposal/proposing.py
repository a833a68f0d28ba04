"""The whole of ``crm init``: from files to a proposal, every guess with its evidence."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from crmlib.prep.errors import InputRejectedError
from crmlib.prep.proposal.choosing import Found, find_table
from crmlib.prep.proposal.dates import end_of_whole_months
from crmlib.prep.proposal.delivery import matches_of
from crmlib.prep.proposal.groups import Sampled, group_files, sample_group
from crmlib.prep.proposal.rules_of_trade import Guess, cancellation_prefix, codes_of_no_product, currency
from crmlib.prep.proposal.sampling import find_files
from crmlib.prep.proposal.settling import settle
from crmlib.prep.proposal.together import Joined, Returned, find_returned, join_order_lines, without_repeats

_Part = tuple[Sampled, Mapping[str, str]]
"""A sample of order lines, and its columns by canonical name."""


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
        return [delivery for delivery in self.found if delivery.table == table]

    @property
    def left_out(self) -> list[Found]:
        """The deliveries for which no table is proposed and which no query reads."""
        used = [self.joined.lines, self.joined.orders] if self.joined else []
        used += [self.returned.sample] if self.returned else []
        return [delivery for delivery in self.found if delivery.choice is None and delivery.sample not in used]


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
    found = _without_hidden([find_table(sample) for sample in samples])
    found = [settle(delivery, money.value if money else "EUR", folder) for delivery in found]
    joined = None if any(delivery.table == "transactions" for delivery in found) else join_order_lines(samples)
    if joined is not None:
        used = (joined.lines, joined.orders)
        found = [replace(one, choice=None, reading=None) if one.sample in used else one for one in found]
    parts = _order_lines(found, joined)
    times = [sample.column(columns["ordered_at"]).dates for sample, columns in parts if "ordered_at" in columns]
    latest = max((dates for dates in times if dates.last), key=lambda dates: dates.last or date.min, default=None)
    codes, odd = codes_of_no_product(_values(parts, "product_id"))
    prefixes = (cancellation_prefix(sample.rows, columns) for sample, columns in parts)
    return Proposal(
        found=tuple(found),
        joined=joined,
        unreadable=tuple(unreadable),
        currency=money,
        as_of=end_of_whole_months(latest) if latest else None,
        last=latest.last if latest else None,
        late=any(dates.late for dates in times),
        prefix=next(filter(None, prefixes), None),
        codes=tuple(codes),
        odd_codes=tuple(odd),
        returned=find_returned(found, _values(parts, "order_id")),
    )


def _without_hidden(found: Sequence[Found]) -> list[Found]:
    """Leave a hidden sheet out where the workbook shows another of the same table; the file says so."""
    sheets = [(delivery, delivery.sample.group.first) for delivery in found]
    shown = {(sheet.path, delivery.table) for delivery, sheet in sheets if delivery.choice and not sheet.hidden}
    return [
        replace(delivery, choice=None) if sheet.hidden and (sheet.path, delivery.table) in shown else delivery
        for delivery, sheet in sheets
    ]


def _order_lines(found: Sequence[Found], joined: Joined | None) -> list[_Part]:
    """Give the samples of order lines with the columns matched in them; of two joined deliveries each its part."""
    parts = [(delivery.sample, matches_of(delivery)) for delivery in found if delivery.table == "transactions"]
    if joined is not None:
        parts = [(sample, dict(joined.choice.matches)) for sample in (joined.orders, joined.lines)]
    return [
        (sample, {name: match.raw for name, match in matches.items() if match.raw in sample.rows.column_names})
        for sample, matches in parts
    ]


def _values(parts: Sequence[_Part], canonical: str) -> list[pa.ChunkedArray]:
    return [sample.rows.column(columns[canonical]) for sample, columns in parts if canonical in columns]


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
