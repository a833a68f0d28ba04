"""Personal data are found in any dress, and numbers that are none are left alone."""

import pytest

from crmlib.privacy.detector import find_personal_data, is_bank_card, is_id_card
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
    ("number", "valid"), [("4111111111111111", True), ("4111111111111112", False), ("411111", False), ("0" * 16, False)]
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
