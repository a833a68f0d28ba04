"""The front door of a series: every published period, newest first, rewritten whenever a run begins or publishes."""

import json
from pathlib import Path

from crmlib.running.pages import Printer
from crmlib.running.publishing import periods
from crmlib.running.writing import share, write_text


def refresh_front_door(reports: Path, printer: Printer) -> None:
    """Write ``index.html`` from the manifests that stand there."""
    manifests = [
        json.loads((reports / period / "manifest.json").read_text(encoding="utf-8"))
        for period in periods(reports)
        if (reports / period / "index.html").exists()  # a manifest that was restored has no page
    ]
    if manifests:
        write_text(reports / "index.html", printer.front_door(manifests))
        share(reports / "index.html")
