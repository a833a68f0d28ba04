"""Whole reports: how long from parameters to a published page, how much memory, how large the largest page."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CRM = Path(sys.executable).with_name("crm")
TARGETS = {"demo": (60, None), "online_retail": (75, 2048), "cdnow": (None, None)}


def measure(series: str, out: Path) -> str:
    """Run one report in a folder of its own and give its row."""
    started = time.perf_counter()
    done = subprocess.run(
        [str(CRM), "run", str(ROOT / "params" / f"{series}.yaml"), "--out", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        return f"{series:15} exit {done.returncode}: {done.stderr.strip()[-300:]}"
    pages = max(page.stat().st_size for page in (out / "reports").rglob("*.html"))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    most_seconds, most_mib = TARGETS[series]
    wanted = f"target {most_seconds or '-'} s, {most_mib or '-'} MiB"
    return f"{series:15} {seconds:7.1f} s   largest process so far {peak:6.0f} MiB   largest page {pages / 1e6:.3f} MB   ({wanted})"


if __name__ == "__main__":
    subprocess.run([str(CRM), "demo"], cwd=ROOT, check=True, capture_output=True)
    for name in TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(measure(name, Path(folder)) + "\n")
            sys.stdout.flush()
