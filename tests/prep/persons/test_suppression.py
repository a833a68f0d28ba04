"""Who was erased is known again by any identifier, and by nothing that could be read."""

import pandas as pd
import pytest

from crmlib.prep.persons.forgetting import suppress, suppressed_numbers
from crmlib.prep.persons.register import Register

GONE = {"number": ["100007", "web:ann@b.cn"], "phone": ["144 1111 1111"], "email": ["Ann@B.cn"]}


def accounts(**told):
    return pd.DataFrame([{"customer_id": "9", "phone": None, "email": None, "member_id": None} | told], dtype=object)


@pytest.fixture
def register():
    return suppress(Register(), GONE, "2026-03-01")


@pytest.mark.parametrize(
    "told",
    [
        {"customer_id": "100007"},
        {"phone": "+86１４４-1111-1111"},
        {"email": " ann@b.CN"},
        {"member_id": "１００００７"},
    ],
)
def test_any_identifier_gives_them_away(register, told):
    rows = accounts(**told)
    assert suppressed_numbers(rows["customer_id"], rows, register) == set(rows["customer_id"])


@pytest.mark.parametrize("told", [{}, {"phone": "14411111112"}, {"email": "bo@b.cn"}, {"member_id": "100008"}])
def test_others_are_left_alone(register, told):
    rows = accounts(**told)
    assert suppressed_numbers(rows["customer_id"], rows, register) == frozenset()


def test_an_empty_map_suppresses_nobody():
    assert suppressed_numbers(["100007"], accounts(), Register()) == frozenset()


def test_the_same_person_is_entered_once_and_two_maps_have_nothing_in_common(register):
    again = suppress(register, GONE, "2026-04-01")
    assert len(again.suppressed) == len(register.suppressed) == 4
    other = suppress(Register(), GONE, "2026-03-01")
    assert set(other.suppressed["hash"]).isdisjoint(register.suppressed["hash"])
