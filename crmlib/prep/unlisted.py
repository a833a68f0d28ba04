"""A list of returned orders that names orders nobody delivered: how many, and a doubt where it is most of them."""

from dataclasses import dataclass
from typing import Any, Final

from crmlib.params import Parameters
from crmlib.prep.arguing.doubt import Doubt
from crmlib.prep.contracts import UNKNOWN_LISTED
from crmlib.prep.listed import listed_numbers
from crmlib.words import _, formats, plural

_MOST_UNKNOWN: Final = 0.5
"""Older orders may stand on a list; where most of it is in no delivery, its numbers are not those of the orders."""


@dataclass(frozen=True, slots=True)
class Listed:
    """How many lines a list of returns has, how many orders these name, and how many of them no source delivers."""

    file: str
    lines: int
    orders: int
    unknown: int

    @property
    def is_doubtful(self) -> bool:
        """Whether its lines name no order, or mostly orders that nobody knows; a list without lines is none's fault."""
        return self.unknown > _MOST_UNKNOWN * self.orders or (self.lines > 0 and not self.orders)


def look_up_listed(con: Any, rows: Any, params: Parameters) -> Listed | None:
    """Count the orders of the list, and those among them that no order line has; None where there is no list."""
    listed, numbers = params.cleaning.returns.orders, listed_numbers(con, params)
    if listed is None or numbers is None:
        return None
    known = rows.select("order_id").distinct()
    unknown = numbers.anti_join(known, numbers["_number"] == known.order_id)
    every = con.table(listed.file)
    return Listed(listed.file, *(int(each.count().to_pandas()) for each in (every, numbers, unknown)))


def unlisted_words(listed: Listed) -> str:
    """Say how many orders of the list nobody delivered."""
    if not listed.orders:
        return _("none of its lines names a returned order, and nothing is taken back")
    words = plural(
        "{n} of the {all} returned orders that it names is in no source, and nothing is taken back for it",
        "{n} of the {all} returned orders that it names are in no source, and nothing is taken back for them",
        listed.unknown,
    )
    return words.format(n=formats.count(listed.unknown), all=formats.count(listed.orders))


def doubts_of_list(listed: Listed | None, params: Parameters) -> tuple[Doubt, ...]:
    """Doubt a list most of whose orders nobody delivered, unless the parameters stand by it."""
    question = params.questions.get(UNKNOWN_LISTED)
    if listed is None or not listed.is_doubtful or (question is not None and question.answer is not None):
        return ()
    remedy = _("look at cleaning.returns.orders: `column` and `where`, and how both write the number of an order")
    return (Doubt(UNKNOWN_LISTED, UNKNOWN_LISTED, listed.file, "returns", unlisted_words(listed), remedy),)
