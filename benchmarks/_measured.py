"""Seconds of a command and the peak of what it and its children hold in memory."""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall-clock seconds, peak of the summed proportional memory in GiB, and the last line that was printed."""

    seconds: float
    gib: float
    said: str


def measured(command: list[str], cwd: Path | None = None) -> Measured:
    """Run a command to its end; a failure ends the benchmark with the last of what was said."""
    started, peak = time.perf_counter(), 0.0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        with subprocess.Popen(command, cwd=cwd, stdout=said, stderr=subprocess.STDOUT) as run:
            process = psutil.Process(run.pid)
            while run.poll() is None:
                peak = max(peak, held(process))
                time.sleep(SAMPLE_SECONDS)
        seconds = time.perf_counter() - started
        said.seek(0)
        lines = said.read().strip().splitlines() or [""]
    if run.returncode:
        sys.exit(f"{' '.join(command[:3])} ended with {run.returncode}: {' '.join(lines[-3:])}")
    return Measured(seconds, peak, lines[-1])


def held(process: psutil.Process) -> float:
    """Sum the proportional memory of a process and its children in GiB; who has ended meanwhile holds none."""
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0.0
    for each in family:
        try:
            total += each.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 2**30
