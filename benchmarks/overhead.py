"""What running costs beyond the notebooks' own work: six notebooks that only import the stack.

``crm``'s pipeline against six ``papermill`` and six ``jupyter nbconvert --to html`` commands, in the same run, in turn.
Reported are wall-clock and processor seconds; to reach: half the wall-clock time.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 2
TO_REACH = 0.5
STEMS = ("01_data_prep", "02_segmentation", "03_churn", "04_satisfaction", "05_actions", "06_summary")
IMPORTS = "import pandas, ibis, sklearn, statsmodels.api, seaborn, crmlib.reporting"
PARAMETERS = "params_file = None\nas_of = None\nrun_dir = None"
SERIES = """series: overhead
title: Overhead
as_of: 2026-11-01
sources:
  transactions: {path: orders.csv, columns: {customer_id: who, ordered_at: at, amount: paid}}
"""
CRM = """
import sys
from pathlib import Path
from crmlib.running.printer import ReportPrinter
from crmlib.running.request import Request
from crmlib.running.run import run
run(Request(Path("params.yaml").resolve(), notebooks=Path("notebooks").resolve()), ReportPrinter())
"""


def write_project(folder: Path) -> None:
    """Write the six notebooks and a series for them."""
    (folder / "notebooks").mkdir()
    (folder / "params.yaml").write_text(SERIES)
    (folder / "orders.csv").write_text("who,at,paid\na,2026-10-01,5\n")
    for stem in STEMS:
        code = [(PARAMETERS, ["parameters"]), (IMPORTS, [])]
        cells = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": f"# {stem}"}] + [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {"tags": tags},
                "source": source,
                "execution_count": None,
                "outputs": [],
            }
            for number, (source, tags) in enumerate(code)
        ]
        spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": spec}, "cells": cells}
        (folder / "notebooks" / f"{stem}.ipynb").write_text(json.dumps(notebook))


def by_crm(folder: Path) -> None:
    """Run the six as `crm run` does, published report included."""
    call([sys.executable, "-c", CRM], folder)


def by_commands(folder: Path) -> None:
    """Run and render the six one after the other with the commands that everybody uses."""
    tools = Path(sys.executable).parent
    for stem in STEMS:
        executed = f"{stem}.executed.ipynb"
        source = f"notebooks/{stem}.ipynb"
        call([str(tools / "papermill"), source, executed, "-p", "as_of", "2026-11-01", "--no-progress-bar"], folder)
        call([str(tools / "jupyter"), "nbconvert", "--to", "html", "--log-level", "ERROR", executed], folder)


def call(command: list[str], folder: Path) -> None:
    """Run a command quietly; show what it said if it failed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:3])} ended with {done.returncode}:\n{done.stderr[-2000:]}")


def measure(way: Callable[[Path], None]) -> tuple[float, float]:
    """Give wall-clock and processor seconds of one way in a fresh folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        way(folder)
        seconds = time.perf_counter() - started
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


def main() -> None:
    """Measure both ways in turn and print the better round."""
    measure(by_crm)  # the first round pays for the disk's caches and for compiled bytecode
    rounds = [(measure(by_crm), measure(by_commands)) for _ in range(ROUNDS)]
    ours = [min(each[0][part] for each in rounds) for part in (0, 1)]
    theirs = [min(each[1][part] for each in rounds) for part in (0, 1)]
    print(f"six notebooks that only import the stack, {os.cpu_count()} cores, the better of {ROUNDS} rounds")
    print(f"  crm's pipeline              {ours[0]:6.1f} s   {ours[1]:6.1f} s of processor")
    print(f"  6 papermill + 6 nbconvert   {theirs[0]:6.1f} s   {theirs[1]:6.1f} s of processor")
    wall, processor = (mine / other for mine, other in zip(ours, theirs, strict=True))
    print(f"  ratio                       {wall:6.2f}     {processor:6.2f}   (to reach: {TO_REACH})")


if __name__ == "__main__":
    main()
