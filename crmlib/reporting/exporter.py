"""nbconvert's exporter with a template of our own and nothing from anywhere else."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from traitlets import List, default

from crmlib.reporting.blocks import body_of
from crmlib.reporting.chrome import TEMPLATES, policy, script, style
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping


class PageExporter(TemplateExporter):  # type: ignore[misc]
    """Renders executed notebooks as pages of a report, by our own templates and without any preprocessor.

    So neither a user's configuration nor a newer nbconvert changes a report.
    """

    export_from_notebook = "Report page"
    output_mimetype = "text/html"
    default_preprocessors: Any = List([])

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_file")
    def _template_file_default(self) -> str:
        return "page.html.j2"

    @default("template_paths")
    def _template_paths(self, *_args: Any) -> list[str]:
        return [str(TEMPLATES)]

    def _create_environment(self) -> Any:
        environment = super()._create_environment()
        environment.autoescape = True
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.globals["_"] = _
        return environment

    def from_notebook_node(
        self, nb: Mapping[str, Any], resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render one page; ``resources["context"]`` is its `crmlib.reporting.page.PageContext`."""
        resources = dict(resources or {})
        context = resources["context"]
        body = body_of(nb, context.notebook)
        resources |= {
            "body": body,
            "title": body.title or context.notebook,
            "policy": policy(),
            "style": Markup(style()),  # noqa: S704  (our own)
            "script": Markup(script()),  # noqa: S704
        }
        page, made = super().from_notebook_node(nb, resources, **kw)
        return str(page) + "\n", made


@cache
def exporter() -> PageExporter:
    """Give the exporter, its templates compiled once."""
    return PageExporter()
