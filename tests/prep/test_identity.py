"""One person's accounts are found by what they share, and kept apart where they must be."""

import pandas as pd
import pytest

from crmlib.params.cleaning import IdentityRules
from crmlib.prep.identity import ACCOUNT_COLUMNS, find_people
from crmlib.prep.keys import normalise_email, normalise_phone
from crmlib.prep.persons.guards import Guards, without_conflicts

A, B, C = "14412345678", "14412345679", "14412345670"


def accounts(*rows):
    """Write accounts as dicts; what is not said is unknown."""
    return pd.DataFrame(
        [dict.fromkeys(ACCOUNT_COLUMNS) | row for row in rows], columns=list(ACCOUNT_COLUMNS), dtype=object
    )


def groups(identity):
    """Give the sets of customer numbers that are one person."""
    return {frozenset(numbers) for numbers in identity.people.groupby("person")["customer_id"].agg(list)}


def test_keys_are_closed_transitively():
    rows = accounts(
        {"customer_id": "1", "phone": A},
        {"customer_id": "web:x", "phone": "+86 144-1234-5678", "email": "a@b.cn"},
        {"customer_id": "mini:y", "email": " A@B.CN "},
        {"customer_id": "2", "phone": B},
    )
    identity = find_people(rows, [], IdentityRules())
    assert groups(identity) == {frozenset({"1", "web:x", "mini:y"}), frozenset({"2"})}
    assert set(identity.links["key"]) == {"phone", "email"}


def test_a_bound_card_joins_and_an_unknown_card_does_not():
    rows = accounts(
        {"customer_id": "100"},
        {"customer_id": "web:x", "member_id": "１００"},
        {"customer_id": "web:y", "member_id": "999"},
    )
    assert groups(find_people(rows, [], IdentityRules())) == {frozenset({"100", "web:x"}), frozenset({"web:y"})}


def test_an_account_whose_number_is_an_address_has_that_address():
    rows = accounts({"customer_id": "1", "email": "a@b.cn"})
    assert groups(find_people(rows, ["web:a@b.cn"], IdentityRules())) == {frozenset({"1", "web:a@b.cn"})}


def test_a_key_shared_by_too_many_joins_nobody():
    rows = accounts(*[{"customer_id": str(i), "phone": A} for i in range(5)])
    identity = find_people(rows, [], IdentityRules(shared_by_at_most=4))
    assert len(groups(identity)) == 5
    assert identity.shared_keys.to_dict("list") == {"key": ["phone"], "keys": [1], "accounts": [5]}
    assert len(groups(find_people(rows, [], IdentityRules(shared_by_at_most=5)))) == 1


def test_different_birth_dates_stay_apart_also_through_a_third_account():
    couple = [
        {"customer_id": "1", "phone": A, "birth_date": "1980-01-01"},
        {"customer_id": "2", "phone": A, "birth_date": "1982-02-02"},
    ]
    identity = find_people(accounts(*couple), [], IdentityRules())
    assert len(groups(identity)) == 2
    assert identity.conflicts == 1
    bridge = [
        {"customer_id": "1", "phone": A, "birth_date": "1980-01-01"},
        {"customer_id": "web:x", "phone": A, "email": "a@b.cn"},
        {"customer_id": "2", "email": "a@b.cn", "birth_date": "1982-02-02"},
    ]
    # the e-mail address is trusted more than the phone, so the bridge belongs to 2
    assert groups(find_people(accounts(*bridge), [], IdentityRules())) == {frozenset({"1"}), frozenset({"web:x", "2"})}


def test_a_wrong_link_is_undone_in_the_parameters():
    rows = accounts({"customer_id": "1", "phone": A}, {"customer_id": "2", "phone": A})
    assert len(groups(find_people(rows, [], IdentityRules(apart=["2"])))) == 2


@pytest.mark.parametrize("pair", [("1", "2"), ("2", "1")])
def test_a_pair_is_kept_apart_and_joins_others_still(pair):
    rows = accounts(
        {"customer_id": "1", "phone": A},
        {"customer_id": "2", "phone": A, "email": "a@b.cn"},
        {"customer_id": "3", "email": "a@b.cn"},
    )
    assert len(groups(find_people(rows, [], IdentityRules()))) == 1
    assert groups(find_people(rows, [], IdentityRules(apart=[pair]))) == {frozenset({"1"}), frozenset({"2", "3"})}


def test_a_pair_that_a_third_account_would_join_gives_up_the_least_trusted_link():
    rows = accounts(
        {"customer_id": "1", "phone": A},
        {"customer_id": "web:x", "phone": A, "email": "a@b.cn"},
        {"customer_id": "2", "email": "a@b.cn"},
    )
    found = find_people(rows, [], IdentityRules(apart=[("1", "2")]))
    assert groups(found) == {frozenset({"1"}), frozenset({"web:x", "2"})}


def test_numbers_nobody_delivered_may_stand_apart():
    rows = accounts({"customer_id": "1", "phone": A}, {"customer_id": "2", "phone": A})
    assert len(groups(find_people(rows, [], IdentityRules(apart=["9", ("1", "8")])))) == 1


def test_a_link_keeps_its_evidence():
    rows = accounts({"customer_id": "1", "phone": "144 1234 5678"}, {"customer_id": "2", "phone": A})
    links = find_people(rows, [], IdentityRules()).links
    assert links.values.tolist() == [["1", "2", "phone", A]]


def test_numbers_that_only_other_tables_know_are_persons_of_their_own():
    assert groups(find_people(accounts(), ["7", "8"], IdentityRules())) == {frozenset({"7"}), frozenset({"8"})}


def test_the_person_is_named_by_a_card_before_an_account_of_a_shop():
    rows = accounts({"customer_id": "900", "phone": A}, {"customer_id": "mini:1", "phone": A})
    assert set(find_people(rows, [], IdentityRules()).people["person"]) == {"900"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+86 144 1234 5678", A),
        ("008614412345678", A),
        ("１４４１２３４５６７８", A),
        ("144-1234-5678", A),
        ("", None),
        ("12", None),
        ("00000000000", None),
    ],
)
def test_phones(written, meant):
    assert normalise_phone(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"), [(" A@B.CN", "a@b.cn"), ("ａ＠b.cn", "a@b.cn"), ("nobody", None), ("a@b", None)]
)
def test_addresses(written, meant):
    assert normalise_email(written) == meant


def test_the_least_trusted_link_is_given_up_first():
    links = pd.DataFrame({"left": [0, 1], "right": [1, 2], "key": ["email", "phone"]})
    guards = Guards(pd.Series(["1980-01-01", None, "1982-02-02"]), frozenset(), frozenset())
    assert without_conflicts(links, guards, ["email", "phone"])["key"].tolist() == ["email"]
