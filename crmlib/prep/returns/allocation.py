"""Which purchase a return undoes, so that no unit is undone twice: rounds of joins and ranks, on any engine.

The rule is one that could be followed by hand. Returns are taken in the order of time. Each undoes the nearest earlier
purchase that has enough units left; where none has enough, the nearest ones together. What finds nothing is unmatched.

By hand that is one return after the other. Here every return asks for its purchase at once, and all are granted up to
the first in its group whose wish depends on what the one before it gets; the others ask again. A few rounds do.
"""

from collections.abc import Callable
from typing import Any

import ibis

Stage = Callable[[Any, str], Any]
"""Writes an expression under a name and reads it back, so that the next step starts from a table."""

UNITS = "decimal(18, 4)"


def allocate(pairs: Any, stage: Stage, name: str) -> list[Any]:
    """Give returns the purchases they undo: ``back, bought, take`` (units), one table a round.

    ``pairs`` has one row a return and an earlier purchase that it may undo: ``group`` (no purchase stands in two),
    ``back`` and ``bought`` (their numbers, in the order of time), ``units`` (what the return brings back) and ``left``
    (what is left of the purchase, above zero).
    """
    taken: list[Any] = []
    still = pairs
    while _rows(still):
        taken.append(stage(_granted(still), f"{name}_{len(taken)}"))
        still = lessen(pairs, all_of(taken))
    return taken


def all_of(taken: list[Any]) -> Any:
    """Put what was taken in several rounds into one table."""
    # an engine may widen the decimals of a round
    alike = [each.mutate(take=each["take"].cast(UNITS)) for each in taken]
    return alike[0] if len(alike) == 1 else ibis.union(*alike)


def lessen(pairs: Any, taken: Any) -> Any:
    """Take away the returns that have been served and the units they took; purchases of which nothing is left go."""
    used = taken.group_by("bought").agg(used=taken["take"].sum().cast(UNITS))
    still = pairs.anti_join(taken, "back").left_join(used, "bought")
    left = (still["left"] - still.used.fill_null(ibis.literal(0).cast(UNITS))).cast(UNITS)
    return still.select("group", "back", "bought", "units", left=left).filter(lambda t: t["left"] > 0)


def _rows(table: Any) -> int:
    return int(table.count().to_pandas())


def _granted(pairs: Any) -> Any:
    """Grant the wishes that depend on no other: ``back, bought, take``."""
    wishes = _wishes(pairs)
    whole = wishes.filter(wishes.waits == 0).select("back", "bought", take=wishes.units.cast(UNITS))
    # the first of its group for which no purchase has enough may take several
    torn = wishes.filter((wishes.turn == 0) & ~wishes.enough).select("back")
    return whole.union(_spread(pairs.semi_join(torn, "back")))


def _wishes(pairs: Any) -> Any:
    """Let each return ask for one purchase, and say whether it must wait for an earlier one of its group."""
    enough = pairs["left"] >= pairs.units
    nearest = ibis.window(group_by=pairs.back, order_by=[enough.cast("int64").desc(), pairs.bought.desc()])
    ranked = pairs.mutate(enough=enough, place=ibis.row_number().over(nearest))
    wish = ranked.filter(ranked.place == 0)
    asked = wish.units.sum().over(ibis.cumulative_window(group_by=wish.bought, order_by=wish.back))
    wish = wish.mutate(stuck=(~wish.enough | (asked > wish["left"])).cast("int64"))
    in_turn = ibis.cumulative_window(group_by=wish["group"], order_by=wish.back)
    return wish.mutate(
        waits=wish.stuck.max().over(in_turn),
        turn=ibis.row_number().over(ibis.window(group_by=wish["group"], order_by=wish.back)),
    )


def _spread(pairs: Any) -> Any:
    """Spread returns over several purchases, the nearest first, until they are whole or nothing is left."""
    nearer = ibis.cumulative_window(group_by=pairs.back, order_by=pairs.bought.desc())
    before = pairs["left"].sum().over(nearer) - pairs["left"]
    open_units = pairs.mutate(wanted=(pairs.units - before).cast(UNITS))
    wanted = open_units.filter(open_units.wanted > 0)
    return wanted.select("back", "bought", take=ibis.least(wanted["left"], wanted.wanted).cast(UNITS))
