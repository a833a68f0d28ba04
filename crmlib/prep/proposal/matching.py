"""Which column of a file is which canonical column: by its header, and by whether its values are of that kind."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from crmlib.prep.proposal import leftovers
from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.fitting import Match, fits, is_code, is_score
from crmlib.prep.proposal.money.facts import LEVELS, also_place, order_level
from crmlib.prep.proposal.synonyms import likeness, place_of, tokens
from crmlib.prep.proposal.words import known_columns
from crmlib.tables import TABLES, Column
from crmlib.tables.vocabulary import SCORE_PREFIX, Kind
from crmlib.words import _

_LEAST: Final = 0.45
"""A match below this is none."""

_LEAST_PIECES: Final = 2
"""Some line of a shop sells no more pieces than this."""

_ONLY_WITH_A_TOTAL: Final = ("order_shipping", "order_tax")
MONEY: Final = ("amount", "amount_before_discount", "order_total")
"""Columns any of which says what a line or an order came to."""


def match_columns(table: str, columns: Sequence[Evidence], *, by_values: bool = False) -> dict[str, Match]:
    """Match the columns of a file with those of a canonical table, the surest first, each once."""
    if by_values:
        return _by_values(columns) if table == "transactions" else {}
    found = _by_header(table, columns)
    if table == "transactions":
        found = _order_lines(found, columns)
    elif table == "customers":
        found |= _customer_by_address(found, columns)
    time = TABLES[table].time
    if time and time not in found and {"order_id", "customer_id"} & found.keys():
        found |= leftovers.the_only_time(time, columns, _taken(found), table)
    if table == "surveys":
        found |= _other_scores(_left(columns, found))
    return {name: found[name] for name in sorted(found, key=lambda name: _order(table).get(name, 99))}


def _by_header(table: str, columns: Sequence[Evidence]) -> dict[str, Match]:
    of_orders = order_level(columns) if table == "transactions" else frozenset()
    candidates = [
        (-round(match.score, 3), _order(table).get(column.name, 99), _place(evidence.name, table, column.name), match)
        for column in _wanted(table)
        for evidence in columns
        if (match := _match(table, column, evidence, of_orders)) is not None
    ]
    found: dict[str, Match] = {}
    taken: set[str] = set()
    for *_rank, match in sorted(candidates, key=lambda candidate: candidate[:3]):
        if match.canonical not in found and match.raw not in taken:
            found[match.canonical] = match
            taken.add(match.raw)
    return found


def _match(table: str, column: Column, evidence: Evidence, of_orders: frozenset[str]) -> Match | None:
    name = column.name
    if evidence.name in of_orders and name in (*LEVELS, *LEVELS.values()):
        of_lines = [line for line, order in LEVELS.items() if order == name]
        header = max(likeness(evidence.name, table, other) for other in (name, *of_lines)) if of_lines else 0.0
    else:
        header = likeness(evidence.name, table, name)
    fit = fits(table, column, evidence) if header else 0.0
    match = Match(name, evidence.name, header, fit)
    return match if match.score >= _LEAST else None


def _place(header: str, table: str, column: str) -> int:
    """Give the place of a header among the names of a column, those that it may have beside them last."""
    place = place_of(header, table, column)
    return place + also_place(header, column) if table == "transactions" and column in LEVELS.values() else place


def _wanted(table: str) -> list[Column]:
    known = {column.name for column in TABLES[table].delivered}
    more = [name for name in known_columns(table) if name not in known]
    return [*TABLES[table].delivered, *(Column(name, _kind(name), "score of an answer") for name in more)]


def _kind(name: str) -> Kind:
    return "timestamp" if name.endswith("_at") else "number" if name.startswith(SCORE_PREFIX) else "money"


@cache
def _order(table: str) -> Mapping[str, int]:
    return {column.name: place for place, column in enumerate(_wanted(table))}


def _taken(found: Mapping[str, Match]) -> frozenset[str]:
    return frozenset(name for match in found.values() for name in (match.raw, *match.joined))


def _left(columns: Sequence[Evidence], found: Mapping[str, Match]) -> list[Evidence]:
    taken = _taken(found)
    return [column for column in columns if column.name not in taken]


def _order_lines(found: dict[str, Match], columns: Sequence[Evidence]) -> dict[str, Match]:
    """Find what order lines need: who bought, the order, its time, its money."""
    who = found.pop("customer_id", None)
    found |= _named("customer_id", leftovers.who_bought(_left(columns, found), who))
    found |= leftovers.by_plain_name(_left(columns, found), found)
    if "ordered_at" not in found and {"order_id", "customer_id"} & found.keys():
        found |= leftovers.the_only_time("ordered_at", columns, _taken(found), "transactions")
    found |= _with_clock(found, columns)
    found = _money(found, columns)
    if "customer_id" not in found and "ordered_at" in found and _has_money(found):
        order = found["order_id"].raw if "order_id" in found else ""
        orders = next((column.distinct for column in columns if column.name == order), 0)
        found |= _named("customer_id", leftovers.who_comes_again(_left(columns, found), orders or columns[0].rows))
    return found


def _named(name: str, match: Match | None) -> dict[str, Match]:
    return {} if match is None else {name: match}


def _with_clock(found: Mapping[str, Match], columns: Sequence[Evidence]) -> dict[str, Match]:
    """Put the time of day beside the day, where they stand in two columns."""
    day = found.get("ordered_at")
    if day is None or next(column.dates.with_time for column in columns if column.name == day.raw):
        return {}
    beside = leftovers.clock_beside(_left(columns, found))
    return {"ordered_at": replace(day, joined=beside)} if beside else {}


def _money(found: dict[str, Match], columns: Sequence[Evidence]) -> dict[str, Match]:
    """Settle the money of a line as far as headers tell; the values are asked later, see ``money_candidates``."""
    if "unit_price" not in found and _is_price(found):
        found["unit_price"] = _as("unit_price", found.pop("cost"))  # nothing else says what a line costs the customer
    if not _has_money(found) and "unit_price" in found and "quantity" not in found:
        found["amount"] = _as("amount", found.pop("unit_price"))  # a line is one piece where nobody counts them
    if not _has_money(found):
        found |= leftovers.units_and_money(columns, found) or leftovers.the_only_money(_left(columns, found))
    if "order_total" in found and "order_id" not in found and "amount" not in found:
        found["amount"] = _as("amount", found.pop("order_total"))
    if "order_total" not in found:
        found = {name: match for name, match in found.items() if name not in _ONLY_WITH_A_TOTAL}
    return found


def _is_price(found: Mapping[str, Match]) -> bool:
    """Say whether a column called cost is what the customer pays for a piece, as WooCommerce's ``Item Cost`` is."""
    if "cost" not in found or "quantity" not in found or {"amount", "amount_before_discount"} & found.keys():
        return False
    return "order_total" not in found or tokens(found["cost"].raw)[:1] == ("item",)


