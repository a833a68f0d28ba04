"""Executing the notebooks of a run in its folder, with their times kept."""

import ast
import json
import logging
import os
from collections.abc import Sequence
from glob import has_magic
from pathlib import Path
from typing import Final

from crmlib.chapters import Chapter
from crmlib.params import Parameters
from crmlib.running.batch import Batch, Task
from crmlib.running.child import Job
from crmlib.running.faults import explain
from crmlib.running.manifest import Record
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.outline import Outline
from crmlib.running.places import Places
from crmlib.running.schedule import NotebookFailedError
from crmlib.running.timetable import lines_of, seconds_for
from crmlib.running.turns import Steps
from crmlib.running.watching import Finished, Watcher
from crmlib.running.writing import write_json

_log = logging.getLogger(__name__)

GIVEN = ("params_file", "as_of", "run_dir")
"""What a notebook of a run is given; everything else it reads in the parameters."""


LINES_WITH_COMPANY: Final = 2_000_000
"""Up to so many lines of input the next month's notebooks run beside this one's: two take 4 GiB at most."""


class _Log(Watcher):
    """Notes each cell and each notebook in the log of its period."""

    def __init__(self, period: str) -> None:
        self.log = logging.LoggerAdapter(_log, {"period": period})

    def cell(self, outline: Outline, number: int) -> None:
        self.log.info("%s cell %d of %d: %s", outline.stem, number, len(outline), outline.heading(number))

    def slow(self, outline: Outline, number: int, seconds: float, limit: float) -> None:
        told = "%s has run %.0f s of at most %.0f s; cell %d of %d is under way: %s"
        self.log.warning(told, outline.stem, seconds, limit, number, len(outline), outline.heading(number))

    def finished(self, finished: Finished) -> None:
        self.log.info("%s finished in %.1f s", finished.job.stem, finished.seconds)


def execute(
    chapters: Sequence[Chapter],
    record: Record,
    places: Places,
    *,
    notebooks: Path,
    watchers: Sequence[Watcher],
    done: Sequence[Finished] = (),
) -> Steps[list[Finished]]:
    """Let the notebooks of some chapters but those done be executed.

    Yields
    ------
    Batch
        The notebooks; those that ran are sent back.

    Raises
    ------
    RunFailureError
        At the first notebook that fails, with the lines to show.
    """
    params, lines = record.params, lines_of(record.inputs)
    stems, ran = {chapter.stem for chapter in chapters}, {each.job.stem for each in done}
    tasks = [
        Task(
            _job(chapter, params, places, notebooks),
            frozenset(stems.intersection(chapter.needs)),
            frozenset(stems.intersection(chapter.reads_early)),
            chapter.looks_back,
        )
        for chapter in chapters
        if chapter.stem not in ran
    ]
    with (places.run / "log.txt").open("ab") as log:
        told = [*watchers, _Log(places.period)]
        seconds = seconds_for(params.running.notebook_seconds, lines)
        company = lines <= LINES_WITH_COMPANY and not params.chapters  # what a shop's own notebooks read nobody knows
        try:
            executed = yield Batch(tasks, seconds, log, told, list(done), has_company=company)
        except NotebookFailedError as error:
            raise explain(error, Outline.read(error.job.notebook)) from None
    if not any(chapter.notebook for chapter in chapters):  # of the report itself: what the next run takes for usual
        _write_timings(executed, places.run / "timings.json")
    return executed


def secrets(params: Parameters) -> tuple[str, ...]:
    """Name the variables of the environment that only preparation may see."""
    privacy = params.privacy
    return tuple(name for name in (privacy.key_env, privacy.previous_key_env) if name)


def _job(chapter: Chapter, params: Parameters, places: Places, notebooks: Path) -> Job:
    """Say what to execute, where to write it and with which parameters.

    papermill would only log a parameter that the notebook does not know, so that is looked at here.
    """
    notebook = notebooks / f"{chapter.notebook or chapter.stem}.ipynb"
    if not notebook.exists():
        raise RunFailureError(Outcome.NOTEBOOK_FAILED, f"notebook: {chapter.stem}", "there is no such notebook")
    wanted = [*GIVEN, *dict(chapter.given)]
    unknown = [name for name in wanted if name not in _parameter_names(notebook)]
    if unknown:
        raise RunFailureError(
            Outcome.NOTEBOOK_FAILED,
            f"notebook: {chapter.stem}",
            "its cell tagged `parameters` is missing or incomplete",
            f"it must assign {', '.join(unknown)}",
        )
    names = secrets(params)
    environment = {name: os.environ[name] for name in names if chapter.keyed and name in os.environ}
    given = {"params_file": str(places.run / "parameters.json"), "as_of": str(params.as_of), "run_dir": str(places.run)}
    executed = places.run / "notebooks" / f"{chapter.stem}.ipynb"
    executed.unlink(missing_ok=True)
    told = given | dict(chapter.given)
    return Job(notebook, executed, dict(told), environment, names, _own_folders(params, places), chapter.stem)


def _own_folders(params: Parameters, places: Places) -> tuple[str, ...]:
    """Name the folders of the run and of its inputs: a message about a file in them may say which."""
    files = [*params.files.values(), *(source for given in params.sources.given.values() for source in given)]
    patterns = [path for each in files for path in ([each.path] if isinstance(each.path, str) else each.path or [])]
    folders = [(params.root / pattern).parent for pattern in patterns]
    plain = [next(up for up in (each, *each.parents) if not has_magic(str(up))) for each in folders]
    return tuple(sorted({str(each) for folder in (places.work, *plain) for each in (folder, folder.resolve())}))


def _parameter_names(notebook: Path) -> set[str]:
    """Read the names that the parameters cell assigns."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", [])]
    tree = ast.parse("".join(tagged[0]["source"])) if tagged else ast.parse("")
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _write_timings(done: Sequence[Finished], path: Path) -> None:
    """Keep when each notebook began after the start, how long it and its cells took, and its peak memory."""
    times = {
        each.job.stem: {
            "started": round(each.started, 3),
            "seconds": round(each.seconds, 3),
            "cells": {f"{number:02}": round(seconds, 3) for number, seconds in sorted(each.cells.items())},
            "peak_mb": None if each.peak_bytes is None else round(each.peak_bytes / 1e6),
        }
        for each in done
    }
    write_json(path, times)
