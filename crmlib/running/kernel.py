"""A kernel of our own interpreter, started ahead of its notebook, on private sockets.

Kernels that start side by side can race for TCP ports, and any user of the machine can knock at a TCP port; Unix
sockets in a folder of mode 0700 have neither trouble. Where there are none (Windows), the connection is encrypted.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

if TYPE_CHECKING:
    from jupyter_client.asynchronous import AsyncKernelClient
    from jupyter_client.manager import AsyncKernelManager

STACK: Final = ("pandas", "ibis", "duckdb", "sklearn.linear_model", "statsmodels.api", "seaborn", "crmlib.reporting")
"""Imported while the kernel waits for its notebook."""

ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Numerical libraries add in another order on another number of threads; with one, a report is the same everywhere."""


def start_kernel(sockets: Path, cwd: Path) -> "AsyncKernelManager":
    """Start a Python kernel of this interpreter and return its manager at once.

    Parameters
    ----------
    sockets
        A private folder with a short path for the connection file and the sockets.
    cwd
        The folder the kernel works in: that of the notebooks, as in JupyterLab.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_core.utils import run_sync

    # A spec of our own: one of the same name in the user's folder may belong to another Python.
    spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        language="python",
        metadata={"supported_encryption": ["curve"]},
    )
    name = uuid4().hex[:8]
    private = (
        {"transport": "ipc", "ip": str(sockets / name)} if os.name == "posix" else {"transport_encryption": "required"}
    )
    manager = AsyncKernelManager(kernel_name="python3", connection_file=str(sockets / f"{name}.json"), **private)
    manager._kernel_spec = spec  # noqa: SLF001  (no public way to give a spec without installing it)
    environment = {**dict.fromkeys(ONE_THREAD, "1"), **os.environ}
    arguments = ["--HistoryManager.hist_file=:memory:"]
    run_sync(manager.start_kernel)(extra_arguments=arguments, cwd=str(cwd), env=environment)
    return manager


def warm_up(manager: "AsyncKernelManager", modules: Sequence[str] = STACK) -> "AsyncKernelClient":
    """Ask the kernel to import what every notebook needs, and return the asking client without waiting.

    Silent, so it counts as no cell and leaves no name behind. A module that cannot be imported is the notebook's
    to report.
    """
    client = manager.client()
    client.start_channels()
    client.execute(f"[__import__(name) for name in {list(modules)}] and None", silent=True, store_history=False)
    return client


def wait_until_warm(manager: "AsyncKernelManager", client: "AsyncKernelClient") -> bool:
    """Wait for the answer to the warm-up; tell whether the kernel lives to run a notebook."""
    from jupyter_core.utils import run_sync

    ask = run_sync(client.get_shell_msg)
    alive = run_sync(manager.is_alive)
    while alive():
        try:
            ask(timeout=1)
        except Empty:
            continue
        return True
    return False


def stop_kernel(manager: "AsyncKernelManager", client: "AsyncKernelClient | None" = None) -> None:
    """Kill the kernel and the processes it started; its work is on disk by then."""
    from jupyter_core.utils import run_sync

    if client is not None:
        client.stop_channels()
    if manager.has_kernel:
        run_sync(manager.shutdown_kernel)(now=True)


def kernel_process_id(manager: "AsyncKernelManager") -> int:
    """Give the kernel's process id."""
    provisioner: Any = manager.provisioner
    return int(provisioner.pid)
