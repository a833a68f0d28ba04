"""Who refuses analysis counts in the shop's totals and stands in no customer table."""

import pandas as pd
import pytest

from crmlib.params import load_parameters
from crmlib.prep.checking import check_sources
from crmlib.prep.persons.consent import LeftOut, judge_consent, left_out_words
from crmlib.prep.shown.persons import consent_sentences

SALES = ["1,2026-02-01,A,1,10,7", "2,2026-02-02,A,1,20,8", "3,2026-02-03,A,1,40,9", "4,2026-02-04,A,1,80,web:x"]
MEMBERS = [
    "7,Ann Lee,14411111111,ann@example.com,yes",
    "8,Bo Chen,14422222222,bo@example.com,no",
    "9,Cy Wang,14433333333,cy@example.com,",
]


def known(frame):
    """Say for each order whether its customer is known."""
    return frame.set_index("order_id")["customer_id"].notna().to_dict()


@pytest.mark.parametrize(
    ("rule", "kept", "members"),
    [("not_refused", (False, True), 2), ("required", (False, False), 1), ("ignore", (True, True), 3)],
)
def test_the_rule_decides_who_stands_in_customer_tables(club, clean, rule, kept, members):
    refused_known, unknown_known = kept
    more = {"privacy": {"demo_key": True, "consent": rule}}
    run, account = club(SALES, MEMBERS, more=more)
    sales = clean(run, "transactions")
    expected = {"1": True, "2": refused_known, "3": unknown_known, "4": unknown_known}
    assert known(sales) == expected
    assert float(sales["amount"].sum()) == 150  # every sale counts in the shop's totals
    assert len(clean(run, "customers")) == members
    said = account.privacy
    # the buyer of order 4 is in no member list and never said anything
    assert (said.agreed, said.refused, said.unknown) == (1, 1, 2)
    assert said.withheld == sum(not each for each in expected.values())


def test_a_person_who_once_refused_is_out_with_every_account(club, clean):
    members = [*MEMBERS[:1], "8,Bo Chen,14422222222,bo@example.com,no", "80,Bo Chen,+86 144 2222 2222,,yes"]
    run, account = club([*SALES[:2], "5,2026-02-05,A,1,5,80"], members)
    assert known(clean(run, "transactions")) == {"1": True, "2": False, "5": False}
    assert account.privacy.refused == 1
    assert account.privacy.withheld == 1


def test_who_once_refused_marketing_stays_and_is_known_not_to_be_contacted(club, clean):
    people = "card,name,phone,mail,agrees,ads\n"
    ads = ["7,Ann Lee,14411111111,,yes,no", "70,Ann Lee,14411111111,,,yes", "9,Cy Wang,14433333333,,,",
           "6,Di Xu,14444444444,,,perhaps"]  # fmt: skip
    files = {"people/list.csv": people + "\n".join(ads) + "\n"}
    columns = {"customer_id": "card", "name": "name", "phone": "phone", "consent": "agrees", "contact_consent": "ads"}
    sources = {"customers": {"path": "../data/people/*.csv", "columns": columns}}
    run, _account = club(SALES[:1], [], sources=sources, files=files)
    told = clean(run, "customers")["contact_consent"]
    assert ((~told.dropna().astype(bool)).sum(), told.isna().sum()) == (2, 1)


def test_their_lines_are_set_aside_without_their_words(club, clean):
    run, account = club(SALES, MEMBERS)
    aside = clean(run, "customers", "quarantine")
    assert aside[["fate", "reasons", "line"]].values.tolist() == [["quarantined", "no_consent", 3]]
    assert aside["original"].isna().all()
    rules = account.rules[account.rules["rule"] == "no_consent"]
    assert rules[["table", "severity", "lines"]].values.tolist() == [["customers", "quarantine", 1]]


def test_lines_of_other_tables_lose_the_customer_too(club, clean):
    answers = {"survey/s.csv": "id,when,card,score\n1,2026-02-10,8,3\n2,2026-02-10,7,9\n"}
    source = {
        "surveys": {
            "path": "../data/survey/*.csv",
            "columns": {"response_id": "id", "answered_at": "when", "customer_id": "card", "score_recommend": "score"},
        }
    }
    run, _account = club(SALES, MEMBERS, sources=source, files=answers)
    rows = clean(run, "surveys").set_index("response_id")
    assert rows["customer_id"].isna().to_dict() == {"1": True, "2": False}
    assert rows["score_recommend"].to_dict() == {"1": 3.0, "2": 9.0}


