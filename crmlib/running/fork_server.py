"""A process that has imported the libraries once and forks the child of every notebook from there.

Importing pandas, Ibis, statsmodels and the rest costs four seconds of a processor, and papermill and the kernel's own
libraries another one: six notebooks would pay it six times. Forking is sound because the server runs no Python thread,
opens no database and computes nothing. Where the system does not fork soundly (anything but Linux) there is no server,
and every child imports for itself.
"""

import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import FrameType
from typing import Final, Self

import psutil

from crmlib.running.forking import fork_to
from crmlib.running.quick_imports import quick_imports

STACK: Final = ("pandas", "ibis", "duckdb", "sklearn.linear_model", "statsmodels.api", "seaborn", "crmlib.reporting")
"""What every notebook needs."""

ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Numerical libraries add in another order on another number of threads; with one, a report is the same everywhere."""

GARBAGE: Final = (20_000, 20, 50)
"""The engine's expressions are many small objects that are soon gone: searched less often, a tenth of time is saved."""

_OWN: Final = ("crmlib.running.worker", "crmlib.running.engine", "crmlib.running.kernel", "ipykernel.kernelapp")


class ForkServer:
    """The parent's end: starts the server, asks it for children, ends it.

    Examples
    --------
    >>> with ForkServer(modules=(), environment=os.environ) as server:
    ...     server.is_running()
    True
    """

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start importing; children may be asked for at once and come when the imports are done."""
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crmlib.running.fork_server", str(other.fileno()), *modules],
            env={**ONE_THREAD, **environment},
            stdin=subprocess.DEVNULL,
            stdout=2,  # whatever a library prints when it is imported is no answer of the command
            pass_fds=(other.fileno(),),
            start_new_session=True,  # Ctrl-C is for the parent, which ends its children in order
        )
        other.close()

    def __enter__(self) -> Self:
        """Use the server; it ends with the block."""
        return self

    def __exit__(self, *_reason: object) -> None:
        """End the server; its children have a line of their own to the parent."""
        self._line.close()
        self._process.kill()
        self._process.wait()

    def is_running(self) -> bool:
        """Tell whether the server lives."""
        return self._process.poll() is None

    def fork(self, standard: Sequence[int]) -> psutil.Process:
        """Fork a worker with these standard input, output and error.

        Raises
        ------
        ChildProcessError
            If the server has gone, as when the workbook itself cannot be imported; it has said why.
        """
        try:
            socket.send_fds(self._line, [b"fork"], list(standard))
            answer = self._line.recv(64)
        except OSError:
            answer = b""
        if not answer:
            raise ChildProcessError("the process that starts the notebooks has gone")
        return psutil.Process(int(answer))


def main() -> None:
    """Import, then fork a child for each request until the parent's end closes."""
    line = socket.socket(fileno=int(sys.argv[1]))
    with quick_imports():
        for name in _OWN:
            import_module(name)
    for name in sys.argv[2:]:
        try:
            import_module(name)
        except ImportError:
            traceback.print_exc()  # the notebook that needs it will say so in its own cell
    gc.freeze()  # what was imported stays: no child searches it for garbage, nor copies its pages in doing so
    gc.set_threshold(*GARBAGE)
    signal.signal(signal.SIGCHLD, _bury)
    from crmlib.running import worker

    while True:
        request, standard, _flags, _address = socket.recv_fds(line, 64, 3)
        if not request:
            return
        process = fork_to(worker.main, standard, also_close=line)
        for descriptor in standard:
            os.close(descriptor)
        line.send(json.dumps(process).encode())


def _bury(_signal: int, _frame: FrameType | None) -> None:
    """Wait for the children that have ended, so that their times count for the run; several may end at once."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


if __name__ == "__main__":
    main()
