"""Which delivered lines stand, settled before an order's money is spread over them; only where parameters need it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from crmlib.params import Parameters
from crmlib.prep.counted import is_left_out
from crmlib.prep.duplicates import find_outdated, find_repeats, with_merged
from crmlib.prep.landing import BROKEN, FILE, Landed
from crmlib.prep.listed import with_listed
from crmlib.prep.logic import surely
from crmlib.prep.mapping import SOURCE, Mapped
from crmlib.prep.marks import MERGED
from crmlib.prep.order_money import tells_of_orders

Keep = Callable[[Any, str], Any]
"""Writes rows to a private file and gives them back as a table."""


def settle(mapped: Mapped, landed: Sequence[Landed], params: Parameters, con: Any, keep: Keep) -> Mapped:
    """Find the lines that a later delivery replaces, and the repeats where an order's money is to be spread.

    Parsing is the dear part: the mapped lines are written once and read again. Nothing is done where no source has
    ``latest``, tells the money of orders, or has its returned orders on a list.
    """
    sales = mapped.table == "transactions"
    spread = sales and tells_of_orders(mapped.given)
    keys = {each.name: each.source.latest.key for each in landed if each.source.latest is not None}
    if spread or keys:
        rows = keep(mapped.rows, f"mapped_{mapped.table}")
        if keys:
            rows = keep(with_merged(rows, find_outdated(rows, keys)), f"outdated_{mapped.table}")
        if spread:
            repeats = _repeats(rows, landed, params.cleaning.duplicates)
            found = None if repeats is None else keep(repeats, f"repeated_{mapped.table}")
            rows = with_merged(rows, found)
        mapped = replace(mapped, rows=rows)
    return replace(mapped, rows=with_listed(con, mapped.rows, params)) if sales else mapped


def _repeats(rows: Any, landed: Sequence[Landed], rule: str) -> Any | None:
    """Find repeats among the lines that may stand: equal lines are judged alike, but those of a broken file."""
    if rule == "keep":
        return None
    stands = ~rows[BROKEN] & ~is_left_out(rows)
    if MERGED in rows.columns:
        stands = stands & rows[MERGED].isnull()
    for each in landed:
        broken = [file.name for file in each.files if file.fault]
        if broken:
            stands = stands & ~surely((rows[SOURCE] == each.name) & rows[FILE].isin(broken))
    return find_repeats(rows.filter(stands), rule)
