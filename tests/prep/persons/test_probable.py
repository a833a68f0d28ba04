"""Accounts whose keys were mistyped find their person again, and hardly ever a stranger."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from crmlib.demo import Plan, simulate
from crmlib.params import ParameterError
from crmlib.params.cleaning import IdentityRules
from crmlib.prep.identity import ACCOUNT_COLUMNS, find_people
from crmlib.prep.persons.probable import PROBABLE, probable_links, unambiguous

RULES = IdentityRules(probabilistic={"enabled": True})
A, B = "14412345678", "14412345679"


@pytest.fixture(scope="module")
def soiled():
    """Give the demo's accounts, a third of those online with a slip in phone and address and no card, and the truth."""
    chain = simulate(Plan(seed=7, members=400))
    rows = chain.accounts.merge(chain.people[["name", "birth_date", "city"]], left_on="person", right_index=True)
    till = (rows["system"] == "till").to_numpy()
    number = np.where(till, rows["account"], rows["system"] + ":" + rows["account"])
    birth, city = rows["birth_date"].astype(str).where(till), rows["city"].where(till)
    told = rows[["phone", "email", "member_id", "name"]].assign(customer_id=number, birth_date=birth, city=city)
    rng = np.random.default_rng(3)
    wrong = ~till & (rng.random(len(told)) < 0.3)
    told = told.assign(platform_id=None, member_id=told["member_id"].mask(wrong)).astype(object)
    told.loc[wrong, "phone"] = [slip(rng, each) for each in told.loc[wrong, "phone"]]
    told.loc[wrong, "email"] = [each[1:] if isinstance(each, str) else None for each in told.loc[wrong, "email"]]
    accounts = told.where(told.notna(), None).reset_index(drop=True)
    return accounts, dict(zip(number, rows["person"], strict=True))


def slip(rng, phone):
    """Mistype a digit."""
    if not isinstance(phone, str):
        return None
    place = int(rng.integers(3, len(phone)))
    return phone[:place] + str((int(phone[place]) + int(rng.integers(1, 10))) % 10) + phone[place + 1 :]


@pytest.fixture(scope="module")
def links(soiled):
    return probable_links(soiled[0], RULES)


def pairs(person):
    numbers = pd.Series(person).rename_axis("number").reset_index(name="person")
    return {p for _k, each in numbers.groupby("person")["number"] for p in combinations(sorted(each), 2)}


def quality(identity, truth):
    """Give pairwise precision and recall."""
    joined, true = pairs(identity.people.set_index("customer_id")["person"].to_dict()), pairs(truth)
    return len(joined & true) / len(joined), len(joined & true) / len(true)


def test_mistyped_keys_find_their_person_and_precision_stays(soiled, links):
    accounts, truth = soiled
    _precision, before = quality(find_people(accounts, [], RULES), truth)
    precision, recall = quality(find_people(accounts, [], RULES, links), truth)
    assert precision >= 0.995  # the issue's
    assert recall > before + 0.05


def test_the_order_of_the_lines_and_a_second_run_change_nothing(soiled, links):
    again = probable_links(soiled[0].sample(frac=1, random_state=1), RULES)
    pd.testing.assert_frame_equal(again, links)


def test_each_link_keeps_its_evidence(soiled, links):
    found = find_people(soiled[0], [], RULES, links).links
    evidence = found.loc[found["key"] == PROBABLE, "evidence"]
    pattern = r"probability (0\.99\d\d|1\.0000) name=-?\d phone=-?\d email=-?\d birth_date=-?\d city=-?\d"
    assert len(evidence) > 10
    assert evidence.str.fullmatch(pattern).all()
    assert (links["probability"] >= RULES.probabilistic.threshold).all()


def accounts(*rows):
    columns = [*ACCOUNT_COLUMNS, "name", "city"]
    return pd.DataFrame([dict.fromkeys(columns) | row for row in rows], columns=columns, dtype=object)


def probable(*pairs_):
    return pd.DataFrame([(*pair, 0.999, "probability 0.9990") for pair in pairs_],
                        columns=["left", "right", "probability", "evidence"])  # fmt: skip


def groups(identity):
    return {frozenset(numbers) for numbers in identity.people.groupby("person")["customer_id"].agg(list)}


def test_birth_dates_that_differ_are_never_joined():
    rows = accounts({"customer_id": "1", "birth_date": "1980-01-01"}, {"customer_id": "2", "birth_date": "1982-02-02"})
    assert len(groups(find_people(rows, [], RULES, probable(("1", "2"))))) == 2


def test_birth_dates_that_differ_further_off_take_the_probable_link_back_and_leave_the_key():
    rows = accounts(
        {"customer_id": "1", "birth_date": "1980-01-01", "phone": A},
        {"customer_id": "web:x", "phone": A},
        {"customer_id": "2", "birth_date": "1982-02-02"},
    )
    found = find_people(rows, [], RULES, probable(("2", "web:x")))
    assert groups(found) == {frozenset({"1", "web:x"}), frozenset({"2"})}


def test_who_is_probably_two_others_is_neither():
    rows = accounts({"customer_id": "1"}, {"customer_id": "2"}, {"customer_id": "3"})
    found = find_people(rows, [], RULES, probable(("1", "2"), ("1", "3")))
    assert len(groups(found)) == 3


@pytest.mark.parametrize("apart", [["2"], [("1", "2")], [("2", "1")]])
def test_a_probable_link_is_undone_in_the_parameters(apart):
    rows = accounts({"customer_id": "1"}, {"customer_id": "2"})
    assert len(groups(find_people(rows, [], RULES, probable(("1", "2"))))) == 1
    undone = RULES.model_copy(update={"apart": apart})
    assert len(groups(find_people(rows, [], undone, probable(("1", "2"))))) == 2


def test_too_few_accounts_to_learn_from_are_said(club):
    with pytest.raises(ParameterError, match="too few accounts"):
        club(["1,2026-02-01,A,1,1,7"], [f"7,Ann,{A},,yes"], cleaning={"identity": {"probabilistic": {"enabled": True}}})


@pytest.mark.parametrize(("persons", "links_left"), [([0, 1, 2], 0), ([0, 1, 1], 2)])
def test_two_others_who_are_one_person_are_one(persons, links_left):
    found = pd.DataFrame({"left": ["a", "a"], "right": ["b", "c"], "probability": [0.99, 0.99]})
    assert len(unambiguous(found, np.array(persons), {"a": 0, "b": 1, "c": 2})) == links_left
