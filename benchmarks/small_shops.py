"""Small shops of every kind run through all notebooks: none may crash, warn, or lose its report.

The notebooks' cells run in this process with warnings as errors, and their pages are rendered and checked as for
publication. ``python benchmarks/small_shops.py [NAME …]`` runs all, or those named; ``SMALL_SHOPS_SEED`` draws others.
"""

import ast
import json
import os
import sys
import tempfile
import time
import traceback
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
from _small_shops import AS_OF, SHOPS, write

from crmlib.chapters import CHAPTERS
from crmlib.reporting.page import PageContext, render_page
from crmlib.reporting.problems import page_problems
from crmlib.reporting.shown import Shown

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def run_notebook(stem: str, params_file: Path, as_of: date, run_dir: Path) -> nbformat.NotebookNode:
    """Run the code cells of a notebook in this process; give the notebook with what they show."""
    notebook = nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4)
    names: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        shown = _run_cell(cell.source, names, f"{stem}, cell {cell.id}")
        cell.outputs = [] if shown is None else [_output(shown)]
        if "parameters" in cell.metadata.get("tags", []):
            names |= {"params_file": str(params_file), "as_of": str(as_of), "run_dir": str(run_dir)}
    return notebook


def _run_cell(source: str, names: dict[str, Any], place: str) -> Any:
    """Run a cell; give the value of its last expression, as a notebook would show it."""
    tree = ast.parse(source)
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, place, "exec"), names)  # noqa: S102 - our own notebooks
    return eval(compile(last, place, "eval"), names) if last is not None else None  # noqa: S307


def _output(shown: Any) -> nbformat.NotebookNode:
    if not isinstance(shown, Shown):
        raise TypeError(f"a cell shows a raw {type(shown).__name__}")
    data, metadata = shown._repr_mimebundle_()
    return nbformat.v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)


def run_shop(params_file: Path, as_of: date, run_dir: Path, until: str = "06_summary") -> dict[str, str]:
    """Run the notebooks of a shop up to one and give the pages, each checked as for publication.

    Raises
    ------
    ValueError
        If a page fails its checks.
    """
    pages = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="The 'future.infer_string' option is deprecated")
        warnings.filterwarnings("ignore", message=r"fetch_\w+\(\) is deprecated", category=DeprecationWarning)
        for chapter in CHAPTERS:
            if chapter.stem > until:
                continue
            notebook = run_notebook(chapter.stem, params_file, as_of, run_dir)
            context = PageContext("A small shop", f"{as_of:%Y-%m}", as_of, "run", chapter.page, chapter.stem)
            pages[chapter.stem] = render_page(json.loads(nbformat.writes(notebook)), context)
            if problems := page_problems(pages[chapter.stem]):
                raise ValueError(f"{chapter.stem}: {'; '.join(problems)}")
    return pages


def main() -> int:
    """Run the shops; give the number that lost their report."""
    wanted = sys.argv[1:] or list(SHOPS)
    seed, lost = int(os.environ.get("SMALL_SHOPS_SEED", "1")), 0
    for name in wanted:
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            try:
                run_shop(write(SHOPS[name], Path(folder), seed), AS_OF, Path(folder) / "work" / "shop" / "2026-02")
                said = "published"
            except Exception as error:  # noqa: BLE001 - whatever goes wrong is what is looked for
                lost += 1
                place = traceback.extract_tb(error.__traceback__)[-1]
                said = f"LOST: {type(error).__name__}: {error} ({place.filename}:{place.lineno})"
        print(f"{name:<28} {time.perf_counter() - began:5.1f} s  {said}", flush=True)
    print(f"{len(wanted) - lost} of {len(wanted)} published")
    return lost


if __name__ == "__main__":
    sys.exit(main())
