"""Forking a process that does some work and ends."""

import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Final

FORKS: Final = sys.platform == "linux"
"""Whether the system forks soundly."""


def fork_to(work: Callable[[], object], standard: Sequence[int], also_close: socket.socket | None = None) -> int:
    """Fork a process with its own session and standard streams that does some work and ends; give its number."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if also_close is not None:
            also_close.close()
        for number, descriptor in enumerate(standard):
            os.dup2(descriptor, number)
        for descriptor in {*standard} - {0, 1, 2}:
            os.close(descriptor)
        work()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except BaseException:  # noqa: BLE001  (nothing may go on in the forked copy of the server)
        traceback.print_exc(file=sys.__stderr__)  # a kernel has put a stream of its own in the place of sys.stderr
    finally:
        os._exit(code)
