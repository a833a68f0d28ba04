"""The page of a chapter: one file that opens offline in ten years, made from an executed notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crmlib import words
from crmlib.chapters import CHAPTERS
from crmlib.reporting.outputs import UnshowableOutputError
from crmlib.reporting.problems import page_problems
from crmlib.words import formats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crmlib.chapters import Chapter

__all__ = ["PageContext", "PageLink", "UnshowableOutputError", "chapter_links", "page_problems", "render_page"]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the report, as others link to it."""

    page: str
    title: str


def chapter_links(chapters: Sequence[Chapter] = CHAPTERS) -> tuple[PageLink, ...]:
    """Give the pages of a report in the order they are read: the summary first."""
    last, *others = reversed(chapters)
    return tuple(PageLink(each.page, words._(each.title)) for each in (last, *reversed(others)))


@dataclass(frozen=True, slots=True)
class PageContext:
    """What a page says about the report it belongs to; the end of its data is exclusive, the page says the day before.

    `links` are all pages of the report, this one among them, in the order they are read; `front_door` is the address of
    the page with all periods, empty for none.
    """

    series_title: str
    period: str
    data_as_of: date
    run_id: str
    page: str
    notebook: str
    language: str = "en"
    links: tuple[PageLink, ...] = field(default_factory=chapter_links)
    front_door: str = "../index.html"

    @property
    def data_to(self) -> str:
        """The last day of the data, in words."""
        return formats.day(self.data_as_of - timedelta(days=1))

    @property
    def previous(self) -> PageLink | None:
        """The page before this one."""
        return self._beside(-1)

    @property
    def next(self) -> PageLink | None:
        """The page after this one."""
        return self._beside(1)

    def _beside(self, step: int) -> PageLink | None:
        places = [i for i, link in enumerate(self.links) if link.page == self.page]
        place = places[0] + step if places else -1
        return self.links[place] if 0 <= place < len(self.links) else None


def render_page(notebook: Mapping[str, Any], context: PageContext) -> str:
    """Make the page of an executed notebook (nbformat 4): the same notebook and context give the same bytes.

    It is complete in itself: no request to anywhere, its own short script allowed by its hash, readable without it. A
    cell that put out anything but shown objects is an error.
    """
    import nbformat

    from crmlib.reporting.exporter import exporter

    words.speak(context.language)
    page, _resources = exporter().from_notebook_node(nbformat.from_dict(notebook), {"context": context})
    return str(page)
