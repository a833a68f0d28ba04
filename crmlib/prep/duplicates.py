"""Which delivered lines stand: not one that stands in two files, again in its own, or is an older line of its key."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import and_
from typing import Any, Final

import ibis

from crmlib.params import Parameters
from crmlib.params.cleaning import CleaningSection
from crmlib.prep.contracts import REASONS
from crmlib.prep.counted import is_left_out
from crmlib.prep.landing import BROKEN, FILE, LINE, Landed
from crmlib.prep.listed import with_listed
from crmlib.prep.logic import surely
from crmlib.prep.mapping import DIGEST, SOURCE, Mapped
from crmlib.prep.marks import DELIVERY, MERGED
from crmlib.prep.order_money import tells_of_orders
from crmlib.prep.staging import Keep
from crmlib.tables import TABLES

PLACE: Final = (SOURCE, FILE, LINE)
_KEYED: Final = ("products", "stores", "surveys", "contacts")


def find_repeats(rows: ibis.Table, rule: str) -> ibis.Table:
    """Find lines that repeat another line of their source exactly: ``_source, _file, _line, _merged``.

    Lines are numbered among their equals in each file, so that a file that holds a line twice and is delivered
    again is recognised as one delivery of two lines. ``across_files`` merges a line with its equals in other files,
    ``all`` also with those in its own.
    """
    repeated = rows.group_by(DIGEST).agg(times=rows.count()).filter(lambda t: t.times > 1)
    suspects = rows.semi_join(repeated, DIGEST).select(*PLACE, DIGEST)
    nth = ibis.row_number().over(group_by=[suspects[DIGEST], suspects[FILE]], order_by=suspects[LINE])
    numbered = suspects.mutate(nth=nth)
    place = ibis.row_number().over(group_by=[numbered[DIGEST], numbered.nth], order_by=numbered[FILE])
    placed = numbered.mutate(place=place)
    why = ibis.cases(
        (placed.place > 0, "delivered_twice"),
        (ibis.literal(rule == "all") & (placed.nth > 0), "said_twice"),
        else_=ibis.null("string"),
    )
    return placed.mutate(**{MERGED: why}).filter(lambda t: t[MERGED].notnull()).select(*PLACE, MERGED)


def find_superseded(rows: ibis.Table, key: tuple[str, ...]) -> ibis.Table:
    """Find lines whose key stands again later in the delivery: ``_source, _file, _line, _merged``."""
    keys = [rows[name] for name in key]
    latest_first = [rows[SOURCE].desc(), rows[FILE].desc(), rows[LINE].desc()]
    placed = rows.mutate(place=ibis.row_number().over(group_by=keys, order_by=latest_first))
    return _superseded(placed.filter(placed.place > 0))


def find_outdated(rows: ibis.Table, keys: Mapping[str, Sequence[str]]) -> ibis.Table:
    """Find the lines that a later delivery of their key replaces: ``_source, _file, _line, _merged``.

    All lines of a key that are not of its latest delivery give way, however many the latest has.
    """
    return reduce(lambda one, other: one.union(other), [_outdated(rows, source, key) for source, key in keys.items()])


def _outdated(rows: ibis.Table, source: str, key: Sequence[str]) -> ibis.Table:
    told = [rows[name].notnull() for name in key]
    own = rows.filter((rows[SOURCE] == source) & ~rows[BROKEN] & reduce(and_, told))
    newest = own[DELIVERY].max().over(ibis.window(group_by=[own[name] for name in key]))
    return _superseded(own.mutate(_newest=newest).filter(lambda t: t[DELIVERY] < t["_newest"]))


def _superseded(older: ibis.Table) -> ibis.Table:
    return older.mutate(**{MERGED: ibis.literal("superseded")}).select(*PLACE, MERGED)


def find_merged(table: str, rows: ibis.Table, cleaning: CleaningSection) -> ibis.Table | None:
    """Find the lines of a table that are merged into another: ``_source, _file, _line, _merged``.

    Lines that are set aside are not merged. ``None`` where the table has no such rule; the accounts of a person are
    merged when all persons are known.
    """
    good = rows.filter(rows[REASONS] == 0)
    good = good.filter(good[MERGED].isnull()) if MERGED in rows.columns else good
    if table in _KEYED:
        return find_superseded(good, TABLES[table].key)
    if table == "customers" or cleaning.duplicates == "keep":
        return None
    return find_repeats(good, cleaning.duplicates)


def with_merged(rows: ibis.Table, merged: ibis.Table | None) -> ibis.Table:
    """Add ``_merged`` to the lines of a table, or complete it."""
    before = MERGED in rows.columns
    if merged is None:
        return rows if before else rows.mutate(**{MERGED: ibis.null("string")})
    joined = rows.left_join(merged.rename(_found=MERGED) if before else merged, list(PLACE))
    if before:
        why = ibis.coalesce(joined[MERGED], joined["_found"])
        return joined.mutate(**{MERGED: why}).select(*rows.columns)
    return joined.drop(*[f"{name}_right" for name in PLACE if f"{name}_right" in joined.columns])


def settle(mapped: Mapped, landed: Sequence[Landed], params: Parameters, con: Any, keep: Keep) -> Mapped:
    """Find the lines that a later delivery replaces, and the repeats where an order's money is to be spread.

    Parsing is the dear part: the mapped lines are written once and read again. Nothing is done where no source has
    ``latest``, tells the money of orders, or has its returned orders on a list.
    """
    sales = mapped.table == "transactions"
    spread = sales and tells_of_orders(mapped.given)
    keys = {source.name: source.source.latest.key for source in landed if source.source.latest is not None}
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


def _repeats(rows: ibis.Table, landed: Sequence[Landed], rule: str) -> ibis.Table | None:
    """Find repeats among the lines that may stand: equal lines are judged alike, but those of a broken file."""
    if rule == "keep":
        return None
    stands = ~rows[BROKEN] & ~is_left_out(rows)
    if MERGED in rows.columns:
        stands = stands & rows[MERGED].isnull()
    for source in landed:
        broken = [file.name for file in source.files if file.fault]
        if broken:
            stands = stands & ~surely((rows[SOURCE] == source.name) & rows[FILE].isin(broken))
    return find_repeats(rows.filter(stands), rule)
