"""The notebooks keep the rules of the house; their checked outputs were run, or nbval would be green on nothing."""

import re
from importlib import import_module

import nbformat
import pytest

from crmlib.chapters import CHAPTERS

MOST_CELLS = 25
MOST_LINES = 12


@pytest.fixture(params=[chapter.stem for chapter in CHAPTERS])
def file(request, project):
    return project / "notebooks" / f"{request.param}.ipynb"


def code(file):
    return [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]


def test_every_checked_cell_was_run_and_has_an_output(keeper, file):
    assert keeper.guard(file) == []


def test_the_guard_says_no_to_stripped_and_to_untagged_notebooks(keeper, file, tmp_path):
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, tmp_path / "stripped.ipynb")
    assert "has no kept output" in keeper.guard(tmp_path / "stripped.ipynb")[0]
    for cell in notebook.cells:
        cell.metadata.pop("tags", None)
    nbformat.write(notebook, tmp_path / "untagged.ipynb")
    assert "has no cell tagged" in keeper.guard(tmp_path / "untagged.ipynb")[0]


def test_only_checked_cells_keep_outputs(keeper, file):
    assert [cell.id for cell in code(file) if cell.outputs and not keeper.is_checked(cell)] == []


def test_stripping_keeps_what_is_checked_and_gives_all_the_same_kernel(keeper, file, tmp_path):
    notebook = nbformat.read(file, as_version=4)
    was = [cell.outputs for cell in notebook.cells if keeper.is_checked(cell)]
    loose = next(cell for cell in notebook.cells if cell.cell_type == "code" and not keeper.is_checked(cell))
    loose.outputs, loose.execution_count = [nbformat.v4.new_output("stream", text="tried")], 7
    keeper.write_stripped(notebook, tmp_path / "tried.ipynb")
    stripped = nbformat.read(tmp_path / "tried.ipynb", as_version=4)
    assert "tried" not in (tmp_path / "tried.ipynb").read_text(encoding="utf-8")
    assert [cell.outputs for cell in stripped.cells if keeper.is_checked(cell)] == was
    assert stripped.metadata.kernelspec == keeper.KERNEL == nbformat.read(file, as_version=4).metadata.kernelspec


def test_a_notebook_is_short_and_defines_nothing(file):
    cells = code(file)
    assert len(nbformat.read(file, as_version=4).cells) <= MOST_CELLS
    assert [c.id for c in cells if len([line for line in c.source.splitlines() if line.strip()]) > MOST_LINES] == []
    assert [c.id for c in cells if re.search(r"^\s*(def|class|lambda) ", c.source, re.MULTILINE)] == []


def test_it_looks_well_at_the_desk_and_ends_with_a_cell_for_trying_things(file):
    _parameters, first, *_others, last = code(file)
    assert first.source.splitlines()[-1] == "desk()"
    assert last.metadata.tags == ["scratch"]
    assert all(line.startswith("#") for line in last.source.splitlines())


def test_it_begins_with_title_parameters_and_imports(file):
    notebook = nbformat.read(file, as_version=4)
    title, parameters, first, *rest = notebook.cells
    assert title.source.startswith("# ")
    assert parameters.metadata.tags == ["parameters"]
    assert re.search(r"^from crmlib", first.source, re.MULTILINE)
    late = [c.id for c in rest if c.cell_type == "code" and re.search(r"^(import|from) ", c.source, re.MULTILINE)]
    assert late == []


def test_a_room_exports_what_its_notebook_uses(file):
    source = "\n".join(cell.source for cell in code(file))
    used = set(re.findall(r"\b(actions|churn|prep|satisfaction|segmentation)\.([a-zA-Z_]\w*)\(", source))
    assert [f"{room}.{name}" for room, name in used if name not in import_module(f"crmlib.{room}").__all__] == []


@pytest.mark.parametrize("room", ["actions", "churn", "prep", "satisfaction", "segmentation"])
def test_a_room_exports_the_study_that_a_cell_gets_and_all_its_parts(room):
    names = import_module(f"crmlib.{room}").__all__
    parts = {show.__name__ for show in import_module(f"crmlib.{room}").PARTS}
    assert {"PARTS", "Study", "study", *parts} - set(names) == set()
