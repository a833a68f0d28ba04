"""Keys of a person are written one way, and what stands in for one is nobody's."""

import pytest

from crmlib.prep import keys


@pytest.mark.parametrize(
    ("address", "nobody"),
    [
        ("noemail@shop.com", True), ("test@test.com", True), ("na@na", True), ("guest@shop.de", True),
        ("li.wei@example.com", False), ("guest.house@gmx.de", False), ("nora@mail.com", False),
    ],
)  # fmt: skip
def test_addresses_of_nobody(address, nobody):
    assert keys.is_placeholder_email(address) is nobody


@pytest.mark.parametrize(
    ("digits", "nobody"),
    [
        ("00000000000", True), ("13800000000", True), ("13800138000", True), ("12345678", True),
        ("13812345678", False), ("13988888888", False), ("04930123456", False),
    ],
)  # fmt: skip
def test_phones_of_nobody(digits, nobody):
    assert keys.is_placeholder_phone(digits) is nobody


def test_numbers_of_nobody():
    assert [text for text in ("N/A", "0000", "-", "guest", "1002") if not keys.is_placeholder_number(text)] == ["1002"]
    assert keys.normalise_number("１００２") == "1002"
    assert [keys.customer_number(text) for text in ("Web:Anna@X.de", "K-17")] == ["Web:anna@x.de", "K-17"]
    assert keys.normalise_email("noemail@shop.com") is keys.normalise_phone("138 0000 0000") is None


@pytest.mark.parametrize(
    ("kind", "text", "nobody"), [("phone", "000 0000 0000", True), ("phone", "", False), ("email", "na@na", True)]
)
def test_a_stand_in_is_told_from_nothing(kind, text, nobody):
    assert keys.is_stand_in(kind, text) is nobody
