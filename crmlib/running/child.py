"""The parent's end of a notebook's child process: start it, give it its job, hear its events, end it."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Self

import psutil

from crmlib.running.processes import find_process, kill_trees

if TYPE_CHECKING:
    from queue import SimpleQueue

START_SECONDS: Final = 180
"""How long a child may take to its first cell: a busy machine imports slowly, and that is not the notebook's time."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something a child said, or its end (kind ``gone``)."""

    child: "Child"
    kind: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """What a child is to execute.

    Attributes
    ----------
    notebook
        The notebook to execute; it is not changed.
    executed
        Where the executed notebook is written.
    parameters
        Values for the parameters cell, JSON types only: papermill pastes them into code and turns all else into text.
    """

    notebook: Path
    executed: Path
    parameters: dict[str, str | int | float | bool | None]

    @property
    def stem(self) -> str:
        """The notebook's name without its ending."""
        return self.notebook.stem


@dataclass(slots=True, eq=False)
class Child:
    """A running child process; ``job`` is set once it has been given one."""

    process: "subprocess.Popen[bytes]"
    job: Job | None = None
    deadline: float | None = None
    kernel: psutil.Process | None = None

    @classmethod
    def start(
        cls, events: "SimpleQueue[Event]", *, sockets: Path, cwd: Path, modules: Sequence[str], log: IO[bytes]
    ) -> Self:
        """Start a child that warms a kernel and waits; a thread passes its events on to the queue."""
        command = [sys.executable, "-m", "crmlib.running.worker", "--sockets", str(sockets), "--cwd", str(cwd)]
        process = subprocess.Popen(
            [*command, "--import", *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the parent, which ends its children in order
        )
        child = cls(process)
        threading.Thread(target=child._listen, args=(events,), daemon=True).start()
        return child

    def give(self, job: Job) -> None:
        """Hand over the job."""
        self.job = job
        self.allow(START_SECONDS)
        line = json.dumps(
            {
                "notebook": str(job.notebook),
                "executed": str(job.executed),
                "cwd": str(job.notebook.parent),
                "parameters": job.parameters,
            }
        )
        if self.process.stdin is None:
            raise RuntimeError("the child was started without a pipe to its input")
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return  # it has died while warming up; its event `gone` is on the way

    def allow(self, seconds: float) -> None:
        """Start the clock: so long from now the child may take."""
        self.deadline = time.monotonic() + seconds

    def is_late(self, now: float) -> bool:
        """Tell whether the wall-clock limit has passed."""
        return self.deadline is not None and now > self.deadline

    def end(self) -> None:
        """Kill the child, its kernel and whatever that started; a child that has ended is only tidied up."""
        kill_trees([find_process(self.process.pid) if self.process.poll() is None else None, self.kernel])
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()

    def _listen(self, events: "SimpleQueue[Event]") -> None:
        if self.process.stdout is None:
            raise RuntimeError("the child was started without a pipe from its output")
        with self.process.stdout as lines:
            for line in lines:
                facts = json.loads(line)
                kind = facts.pop("event")
                if kind == "kernel":
                    self.kernel = find_process(facts["pid"])
                events.put(Event(self, kind, facts))
        events.put(Event(self, "gone", {}))
