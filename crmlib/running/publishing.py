"""Putting a report in place: built aside, then swapped by two renames, so that no reader ever meets half of it.

The swap has three steps: the old report steps aside, the new one takes its place, the old one goes. A run that is
interrupted between them leaves a state that :func:`mend` recognises at the next start.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from crmlib.running.writing import share, shared_folder

BUILDING: Final = ".building-"
STAGES: Final = ("clean", "quarantine", "stage", "shared")
"""What a run can make again from the delivery."""

REPLACED: Final = ".replaced-"


@contextmanager
def building(reports: Path, period: str) -> Iterator[Path]:
    """Give an empty folder beside the report to build it in; however the block ends, the reports are mended."""
    folder = reports / f"{BUILDING}{period}"
    shared_folder(reports)
    folder.mkdir()
    try:
        yield folder
    finally:
        mend(reports)


def put_in_place(built: Path, report: Path) -> None:
    """Swap a finished report for the one that stands there."""
    share(built)
    old = report.with_name(f"{REPLACED}{report.name}")
    if report.exists():
        report.rename(old)
    built.rename(report)
    if old.exists():
        shutil.rmtree(old)


def mend(reports: Path) -> None:
    """Finish or undo what an interrupted run left, before anything else is done.

    Where the new report had not taken its place, the old one takes it again: it is complete and was published.
    """
    for old in sorted(reports.glob(f"{REPLACED}*")):
        report = old.with_name(old.name.removeprefix(REPLACED))
        if report.exists():
            shutil.rmtree(old)
        else:
            old.rename(report)
    for folder in sorted(reports.glob(f"{BUILDING}*")):
        shutil.rmtree(folder)


def periods(reports: Path) -> list[str]:
    """List the published periods, newest first.

    Examples
    --------
    >>> periods(Path("no/such/folder"))
    []
    """
    return sorted((each.parent.name for each in reports.glob("[0-9]*/manifest.json")), key=_as_of, reverse=True)


def remove_old_stages(work: Path, keep: int, under_way: str | None = None) -> list[str]:
    """Remove the clean tables and the quarantine of all but the newest periods; lists, notebooks and results stay.

    A period that may be under way already keeps its own.
    """
    stages = sorted(
        (each.parent for each in work.glob("[0-9]*/clean")), key=lambda each: _as_of(each.name), reverse=True
    )
    old = [folder for folder in stages[keep:] if folder.name != under_way]
    for folder in old:
        for name in STAGES:
            shutil.rmtree(folder / name, ignore_errors=True)
    return [folder.name for folder in old]


def _as_of(period: str) -> str:
    """Give the exclusive end of a period, by which periods are sorted: a month ends on the first of the next."""
    if len(period) > len("2026-10"):
        return period
    year, month = int(period[:4]), int(period[5:7])
    return f"{year + month // 12:04}-{month % 12 + 1:02}-01"


def predecessor(reports: Path, period: str) -> str | None:
    """Find the newest published period that ends before this one."""
    return next((each for each in periods(reports) if _as_of(each) < _as_of(period)), None)
