"""A kernel of our own interpreter on private sockets, forked from a process that has imported the libraries.

Kernels that start side by side can race for TCP ports, and any user of the machine can knock at a TCP port; Unix
sockets in a folder of mode 0700 have neither trouble. Where there are none (Windows), the connection is encrypted.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from jupyter_core.utils import run_sync

from crmlib.running.forking import FORKS, fork_to


def start_kernel(sockets: Path, cwd: Path) -> AsyncKernelManager:
    """Start a Python kernel of this interpreter and return its manager at once.

    Parameters
    ----------
    sockets
        A private folder with a short path for the connection file and the sockets.
    cwd
        The folder the kernel works in: that of the notebooks, as in JupyterLab.
    """
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
    if FORKS:
        manager.provisioner = ForkingProvisioner(parent=manager, kernel_id=name, kernel_spec=spec)
    arguments = ["--HistoryManager.hist_file=:memory:"]
    run_sync(manager.start_kernel)(extra_arguments=arguments, cwd=str(cwd), env=dict(os.environ))
    return manager


def stop_kernel(manager: AsyncKernelManager) -> None:
    """Kill the kernel and the processes it started; its work is on disk by then."""
    if manager.has_kernel:
        run_sync(manager.shutdown_kernel)(now=True)


def kernel_process_id(manager: AsyncKernelManager) -> int:
    """Give the kernel's process id."""
    provisioner: Any = manager.provisioner
    return int(provisioner.pid)


@dataclass(slots=True)
class _Forked:
    """A forked process with what jupyter_client asks of ``subprocess.Popen``."""

    pid: int
    returncode: int | None = None
    stdin: None = None
    stdout: None = None
    stderr: None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self._wait(os.WNOHANG)
        return self.returncode

    def wait(self) -> int | None:
        if self.returncode is None:
            self._wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def _wait(self, options: int) -> None:
        process, status = os.waitpid(self.pid, options)
        if process:
            self.returncode = os.waitstatus_to_exitcode(status)


class ForkingProvisioner(LocalProvisioner):  # type: ignore[misc]  # jupyter_client is followed no further
    """Launches the kernel by forking this process, which has imported what the notebook needs."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork; the arguments after ``-m ipykernel_launcher`` go to the kernel's own application."""
        folder, environment, worker = kwargs["cwd"], kwargs["env"], os.getpid()

        def serve() -> None:
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(environment)
            asyncio.set_event_loop(asyncio.new_event_loop())  # the one copied along runs in the process we left
            from ipykernel.kernelapp import IPKernelApp

            IPKernelApp.launch_instance(argv=[*cmd[3:], f"--IPKernelApp.parent_handle={worker}"])

        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            self.process = _Forked(fork_to(serve, (nothing, 2, 2)))
        finally:
            os.close(nothing)
        # The kernel leads a session and so a group of its own number.
        self.pid = self.pgid = self.process.pid
        return self.connection_info
