"""How long processes may take to start, and ending them for certain, with everything they started."""

from collections.abc import Iterable

import psutil

START_SECONDS = 180
"""How long a child may take to its first cell: a busy machine imports slowly, and that is not the notebook's time."""

PATIENCE_SECONDS = 5
"""How long killed processes may take to vanish before we stop waiting for them."""


def find_process(pid: int) -> psutil.Process | None:
    """Get hold of a running process in a way that notices when its number goes to another one."""
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def kill_trees(roots: Iterable[psutil.Process | None]) -> None:
    """Kill processes and all their descendants; those that are gone are no error.

    A kernel runs in a session of its own, where no signal to our process group reaches it; descendants are found by
    their parents.

    Examples
    --------
    >>> import subprocess, sys
    >>> child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    >>> kill_trees([find_process(child.pid)])
    >>> _ = child.wait()
    >>> find_process(child.pid) is None
    True
    """
    doomed = {process.pid: process for root in roots if root is not None for process in _with_descendants(root)}
    for process in doomed.values():
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(list(doomed.values()), timeout=PATIENCE_SECONDS)


def _with_descendants(root: psutil.Process) -> list[psutil.Process]:
    """List the descendants and the root: once a parent has gone its children could no longer be found."""
    try:
        return [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        return []
