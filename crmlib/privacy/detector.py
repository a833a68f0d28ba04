"""Finding personal data, in text and in columns of codes: phones, e-mail addresses, identity cards, bank cards.

One number that looks like a card says little: every tenth number has Luhn's check digit, and order numbers of eleven
digits may begin like a phone. A column of them says much: most pass their check, and they do not count upwards.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final, Literal

Kind = Literal["phone", "email", "id_card", "bank_card"]

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""One character for one, so that a find in the plain text has the same place in the original."""

# no more before the @ than may stand there (RFC 5321), never given back: a text without blanks takes no time
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_DIGITS: Final = re.compile(r"(?<![0-9A-Za-z])\+?[0-9](?:[ -]?[0-9]){9,20}[Xx]?(?![0-9A-Za-z])")
_MOBILE: Final = re.compile(r"(?:\+?(?:00)?86)?(1[3-9][0-9]{9})")
_LANDLINE: Final = re.compile(r"(?<![0-9-])(?:\(0[0-9]{2,3}\)[ -]?|0[0-9]{2,3}[- ])[0-9]{3,4}[ -]?[0-9]{4}(?![0-9])")
_BETWEEN: Final = r"[ .()/·\u00a0\u2010-\u2014-]{0,2}"
_TYPED_MOBILE: Final = re.compile(
    rf"(?<![0-9])(?:\+?(?:00)?86{_BETWEEN})?1[3-9][0-9]{_BETWEEN}[0-9]{{4}}{_BETWEEN}[0-9]{{4}}(?![0-9])"
)
"""A mobile number as people type it: after a word, with other marks between its groups. Some codes look so, too."""

_LONG_NUMBER: Final = re.compile(r"[0-9](?:[^A-Za-z0-9]{0,3}[0-9]){6}")
"""What any phone number has: numbering plans are asked for nothing less."""

_ID_CARD: Final = re.compile(
    r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]"
)
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK: Final = "10X98765432"
_CARD_LENGTHS: Final = range(13, 20)
_CARD_STARTS: Final = re.compile(r"2[2-7]|[3-6]")
"""First digits of card issuers (ISO/IEC 7812-1, UnionPay's 62 among them); a number that begins with a year is none."""
MOST_COUNTED: Final = 1000
"""Numbers with neighbours nearer than that are counted up; those of ten million phones lie 7,000 apart."""
_ENOUGH: Final = 3
_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Find:
    """Where in a text personal data stand, and of which kind; never the data themselves."""

    kind: Kind
    start: int
    end: int


def find_personal_data(text: str, *, typed: bool = False, country: str | None = None) -> list[Find]:
    """Find personal data in a text, from left to right, without overlaps.

    Parameters
    ----------
    text
        Any text; full-width digits and marks are understood.
    typed
        Whether people typed it: then a mobile number may follow a word (``wx13812345678``) and hold other marks, where
        a column of codes would hold codes; and numbers of other countries are looked for.
    country
        Whose numbers are known without their country's code, ISO 3166-1; those of the mainland always are.

    Examples
    --------
    >>> len(find_personal_data("wx13812345678")), len(find_personal_data("wx138.1234.5678", typed=True))
    (0, 1)
    >>> find_personal_data("打 １３８1234５678 或 a.b@example.cn")
    [Find(kind='phone', start=2, end=13), Find(kind='email', start=16, end=30)]
    """
    plain = text.translate(_FULL_WIDTH)
    finds = [Find("email", *match.span()) for match in _EMAIL.finditer(plain)]
    for match in _DIGITS.finditer(plain):
        kind = _kind_of_digits(match.group())
        if kind is not None:
            finds.append(Find(kind, *match.span()))
    finds += [Find("phone", *match.span()) for match in _LANDLINE.finditer(plain)]
    if typed:
        finds += [Find("phone", *match.span()) for match in _TYPED_MOBILE.finditer(plain)]
        finds += _numbers_of(plain, country)
    return list(_without_overlaps(sorted(finds, key=lambda find: (find.start, -find.end))))


def _numbers_of(text: str, country: str | None) -> list[Find]:
    """Find the phone numbers of all countries by the numbering plans, those of one without its code."""
    if not _LONG_NUMBER.search(text):
        return []
    import phonenumbers

    found = phonenumbers.PhoneNumberMatcher(text, country and country[:2])
    return [Find("phone", match.start, match.end) for match in found]


