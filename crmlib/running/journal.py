"""What a run has finished, so that a run that failed or was killed can be gone on with where it stopped."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from crmlib.chapters import Chapter
from crmlib.running.child import Job
from crmlib.running.outline import Outline
from crmlib.running.watching import Finished, Watcher
from crmlib.running.writing import write_json

_OURS = {"journal.json", "log.txt", "manifest.json", "parameters.json", "timings.json"}


class Journal(Watcher):
    """Notes each finished notebook beside what the run was made of, and the files that were written meanwhile."""

    def __init__(self, run: Path, made_of: str) -> None:
        self.run = run
        self.made_of = made_of
        self.before: dict[str, dict[str, list[int]]] = {}
        self.entries: dict[str, Any] = {}
        self.resumed: list[Finished] = []

    def cell(self, outline: Outline, number: int) -> None:  # noqa: ARG002  (the first cell is the start)
        """Note what stood there when a notebook began."""
        self.before.setdefault(outline.stem, _files(self.run))

    def finished(self, finished: Finished) -> None:
        """Write the entry of a notebook that ran; one gone on with has its entry."""
        if finished.job.stem in self.entries:
            return
        before = self.before.get(finished.job.stem, {})
        written = {name: stamp for name, stamp in _files(self.run).items() if before.get(name) != stamp}
        self.entries[finished.job.stem] = {
            "started": finished.started,
            "seconds": finished.seconds,
            "cells": finished.cells,
            "peak_bytes": finished.peak_bytes,
            "files": written,
        }
        write_json(self.run / "journal.json", {"made_of": self.made_of, "notebooks": self.entries})

    def resume(self, chapters: Sequence[Chapter], notebooks: Path) -> None:
        """Find the notebooks that need not run again: made of the same, their files and those they read untouched."""
        file = self.run / "journal.json"
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        if kept.get("made_of") != self.made_of:
            return
        there = _files(self.run)
        for chapter in chapters:
            entry = kept["notebooks"].get(chapter.stem)
            if entry and _follows(chapter, self.entries) and entry["files"].items() <= there.items():
                self.entries[chapter.stem] = entry
        self.resumed = [_finished(stem, entry, notebooks, self.run) for stem, entry in self.entries.items()]


def _follows(chapter: Chapter, earlier: Collection[str]) -> bool:
    return {*chapter.needs, *chapter.reads_early} <= set(earlier)


def _finished(stem: str, entry: dict[str, Any], notebooks: Path, run: Path) -> Finished:
    name = f"{stem}.ipynb"
    cells = {int(number): seconds for number, seconds in entry["cells"].items()}
    job = Job(notebooks / name, run / "notebooks" / name, {})
    return Finished(job, entry["seconds"], cells, entry["peak_bytes"], entry["started"])


def _files(run: Path) -> dict[str, list[int]]:
    """Give size and time of all that notebooks have written."""
    files = (each for each in run.rglob("*") if each.is_file() and each.name not in _OURS)
    return {str(each.relative_to(run)): [each.stat().st_size, each.stat().st_mtime_ns] for each in files}
