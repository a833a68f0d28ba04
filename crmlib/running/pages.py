"""Rendering executed notebooks to pages while later ones still run, and checking each before it is published."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from crmlib.chapters import Chapter
from crmlib.running.edition import Edition
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.watching import Finished, Watcher
from crmlib.running.wording import first_line

_log = logging.getLogger(__name__)


class Printer(Protocol):
    """Makes pages: nothing here knows how."""

    def prepare(self) -> None:
        """Import what rendering needs, ahead of the first page."""

    def page(self, notebook: Path, chapter: Chapter, edition: Edition) -> str:
        """Render an executed notebook."""

    def problems(self, html: str) -> Sequence[str]:
        """List what is wrong with a page; nothing if it may be published."""

    def front_door(self, manifests: Sequence[Mapping[str, Any]]) -> str:
        """Render the series' front door from the manifests of its periods, newest first."""


@dataclass(frozen=True, slots=True)
class Press:
    """A printer at work beside the run; the renderer makes one page at a time."""

    printer: Printer
    renderer: Executor


class Pages(Watcher):
    """Renders each notebook as soon as it has finished, beside the run."""

    def __init__(self, chapters: Sequence[Chapter], press: Press, edition: Edition) -> None:
        self.edition = edition
        self.chapters = {chapter.stem: chapter for chapter in chapters}
        self.press = press
        self.pages: dict[str, Future[str]] = {}
        press.renderer.submit(press.printer.prepare)

    def finished(self, finished: Finished) -> None:
        """Queue the notebook's page."""
        chapter = self.chapters[finished.job.stem]
        printer, renderer = self.press.printer, self.press.renderer
        self.pages[chapter.stem] = renderer.submit(printer.page, finished.job.executed, chapter, self.edition)

    def write(self, folder: Path) -> None:
        """Write all pages that passed their checks.

        Raises
        ------
        RunFailureError
            If a page cannot be made or fails its checks; nothing may be published then.
        """
        for stem, page in self.pages.items():
            html = refuse_unfit(stem, self.press.printer, page.result)
            (folder / self.chapters[stem].page).write_text(html, encoding="utf-8", newline="\n")


def refuse_unfit(stem: str, printer: Printer, page: Callable[[], str]) -> str:
    """Give a notebook's page, checked.

    Raises
    ------
    RunFailureError
        If it cannot be made or fails its checks.
    """
    try:
        html = page()
    except Exception as error:
        raise _refused(stem, f"{type(error).__name__}: {first_line(str(error))}") from error
    problems = printer.problems(html)
    if problems:
        _log.error("the page of %s: %s", stem, "; ".join(problems))
        raise _refused(stem, *problems)
    return html


def _refused(stem: str, *problems: str) -> RunFailureError:
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return RunFailureError(
        Outcome.REPORT_REFUSED, f"notebook: {stem}", "its page failed its checks", f"{first_line(problems[0])}{more}"
    )
