"""The pages of a report, each one file that opens offline in ten years: a chapter's, and the series' front door."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from crmlib import words
from crmlib.chapters import CHAPTERS
from crmlib.words import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crmlib.chapters import Chapter


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the report, as others link to it."""

    page: str
    title: str


def chapter_links(chapters: Sequence[Chapter] = CHAPTERS) -> tuple[PageLink, ...]:
    """Give the pages of a report in the order they are read: the summary first."""
    last, *others = reversed(chapters)
    return tuple(PageLink(chapter.page, words._(chapter.title)) for chapter in (last, *reversed(others)))


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


@dataclass(frozen=True, slots=True)
class Period:
    """A published period: its folder beside the front door (``2026-10``), its label (``October 2026``), what it said.

    The end of its data is exclusive.
    """

    folder: str
    label: str
    data_as_of: date
    run_id: str
    sentences: tuple[str, ...] = ()

    @property
    def data_to(self) -> str:
        """The last day of the data, in words."""
        return formats.day(self.data_as_of - timedelta(days=1))


def render_front_door(series_title: str, periods: Iterable[Period], language: str = "en") -> str:
    """Make ``reports/<series>/index.html``, the newest of the published periods first; one there must be."""
    newest_first = sorted(periods, key=lambda period: (period.data_as_of, period.folder), reverse=True)
    if not newest_first:
        raise ValueError(f"no period of {series_title} is published yet: there is nothing to list")
    from markupsafe import Markup

    from crmlib.reporting.chrome import policy, style
    from crmlib.reporting.exporter import exporter

    words.speak(language)
    template = exporter().environment.get_template("front_door.html.j2")
    page = template.render(
        series_title=series_title,
        periods=newest_first,
        language=language,
        policy=policy(),
        style=Markup(style()),  # noqa: S704  (our own)
    )
    return str(page) + "\n"
