"""What a run will write is worked out before it starts; where that does not fit, nothing of the last run is touched."""

import shutil
from typing import NamedTuple

import pytest

from crmlib.running import disk
from crmlib.running.inputs import Input
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.run import run
from crmlib.running.watching import Watcher

LITTLE = 8 << 20


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def little(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1 << 40, 1 << 40, LITTLE))


def test_text_columns_and_what_is_packed_are_reckoned_apart():
    files = [Input(name, "", 100, 1) for name in ("a.csv", "b.Parquet", "c.csv.gz")]
    assert disk.needed(files) == disk.LEAST + 100 * (3 + 6 + 12)


@pytest.mark.usefixtures("little")
def test_a_run_that_does_not_fit_is_refused_before_it_begins(series, printer):
    old = series.work / "2026-10" / "tables" / "kept.parquet"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"x" * 100)
    with pytest.raises(RunFailureError, match=r"needs about 67 MB, and 8 MB are free at .*work/tiny") as failure:
        run(series.request, printer)
    assert failure.value.outcome is Outcome.STORAGE
    assert old.exists()
    assert not series.reports.exists()


@pytest.mark.usefixtures("little")
def test_what_the_run_replaces_counts_as_free(series, printer):
    old = series.work / "2026-10" / "clean" / "transactions.parquet"
    old.parent.mkdir(parents=True)
    with old.open("wb") as file:
        file.truncate(disk.LEAST)
    assert run(series.request, printer).exists()


def test_the_need_is_told_before_the_first_notebook(series, printer):
    told = []

    class Told(Watcher):
        def room(self, said):
            told.append(said)

        def finished(self, finished):
            told.append(finished.job.stem)

    run(series.request, printer, [Told()])
    assert told[0].startswith("the run needs about 67 MB of the disk, ")
    assert told[1:] == ["01_first", "02_second"]
