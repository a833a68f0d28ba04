"""Showing how far a run is: a bar with the notebook and cell under way on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crmlib.running.outline import Outline
from crmlib.running.schedule import Finished, Watcher

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID


class PlainProgress(Watcher):
    """One line at the start and at the end of a notebook, for logs of cron and systemd."""

    def __init__(self, console: "Console", total: int) -> None:
        self.console = console
        self.total = total
        self.done = 0
        self.begun: set[str] = set()

    def cell(self, outline: Outline, number: int) -> None:  # noqa: ARG002  (a line a cell would be too many)
        """Say once that a notebook has begun."""
        if outline.stem not in self.begun:
            self.begun.add(outline.stem)
            self.console.print(f"{outline.stem} …", highlight=False)

    def finished(self, finished: Finished) -> None:
        """Say that a notebook is done, and in what time."""
        self.done += 1
        line = f"{finished.job.stem} done in {finished.seconds:.1f} s ({self.done} of {self.total})"
        self.console.print(line, highlight=False)


class BarProgress(Watcher):
    """A bar over all notebooks and a line for each one under way."""

    def __init__(self, progress: "Progress", total: int) -> None:
        self.progress = progress
        self.whole = progress.add_task("report", total=total)
        self.lines: dict[str, TaskID] = {}

    def cell(self, outline: Outline, number: int) -> None:
        """Move the notebook's line to the cell."""
        if outline.stem not in self.lines:
            self.lines[outline.stem] = self.progress.add_task(outline.stem, total=len(outline))
        text = f"{outline.stem}  cell {number}/{len(outline)}  {outline.heading(number)}"
        self.progress.update(self.lines[outline.stem], completed=number - 1, description=text[:72])

    def finished(self, finished: Finished) -> None:
        """Take the notebook's line away and move the bar."""
        if finished.job.stem in self.lines:
            self.progress.remove_task(self.lines.pop(finished.job.stem))
        self.progress.advance(self.whole)


@contextmanager
def shown_progress(total: int) -> Iterator[Watcher]:
    """Show progress on standard error, so that standard output holds nothing but the report's path."""
    from rich.console import Console

    console = Console(stderr=True, soft_wrap=True)
    if not console.is_terminal:
        yield PlainProgress(console, total)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield BarProgress(progress, total)
