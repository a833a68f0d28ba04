"""Keys of a person, written one way, and stand-ins for them: noemail@shop.com, 13800000000, guest join nobody.

What many accounts share is found by counting (``cleaning.identity.shared_by_at_most``); these tell by themselves.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

import ibis

from crmlib.params.cleaning import Severity
from crmlib.prep.contracts import Rule
from crmlib.prep.logic import surely
from crmlib.prep.mapping import Mapped
from crmlib.prep.parsing.letters import in_small_letters

PLACEHOLDER: Final = "placeholder_customer_id"
"""Rule that a line breaks whose customer is a stand-in: the sale counts as one of nobody known."""

_NO: Final = r"(?:no|kein|keine|sin|sans|without)[-_.]?(?:e-?mail|mail|correo|adresse|address|reply)\d*"
_WORD: Final = (
    r"(?:none|null|nil|na|n\.a|n/a|unknown|unbekannt|inconnu|desconocido|anonymous|anonym|anonyme|anonimo|anónimo|guest|"
    r"gast|invité|invitado|walk-?in|dummy|fake|placeholder|nobody|noone|undefined|匿名|匿名用户|游客|散客|未知|无)"
)
_MADE_UP: Final = r"(?:test(?:er|ing)?\d{0,3}|x+|0+|1+|9+|1234*5*6*7*8*9*0*|asdf\w*|qwert\w*|abc|abcd)"
_NOWHERE: Final = r"(?:none|na|n\.a|no-?e?-?mail|unknown|null|invalid|localhost|dummy|nowhere)"
EMAIL: Final = rf"(?:{_NO}|{_WORD}|{_MADE_UP})@.*|[^@]*@{_NOWHERE}(?:\.[a-z.]+)?"
"""E-mail addresses in small letters that are nobody's, also those without a domain that could be one."""

_AS_NUMBER: Final = rf"(?:[^:@]*:)?(?:{EMAIL}|{_NO}|{_WORD}|(?:\+?86)?1[3-9]\d0{{8}}|13800138000|0{{7,}}|1{{11}})"
"""Customer numbers that are a stand-in, with or without a name space. Other numbers of few digits are a shop's own."""

_UP: Final = "01234567890123456789"
_PHONE: Final = re.compile(r"\d*0{7,}|\d{0,3}(\d)\1{8,}|(\d{1,3})\2{2,}\d{0,2}|13800138000")
_EMPTY: Final = re.compile(r"[0\W_]*")
_SHORTEST_PHONE: Final = 7
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def is_placeholder_email(address: str) -> bool:
    """Say whether an e-mail address, in small letters, is a stand-in."""
    return re.fullmatch(EMAIL, address) is not None


def is_placeholder_phone(digits: str) -> bool:
    """Say whether the digits of a phone number are a stand-in."""
    return digits in _UP or digits in _UP[::-1] or _PHONE.fullmatch(digits) is not None


def is_placeholder_number(text: str) -> bool:
    """Say whether a card or platform number is a stand-in: a word for nobody, or noughts alone."""
    return _EMPTY.fullmatch(text) is not None or re.fullmatch(_WORD, text.lower()) is not None


def placeholder_rules(mapped: Mapped, severities: Mapping[str, Severity]) -> list[Rule]:
    """Give the rule of customer numbers that are a stand-in; lines that need a customer are set aside by it."""
    if "customer_id" not in mapped.given:
        return []
    usual: Severity = "quarantine" if mapped.table in ("customers", "contacts") else "warn"
    return [Rule(PLACEHOLDER, severities.get(PLACEHOLDER, usual), _is_nobody(mapped.rows))]


def without_placeholders(rows: ibis.Table, rules: list[Rule]) -> ibis.Table:
    """Empty the customer numbers that are a stand-in, where there is a rule of them."""
    if not rules:
        return rows
    return rows.mutate(customer_id=ibis.ifelse(_is_nobody(rows), ibis.null("string"), rows.customer_id))


def _is_nobody(rows: ibis.Table) -> ibis.Value:
    return surely(rows.customer_id.lower().re_search(f"^(?:{_AS_NUMBER})$"))


def normalise_phone(text: str) -> str | None:
    """Write a phone number as its digits, a mainland country code left out; None for what is no phone of anybody."""
    digits = _digits(text)
    return None if len(digits) < _SHORTEST_PHONE or is_placeholder_phone(digits) else digits


def _digits(text: str) -> str:
    digits = re.sub(r"\D", "", _plain(text))
    return re.sub(r"^(00)?86(?=1\d{10}$)", "", digits)


def normalise_email(text: str) -> str | None:
    """Write an e-mail address in small letters; None for what is none of anybody."""
    plain = in_small_letters(_plain(text))
    return plain if _EMAIL.fullmatch(plain) and not is_placeholder_email(plain) else None


def normalise_number(text: str) -> str | None:
    """Write a customer, card or platform number in plain characters."""
    return customer_number(_plain(text)) or None


def customer_number(text: str) -> str:
    """Write a number of the parameters as the clean tables have it: e-mail addresses are numbers in small letters."""
    space, colon, number = text.rpartition(":")
    return f"{space}{colon}{in_small_letters(number)}" if "@" in number else text


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _bound_number(text: str) -> str | None:
    """Write the number that an account is bound to; None for a stand-in."""
    plain = _plain(text)
    return None if is_placeholder_number(plain) else plain


def is_stand_in(kind: str, text: str) -> bool:
    """Say whether a key was told and is a stand-in."""
    if kind == "phone":
        digits = _digits(text)
        return len(digits) >= _SHORTEST_PHONE and is_placeholder_phone(digits)
    plain = _plain(text)
    return bool(plain) and (is_placeholder_email(plain.lower()) if kind == "email" else is_placeholder_number(plain))


NORMALISE: Final[Mapping[str, Callable[[str], str | None]]] = {
    "phone": normalise_phone,
    "email": normalise_email,
    "member_id": _bound_number,
    "platform_id": _bound_number,
}
