"""Runs broken on purpose: each ends with its exit code, three lines, no child left and the last report intact."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.run import run

PID = "import os\nfrom pathlib import Path\n_ = Path(run_dir, 'kernel').write_text(str(os.getpid()))"

REJECTED = """
import sys, types
errors = types.ModuleType("crmlib.prep.errors")
exec("class InputRejectedError(ValueError): pass\\nclass UnreadableError(InputRejectedError): pass", errors.__dict__)
raise errors.UnreadableError("till.csv, line 7: is cut off; ask the source for a new export")
"""

BREAKS = {
    "exception": (
        "name = ' '.join(['Li', 'Wei'])\nint(name)",
        Outcome.NOTEBOOK_FAILED,
        "ValueError: invalid literal for int() with base 10: '…'",
    ),
    "sys.exit(0)": ("import sys\nsys.exit(0)", Outcome.NOTEBOOK_FAILED, "SystemExit: 0"),
    "killed kernel": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        Outcome.STOPPED,
        "KernelDied: the kernel was killed or died",
    ),
    "endless cell": (
        "while True:\n    pass",
        Outcome.STOPPED,
        "TimedOut: the notebook ran longer than 3 s and was stopped",
    ),
    "rejected input": (
        REJECTED,
        Outcome.INPUT_REJECTED,
        "UnreadableError: till.csv, line 7: is cut off; ask the source for a new export",
    ),
}


@pytest.fixture
def sockets(monkeypatch):
    """Give the temporary folder that a run's sockets stand in; a short path, since sockets must have one."""
    with tempfile.TemporaryDirectory(prefix="t") as folder:
        monkeypatch.setattr("tempfile.tempdir", folder)
        yield Path(folder)


def is_running(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_run_says_where_and_leaves_the_last_report_as_it_was(series, printer, sockets, name):
    code, outcome, said = BREAKS[name]
    last = series.reports / "2026-10"
    last.mkdir(parents=True)
    (last / "index.html").write_text("the last good report", encoding="utf-8")
    before = series.published()
    series.write("01_first", PID, code, "'never reached'")
    with pytest.raises(RunFailureError) as failure:
        run(series.asked(overrides={"running.notebook_seconds": "3"}), printer)
    assert failure.value.outcome is outcome
    assert len(failure.value.lines) == 3
    assert failure.value.lines[0] == "notebook: 01_first"
    assert failure.value.lines[1].startswith("cell: 4 of 5, under “01_first”")
    assert failure.value.lines[2] == said
    assert series.published() == before
    record = json.loads((series.work / "2026-10" / "manifest.json").read_text(encoding="utf-8"))
    assert (record["status"], record["exit_code"]) == ("failed", outcome)
    assert not is_running(int((series.work / "2026-10" / "kernel").read_text(encoding="utf-8")))
    assert list(sockets.iterdir()) == []
    for path in series.work.rglob("*"):
        assert path.is_dir() or b"Li Wei" not in path.read_bytes(), path


def test_two_runs_of_a_series_at_once(series, printer):
    from filelock import FileLock

    series.work.mkdir(parents=True)
    with FileLock(series.work / "lock"), pytest.raises(RunFailureError) as failure:
        run(series.request, printer)
    assert failure.value.outcome is Outcome.HELD
    assert not (series.work / "2026-10").exists()


DRIVER = """
import functools, importlib.util, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("tiny", sys.argv[1])
tiny = importlib.util.module_from_spec(spec)
sys.modules["tiny"] = tiny
spec.loader.exec_module(tiny)
import crmlib.running.printer, crmlib.running.request
folder = Path(sys.argv[2])
crmlib.running.printer.ReportPrinter = tiny.TinyPrinter
crmlib.running.request.Request = functools.partial(
    crmlib.running.request.Request, notebooks=folder / "notebooks", chapters=tiny.CHAPTERS, modules=()
)
from crmlib.running.cli import main
sys.argv = ["crm", "run", str(folder / "params" / "tiny.yaml")]
main()
"""


@pytest.fixture
def endless(series, project, sockets):
    """Start the command on a series whose first notebook never ends; give it with its process and its kernel."""
    series.write("01_first", PID, "import time\ntime.sleep(600)")
    environment = {**os.environ, "TMPDIR": str(sockets)}
    command = [sys.executable, "-c", DRIVER, str(project / "tests/running/conftest.py"), str(series.folder)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environment)
    kernel = series.work / "2026-10" / "kernel"
    deadline = time.monotonic() + 90
    while not (kernel.exists() and kernel.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, "the kernel did not start in a minute and a half"
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    yield series, process, int(kernel.read_text(encoding="utf-8"))
    if process.poll() is None:
        process.kill()
    process.communicate()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_ctrl_c_and_a_schedulers_stop_end_the_children_and_publish_nothing(endless, name):
    series, process, kernel = endless
    os.killpg(process.pid, signal.Signals[name])  # Ctrl-C goes to the whole group of the terminal
    _, said = process.communicate(timeout=60)
    assert process.returncode == Outcome.STOPPED
    assert said.splitlines()[-1] == "interrupted; nothing was published"
    assert not is_running(kernel)
    assert series.published() == {}
    record = json.loads((series.work / "2026-10" / "manifest.json").read_text(encoding="utf-8"))
    assert record["status"] == "failed"


def test_children_end_with_a_parent_that_is_killed_outright(endless, sockets):
    _, process, kernel = endless
    process.kill()
    process.wait()
    deadline = time.monotonic() + 30
    while is_running(kernel) or any(sockets.iterdir()):
        assert time.monotonic() < deadline, "the kernel outlived its parent by half a minute"
        time.sleep(0.1)
