"""What the notebooks keep of a run is what a run gives, and nbval says so too of the one that needs no other first."""

import nbformat
import pytest

from crmlib.chapters import CHAPTERS


def outputs(cell):
    return [(each.output_type, each.get("data", each.get("text"))) for each in cell.outputs]


@pytest.mark.parametrize("stem", [chapter.stem for chapter in CHAPTERS])
def test_kept_outputs_are_those_of_a_run(project, keeper, demo_report, stem):
    kept = nbformat.read(project / "notebooks" / f"{stem}.ipynb", as_version=4)
    run_dir = demo_report.parents[2] / "work" / demo_report.parent.name / demo_report.name
    ran = {cell.id: cell for cell in nbformat.read(run_dir / "notebooks" / f"{stem}.ipynb", as_version=4).cells}
    checked = [cell for cell in kept.cells if keeper.is_checked(cell)]
    assert checked
    for cell in checked:
        assert ran[cell.id].source == cell.source
        assert outputs(ran[cell.id]) == outputs(cell), f"{cell.id}: run `make notebooks` if the change is meant"


def test_the_first_notebook_gives_its_kept_outputs_when_it_is_run_by_itself(project, keeper, demo_report):
    assert demo_report.exists()  # by whose worker the raw files were written
    assert keeper.check([project / "notebooks" / f"{CHAPTERS[0].stem}.ipynb"]) == 0
