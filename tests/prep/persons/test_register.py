"""The identity map lives apart, opens with the key alone, and no plain copy of it stays behind."""

import stat

import pandas as pd
import pytest
import yaml

from crmlib.params import ParameterError
from crmlib.prep import prepare
from crmlib.prep.persons.register import map_file, open_register
from crmlib.workspace import open_run

SALES = ["1,2026-02-01,A,1,10,100007", "2,2026-02-02,A,1,20,web:ann@example.com"]
MEMBERS = ["100007,Ann Lee,14411111111,ann@example.com,yes"]
FIRST, SECOND = "the first key, long enough", "the second key, long enough"


def keyed(**more):
    return {"privacy": {"key_env": "SHOP_KEY"} | more}


def bytes_below(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def everything(run):
    """Read every value of every table below the work folder of the series, and every other file as bytes."""
    text = b""
    for path, content in bytes_below(run.run_dir.parent).items():
        if path.suffix == ".parquet" and "quarantine" not in path.parts:
            content = pd.read_parquet(path).to_csv().encode()  # noqa: PLW2901
        text += content
    return text


@pytest.fixture(scope="module")
def opened(write_shop, tmp_path_factory):
    """Prepare the shop once under the first key; its tests only read."""
    file = write_shop(tmp_path_factory.mktemp("register"), SALES, MEMBERS)
    parameters = yaml.safe_load(file.read_text(encoding="utf-8")) | keyed()
    file.write_text(yaml.safe_dump(parameters), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SHOP_KEY", FIRST)
        run = open_run(file)
        prepare(run)
    return run


@pytest.fixture
def run(opened, monkeypatch):
    monkeypatch.setenv("SHOP_KEY", FIRST)
    return opened


def test_the_map_is_apart_private_and_unreadable(run):
    file = map_file(run.state_dir)
    assert run.run_dir not in file.parents
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = everything(run)
    assert [each for each in (b"100007", b"14411111111", b"ann@example", b"Ann Lee") if each in found] == []


def test_the_map_holds_who_is_behind_a_pseudonym(run):
    register = open_register(run.params, run.state_dir)
    told = register.contacts.set_index("number").loc["100007"]
    assert told[["name", "phone", "email"]].tolist() == ["Ann Lee", "14411111111", "ann@example.com"]
    assert len(set(register.contacts["pseudonym"])) == 1
    assert register.links[["left", "right", "key"]].values.tolist() == [["100007", "web:ann@example.com", "email"]]


def test_nothing_of_it_opens_without_the_key(run, monkeypatch):
    monkeypatch.delenv("SHOP_KEY")
    with pytest.raises(ParameterError, match="no key"):
        open_register(run.params, run.state_dir)
    monkeypatch.setenv("SHOP_KEY", SECOND)
    with pytest.raises(ParameterError, match="previous_key_env"):
        open_register(run.params, run.state_dir)


def test_after_a_rotation_pseudonyms_stay_and_the_old_key_opens_nothing_more(club, clean, monkeypatch):
    monkeypatch.setenv("SHOP_KEY", FIRST)
    run, _account = club(SALES, MEMBERS, more=keyed())
    before = clean(run, "transactions").set_index("order_id")["customer_id"]
    monkeypatch.setenv("SHOP_KEY", SECOND)
    monkeypatch.setenv("OLD_KEY", FIRST)
    run, _account = club([*SALES, "3,2026-02-03,A,1,5,200008"], MEMBERS, more=keyed(previous_key_env="OLD_KEY"))
    after = clean(run, "transactions").set_index("order_id")["customer_id"]
    assert after[before.index].tolist() == before.tolist()
    made_with = open_register(run.params, run.state_dir).numbers.set_index("number")["key"]
    assert made_with["200008"] != made_with["100007"]
    monkeypatch.setenv("SHOP_KEY", FIRST)
    params = run.params
    no_other = params.privacy.model_copy(update={"previous_key_env": None})
    with pytest.raises(ParameterError, match="was made with the key"):
        open_register(params.model_copy(update={"privacy": no_other}), run.state_dir)


def test_a_second_run_of_the_same_changes_no_byte_of_the_map(club):
    run, _account = club(SALES, MEMBERS)
    before = map_file(run.state_dir).read_bytes()
    prepare(run)
    assert map_file(run.state_dir).read_bytes() == before


def test_a_period_run_again_after_a_later_one_gives_the_same_bytes(club):
    """In March Ann's web account and her new card turn out to be one person; February is as it was."""
    february = (SALES[1:], ["web:ann@example.com,Ann Lee,14411111111,,yes"])
    march = ([*SALES, "3,2026-03-03,A,1,40,100008"], [*MEMBERS, "web:ann@example.com,Ann Lee,14411111111,,yes"])

    def tables(files, as_of):
        run, _account = club(*files, more={"as_of": as_of})
        return bytes_below(run.run_dir)

    first = tables(february, "2026-03-01"), tables(march, "2026-04-01")
    again = tables(february, "2026-03-01"), tables(march, "2026-04-01")
    assert [
        path.name for one, other in zip(first, again, strict=True) for path in one if one[path] != other[path]
    ] == []
    assert len(first[0]) > 5


def test_the_leavings_of_a_failed_preparation_hold_nobody(club, monkeypatch, tmp_path):
    monkeypatch.setattr("crmlib.prep.preparation.finish_table", lambda *_args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        club(SALES, MEMBERS)
    left = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
    assert left == []


def test_a_map_that_was_cut_off_is_refused(club):
    run, _account = club(SALES, MEMBERS)
    file = map_file(run.state_dir)
    file.write_bytes(file.read_bytes()[:30])
    with pytest.raises(ParameterError, match="no vault"):
        prepare(run)


def test_contacts_follow_the_newest_period_and_refusal_empties_them(club, register):
    run, _account = club(SALES, MEMBERS)
    club(SALES, ["100007,Ann Old,14411111119,,yes"], more={"as_of": "2026-01-01"})
    assert register(run).contacts.set_index("number").loc["100007", "name"] == "Ann Lee"
    club(SALES, ["100007,Ann Lee,14411111111,ann@example.com,no"], more={"as_of": "2026-04-01"})
    assert "100007" not in set(register(run).contacts["number"])
    assert "100007" in set(register(run).numbers["number"])
