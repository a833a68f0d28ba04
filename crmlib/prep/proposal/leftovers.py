"""What is left over when the headers have said what they can: who bought, when, for how much, tried by its values."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.fitting import Match, has_decimals, is_code, is_key, is_number, phone
from crmlib.prep.proposal.money.facts import roles_of
from crmlib.prep.proposal.synonyms import has_word, is_other, likeness, names_of, place_of, tokens
from crmlib.prep.proposal.words.other import PURPOSES, PURPOSES_CJK
from crmlib.tables import TABLES
from crmlib.words import _

_MANY: Final = 10
_EVENTS: Final = ("interactions", "surveys", "contacts")
_CJK_CLOCK: Final = ("时间", "時刻", "時間")
_CLOCK: Final = frozenset(["time", "hour", "uhrzeit", "zeit", "heure", "hora", "horario", "clock"])
_PLAIN_ID: Final = (("id",), ("编号",))
_PLAIN_ORDER: Final = tuple(
    (word,) for word in ("name", "number", "no", "nr", "nummer", "numero", "id", "编号", "番号")
)


def the_only_time(time: str, columns: Sequence[Evidence], taken: frozenset[str], table: str) -> dict[str, Match]:
    """Take the only column of dates for the time of a table, unless its name says that it is another date."""
    dated = [column for column in columns if column.dates.share > 0.9 and not has_another_purpose(column.name, table)]
    left = [column for column in dated if column.name not in taken]
    if len(left) != 1:
        return {}
    return {time: Match(time, left[0].name, 0.0, left[0].dates.share)}


def has_another_purpose(header: str, table: str) -> bool:
    """Say whether a header says that its date is not that of an order, an answer or a contact."""
    return has_word(header, PURPOSES, PURPOSES_CJK) or belongs_elsewhere(
        header, table, events_apart=table == "transactions"
    )


def belongs_elsewhere(header: str, table: str, *, events_apart: bool = False) -> bool:
    """Say whether a header is the name of a column that only other tables have, or of none of ours.

    Times of events are called alike: a sale, an answer and a complaint are all completed at some time.
    """
    joined = "".join(tokens(header))
    others = [other for other in TABLES if not (events_apart and other in _EVENTS)]
    elsewhere = joined not in names_of(table) and any(joined in names_of(other) for other in others)
    return elsewhere or is_other(tokens(header))


def by_plain_name(columns: Sequence[Evidence], found: Mapping[str, Match]) -> dict[str, Match]:
    """Take a column called no more than name or number for the order; one called id for the customer if it repeats.

    Shopify calls the order's number ``Name`` and writes #1001 there: it holds digits and no blanks, as no name does.
    """
    plain = [column for column in columns if tokens(column.name) in _PLAIN_ORDER and is_code(column)]
    numbered = [column for column in plain if column.digits > 0.9 and column.spaced < 0.1]
    numbered.sort(key=lambda column: (-round(column.filled, 2), _PLAIN_ORDER.index(tokens(column.name))))
    whole_file = {"quantity", "unit_price", "product_id", "line_id", "description", "order_total"} & found.keys()
    if "order_id" not in found and numbered and (whole_file or tokens(numbered[0].name) in _PLAIN_ID):
        again = numbered[0].unique < 0.95 and tokens(numbered[0].name) in _PLAIN_ID
        name = "customer_id" if again and "customer_id" not in found else "order_id"
        return {name: Match(name, numbered[0].name, 0.0, 1.0)}
    ids = [column for column in plain if tokens(column.name) in _PLAIN_ID]
    if ids and "customer_id" not in found and ids[0].unique < 0.95:
        return {"customer_id": Match("customer_id", ids[0].name, 0.0, 1.0)}
    return {}


def the_only_money(columns: Sequence[Evidence]) -> dict[str, Match]:
    """Take the only column of decimals that is left for the money of a line; else the only column of numbers."""
    left = [column for column in columns if is_number(column) and not belongs_elsewhere(column.name, "transactions")]
    decimals = [column for column in left if has_decimals(column) or column.numbers.currency]
    many = [column for column in left if column.distinct > _MANY and column.unique < 0.95]
    chosen = decimals or [column for column in many if column.numbers.high < 1e7]
    if len(chosen) != 1:
        return {}
    doubt = "" if decimals else _("by its name what it is: the only column of numbers that is left")
    return {"amount": Match("amount", chosen[0].name, 0.0, chosen[0].numbers.share, doubt)}


def units_and_money(columns: Sequence[Evidence], found: Mapping[str, Match]) -> dict[str, Match]:
    """Part two columns whose headers both say units: the whole numbers are the units, those with decimals the money."""
    if "quantity" not in found:
        return {}
    called = [column for column in columns if is_number(column) and roles_of(column.name)[:1] == ("quantity",)]
    whole, money = ([column for column in called if has_decimals(column) is decimal] for decimal in (False, True))
    if len(whole) != 1 or len(money) != 1:
        return {}
    doubt = _("by its name what it is: the units are in {other}").format(other=whole[0].name)
    return {
        "quantity": Match("quantity", whole[0].name, 1.0, whole[0].numbers.share),
        "amount": Match("amount", money[0].name, 0.0, money[0].numbers.share, doubt),
    }


def who_comes_again(columns: Sequence[Evidence], orders: int) -> Match | None:
    """Take a column of codes for the customer that comes again over orders and has many different values."""
    likely = [
        column for column in columns
        if is_code(column)
        and column.digits > 0.5
        and not roles_of(column.name)
        and not has_decimals(column)
        and not belongs_elsewhere(column.name, "transactions")
        and max(_MANY, orders**0.5) <= column.distinct < 0.95 * orders
        and column.unique < 0.95
        and column.filled > 0.5
        and not (is_number(column) and column.numbers.high < 10 * column.distinct and column.numbers.low <= 1)
    ]  # fmt: skip
    if len(likely) != 1:
        return None
    doubt = _("by its name who bought: its values come again over orders, and many are different")
    return Match("customer_id", likely[0].name, 0.0, 1.0, doubt)


def clock_beside(columns: Sequence[Evidence]) -> tuple[str, ...]:
    """Find the column of times of day that stands beside a date without one."""
    clocks = [column.name for column in columns if column.clocks > 0.9]
    named = [
        name for name in clocks
        if has_word(name, _CLOCK, _CJK_CLOCK) and not has_word(name, PURPOSES, ())
    ]  # fmt: skip
    return tuple((named or clocks)[:1]) if len(named or clocks) == 1 else ()


_LEAST: Final = 0.45
_SPARSE: Final = 0.5
"""A number filled on less than this share of the lines that an address is filled on gives way to it."""

_RECIPIENT: Final = frozenset(
    ["ship", "shipping", "shipto", "recipient", "receiver", "delivery", "liefer", "livraison", "envio", "entrega"]
)
_RECIPIENT_CJK: Final = ("收货", "收件", "提货", "お届け", "送付先", "配送先", "届け先")


def who_bought(columns: Sequence[Evidence], by_header: Match | None) -> Match | None:
    """Choose the column that tells the customer of order lines.

    An analyst would want somebody rather than nobody: where there is no customer number, an e-mail address is as good,
    a phone number nearly so, and a name better than nothing. That names are not unique is said as a doubt.
    """
    address = next(iter([*_by_contact(columns, "email"), *_by_contact(columns, "phone")]), None)
    if by_header is None:
        return address or next(iter(_by_contact(columns, "name")), None)
    evidence = {column.name: column for column in columns}
    found = evidence[by_header.raw]
    named = found.spaced > 0.5 and found.digits < 0.2 and found.emails < 0.5  # a blank between words, no digits
    if address is None:
        return _doubted(by_header) if named else by_header
    return address if named or found.filled < _SPARSE * evidence[address.raw].filled else by_header


def _by_contact(columns: Sequence[Evidence], what: str) -> list[Match]:
    """Find the columns of addresses, phones or names, the buyer's before the recipient's, the surest first."""
    found = []
    for column in columns:
        header = likeness(column.name, "customers", what)
        if not is_key(column) or is_other(tokens(column.name)) or header < (_LEAST if what == "name" else 0):
            continue
        fit = {"email": column.emails, "phone": column.phones if not header else phone(column), "name": _name(column)}[
            what
        ]
        if fit < 0.8:
            continue
        match = Match("customer_id", column.name, header, fit)
        rank = (
            has_word(column.name, _RECIPIENT, _RECIPIENT_CJK),
            -round(column.filled, 2),
            -header,
            place_of(column.name, "customers", what),
        )
        found.append((rank, _doubted(match) if what == "name" else match))
    return [match for _rank, match in sorted(found, key=lambda ranked: ranked[0])]


def _name(evidence: Evidence) -> float:
    """Tell names from numbers of orders: Shopify's ``Name`` is #1001."""
    numbered = tokens(evidence.name) == ("name",) and evidence.digits > 0.5 and evidence.spaced < 0.5
    return 0.0 if numbered or evidence.dates.share > 0.5 or evidence.numbers.share > 0.5 else 1.0


def _doubted(match: Match) -> Match:
    doubt = _("customers apart but by name: two of one name count as one; a number would be better")
    return replace(match, doubt=doubt)
