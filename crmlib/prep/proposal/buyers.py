"""Who bought: the column of order lines that tells the customer, by number, address, phone or, at last, name."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from crmlib.prep.proposal.evidence import Evidence
from crmlib.prep.proposal.fitting import email, is_key, phone
from crmlib.prep.proposal.match import Match
from crmlib.prep.proposal.synonyms import is_other, likeness, place_of, tokens
from crmlib.words import _

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
    addresses = _first([*_by_contact(columns, "email"), *_by_contact(columns, "phone")])
    if by_header is not None:
        found = next(each for each in columns if each.name == by_header.raw)
        named = _are_names(found)
        if addresses is None:
            return _doubted(by_header) if named else by_header
        filled = next(each.filled for each in columns if each.name == addresses.raw)
        return addresses if named or found.filled < _SPARSE * filled else by_header
    return addresses or _first(_by_contact(columns, "name"))


def _first(matches: Sequence[Match]) -> Match | None:
    return matches[0] if matches else None


def _by_contact(columns: Sequence[Evidence], what: str) -> list[Match]:
    """Find the columns of addresses, phones or names, the buyer's before the recipient's, the surest first."""
    found = []
    for each in columns:
        header = likeness(each.name, "customers", what)
        if not is_key(each) or is_note(each.name) or header < (_LEAST if what == "name" else 0):
            continue
        fit = {"email": email(each), "phone": each.phones if not header else phone(each), "name": _name(each)}[what]
        if fit < 0.8:
            continue
        match = Match("customer_id", each.name, header, fit)
        rank = (_is_recipient(each.name), -round(each.filled, 2), -header, place_of(each.name, "customers", what))
        found.append((rank, _doubted(match) if what == "name" else match))
    return [match for _rank, match in sorted(found, key=lambda each: each[0])]


def is_note(header: str) -> bool:
    """Say whether a header is that of a note, which names nobody."""
    return is_other(tokens(header))


def _name(evidence: Evidence) -> float:
    """Tell names from numbers of orders: Shopify's ``Name`` is #1001."""
    numbered = tokens(evidence.name) == ("name",) and evidence.digits > 0.5 and evidence.spaced < 0.5
    return 0.0 if numbered or evidence.dates.share > 0.5 or evidence.numbers.share > 0.5 else 1.0


def _are_names(evidence: Evidence) -> bool:
    """Say whether values are names of people: words with a blank between them, no digits."""
    return evidence.spaced > 0.5 and evidence.digits < 0.2 and evidence.emails < 0.5


def _is_recipient(header: str) -> bool:
    return bool(_RECIPIENT.intersection(tokens(header))) or any(word in header for word in _RECIPIENT_CJK)


def _doubted(match: Match) -> Match:
    doubt = _("customers apart but by name: two of one name count as one; a number would be better")
    return replace(match, doubt=doubt)
