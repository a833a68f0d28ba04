"""What the system refuses is told in a sentence with the path, has its own code, and the record says that it failed."""

import errno
import json
import os

import pytest

from crmlib.running import cli
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.run import run
from crmlib.running.trouble import refused

FULL = "raise OSError(28, 'No space left on device', run_dir + '/tables/segments.parquet')"
OF_AN_ENGINE = "raise ValueError('IO Error: Could not write file: No space left on device')"


def record_of(series):
    return json.loads((series.work / "2026-10" / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", [FULL, OF_AN_ENGINE])
def test_a_full_disk_is_no_fault_of_the_notebook(series, printer, code):
    series.write("01_first", code)
    with pytest.raises(RunFailureError, match="the disk is full") as failure:
        run(series.request, printer)
    assert failure.value.outcome is Outcome.STORAGE
    assert (record_of(series)["status"], record_of(series)["exit_code"]) == ("failed", 8)


def test_a_full_disk_under_the_command_itself_is_noted(series, printer, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "reports/x")

    monkeypatch.setattr("crmlib.running.making.put_in_place", full)
    with pytest.raises(RunFailureError, match="the disk is full: reports/x"):
        run(series.request, printer)
    assert record_of(series)["status"] == "failed"


def test_any_other_error_leaves_no_record_that_says_running(series, printer, monkeypatch):
    monkeypatch.setattr("crmlib.running.making.put_in_place", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        run(series.request, printer)
    assert record_of(series)["status"] == "failed"


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EIO, errno.ENOSPC])
def test_the_sentence_names_path_and_remedy(number):
    what, remedy = refused(OSError(number, os.strerror(number), "/srv/work")).lines
    assert "/srv/work" in what
    assert "run again" in remedy or "--out" in remedy


def test_the_command_ends_with_a_sentence(monkeypatch, capsys):
    def fail(**_):
        raise OSError(errno.EROFS, "Read-only file system", "/srv/work")

    monkeypatch.setattr(cli, "app", fail)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == Outcome.STORAGE
    assert "/srv/work" in capsys.readouterr().err


def test_a_file_that_grew_while_it_was_read_is_named(series, printer):
    orders = series.folder / "data" / "orders.csv"
    series.write("01_first", f"_ = open({str(orders)!r}, 'a').write('2,b,2026-10-02,7\\n')")
    with pytest.raises(RunFailureError, match=r"changed while it was read: \.\./data/orders\.csv") as failure:
        run(series.request, printer)
    assert failure.value.outcome is Outcome.INPUT_REJECTED
    assert not (series.reports / "2026-10").exists()


def test_a_file_that_was_taken_away_is_to_blame_not_the_notebook(series, printer):
    orders = series.folder / "data" / "orders.csv"
    series.write("01_first", f"import os\nos.remove({str(orders)!r})\nopen({str(orders)!r})")
    with pytest.raises(RunFailureError, match="changed while it was read") as failure:
        run(series.request, printer)
    assert failure.value.outcome is Outcome.INPUT_REJECTED


def test_a_file_that_was_only_touched_is_the_same(series, printer):
    orders = series.folder / "data" / "orders.csv"
    series.write("01_first", f"import os\nos.utime({str(orders)!r}, (1, 1))")
    assert run(series.request, printer).exists()


@pytest.mark.parametrize("place", ["2026-09/landed", "scratch/2026-09/landed", "2026-09/landed_spill_7"])
def test_what_a_killed_run_of_another_period_landed_goes_at_the_next_start(series, printer, place):
    left = series.work / place
    left.mkdir(parents=True)
    (left / "customers.parquet").write_text("Li Wei")
    run(series.request, printer)
    assert not left.exists()


@pytest.mark.parametrize("name", ["map.csv", "map 2026.csv"])
def test_a_file_of_the_runs_own_is_named_in_its_error_and_a_value_is_not(series, printer, name):
    series.write("01_first", f"open(run_dir + '/{name}')")
    with pytest.raises(RunFailureError, match="2026-10/map") as failure:
        run(series.request, printer)
    assert str(series.work) in failure.value.lines[2]


def test_personal_data_in_a_files_name_are_masked_in_the_manifest(series, printer):
    (series.folder / "data" / "13812345678.csv").write_text("id,who,when,how_much\n2,b,2026-10-01,5\n")
    run(series.request, printer)
    text = (series.reports / "2026-10" / "manifest.json").read_text(encoding="utf-8")
    assert "13812345678" not in text
    assert "[phone].csv" in text
