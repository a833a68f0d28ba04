"""The command line: what it refuses, what it passes on, how it ends."""

import subprocess
import sys
from datetime import date

import pytest

from crmlib.running import cli
from crmlib.running.commands.asking import asked_as_of, asked_overrides
from crmlib.running.outcomes import Outcome, RunFailureError


def crm(monkeypatch, *arguments):
    """Call the command in this process; give its exit code."""
    monkeypatch.setattr(sys, "argv", ["crm", *map(str, arguments)])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.PUBLISHED])
def test_each_failure_ends_with_its_code_and_its_lines(monkeypatch, capsys, series, outcome):
    def fail(*_args):
        raise RunFailureError(outcome, "what", "where", "why")

    monkeypatch.setattr("crmlib.running.run.run", fail)
    assert crm(monkeypatch, "run", series.request.params_file) == outcome
    assert capsys.readouterr().err.splitlines()[-3:] == ["what", "where", "why"]


def test_what_is_asked_is_passed_on_and_the_page_is_printed(monkeypatch, capsys, series, tmp_path):
    asked = []

    def note(request, _printer, _watchers):
        asked.append(request)
        return tmp_path / "index.html"

    monkeypatch.setattr("crmlib.running.run.run", note)
    params = series.request.params_file
    options = [
        "--month",
        "2026-09",
        "-p",
        "churn.horizon_days=90",
        "-p",
        "language=en",
        "--only",
        "03",
        "--out",
        tmp_path,
    ]
    assert crm(monkeypatch, "run", params, *options) == 0
    assert (asked[0].as_of, asked[0].only, asked[0].out) == (date(2026, 10, 1), "03", tmp_path)
    assert asked[0].overrides == {"churn.horizon_days": "90", "language": "en"}
    assert capsys.readouterr().out == f"{tmp_path / 'index.html'}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",),
        ("run", "no/such.yaml"),
        ("run", "no/such.yaml", "--month", "2026-13"),
        ("run", "no/such.yaml", "--as-of", "yesterday"),
        ("run", "no/such.yaml", "--month", "2026-10", "--as-of", "2026-11-01"),
        ("run", "no/such.yaml", "-p", "horizon"),
        ("run", "no/such.yaml", "--nonsense"),
        ("nonsense",),
    ],
)
def test_bad_parameters_end_with_two(monkeypatch, capsys, arguments):
    assert crm(monkeypatch, *arguments) == Outcome.BAD_PARAMETERS
    assert capsys.readouterr().err


def test_an_interruption_before_the_run_ends_with_five(monkeypatch, series):
    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("crmlib.running.run.run", interrupt)
    assert crm(monkeypatch, "run", series.request.params_file) == Outcome.STOPPED


def test_months_are_their_exclusive_end():
    assert asked_as_of("2026-12", None) == date(2027, 1, 1)
    assert asked_as_of(None, "2026-11-15") == date(2026, 11, 15)
    assert asked_as_of(None, None) is None


def test_a_value_may_hold_an_equals_sign():
    assert asked_overrides(["title=a=b"]) == {"title": "a=b"}


def test_help_is_quick_because_nothing_heavy_is_imported():
    code = (
        "import sys, crmlib.running.cli\n"
        "heavy = {'pandas', 'ibis', 'papermill', 'nbconvert', 'pydantic', 'matplotlib'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", [[], ["run"], ["init"], ["check"], ["demo"]])
def test_every_command_helps(monkeypatch, capsys, command):
    assert crm(monkeypatch, *command, "--help") == 0
    assert command == ["demo"] or "Exit codes" in " ".join(capsys.readouterr().out.split())
