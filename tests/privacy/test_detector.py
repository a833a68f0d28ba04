"""Personal data are found in any dress, in text and in columns of codes; numbers that are none are left alone."""

import random

import pytest

from crmlib.privacy.detector import (
    digit_runs,
    find_personal_data,
    holds_kind,
    is_bank_card,
    is_id_card,
    is_mobile,
    kinds_among,
)
from crmlib.privacy.masking import mask


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("13812345678", ["phone"]), ("电话１３８１２３４５６７８。", ["phone"]), ("+86 138-1234-5678", ["phone"]),
        ("8613812345678", ["phone"]), ("座机 010-12345678", ["phone"]), ("联系人王芳，电话+86 13812345678", ["phone"]),
        ("a.b+c@mail.example.cn", ["email"]), ("ａ＠ｂ．ｃｎ", ["email"]), ("11010519491231002X", ["id_card"]),
        ("6222021234567890128", ["bank_card"]), ("6222 0212 3456 7890 128", ["bank_card"]),
        ("13812345678 or x@y.cn", ["phone", "email"]),
        ("订单 536365", []), ("110105194912310021", []), ("20261101123456", []), ("12345678901", []), ("no@home", []),
        ("W2411010001", []), ("A13812345678B", []),
    ],
)  # fmt: skip
def test_finds(text, kinds):
    assert [find.kind for find in find_personal_data(text)] == kinds


def test_masks_say_what_stood_there_and_leave_the_rest():
    text = "请打 138 1234 5678，or write to Li@Example.com; card 6222021234567890128."
    assert mask(text) == "请打 [phone]，or write to [e-mail]; card [bank card]."
    assert mask("Poor quality, it broke after 2 days") == "Poor quality, it broke after 2 days"


def test_masking_twice_is_masking_once():
    text = "call 13812345678"
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    ("number", "valid"), [("11010519491231002X", True), ("110105194912310021", False), ("11010519491331002X", False)]
)
def test_identity_cards_have_a_date_and_a_check_digit(number, valid):
    assert is_id_card(number) is valid


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("4111111111111111", True),
        ("4111111111111112", False),
        ("411111", False),
        ("0" * 16, False),
        ("2026110100000015", False),
    ],
)
def test_bank_cards_have_a_check_digit(number, valid):
    assert is_bank_card(number) is valid


@pytest.mark.parametrize(
    "text",
    [
        "tel13800138000", "加v13800138000", "No13800138000", "138.0013.8000", "138–0013–8000",
        "138\u00a00013\u00a08000", "138  0013 8000", "(138)00138000", "+86 138/0013/8000", "(021)62345678",
        "021 6234 5678",
    ],
)  # fmt: skip
def test_phones_are_masked_as_people_type_them(text):
    assert mask(f"call {text}!").endswith("[phone]!")


@pytest.mark.parametrize("text", ["TH13800138000", "A113800138000", "138001380001", "10.05.2026 138 0013"])
def test_codes_are_no_phones(text):
    assert find_personal_data(text) == []


def test_runs_of_digits_lose_marks_and_the_country():
    assert digit_runs("tel +86 138-1234-5678, 17") == ["13812345678"]
    assert (is_mobile("13812345678"), is_mobile("12812345678")) == (True, False)


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


def test_a_code_is_held_against_the_kinds_asked_for():
    assert (holds_kind("138 1234 5678", ["phone"]), holds_kind("138 1234 5678", ["email"])) == (True, False)
