"""Notebooks side by side: two that wait for one another, an order that is kept, children forked and not, one lost."""

import json
import os
from functools import partial

import pytest

from crmlib.running.batch import Batch, Task
from crmlib.running.child import Child, Job
from crmlib.running.fork_server import ForkServer
from crmlib.running.forking import FORKS
from crmlib.running.schedule import NotebookFailedError, Schedule, Settings
from crmlib.running.watching import Watcher

MEET = """
import time
from pathlib import Path
Path(run_dir, "{own}").touch()
deadline = time.monotonic() + 20
while not Path(run_dir, "{other}").exists():
    assert time.monotonic() < deadline
    time.sleep(0.05)
"""


class Listener(Watcher):
    """Notes what it is told."""

    def __init__(self):
        self.heard = []

    def cell(self, outline, number):
        self.heard.append((outline.stem, number))

    def finished(self, finished):
        self.heard.append((finished.job.stem, "finished"))


@pytest.fixture(scope="module")
def server():
    if not FORKS:
        pytest.skip("children are forked on Linux alone")
    with ForkServer((), {name: value for name, value in os.environ.items() if name != "CRM_KEY"}) as server:
        yield server


@pytest.fixture
def schedule(series, tmp_path):
    """Make a schedule of the series' notebooks, each with the stems it needs."""
    sockets = tmp_path / "s"
    sockets.mkdir()
    logs, schedules = [], []

    def make(needs, *, early=None, parallel=2, watchers=(), server=None, environment=None):
        log = (tmp_path / "log.txt").open("ab")
        logs.append(log)
        tasks = [
            Task(
                Job(
                    series.folder / "notebooks" / f"{stem}.ipynb",
                    tmp_path / f"{stem}.ipynb",
                    {"run_dir": str(tmp_path), "as_of": None, "params_file": None},
                    environment or {},
                ),
                frozenset(needed),
                frozenset((early or {}).get(stem, ())),
            )
            for stem, needed in needs.items()
        ]
        schedules.append(Schedule(Settings(parallel, sockets, server)))
        return partial(schedules[-1].run, Batch(tasks, 30, log, watchers))

    yield make
    for made in schedules:
        made.end()
    for log in logs:
        log.close()


def test_notebooks_that_do_not_need_one_another_run_side_by_side(series, schedule):
    series.write("01_first", MEET.format(own="a", other="b"))
    series.write("02_second", MEET.format(own="b", other="a"))
    done = schedule({"01_first": (), "02_second": ()})()
    assert {each.job.stem for each in done} == {"01_first", "02_second"}


@pytest.mark.parametrize("parallel", [1, 2])
def test_a_notebook_waits_for_those_it_needs_and_every_cell_is_told(series, schedule, parallel):
    series.write("01_first", "1", "2")
    series.write("02_second", "1")
    listener = Listener()
    schedule({"02_second": ("01_first",), "01_first": ()}, parallel=parallel, watchers=[listener])()
    first = [("01_first", number) for number in (1, 2, 2, 3, 4)]  # the injected cell counts as the parameters cell
    second = [("02_second", number) for number in (1, 2, 2, 3)]
    assert listener.heard == [*first, ("01_first", "finished"), *second, ("02_second", "finished")]


def test_a_notebook_that_reads_early_starts_once_that_is_handed_over(series, schedule):
    series.write("01_first", "import pathlib", MEET.format(own="a", other="b"), handed_over=0)
    series.write("02_second", MEET.format(own="b", other="a"))
    done = schedule({"01_first": (), "02_second": ()}, early={"02_second": ("01_first",)})()
    assert {each.job.stem for each in done} == {"01_first", "02_second"}
    series.write("01_first", "1", "2", handed_over=1)
    listener = Listener()
    schedule({"02_second": (), "01_first": ()}, early={"02_second": ("01_first",)}, watchers=[listener])()
    assert [stem for stem, said in listener.heard if said == "finished"] == ["01_first", "02_second"]


def test_a_child_lost_at_work_is_a_fault(series, schedule, monkeypatch):
    series.write("01_first", "import time; time.sleep(30)")
    tell = Child._tell

    def tell_and_kill(child, sockets):
        tell(child, sockets)
        child.process.kill()

    monkeypatch.setattr(Child, "_tell", tell_and_kill)
    with pytest.raises(NotebookFailedError) as failed:
        schedule({"01_first": ()})()
    assert failed.value.fault.error == "ProcessDied"


def test_the_executed_notebook_holds_no_times_and_keeps_its_cells_names(series, schedule, tmp_path):
    series.write("01_first", "run_dir is None")
    schedule({"01_first": ()})()
    cells = json.loads((tmp_path / "01_first.ipynb").read_text(encoding="utf-8"))["cells"]
    assert [cell["id"] for cell in cells] == ["heading", "cell-0", "injected-parameters", "cell-1"]
    assert cells[-1]["metadata"] == {"tags": []}
    assert cells[-1]["outputs"][0]["data"]["text/plain"] == ["False"]


def test_a_forked_child_runs_in_its_folder_with_the_variables_it_was_given_and_no_others(
    series, schedule, server, tmp_path, monkeypatch
):
    monkeypatch.setenv("CRM_KEY", "not for this notebook")
    tell = "[Path.cwd().name, os.environ.get('CRM_KEY'), os.environ.get('OTHER'), os.getpid() == os.getsid(0)]"
    series.write("01_first", "import os\nfrom pathlib import Path", tell)
    schedule({"01_first": ()}, server=server, environment={"OTHER": "given"})()
    cells = json.loads((tmp_path / "01_first.ipynb").read_text(encoding="utf-8"))["cells"]
    assert cells[-1]["outputs"][0]["data"]["text/plain"] == ["['notebooks', None, 'given', True]"]


def test_a_server_that_has_gone_fails_the_notebook(series, schedule):
    series.write("01_first", "1")
    with ForkServer((), os.environ) as server:
        pass
    with pytest.raises(NotebookFailedError) as failed:
        schedule({"01_first": ()}, server=server)()
    assert failed.value.fault.message == "the process that starts the notebooks has gone"