def _as(name: str, match: Match) -> Match:
    return Match(name, match.raw, match.header, match.fit, match.doubt)


def _has_money(found: Mapping[str, Match]) -> bool:
    return bool(set(MONEY) & found.keys()) or {"quantity", "unit_price"} <= found.keys()


def _customer_by_address(found: Mapping[str, Match], columns: Sequence[Evidence]) -> dict[str, Match]:
    """Take the e-mail address, or the phone, of a list of customers for their number where it has none."""
    if "customer_id" in found:
        return {}
    for name in ("email", "phone"):
        match = found.get(name)
        if match and any(
            column.name == match.raw and column.unique > 0.95 and column.filled > 0.5 for column in columns
        ):
            return {"customer_id": Match("customer_id", match.raw, match.header, match.fit)}
    return {}


def _other_scores(columns: Sequence[Evidence]) -> dict[str, Match]:
    """Take every other column of answers on a scale for a driver, under its own name."""
    found = {}
    for column in columns:
        if is_score(column) and column.distinct > 1:
            name = SCORE_PREFIX + (re.sub(r"\W+", "_", column.name.lower()).strip("_") or "answer")
            found[name] = Match(name, column.name, 0.0, 1.0)
    return found


def _by_values(columns: Sequence[Evidence]) -> dict[str, Match]:
    """Tell the columns of order lines without headers by their values alone: time, money, units, who."""
    rest = list(columns)
    found: dict[str, Match] = {}

    def take(canonical: str, suitable: Sequence[Evidence]) -> None:
        if suitable:
            found[canonical] = Match(canonical, suitable[0].name, 0.0, 0.7)
            rest.remove(suitable[0])

    take("ordered_at", [column for column in rest if column.dates.share > 0.95])
    money = [column for column in rest if column.numbers.share > 0.95 and column.numbers.whole < 0.9]
    take("quantity", [column for column in rest if column.numbers.whole == 1 and _counts_pieces(column)])
    money.sort(key=lambda column: -column.numbers.high)
    alone = len(money) == 1 and "quantity" in found  # of one or of the line: the numbers tell, or a person
    take("unit_price" if alone else "amount", money)
    take("unit_price", money[1:2] if "quantity" in found else [])
    buyers = [column for column in rest if is_code(column) and 0 < column.unique < 1 and column.distinct > 10]
    take("customer_id", buyers)
    if len(buyers) > 1:
        others = ", ".join(column.name for column in buyers[1:])
        doubt = _("who bought: it may as well be {others}").format(others=others)
        found["customer_id"] = replace(found["customer_id"], doubt=doubt)
    return found


def _counts_pieces(evidence: Evidence) -> bool:
    """Say whether whole numbers may be pieces: they begin at one or near it, as no numbers of people or orders do."""
    numbers = evidence.numbers
    return numbers.share > 0.95 and numbers.padded < 0.1 and numbers.low <= _LEAST_PIECES and numbers.high < 1e5
