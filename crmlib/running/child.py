"""The parent's end of a notebook's child process: start it, give it its job, hear its events, end it."""

import json
import os
import sys
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import psutil

from crmlib.running.fork_server import ONE_THREAD, ForkServer
from crmlib.running.processes import START_SECONDS, find_process, kill_trees

if TYPE_CHECKING:
    from queue import SimpleQueue


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
    environment
        Variables that this notebook alone is given, such as the key of the pseudonyms.
    withheld
        Names of variables that no other notebook sees.
    own
        Folders of the run and its inputs, whose paths a message may name.
    name
        What it is called where the notebook makes several pages.
    """

    notebook: Path
    executed: Path
    parameters: dict[str, str | int | float | bool | None]
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    withheld: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    name: str = ""

    @property
    def stem(self) -> str:
        """The notebook's name without its ending, or that of the page where it makes several."""
        return self.name or self.notebook.stem


@dataclass(slots=True, eq=False)
class Child:
    """A running child process and its job."""

    process: psutil.Process
    job: Job
    line: int
    deadline: float | None = None
    kernel: psutil.Process | None = None

    @classmethod
    def start(
        cls, job: Job, events: "SimpleQueue[Event]", *, sockets: Path, log: IO[bytes], server: ForkServer | None
    ) -> Self:
        """Start a child on its job; a thread passes its events on to the queue.

        Parameters
        ----------
        server
            Where the child is forked; without one it is a new interpreter.
        """
        its_input, line = os.pipe()
        heard, its_output = os.pipe()
        standard = (its_input, its_output, log.fileno())
        try:
            process = server.fork(standard) if server is not None else _spawn(standard, job.withheld)
        finally:
            os.close(its_input)
            os.close(its_output)
        child = cls(process, job, line)
        child.allow(START_SECONDS)
        threading.Thread(target=child._listen, args=(heard, events), daemon=True).start()
        child._tell(sockets)
        return child

    def _tell(self, sockets: Path) -> None:
        facts = {
            "notebook": str(self.job.notebook),
            "executed": str(self.job.executed),
            "cwd": str(self.job.notebook.parent),
            "parameters": self.job.parameters,
            "environment": self.job.environment,
            "own": self.job.own,
            "sockets": str(sockets),
        }
        try:
            os.write(self.line, json.dumps(facts).encode() + b"\n")
        except BrokenPipeError:
            return  # it has died at once; its event `gone` is on the way

    def allow(self, seconds: float) -> None:
        """Start the clock: so long from now the child may take."""
        self.deadline = time.monotonic() + seconds

    def is_late(self, now: float) -> bool:
        """Tell whether the wall-clock limit has passed."""
        return self.deadline is not None and now > self.deadline

    def end(self) -> None:
        """Kill the child, its kernel and whatever that started; a child that has ended is only tidied up."""
        kill_trees([self.process, self.kernel])
        os.close(self.line)

    def _listen(self, heard: int, events: "SimpleQueue[Event]") -> None:
        with os.fdopen(heard, "rb") as lines:
            for line in lines:
                facts = json.loads(line)
                kind = facts.pop("event")
                if kind == "kernel":
                    self.kernel = find_process(facts["pid"])
                events.put(Event(self, kind, facts))
        events.put(Event(self, "gone", {}))


def _spawn(standard: tuple[int, int, int], withheld: Collection[str]) -> psutil.Process:
    """Start a new interpreter as the child, some variables left out of its environment."""
    stdin, stdout, stderr = standard
    return psutil.Popen(
        [sys.executable, "-m", "crmlib.running.worker"],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        env=ONE_THREAD | {name: value for name, value in os.environ.items() if name not in withheld},
        start_new_session=True,  # Ctrl-C is for the parent, which ends its children in order
    )
