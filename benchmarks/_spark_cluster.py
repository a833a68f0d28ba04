"""A Spark standalone cluster on the loopback address: a master and workers from the PySpark that is installed."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DAEMON = "org.apache.spark.deploy"
STARTED = re.compile(r"Starting Spark master at (spark://\S+)")
SECONDS = 120


@contextmanager
def standalone_cluster(folder: Path, workers: int = 2, memory: str = "1g") -> Iterator[str]:
    """Start a master and workers of one core each, give the master's address, and end them whatever happens.

    Every port is the operating system's choice; the master's is read from its log.
    """
    processes: list[subprocess.Popen[bytes]] = []
    try:
        log = folder / "master.log"
        processes.append(_daemon(log, "master.Master"))
        master = _waited(log, STARTED, processes)[0]
        of_one = ("--cores", "1", "--memory", memory)
        for number in range(workers):
            place = ("--work-dir", str(folder / f"worker_{number}"))
            processes.append(_daemon(folder / f"worker_{number}.log", "worker.Worker", *of_one, *place, master))
        _waited(log, re.compile(r"Registering worker \S+"), processes, workers)
        yield master
    finally:
        for process in reversed(processes):
            _end(process)


def _daemon(log: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one of Spark's daemons in a process group of its own, as a worker starts executors."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = os.environ | {
        "SPARK_HOME": str(home), "SPARK_DAEMON_MEMORY": "256m", "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }  # fmt: skip
    address = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    # where this process is killed and cannot end them, the system does
    with_us = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
    command = [*with_us, str(home / "bin" / "spark-class"), f"{DAEMON}.{name}", *address, *arguments]
    with log.open("wb") as output:
        return subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )


def _waited(log: Path, wanted: re.Pattern[str], processes: list[subprocess.Popen[bytes]], times: int = 1) -> list[str]:
    """Wait until the log says it as often as wanted."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and all(process.poll() is None for process in processes):
        found = wanted.findall(log.read_text(errors="replace"))
        if len(found) >= times:
            return found
        time.sleep(0.2)
    raise RuntimeError(f"the cluster did not start in {SECONDS} s; {log} ends with:\n{log.read_text()[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a daemon and the executors in its group: asked first, then killed."""
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signal_number)
            process.wait(timeout=10)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()
