"""Whole reports: how long from parameters to a published page, how much memory, how large the largest page.

After Online Retail's, notebook 02 runs once more alone, for its own time without imports.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
CRM = Path(sys.executable).with_name("crm")
TARGETS = {"demo": "60 s, 1 MB a page", "online_retail": "75 s, 2048 MiB, 1 MB a page", "cdnow": "none"}
SAMPLE_SECONDS = 0.2
IMPORTS = "03"
"""The cell of every notebook that imports and opens the run."""


def peak_memory(process: psutil.Process) -> float:
    """Watch a process and its children until it ends; give the peak of their summed proportional memory in MiB."""
    peak = 0.0
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        total = 0
        for each in [process, *process.children(recursive=True)]:
            try:
                total += each.memory_full_info().pss
            except psutil.Error:
                continue
        peak = max(peak, total / 2**20)
        time.sleep(SAMPLE_SECONDS)
    return peak


def measure(series: str, out: Path) -> str:
    """Run one report in a folder of its own and give its row."""
    command = [str(CRM), "run", str(ROOT / "params" / f"{series}.yaml"), "--out", str(out)]
    started = time.perf_counter()
    with (out / "output.txt").open("w") as output:
        run = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        peak = peak_memory(psutil.Process(run.pid))
        code = run.wait()
    seconds = time.perf_counter() - started
    if code:
        return f"{series:15} exit {code}: {(out / 'output.txt').read_text()[-400:]}"
    largest = max(page.stat().st_size for page in (out / "reports").rglob("*.html")) / 1e6
    measured = f"{seconds:7.1f} s   {peak:6.0f} MiB at most   largest page {largest:.3f} MB"
    return f"{series:15} {measured}   (to reach: {TARGETS[series]})"


def notebook_alone(series: str, stem: str, out: Path) -> str:
    """Run one notebook again on the tables of the report; give the seconds of its cells but the one that imports."""
    command = [str(CRM), "run", str(ROOT / "params" / f"{series}.yaml"), "--only", stem, "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    timings = json.loads(next((out / "work").rglob("timings.json")).read_text())[stem]
    seconds = sum(each for cell, each in timings["cells"].items() if cell != IMPORTS)
    return f"{series:15} {seconds:7.1f} s   {stem} alone, without imports   (to reach: 25 s)"


if __name__ == "__main__":
    subprocess.run([str(CRM), "demo"], cwd=ROOT, check=True, capture_output=True)
    for name in TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(measure(name, Path(folder)) + "\n")
            if name == "online_retail":
                sys.stdout.write(notebook_alone(name, "02_segmentation", Path(folder)) + "\n")
            sys.stdout.flush()
