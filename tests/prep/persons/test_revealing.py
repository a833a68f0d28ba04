"""A list becomes contacts for whoever has the key; every time stands in the audit log."""

import csv
import json
import shutil
import stat

import pandas as pd
import pytest

from crmlib.params import ParameterError
from crmlib.prep import InputRejectedError, prepare
from crmlib.prep.persons.audit import audit_file, first_broken_line, note, read_log
from crmlib.prep.persons.revealing import reveal_list
from crmlib.privacy.pseudonyms import Key, load_key
from crmlib.privacy.safe_csv import write_safe_csv
from crmlib.workspace import open_run

SALES = ["1,2026-02-01,A,1,10,100007", "2,2026-02-02,A,1,20,100008", "3,2026-02-03,A,1,20,web:ann@example.com"]
MEMBERS = ["100007,=Ann Lee,+86 144 1111 1111,ann@example.com,yes", "100008,李伟,,,"]
ASKED = {"who": "li", "at": "2026-03-02T06:00:00+00:00"}


@pytest.fixture(scope="module")
def shop_once(tmp_path_factory, write_shop):
    """Prepare a shop and write a list of all its customers, as chapter 05 does."""
    home = tmp_path_factory.mktemp("listed")
    run = open_run(write_shop(home, SALES, MEMBERS))
    prepare(run)
    write_list(run)
    return home


def write_list(run):
    rows = pd.read_parquet(run.run_dir / "clean" / "transactions.parquet", columns=["customer_id"])
    frame = rows.drop_duplicates().sort_values("customer_id")
    file = run.run_dir / "lists" / "contact_list.csv"
    file.parent.mkdir(exist_ok=True)
    write_safe_csv(frame.assign(action="call", priority=range(1, len(frame) + 1)), file)
    return run, file


@pytest.fixture
def listed(shop_once, tmp_path):
    """Give the run and its list, in a copy of the shop."""
    home = shutil.copytree(shop_once, tmp_path, dirs_exist_ok=True)
    run = open_run(home / "params" / "shop.yaml")
    return run, run.run_dir / "lists" / "contact_list.csv"


def rows(file):
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def reveal(run, file, params=None):
    return reveal_list(file, params or run.params, run.run_dir.parent, **ASKED)


def test_contacts_stand_beside_the_pseudonyms_for_the_owner_alone(listed):
    run, file = listed
    done = reveal(run, file)
    assert (done.file.name, done.customers, done.with_contact) == ("contact_list.revealed.csv", 2, 1)
    assert stat.S_IMODE(done.file.stat().st_mode) == 0o600
    told = {row["name"]: row for row in rows(done.file)}
    assert set(told) == {"'=Ann Lee", "李伟"}  # a name that a spreadsheet would compute is made safe
    ann = told["'=Ann Lee"]
    assert (ann["phone"], ann["email"], ann["action"]) == ("14411111111", "ann@example.com", "call")
    assert ann["customer_numbers"] == "100007; web:ann@example.com"
    assert told["李伟"]["phone"] == ""
    assert [row["customer_id"] for row in rows(done.file)] == [row["customer_id"] for row in rows(file)]


def test_of_who_is_to_be_left_alone_no_contact_is_given(listed):
    run, file = listed
    written = pd.read_csv(file, encoding="utf-8-sig")
    store = file.with_name("store_S1.csv")
    write_safe_csv(written.assign(arm=["control", "contact"]), store)
    done = reveal(run, store)
    assert done.file.name == "store_S1.revealed.csv"
    alone, _contacted = rows(done.file)
    assert not any(alone[name] for name in ("name", "phone", "email", "customer_numbers"))
    assert [row["name"] != "" for row in rows(done.file)] == [False, True]
    assert done.with_contact <= 1


def test_the_audit_log_says_who_when_what_and_how_many_and_names_nobody(listed):
    run, file = listed
    reveal(run, file)
    reveal(run, file)
    log = audit_file(run.state_dir)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    lines = read_log(run.state_dir)
    assert len(lines) == 2
    key = load_key(run.params.privacy, run.params.root)
    expected = ASKED | {"what": "reveal", "list": "2026-02/lists/contact_list.csv", "customers": 2, "key": key.id}
    assert {name: lines[0][name] for name in expected} == expected
    assert not any(word in log.read_text() for word in ("Ann", "1441111", "100007", "example.com"))


def test_a_changed_or_missing_line_of_the_log_is_noticed(tmp_path):
    key = Key(b"a long random text for the test")
    for number in range(4):
        note(tmp_path, key, at="2026-03-02", who="li", what="reveal", customers=number)
    assert first_broken_line(tmp_path, key) is None
    log = audit_file(tmp_path)
    lines = log.read_text().splitlines()
    log.write_text("\n".join([lines[0], lines[1].replace('"li"', '"wu"'), *lines[2:]]) + "\n")
    assert first_broken_line(tmp_path, key) == 2
    log.write_text("\n".join([lines[0], lines[2]]) + "\n")
    assert first_broken_line(tmp_path, key) == 2
    assert json.loads(lines[3])["customers"] == 3


def test_without_the_key_nothing_is_revealed(listed, monkeypatch):
    run, file = listed
    keyless = run.params.model_copy(
        update={"privacy": run.params.privacy.model_copy(update={"demo_key": False, "key_env": "NO_SUCH_KEY"})}
    )
    with pytest.raises(ParameterError, match="no key"):
        reveal(run, file, keyless)
    monkeypatch.setenv("NO_SUCH_KEY", "another key, long enough")
    with pytest.raises(ParameterError, match="was made with the key"):
        reveal(run, file, keyless)
    assert not file.with_name("contact_list.revealed.csv").exists()
    assert read_log(run.state_dir) == []


def test_a_list_of_another_series_is_refused(listed):
    run, file = listed
    file.write_text("customer_id\nc0123456789abcdef\n")
    with pytest.raises(InputRejectedError, match=r"1 of 1 customers are not of the series shop"):
        reveal(run, file)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("id\nc0123456789abcdef\n", "line 1: has no column customer_id"),
        ("customer_id\n100007\n", "line 2: customer_id is no pseudonym"),
        ("customer_id,a\nc0123456789abcdef\n", "line 2"),
        ("", "line 1"),
        ("\ufffe\x00", "contact_list.csv"),
    ],
)
def test_what_is_no_list_is_refused_without_its_values(listed, content, wrong):
    run, file = listed
    file.write_text(content)
    with pytest.raises(InputRejectedError, match=wrong) as refused:
        reveal(run, file)
    assert "100007" not in str(refused.value)


def test_who_refused_since_the_list_was_made_has_no_contact(listed, club):
    run, file = listed
    club(SALES, [MEMBERS[0].replace("yes", "no"), MEMBERS[1]], more={"as_of": "2026-04-01"})
    done = reveal(run, file)
    assert {row["name"] for row in rows(done.file)} == {"", "李伟"}


def test_a_pseudonym_that_gave_way_is_followed_to_the_person(club):
    run, file = write_list(club(SALES, ["100007,Ann Lee,14411111111,,yes", "100008,Ann,,,"])[0])
    joined = ["100007,Ann Lee,14411111111,,yes", "100008,Ann,144 1111 1111,,"]
    club(SALES, joined, more={"as_of": "2026-04-01"})
    told = rows(reveal(run, file).file)
    both = [row for row in told if row["customer_numbers"] == "100007; 100008"]
    assert len(both) == 2
    assert {row["phone"] for row in both} == {"14411111111"}
