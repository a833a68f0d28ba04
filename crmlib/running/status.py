"""What is published below a folder: when, from what, in what time, with which warnings."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.progress import span
from crmlib.running.publishing import periods

_ROW = "{:<24} {:<12} {:<18} {:>6} {:>12} {:>12} {:>9}  {}"


@dataclass(frozen=True, slots=True)
class Published:
    """One published period of a series.

    Attributes
    ----------
    series, period, run_id
        What it is.
    published
        When, in UTC.
    seconds
        How long its run took.
    files, lines
        What it was made of; lines where the files tell.
    warnings
        What a reader should know, as the manifest has it.
    """

    series: str
    period: str
    run_id: str
    published: str
    seconds: float
    files: int
    lines: int
    warnings: tuple[str, ...]


def published_below(reports: Path) -> list[Published]:
    """List what is published in a folder of series, or of one series, by series and newest first.

    Raises
    ------
    RunFailureError
        With ``BAD_PARAMETERS`` if there is no such folder.
    """
    if not reports.is_dir():
        raise RunFailureError(Outcome.BAD_PARAMETERS, f"{reports}: there is no such folder; give the one with reports")
    series = [reports, *sorted(each for each in reports.iterdir() if each.is_dir())]
    return [_read(folder / period) for folder in series for period in periods(folder)]


def _read(folder: Path) -> Published:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    started, finished = (datetime.fromisoformat(manifest[name]) for name in ("started", "finished"))
    return Published(
        manifest["series"],
        manifest["period"],
        manifest["run_id"],
        manifest["finished"],
        (finished - started).total_seconds(),
        len(manifest["inputs"]),
        sum(each["lines"] or 0 for each in manifest["inputs"]),
        tuple(manifest["warnings"]),
    )


def as_lines(found: Sequence[Published]) -> Iterator[str]:
    """Give a table in lines of text, the warnings of each series' newest period below it."""
    if not found:
        yield "nothing is published there yet"
        return
    yield _ROW.format("series", "period", "published (UTC)", "files", "lines", "took", "warnings", "run").rstrip()
    for each in found:
        when = f"{datetime.fromisoformat(each.published):%Y-%m-%d %H:%M}"
        took = span(each.seconds)
        yield _ROW.format(
            each.series, each.period, when, each.files, f"{each.lines:,}", took, len(each.warnings), each.run_id
        )
    newest = {each.series: each for each in reversed(found)}
    for series in sorted(newest):
        yield from (f"{series} {newest[series].period}: {warning}" for warning in newest[series].warnings)
