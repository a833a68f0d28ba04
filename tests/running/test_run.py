"""The whole run on tiny notebooks: what is published, what is kept, and that a second run gives the same bytes."""

import json
import stat

from crmlib.running.run import run


def test_a_run_publishes_pages_results_manifest_and_front_door(series, printer):
    page = run(series.request, printer)
    assert page == series.reports / "2026-10" / "index.html"
    assert sorted(series.published()) == [
        "2026-10/01_first.html",
        "2026-10/02_second.html",
        "2026-10/index.html",
        "2026-10/results.json",
        "index.html",
    ]
    manifest = json.loads((series.reports / "2026-10" / "manifest.json").read_text())
    assert manifest["status"] == "published"
    assert manifest["inputs"][0]["lines"] == 2
    assert stat.S_IMODE(series.work.stat().st_mode) == 0o700
