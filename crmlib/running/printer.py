"""The pages as :mod:`crmlib.reporting` makes them; imported when a run begins, not when the command starts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crmlib.chapters import Chapter
from crmlib.running.quick_imports import quick_imports


class ReportPrinter:
    """Renders executed notebooks with the project's template."""

    def prepare(self) -> None:
        """Import what rendering needs, ahead of the first page."""
        with quick_imports():
            import crmlib.reporting.page  # noqa: F401

    def page(self, notebook: Path, chapter: Chapter) -> str:
        """Render an executed notebook."""
        raise NotImplementedError

    def problems(self, html: str) -> Sequence[str]:
        """List what is wrong with a page."""
        from crmlib.reporting.page import page_problems

        return page_problems(html)

    def front_door(self, manifests: Sequence[Mapping[str, Any]]) -> str:
        """Render the series' front door."""
        raise NotImplementedError
