"""The checked outputs of the notebooks: ``keep`` runs them on the demo and keeps those outputs, ``check`` compares.

``strip`` clears what else an afternoon in JupyterLab has left: outputs that are not checked, counts, traces.

Only cells tagged ``nbval-check-output`` keep outputs. nbval is green on a notebook whose outputs were stripped, so
``check`` first asserts that every checked cell was run and has an output (``guard``).
"""

import os
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("0*.ipynb"))
TAG = "nbval-check-output"
CELL_SECONDS = "300"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def is_checked(cell: nbformat.NotebookNode) -> bool:
    """Say whether the outputs of a cell are kept and compared."""
    return cell.cell_type == "code" and TAG in cell.metadata.get("tags", [])


def keep(file: Path) -> None:
    """Run a notebook in a fresh kernel and keep the outputs that are checked."""
    from nbclient import NotebookClient

    notebook = nbformat.read(file, as_version=4)
    NotebookClient(
        notebook, timeout=int(CELL_SECONDS), resources={"metadata": {"path": str(file.parent)}}, record_timing=False
    ).execute()
    write_stripped(notebook, file)


def write_stripped(notebook: nbformat.NotebookNode, file: Path) -> None:
    """Write a notebook with its checked outputs alone and the one kernel that all have."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code" and not is_checked(cell):
            cell.outputs, cell.execution_count = [], None
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    nbformat.write(notebook, file)


def guard(file: Path) -> list[str]:
    """Name what would make the check of a notebook pass by accident."""
    cells = [cell for cell in nbformat.read(file, as_version=4).cells if is_checked(cell)]
    unrun = [cell.id for cell in cells if cell.execution_count is None or not cell.outputs]
    problems = [f"{file.name}: checked cell {each} has no kept output; run `make notebooks`" for each in unrun]
    return problems if cells else [f"{file.name}: has no cell tagged {TAG}"]


def check(files: list[Path]) -> int:
    """Let nbval compare the kept outputs with a fresh run, one notebook after another, on the demo's raw files."""
    problems = [problem for file in files for problem in guard(file)]
    if problems:
        sys.stderr.write("\n".join(problems) + "\n")
        return 1
    pytest = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-o", "filterwarnings=default"]
    options = ["--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={CELL_SECONDS}"]
    names = [str(file.relative_to(ROOT)) for file in files]
    return subprocess.run([*pytest, *options, *names], cwd=ROOT, env=os.environ, check=False).returncode


if __name__ == "__main__":
    if sys.argv[1:] == ["keep"]:
        for each in NOTEBOOKS:
            sys.stdout.write(f"running {each.name}\n")
            keep(each)
    elif sys.argv[1:] == ["strip"]:
        for each in NOTEBOOKS:
            write_stripped(nbformat.read(each, as_version=4), each)
    elif sys.argv[1:] == ["check"]:
        subprocess.run([str(Path(sys.executable).with_name("crm")), "demo"], cwd=ROOT, check=True)
        sys.exit(check(NOTEBOOKS))
    else:
        sys.exit("usage: notebooks.py keep|strip|check")
