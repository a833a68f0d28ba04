"""`crm reveal` and `crm forget`: what they refuse, what they say, how they end."""

import io

import pytest
from filelock import FileLock

from crmlib.params import write_parameters
from crmlib.prep import prepare
from crmlib.running.outcomes import Outcome
from crmlib.workspace import open_run


@pytest.fixture
def listed(series):
    """Prepare the tiny series and write a list of its only customer."""
    run = open_run(series.request.params_file)
    prepare(run)
    write_parameters(run.params, run.run_dir / "parameters.json")
    who = run.table("transactions").customer_id.to_pandas().tolist()
    file = run.run_dir / "lists" / "contact_list.csv"
    file.parent.mkdir()
    file.write_text("customer_id\n" + "\n".join(who) + "\n")
    return file


def test_a_list_is_revealed_with_the_parameters_of_its_run(crm, listed):
    code, said, _wrong = crm("reveal", listed)
    assert code == 0
    assert said.startswith(f"{listed.with_name('contact_list.revealed.csv')}: 1 customers")
    assert ",a\n" in listed.with_name("contact_list.revealed.csv").read_text("utf-8-sig")


def test_a_copy_of_a_list_needs_the_parameters(crm, listed, series, tmp_path):
    copy = tmp_path / "mine.csv"
    copy.write_bytes(listed.read_bytes())
    code, _said, wrong = crm("reveal", copy)
    assert (code, "give --params" in wrong) == (Outcome.BAD_PARAMETERS, True)
    assert crm("reveal", copy, "--params", series.request.params_file)[0] == 0


def test_a_list_of_another_series_is_refused(crm, listed, series):
    other = series.request.params_file.with_name("other.yaml")
    other.write_text(series.request.params_file.read_text().replace("series: tiny", "series: other"))
    code, _said, wrong = crm("reveal", listed, "--params", other)
    assert (code, wrong.strip()) == (2, "contact_list.csv is a list of the series tiny, not of other")


def test_who_holds_no_key_is_refused(crm, listed, series, monkeypatch):
    monkeypatch.delenv("CRM_KEY", raising=False)
    file = series.request.params_file
    file.write_text(file.read_text().replace("privacy: {demo_key: true}", ""))
    code, _said, wrong = crm("reveal", listed, "--params", file)
    assert (code, "no key" in wrong) == (2, True)
    assert crm("forget", "a", file)[0] == 2


def test_a_series_under_way_is_left_alone(crm, listed, series):
    with FileLock(series.work / "lock"):
        assert crm("reveal", listed)[0] == Outcome.HELD
        assert crm("forget", "a", series.request.params_file)[0] == Outcome.HELD


@pytest.mark.usefixtures("listed")
def test_forgetting_says_what_was_erased_and_that_nothing_is_left(crm, series):
    code, said, _wrong = crm("forget", "a", series.request.params_file)
    assert code == 0
    lines = said.splitlines()
    assert lines[0] == "erased from the identity map: 1 customer numbers of one person"
    assert "  2026-10/clean/transactions.parquet: 0 rows removed, 1 left without the person" in lines
    assert "  2026-10/lists/contact_list.csv: 1 rows removed, 0 left without the person" in lines
    assert any(line.endswith("nothing is left") for line in lines)
    assert crm("forget", "a", series.request.params_file)[0] == Outcome.INPUT_REJECTED


def test_what_the_search_still_finds_ends_with_a_code_of_its_own(crm, listed, series, monkeypatch):
    monkeypatch.setattr("crmlib.prep.persons.forgetting.erase_from", lambda *_args: None)
    code, _said, wrong = crm("forget", "a", series.request.params_file)
    assert code == Outcome.REPORT_REFUSED
    assert str(listed) in wrong


@pytest.mark.usefixtures("listed")
def test_the_customer_may_come_from_standard_input(crm, series, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n"))
    assert crm("forget", "-", series.request.params_file)[0] == 0


@pytest.mark.usefixtures("listed")
def test_what_killed_runs_and_checks_have_landed_is_removed_first(crm, series):
    for name in ("2026-09/landed", "scratch/2026-09/landed", ".check-0/landed"):
        (series.work / name).mkdir(parents=True)
        (series.work / name / "raw.parquet").write_bytes(b"PAR1 cut off")
    code, said, _wrong = crm("forget", "a", series.request.params_file)
    assert (code, "nothing is left" in said) == (0, True)
    assert list(series.work.rglob("raw.parquet")) == []
