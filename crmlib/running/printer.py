"""The pages as :mod:`crmlib.reporting` makes them; imported when a run begins, not when the command starts."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from crmlib.chapters import Chapter
from crmlib.running.edition import Edition
from crmlib.running.quick_imports import quick_imports
from crmlib.words import label_of


class ReportPrinter:
    """Renders executed notebooks with the project's template."""

    def prepare(self) -> None:
        """Import what rendering needs, ahead of the first page."""
        with quick_imports():
            import nbconvert  # noqa: F401

            import crmlib.reporting.exporter
            import crmlib.reporting.page  # noqa: F401

    def page(self, notebook: Path, chapter: Chapter, edition: Edition) -> str:
        """Render an executed notebook, without the cell that papermill put in: it holds this machine's paths."""
        from crmlib.reporting.page import PageContext, chapter_links, render_page

        content = json.loads(notebook.read_text(encoding="utf-8"))
        content["cells"] = [cell for cell in content["cells"] if cell["id"] != "injected-parameters"]
        if chapter.notebook:  # one notebook, several pages: each under the name of what it tells of
            first = content["cells"][0]
            first["source"] = re.sub(r"\A# .*", lambda _heading: f"# {_as_text(chapter.title)}", _source(first))
        context = PageContext(
            series_title=edition.title,
            period=edition.period_label,
            data_as_of=edition.as_of,
            run_id=edition.run_id,
            page=chapter.page,
            notebook=chapter.stem,
            language=edition.language,
            links=chapter_links(edition.chapters),
        )
        return render_page(content, context)

    def problems(self, html: str) -> Sequence[str]:
        """List what is wrong with a page."""
        from crmlib.reporting.problems import page_problems

        return page_problems(html)

    def front_door(self, manifests: Sequence[Mapping[str, Any]]) -> str:
        """Render the series' front door, under the newest report's title and in its language."""
        with quick_imports():
            from crmlib.reporting.page import Period, render_front_door

            newest = manifests[0]
            listed = [
                Period(
                    each["period"],
                    label_of(date.fromisoformat(each["as_of"])),
                    date.fromisoformat(each["as_of"]),
                    each["run_id"],
                    tuple(each.get("sentences", ())),
                )
                for each in manifests
            ]
            return render_front_door(newest["title"], listed, newest["parameters"]["language"])


def _source(cell: Mapping[str, Any]) -> str:
    return "".join(cell["source"])


def _as_text(name: str) -> str:
    """Write a name so that Markdown takes it for no more than text."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(name.split()))