def test_persons_are_counted_not_accounts():
    people = pd.DataFrame({"customer_id": ["1", "w:1", "2", "3"], "person": ["1", "1", "2", "3"]})
    said = pd.DataFrame({"customer_id": ["1", "w:1", "2", "2"], "consent": [True, True, True, False]})
    found = judge_consent(people, said, "not_refused", frozenset({"3"}))
    assert (found.agreed, found.refused, found.unknown, found.forgotten) == (1, 1, 1, 1)
    assert found.withheld.set_index("customer_id")["reason"].to_dict() == {"2": "no_consent", "3": "forgotten"}


def members_who_say(words):
    """Write a member and an order for each word; the numbers begin with 20."""
    people = [f"{n},Bo Chen {n},144222222{n},bo{n}@example.com,{word}" for n, word in enumerate(words, 20)]
    return people, [f"{n},2026-02-02,A,1,20,{n}" for n in range(20, 20 + len(words))]


def test_a_no_in_any_language_is_a_no(club, clean):
    words = ["withdrawn", "opted out", "Unsubscribed", "拒绝", "退订", "nein", "Não", "refusé", "いいえ"]
    people, sales = members_who_say(words)
    run, account = club([SALES[0], *sales], [MEMBERS[0], *people])
    assert known(clean(run, "transactions")) == {"1": True} | {sale[:2]: False for sale in sales}
    assert (account.privacy.refused, account.privacy.unclear) == (len(words), 0)


def test_a_word_that_is_neither_yes_nor_no_withholds_the_customer_and_is_said(club, clean):
    words = ["under review", "次回", "2026-02-01", "?"]
    people, sales = members_who_say(words)
    run, account = club([SALES[0], *sales, *SALES[2:]], [MEMBERS[0], *people, MEMBERS[2]])
    others = {sale[:2]: False for sale in sales}
    assert known(clean(run, "transactions")) == {"1": True, "3": True, "4": True} | others
    said, n = account.privacy, len(words)
    assert (said.agreed, said.refused, said.unclear, said.unknown, said.withheld) == (1, n, n, 2, n)
    rules = account.rules.set_index("rule")["lines"]
    assert (rules["unreadable_consent"], rules["no_consent"]) == (n, n)
    assert "neither yes nor no" in " ".join(consent_sentences(account.privacy, run))


def test_an_unclear_word_of_one_account_outweighs_the_yes_of_another(club, clean):
    members = ["8,Bo Chen,14422222222,bo@example.com,yes", "80,Bo Chen,,bo@example.com,to be asked"]
    run, _account = club([SALES[1], "5,2026-02-05,A,1,5,80"], members)
    assert known(clean(run, "transactions")) == {"2": False, "5": False}


def test_a_check_says_whom_a_run_will_leave_out(club, tmp_path):
    members = [*MEMBERS, "10,Di Xu,14444444444,di@example.com,perhaps"]
    _run, account = club([*SALES, "6,2026-02-06,A,1,10,8", "7,2026-02-06,A,1,10,10"], members)
    folder = tmp_path / "checked"
    folder.mkdir()
    found = check_sources(load_parameters(tmp_path / "params" / "shop.yaml"), folder).left_out
    assert found == LeftOut(customers=2, of_customers=5, lines=3, of_lines=6, unclear=1)
    assert account.privacy.withheld == 2


def test_a_check_of_customers_who_were_never_asked_says_nothing(shop, tmp_path):
    shop({"a.csv": "no,at,sku,qty,price,who\n1,2026-02-01,A,1,10,7\n"})
    folder = tmp_path / "checked"
    folder.mkdir()
    assert check_sources(load_parameters(tmp_path / "params" / "shop.yaml"), folder).left_out is None


def test_the_case_of_a_consent_withdrawn_leaves_ninety_lines_with_a_customer(shared_data, tmp_path):
    params = load_parameters(shared_data.parent / "cases" / "consent_mixed" / "params" / "p.yaml")
    folder = tmp_path / "checked"
    folder.mkdir()
    assert check_sources(params, folder).left_out == LeftOut(10, 40, 30, 120, 0)


def test_the_words_of_who_is_left_out_count_the_unclear():
    words = left_out_words(LeftOut(10, 40, 30, 120, 4))
    assert words.endswith("lines, for their consent; 4 of them said neither yes nor no")
