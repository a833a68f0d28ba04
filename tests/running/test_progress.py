"""What is shown of a run under way: a bar on a terminal, lines elsewhere, never anything on standard output."""

import io

import pytest
from rich.console import Console
from rich.progress import Progress

from crmlib.running.child import Job
from crmlib.running.outline import Outline
from crmlib.running.progress import BarProgress, PlainProgress, shown_progress
from crmlib.running.watching import Finished

OUTLINE = Outline("03_churn", ("", "How long is silence normal?", "How long is silence normal?"), parameters=2)


@pytest.fixture
def finished(tmp_path):
    return Finished(Job(tmp_path / "03_churn.ipynb", tmp_path / "out.ipynb", {}), 2.34, {}, None)


def test_lines_tell_begin_and_end(finished):
    screen = io.StringIO()
    progress = PlainProgress(Console(file=screen, width=80), total=6)
    for number in (1, 2, 3):
        progress.cell(OUTLINE, number)
    progress.finished(finished)
    assert screen.getvalue().splitlines() == ["03_churn …", "03_churn done in 2.3 s (1 of 6)"]


def test_of_many_periods_each_line_tells_which_is_meant(finished):
    screen = io.StringIO()
    progress = PlainProgress(Console(file=screen, width=80), total=2, many=True)
    first, second = progress.of_period("2026-09"), progress.of_period("2026-10")
    first.finished(finished)
    second.finished(finished)
    second.up_to_date("2026-10")
    assert [line[:37] for line in screen.getvalue().splitlines()] == [
        "2026-09: looking at the parameters an",
        "2026-10: looking at the parameters an",
        "2026-09: 03_churn done in 2.3 s (1 of",
        "2026-10: 03_churn done in 2.3 s (1 of",
        "2026-10 is up to date: same inputs, p",
    ]


def test_of_many_periods_each_has_its_bar_while_it_runs(finished):
    with Progress(console=Console(file=io.StringIO(), width=120)) as bar:
        progress = BarProgress(bar, total=2, many=True)
        first, second = progress.of_period("2026-09"), progress.of_period("2026-10")
        first.cell(OUTLINE, 2)
        assert [task.description.split()[0] for task in bar.tasks if task.visible] == ["2026-09", "2026-10", "03_churn"]
        first.finished(finished)
        first.finished(finished)
        second.cell(OUTLINE, 2)
        assert [task.description.split()[0] for task in bar.tasks if task.visible] == ["2026-10", "03_churn"]


def test_the_bar_names_the_cell_under_way_and_its_heading(finished):
    with Progress(console=Console(file=io.StringIO(), width=120)) as bar:
        progress = BarProgress(bar, total=6)
        progress.cell(OUTLINE, 2)
        assert bar.tasks[1].description == "03_churn  cell 2/3  How long is silence normal?"
        assert bar.tasks[1].completed == 1
        progress.finished(finished)
        assert [task.description for task in bar.tasks] == ["report"]
        assert bar.tasks[0].completed == 1


def test_without_a_terminal_there_are_lines_on_standard_error(capsys, finished):
    with shown_progress(1) as progress:
        progress.finished(finished)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "03_churn done" in shown.err
