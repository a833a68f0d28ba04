"""Showing how far a run is: a bar with the notebook and cell under way on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from crmlib.running.outline import Outline
from crmlib.running.timetable import Timetable
from crmlib.running.watching import Finished, Watcher

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

MINUTE: Final = 60.0


class _Clock(Watcher):
    """Knows the cells under way and how long the run has still to go."""

    def __init__(self) -> None:
        self.timetable: Timetable | None = None
        self.started = time.monotonic()
        self.under_way: dict[str, tuple[Outline, int]] = {}

    def begun(self, timetable: Timetable | None) -> None:
        """Set the clock."""
        self.timetable, self.started = timetable, time.monotonic()
        self.under_way = {}

    def cell(self, outline: Outline, number: int) -> None:
        """Note which cell is under way."""
        self.under_way[outline.stem] = (outline, number)

    def finished(self, finished: Finished) -> None:
        """Note that a notebook is no longer under way."""
        self.under_way.pop(finished.job.stem, None)

    @property
    def elapsed(self) -> float:
        """Seconds since the notebooks began."""
        return time.monotonic() - self.started

    def left(self) -> str:
        """Say how long it takes yet, where an earlier run tells."""
        if self.timetable is None:
            return ""
        cells = [(stem, number) for stem, (_, number) in self.under_way.items()]
        left = [seconds for each in cells if (seconds := self.timetable.left(*each, self.elapsed)) is not None]
        return f", about {span(max(left))} left" if left else ""


class PlainProgress(_Clock):
    """One line at the start and at the end of a notebook and one a minute, for logs of cron and systemd."""

    def __init__(self, console: "Console", total: int, *, many: bool = False, before: str = "") -> None:
        super().__init__()
        self.console = console
        self.total = total
        self.many = many
        self.before = before
        self.done = 0
        self.said = time.monotonic()

    def of_period(self, period: str) -> "PlainProgress":
        """Say at once that something happens; of many periods each line tells which is meant."""
        self._print(f"{period}: looking at the parameters and inputs …")
        return PlainProgress(self.console, self.total, before=f"{period}: " if self.many else "")

    def up_to_date(self, period: str) -> None:
        """Say that there is nothing to do."""
        self._print(f"{period} is up to date: same inputs, parameters and code; --again makes it anew")

    def room(self, said: str) -> None:
        """Say what the run needs of the disk."""
        self._say(said)

    def goes_on(self, stems: Sequence[str]) -> None:
        """Say where the run goes on."""
        self._say(f"going on after {', '.join(stems)}" if stems else "nothing to go on with; all notebooks run")

    def cell(self, outline: Outline, number: int) -> None:
        """Say once that a notebook has begun."""
        if outline.stem not in self.under_way:
            self._say(f"{outline.stem} …")
        super().cell(outline, number)

    def slow(self, outline: Outline, number: int, seconds: float, limit: float) -> None:
        """Say which cell may run into the limit."""
        place = f"cell {number} of {len(outline)}, {outline.heading(number)}"
        self._say(f"{outline.stem} has run {span(seconds)} of at most {span(limit)} ({place})")

    def tick(self) -> None:
        """Say once a minute what is under way."""
        if self.under_way and time.monotonic() - self.said >= MINUTE:
            cells = (f"{stem} cell {number} of {len(outline)}" for stem, (outline, number) in self.under_way.items())
            self._say(f"{span(self.elapsed)}: {'; '.join(cells)}{self.left()}")

    def finished(self, finished: Finished) -> None:
        """Say that a notebook is done, and in what time."""
        super().finished(finished)
        self.done += 1
        self.total = max(self.total, self.done)  # the pages of stores are not known before
        self._say(f"{finished.job.stem} done in {finished.seconds:.1f} s ({self.done} of {self.total})")

    def _say(self, line: str) -> None:
        self._print(f"{self.before}{line}")
        self.said = time.monotonic()

    def _print(self, line: str) -> None:
        self.console.print(line, highlight=False)


class BarProgress(_Clock):
    """A bar over all notebooks and a line for each one under way."""

    def __init__(self, progress: "Progress", total: int, *, many: bool = False, name: str = "report") -> None:
        super().__init__()
        self.progress = progress
        self.total = total
        self.many = many
        self.name = name
        self.done = 0
        self.whole = progress.add_task(name, total=total)
        self.lines: dict[str, TaskID] = {}

    def of_period(self, period: str) -> "BarProgress":
        """Start a bar of the period, and say that the inputs are looked at."""
        self.progress.update(self.whole, visible=False)
        bar = BarProgress(self.progress, self.total, many=self.many, name=period if self.many else self.name)
        self.progress.update(bar.whole, description=f"{period}  looking at the inputs")
        return bar

    def up_to_date(self, period: str) -> None:
        """Say that there is nothing to do."""
        self.progress.update(self.whole, visible=False)
        self.progress.print(f"{period} is up to date: same inputs, parameters and code; --again makes it anew")

    def room(self, said: str) -> None:
        """Say what the run needs of the disk."""
        self.progress.print(said)

    def goes_on(self, stems: Sequence[str]) -> None:
        """Say where the run goes on."""
        self.progress.print(f"going on after {', '.join(stems)}" if stems else "nothing to go on with")

    def cell(self, outline: Outline, number: int) -> None:
        """Move the notebook's line to the cell."""
        super().cell(outline, number)
        if outline.stem not in self.lines:
            self.lines[outline.stem] = self.progress.add_task(outline.stem, total=len(outline))
        text = f"{outline.stem}  cell {number}/{len(outline)}  {outline.heading(number)}"
        self.progress.update(self.lines[outline.stem], completed=number - 1, description=text[:72])
        self.progress.update(self.whole, description=f"{self.name}{self.left()}")

    def slow(self, outline: Outline, number: int, seconds: float, limit: float) -> None:
        """Say which cell may run into the limit."""
        self.progress.print(f"{outline.stem} has run {span(seconds)} of at most {span(limit)} (cell {number})")

    def finished(self, finished: Finished) -> None:
        """Take the notebook's line away and move the bar."""
        super().finished(finished)
        if finished.job.stem in self.lines:
            self.progress.remove_task(self.lines.pop(finished.job.stem))
        self.progress.advance(self.whole)
        self.done += 1
        if self.many and self.done == self.total:
            self.progress.update(self.whole, visible=False)


def span(seconds: float) -> str:
    """Give a time as people say it.

    Examples
    --------
    >>> span(42.4), span(95), span(7300)
    ('42 s', '1 min 35 s', '2 h 1 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= MINUTE:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@contextmanager
def shown_progress(total: int, *, many: bool = False) -> Iterator[Watcher]:
    """Show progress on standard error, so that standard output holds nothing but the report's path."""
    from rich.console import Console

    console = Console(stderr=True, soft_wrap=True)
    if not console.is_terminal:
        yield PlainProgress(console, total, many=many)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield BarProgress(progress, total, many=many)
