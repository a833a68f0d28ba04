"""Pseudonyms are stable, keyed, and never tell the key."""

import hashlib

import pytest

from crmlib.params import ParameterError
from crmlib.params.sections import PrivacySection
from crmlib.privacy.pseudonyms import DEMO_KEY, Key, key_ids, load_key, load_previous_key, pseudonym, pseudonyms

LONG = "a long random text of a shop"


def test_a_pseudonym_hangs_on_the_number_and_the_key():
    one, other = Key(b"one key of a shop"), Key(b"another key of it")
    assert pseudonyms(["7", "8", "7"], one) == pseudonyms(["7", "8", "7"], one)
    assert len(set(pseudonyms(["7", "8"], one) + pseudonyms(["7", "8"], other))) == 4
    assert pseudonyms(["7"], one)[0] != "c" + hashlib.sha256(b"7").hexdigest()[:16]


def test_dress_does_not_matter():
    key = Key(DEMO_KEY).derive("customers")
    assert len({pseudonym(number, key) for number in ("17850", " 17850 ", "１７８５０")}) == 1


def test_purposes_have_keys_of_their_own():
    key = Key(DEMO_KEY)
    assert len({key.derive("customers"), key.derive("phones"), key.secret}) == 3


def test_the_key_is_never_shown():
    key = Key(LONG.encode())
    assert LONG not in repr(key) + str(key) + key.id
    assert key.id != Key(b"another long random text").id


def test_the_key_comes_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("SHOP_KEY", LONG)
    assert load_key(PrivacySection(key_env="SHOP_KEY"), tmp_path) == Key(LONG.encode())


def test_the_key_comes_from_a_file_that_only_its_owner_reads(tmp_path):
    file = tmp_path / "key"
    file.write_text(LONG + "\n")
    file.chmod(0o600)
    assert load_key(PrivacySection(key_file="key"), tmp_path).secret == LONG.encode()
    file.chmod(0o640)
    with pytest.raises(ParameterError, match=r"others may read key \(mode 0640\). Run: chmod 600 key"):
        load_key(PrivacySection(key_file="key"), tmp_path)


@pytest.mark.parametrize(("text", "message"), [("", "no key for the pseudonyms"), ("short", "under 16 characters")])
def test_no_key_is_refused(monkeypatch, tmp_path, text, message):
    monkeypatch.setenv("CRM_KEY", text)
    with pytest.raises(ParameterError, match=message):
        load_key(PrivacySection(), tmp_path)


def test_a_missing_key_file_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="is not there"):
        load_key(PrivacySection(key_file="key"), tmp_path)


def test_each_purpose_has_an_id_of_its_own():
    ids = key_ids(Key(DEMO_KEY, published=True))
    assert sorted(ids) == ["audit", "backup", "customers", "identity map", "kept files", "undeclared"]
    assert len(set(ids.values())) == 6


def test_no_key_before_this_one_needs_to_be_given(tmp_path):
    assert load_previous_key(PrivacySection(), tmp_path) is None
    assert repr(load_key(PrivacySection(demo_key=True), tmp_path)) == "Key(published=True)"
