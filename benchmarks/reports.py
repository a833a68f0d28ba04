"""Whole reports: how long from parameters to a published page, how much memory, how large the largest page.

After Online Retail's, notebook 02 runs once more alone, for its own time without imports.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from _measured import measured

ROOT = Path(__file__).resolve().parents[1]
CRM = Path(sys.executable).with_name("crm")
TARGETS = {"demo": "40 s, 1 MB a page", "online_retail": "40 s, 2048 MiB, 1 MB a page", "cdnow": "none"}
IMPORTS = "03"
"""The cell of every notebook that imports and opens the run."""


def measure(series: str, out: Path) -> str:
    """Run one report in a folder of its own and give its row."""
    command = [str(CRM), "run", str(ROOT / "params" / f"{series}.yaml"), "--out", str(out)]
    run = measured(command, ROOT)
    largest = max(page.stat().st_size for page in (out / "reports").rglob("*.html")) / 1e6
    found = f"{run.seconds:7.1f} s   {run.gib * 1024:6.0f} MiB at most   largest page {largest:.3f} MB"
    return f"{series:15} {found}   (to reach: {TARGETS[series]})"


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
