"""A tiny series: notebooks of a few cells and a printer of one-line pages, so that a run takes a few seconds."""

import hashlib
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

import pytest

from crmlib.chapters import Chapter
from crmlib.running import cli
from crmlib.running.edition import Edition
from crmlib.running.request import Request
from crmlib.running.run import run

PARAMETERS = "params_file = None\nas_of = None\nrun_dir = None"


def notebook_json(title: str, *codes: str, handed_over: int | None = None) -> dict[str, Any]:
    """Write a notebook: a heading, the parameters cell and the code cells; after one of them others may read."""
    tags = {0: ["parameters"]} | ({} if handed_over is None else {handed_over + 1: ["handed-over"]})
    heading = {"cell_type": "markdown", "id": "heading", "metadata": {}, "source": f"# {title}"}
    code = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {"tags": tags[number]} if number in tags else {},
            "source": source,
            "execution_count": None,
            "outputs": [],
        }
        for number, source in enumerate([PARAMETERS, *codes])
    ]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": spec}, "cells": [heading, *code]}


class TinyPrinter:
    """Pages that hold the outputs of their cells and nothing else."""

    def prepare(self) -> None:
        """Nothing to import."""

    def page(self, notebook: Path, chapter: Chapter, edition: Edition) -> str:
        cells = json.loads(notebook.read_text())["cells"]
        texts = [
            "".join(output.get("data", {}).get("text/plain", output.get("text", "")))
            for cell in cells
            for output in cell.get("outputs", [])
        ]
        return f"<title>{chapter.title} {edition.run_id}</title>{escape(' '.join(texts))}\n"

    def problems(self, html: str) -> Sequence[str]:
        return ["a raw frame is on the page"] if "raw frame" in html else []

    def front_door(self, manifests: Sequence[Mapping[str, Any]]) -> str:
        return "".join(f"{each['period']} {each['run_id']}\n" for each in manifests)


@dataclass(frozen=True)
class TinySeries:
    """A project in a temporary folder."""

    folder: Path
    request: Request

    def write(self, stem: str, *codes: str, handed_over: int | None = None) -> None:
        """Write or replace a notebook."""
        path = self.folder / "notebooks" / f"{stem}.ipynb"
        path.write_text(json.dumps(notebook_json(stem, *codes, handed_over=handed_over)))

    def asked(self, **changes: Any) -> Request:
        return replace(self.request, **changes)

    @property
    def reports(self) -> Path:
        return self.folder / "reports" / "tiny"

    @property
    def work(self) -> Path:
        return self.folder / "work" / "tiny"

    def published(self) -> dict[str, bytes]:
        """Give every published byte but the manifest's, which holds the time."""
        files = sorted(path for path in self.reports.rglob("*") if path.is_file() and path.name != "manifest.json")
        return {str(path.relative_to(self.reports)): path.read_bytes() for path in files}


CHAPTERS = (
    Chapter("01_first", "01_first.html", "First"),
    Chapter("02_second", "index.html", "Second", ("01_first",)),
)


def of_the_notebooks(notebooks: Path) -> str:
    """Stand in for the version of the code: the library as it was, whatever is written while tests run."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(notebooks.glob("*.ipynb")))).hexdigest()[:12]


def make_series(tmp_path: Path) -> TinySeries:
    """Write the tiny series into a folder."""
    for name in ("params", "notebooks", "data"):
        (tmp_path / name).mkdir()
    (tmp_path / "data" / "orders.csv").write_text("id,who,when,how_much\n1,a,2026-10-01,5\n")
    (tmp_path / "params" / "tiny.yaml").write_text(
        "series: tiny\ntitle: Tiny\nas_of: 2026-11-01\nprivacy: {demo_key: true}\nrunning: {notebook_seconds: 60}\n"
        "sources:\n  transactions:\n    path: ../data/*.csv\n"
        "    columns: {order_id: id, customer_id: who, ordered_at: when, amount: how_much}\n"
    )
    request = Request(
        params_file=tmp_path / "params" / "tiny.yaml", notebooks=tmp_path / "notebooks", chapters=CHAPTERS, modules=()
    )
    tiny = TinySeries(tmp_path, request)
    tiny.write("01_first", "from pathlib import Path\nPath(run_dir, 'tables').mkdir()", "'first', as_of")
    tiny.write("02_second", "'second'")
    return tiny


@pytest.fixture
def series(tmp_path: Path) -> TinySeries:
    return make_series(tmp_path)


@pytest.fixture(scope="session")
def once_published(tmp_path_factory: pytest.TempPathFactory) -> TinySeries:
    """Run the series once for all tests; they get copies."""
    tiny = make_series(tmp_path_factory.mktemp("once"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("crmlib.running.manifest.code_version", of_the_notebooks)
        run(tiny.request, TinyPrinter())
    return tiny


@pytest.fixture(autouse=True)
def same_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the code's version the same while files are edited; what it is made of has a test of its own."""
    monkeypatch.setattr("crmlib.running.manifest.code_version", of_the_notebooks)


@pytest.fixture
def published(once_published: TinySeries, tmp_path: Path) -> TinySeries:
    folder = shutil.copytree(once_published.folder, tmp_path / "copy")
    request = replace(
        once_published.request, params_file=folder / "params" / "tiny.yaml", notebooks=folder / "notebooks"
    )
    return TinySeries(folder, request)


@pytest.fixture
def printer() -> TinyPrinter:
    return TinyPrinter()


@pytest.fixture
def crm(monkeypatch, capsys):
    """Give a function that calls the command: its exit code, what it printed and what it complained."""

    def called(*arguments):
        monkeypatch.setattr(sys, "argv", ["crm", *map(str, arguments)])
        monkeypatch.setattr("signal.signal", lambda *_: None)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    return called
