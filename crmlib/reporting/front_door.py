"""The front door of a series: every period that was published, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crmlib import words
from crmlib.words import formats

if TYPE_CHECKING:
    from collections.abc import Iterable


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
    newest_first = sorted(periods, key=lambda each: (each.data_as_of, each.folder), reverse=True)
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
