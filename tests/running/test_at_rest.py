"""With `privacy.encrypt` lists and state are unreadable while nobody works with them, and work as ever."""

import pandas as pd
import pytest

from crmlib.params import ParameterError, write_parameters
from crmlib.prep import prepare
from crmlib.privacy.pseudonyms import DEMO_KEY, Key
from crmlib.privacy.safe_csv import write_safe_csv
from crmlib.privacy.sealed_files import seal_file
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.run import run
from crmlib.workspace import open_run

PSEUDONYM = "c0123456789abcdef"
COUNT = """from pathlib import Path
state = Path(run_dir).parent / "state"
(state / "deep").mkdir(parents=True, exist_ok=True)
for file in (state / "n.txt", state / "deep" / "n.txt"):
    file.write_text((file.read_text() if file.exists() else "") + "c0123456789abcdef ")
lists = Path(run_dir, "lists")
lists.mkdir(exist_ok=True)
(lists / "contact_list.csv").write_text("customer_id\\nc0123456789abcdef\\n")
len((state / "n.txt").read_text().split())""".replace("\\\\", "\\")


@pytest.fixture
def encrypted(series):
    """Give a series that encrypts, whose first chapter adds to the state and writes a list."""
    file = series.request.params_file
    file.write_text(file.read_text().replace("demo_key: true", "demo_key: true, encrypt: true"))
    series.write("01_first", COUNT)
    return series


def plain_files(series, word=PSEUDONYM):
    """Name the files below the state and the lists that hold a word in plain bytes."""
    files = [*series.work.glob("state/**/*"), *series.work.glob("*/lists/*")]
    return sorted(path.name for path in files if path.is_file() and word.encode() in path.read_bytes())


def sealed_files(series):
    return sorted(str(path.relative_to(series.work)) for path in series.work.rglob("*.vault"))


SEALED = ["2026-10/lists/contact_list.csv.vault", "state/deep/n.txt.vault", "state/n.txt.vault"]


def test_no_plain_byte_is_left_and_the_next_run_goes_on_with_the_state(encrypted, printer):
    page = run(encrypted.request, printer)
    assert (sealed_files(encrypted), plain_files(encrypted)) == (SEALED, [])
    run(encrypted.asked(again=True), printer)
    assert (sealed_files(encrypted), plain_files(encrypted)) == (SEALED, [])
    assert (page.parent / "01_first.html").read_text().endswith(">2\n")


def test_a_run_that_fails_leaves_nothing_in_plain(encrypted, printer):
    encrypted.write("02_second", "1 / 0")
    with pytest.raises(RunFailureError):
        run(encrypted.request, printer)
    assert (sealed_files(encrypted), plain_files(encrypted)) == (SEALED, [])


def test_what_a_killed_run_left_is_encrypted_by_the_next(encrypted, printer):
    (encrypted.work / "state").mkdir(parents=True)
    (encrypted.work / "state" / "n.txt").write_text(PSEUDONYM)
    run(encrypted.request, printer)
    assert plain_files(encrypted) == []


def test_another_key_opens_nothing_and_changes_nothing(encrypted, printer, monkeypatch):
    run(encrypted.request, printer)
    file = encrypted.request.params_file
    file.write_text(file.read_text().replace("demo_key: true", "demo_key: false"))
    monkeypatch.setenv("CRM_KEY", "another long random text")
    before = {path: path.read_bytes() for path in encrypted.work.rglob("*.vault")}
    with pytest.raises(RunFailureError, match="was made with the key") as refused:
        run(encrypted.request, printer)
    assert refused.value.outcome == Outcome.BAD_PARAMETERS
    assert {path: path.read_bytes() for path in encrypted.work.rglob("*.vault")} == before
    monkeypatch.setenv("CRM_KEY_BEFORE", DEMO_KEY.decode())
    file.write_text(file.read_text().replace("encrypt: true", "encrypt: true, previous_key_env: CRM_KEY_BEFORE"))
    run(encrypted.request, printer)
    assert plain_files(encrypted) == []


def test_switched_off_the_state_is_plain_again(encrypted, printer):
    run(encrypted.request, printer)
    file = encrypted.request.params_file
    file.write_text(file.read_text().replace("encrypt: true", "encrypt: false"))
    run(encrypted.request, printer)
    assert plain_files(encrypted) == ["contact_list.csv", "n.txt", "n.txt"]


def test_a_notebook_by_hand_does_not_begin_a_state_anew(encrypted, printer):
    run(encrypted.request, printer)
    with pytest.raises(ParameterError, match=r"is encrypted \(privacy\.encrypt\)"):
        open_run(encrypted.request.params_file)


@pytest.fixture
def listed(encrypted):
    """Prepare the tiny series and encrypt a list of its only customer."""
    prepared = open_run(encrypted.request.params_file)
    prepare(prepared)
    write_parameters(prepared.params, prepared.run_dir / "parameters.json")
    who = prepared.table("transactions").customer_id.to_pandas()
    file = prepared.run_dir / "lists" / "contact_list.csv"
    file.parent.mkdir()
    write_safe_csv(pd.DataFrame({"customer_id": who}), file)
    return seal_file(file, Key(DEMO_KEY), "tiny")


@pytest.mark.parametrize("name", ["contact_list.csv", "contact_list.csv.vault"])
def test_an_encrypted_list_is_revealed_and_stays_encrypted(crm, listed, name):
    code, said, _wrong = crm("reveal", listed.with_name(name))
    revealed = listed.with_name("contact_list.revealed.csv")
    assert (code, said.startswith(f"{revealed}: 1 customers")) == (0, True)
    assert ",a\n" in revealed.read_text("utf-8-sig")
    assert sorted(path.name for path in listed.parent.iterdir()) == ["contact_list.csv.vault", revealed.name]


def test_a_person_is_forgotten_in_encrypted_lists_too(crm, listed, encrypted):
    code, said, _wrong = crm("forget", "a", encrypted.request.params_file)
    assert (code, "contact_list.csv: 1 rows removed" in said) == (0, True)
    assert [path.name for path in listed.parent.iterdir()] == ["contact_list.csv.vault"]


@pytest.mark.usefixtures("listed")
def test_what_cannot_be_looked_into_is_named(crm, encrypted):
    aside = encrypted.work / "replaced-20261130" / "state" / "identity"
    aside.mkdir(parents=True)
    (aside / "map.vault").write_bytes((encrypted.work / "state" / "identity" / "map.vault").read_bytes())
    code, _said, wrong = crm("forget", "a", encrypted.request.params_file)
    assert (code, "cannot look" in wrong, str(aside / "map.vault") in wrong) == (Outcome.REPORT_REFUSED, True, True)
