"""The vault opens for its key, its purpose and its place, and for nothing else."""

import stat

import pytest

from crmlib.params import ParameterError
from crmlib.privacy.pseudonyms import DEMO_KEY, PURPOSES, Key, key_ids
from crmlib.privacy.vault import seal, sealed_with, unseal, write_private

KEY = Key(b"a long random text of the owner")
OTHER = Key(b"another long random text")


def test_what_was_sealed_is_unreadable_and_comes_back():
    content = b"Li Wei, 138 1234 5678, li.wei@example.com" * 50
    sealed = seal(content, KEY, "identity map", "shop")
    assert b"Wei" not in sealed
    assert unseal(sealed, KEY, "identity map", "shop") == content
    assert sealed_with(sealed) == KEY.id


def test_two_seals_of_the_same_differ():
    assert seal(b"same", KEY, "identity map", "shop") != seal(b"same", KEY, "identity map", "shop")


@pytest.mark.parametrize(
    ("key", "purpose", "place"),
    [(OTHER, "identity map", "shop"), (KEY, "audit", "shop"), (KEY, "identity map", "bakery")],
)
def test_another_key_purpose_or_place_does_not_open_it(key, purpose, place):
    with pytest.raises(ParameterError, match="does not open"):
        unseal(seal(b"x", KEY, "identity map", "shop"), key, purpose, place)


@pytest.mark.parametrize("position", [0, 20, 30, -1])
def test_a_changed_byte_is_noticed(position):
    sealed = bytearray(seal(b"x" * 40, KEY, "identity map", "shop"))
    sealed[position] ^= 1
    with pytest.raises(ParameterError, match="identity map"):
        unseal(bytes(sealed), KEY, "identity map", "shop")


@pytest.mark.parametrize("wrong", [b"", b"CRM vault 1\nabc", b"PAR1" * 20])
def test_what_is_no_vault_is_refused(wrong):
    with pytest.raises(ParameterError, match="no vault"):
        sealed_with(wrong)


def test_a_private_file_is_for_its_owner_and_leaves_nothing_beside_it(tmp_path):
    write_private(tmp_path / "map", b"first")
    write_private(tmp_path / "map", b"second")
    assert (tmp_path / "map").read_bytes() == b"second"
    assert stat.S_IMODE((tmp_path / "map").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["map"]


def test_every_purpose_has_a_key_of_its_own_and_an_id_that_is_no_key():
    ids = key_ids(KEY)
    assert set(ids) == set(PURPOSES)
    assert len(set(ids.values())) == len(PURPOSES)
    keys = [KEY.secret, KEY.derive("customers"), *(KEY.expand(purpose) for purpose in PURPOSES)]
    assert all(each not in key.hex() for each in ids.values() for key in keys)
    assert ids != key_ids(Key(DEMO_KEY))