def is_mobile(number: str) -> bool:
    """Say whether eleven digits are a mainland mobile number."""
    return _MOBILE.fullmatch(number) is not None


def digit_runs(text: str) -> list[str]:
    """Give the long numbers of a text as digits, blanks, hyphens and a country code left out."""
    found = (match.group() for match in _DIGITS.finditer(text.translate(_FULL_WIDTH)))
    plain = (number.replace(" ", "").replace("-", "").removeprefix("+") for number in found)
    return [mobile.group(1) if (mobile := _MOBILE.fullmatch(number)) else number for number in plain]


def is_id_card(number: str) -> bool:
    """Say whether eighteen digits are a mainland identity number (GB 11643): date and check digit (ISO 7064)."""
    if not _ID_CARD.fullmatch(number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECK[total % 11] == number[17].upper()


def is_bank_card(number: str) -> bool:
    """Say whether digits are a bank card's number: an issuer's first digits, 13 to 19 in all, Luhn's check digit."""
    if not number.isdecimal() or len(number) not in _CARD_LENGTHS or not _CARD_STARTS.match(number):
        return False
    if len(set(number)) == 1:
        return False
    doubled = [int(digit) * 2 for digit in number[-2::-2]]
    return (sum(map(int, number[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def _kind_of_digits(written: str) -> Kind | None:
    digits = written.replace(" ", "").replace("-", "")
    if _MOBILE.fullmatch(digits):
        return "phone"
    if is_id_card(digits):
        return "id_card"
    return "bank_card" if is_bank_card(digits) else None


def _without_overlaps(finds: list[Find]) -> Iterator[Find]:
    end = 0
    for find in finds:
        if find.start >= end:
            yield find
            end = find.end


def kinds_among(values: Sequence[str], *, enough: int = _ENOUGH) -> dict[Kind, float]:
    """Say which kinds of personal data a column of codes holds, and what share of the numbers of that shape they are.

    An e-mail address counts wherever it stands, an identity card if at least half of the numbers of eighteen digits
    are (by chance one in 15,000 is), phones and bank cards from so many on as are enough, if at least half of the
    numbers of their length are and they are not counted upwards.

    Parameters
    ----------
    values
        Different values of the column; a run of neighbours in their order, where there are too many for all.
    enough
        1 for a column whose values are names, such as channels: there no number is expected, and pages show them.
    """
    runs = [run for value in values for run in digit_runs(value)]
    found: dict[Kind, float] = {}
    if emails := sum(holds_kind(value, ["email"]) for value in values):
        found["email"] = emails / len(values)
    shapes: tuple[tuple[Kind, list[str], list[str], int], ...] = (
        ("phone", *_split(runs, 11, 11, is_mobile), enough),
        ("id_card", *_split(runs, 18, 18, is_id_card), 1),
        ("bank_card", *_split([run for run in runs if not is_id_card(run)], 13, 19, is_bank_card), enough),
    )
    for kind, shaped, passing, least in shapes:
        if len(passing) >= least and len(passing) >= _SHARE * len(shaped) and not _counts_up(kind, passing):
            found[kind] = len(passing) / len(shaped)
    return found


def holds_kind(value: str, kinds: Iterable[Kind]) -> bool:
    """Say whether a code holds personal data of some kinds."""
    wanted = set(kinds)
    return any(find.kind in wanted for find in find_personal_data(value))


def _split(
    runs: Sequence[str], shortest: int, longest: int, passes: Callable[[str], bool]
) -> tuple[list[str], list[str]]:
    """Take the different numbers of a length, and of them those that pass."""
    shaped = sorted({run for run in runs if shortest <= len(run) <= longest})
    return shaped, [run for run in shaped if passes(run)]


def _counts_up(kind: Kind, numbers: Sequence[str]) -> bool:
    """Say whether numbers are counted upwards; the check digit of a card is left out, an identity card counts days."""
    if kind == "id_card" or len(numbers) < _ENOUGH:
        return False
    whole = sorted(int(number[:-1] if kind == "bank_card" else number) for number in numbers)
    return median(right - left for left, right in pairwise(whole)) < MOST_COUNTED
