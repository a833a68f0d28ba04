"""Columns of codes: phones, cards and addresses are found, order numbers are left alone however they look."""

import random

import pytest

from crmlib.privacy.detector import holds_kind, is_bank_card, is_id_card, kinds_among

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def with_luhn(body):
    return next(body + str(digit) for digit in range(10) if _luhn(body + str(digit)))


def _luhn(number):
    doubled = [int(digit) * 2 for digit in number[-2::-2]]
    return (sum(map(int, number[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def phones(n, seed=1):
    rng = random.Random(seed)  # noqa: S311
    return [f"1{rng.choice('3456789')}{rng.randrange(10**9):09}" for _ in range(n)]


def cards(n, seed=1):
    rng = random.Random(seed)  # noqa: S311
    return [with_luhn(f"6222{rng.randrange(10**11):011}") for _ in range(n)]


def id_cards(n, seed=1):
    rng = random.Random(seed)  # noqa: S311
    dates = [rng.randrange(1950, 2005) * 10_000 + rng.randrange(1, 13) * 100 + rng.randrange(1, 29) for _ in range(n)]
    bodies = [f"110105{date}{rng.randrange(1000):03}" for date in dates]
    check = [sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True)) % 11 for body in bodies]
    return [body + "10X98765432"[rest] for body, rest in zip(bodies, check, strict=True)]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (phones(50), "phone"),
        (["+86 " + phone for phone in phones(5)], "phone"),
        ([f"TEL-{phone[:3]} {phone[3:]}" for phone in phones(5)] + ["none"], "phone"),
        (cards(20), "bank_card"),
        (id_cards(8), "id_card"),
        ([*id_cards(1), "A1", "B2"], "id_card"),
        (["A1", "li.wei@example.com"], "email"),
    ],
)
def test_a_column_of_persons_is_found(values, kind):
    assert set(kinds_among(sorted(values))) == {kind}


def random_numbers(digits, n=2000, start=""):
    rng = random.Random(7)  # noqa: S311
    return [start + f"{rng.randrange(10 ** (digits - len(start))):0{digits - len(start)}}" for _ in range(n)]


@pytest.mark.parametrize(
    "values",
    [
        [f"1500000{n:04}" for n in range(2000)],  # eleven digits, counted up, all like phones
        [f"138{n * 7:08}" for n in range(2000)],  # with gaps
        random_numbers(11),  # eleven random digits: every fourteenth begins like a phone
        random_numbers(16),  # every tenth passes Luhn
        [with_luhn(f"4{n:014}") for n in range(500)],  # a check digit of the shop's own, counted up
        [with_luhn(f"2026{month:02}01{n:07}") for month in range(1, 13) for n in range(50)],  # year first
        [f"202611{day:02}{n:06}" for day in range(1, 31) for n in range(60)],  # date and number
        [f"W{n:010}" for n in range(500)],
        [f"110105{year}0101{n:04}" for year in range(1990, 1999) for n in range(200)],  # like identity cards
        ["85123A", "POST", "536365", "C536379"],
        ["010-12345678"],
        [],
    ],
)  # fmt: skip
def test_order_numbers_are_left_alone(values):
    assert kinds_among(sorted(values)) == {}


def test_two_numbers_like_phones_among_many_are_chance():
    assert kinds_among(sorted(random_numbers(11, 40, "2") + phones(2))) == {}


def test_the_share_says_how_many_of_that_shape_pass():
    assert kinds_among(sorted(phones(30) + random_numbers(11, 10, "2"))) == {"phone": 0.75}


def test_the_numbers_made_here_are_what_they_claim():
    assert all(map(is_bank_card, cards(20)))
    assert all(map(is_id_card, id_cards(20)))
    assert holds_kind(id_cards(1)[0], ["id_card"])
