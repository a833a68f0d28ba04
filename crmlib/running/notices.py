"""Telling how a run ended: to a webhook, a command, a file for Prometheus; no personal data, no reason to fail."""

import json
import logging
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from crmlib.params import Parameters
from crmlib.running.outcomes import RunFailureError
from crmlib.running.places import Places

_log = logging.getLogger(__name__)

PATIENCE: Final = 30
"""Seconds that whoever is told has for it."""


@contextmanager
def noticed(params: Parameters, places: Places) -> Iterator[None]:
    """Tell how the block ended, as the parameters wish."""
    started = time.monotonic()
    try:
        yield
    except RunFailureError as failure:
        more = {"exit_code": int(failure.outcome), "failure": list(failure.lines)}
        tell(params, {**_end(params, places, started), "status": "failure", **more})
        raise
    manifest = json.loads((places.published / "manifest.json").read_text(encoding="utf-8"))
    warnings = manifest["warnings"]
    known = {"run_id": manifest["run_id"], "exit_code": 0, "warnings": warnings}
    tell(params, {**_end(params, places, started), "status": "warning" if warnings else "success", **known})


def _end(params: Parameters, places: Places, started: float) -> dict[str, Any]:
    return {
        "series": params.series,
        "period": places.period,
        "seconds": round(time.monotonic() - started, 1),
        "warnings": [],
    }


def tell(params: Parameters, end: dict[str, Any]) -> None:
    """Tell everybody whom the parameters name; who cannot be told is a line in the log."""
    notices = params.running.notices
    ways: list[tuple[str, Any]] = []
    if notices.metrics_file:
        ways.append((notices.metrics_file, lambda: write_metrics(params.root / str(notices.metrics_file), end)))
    if end["status"] in notices.on and notices.webhook_env:
        ways.append((notices.webhook_env, lambda: _post(os.environ[str(notices.webhook_env)], end)))
    if end["status"] in notices.on and notices.command:
        ways.append((notices.command[0], lambda: _call(notices.command, end)))
    for name, way in ways:
        try:
            way()
        except Exception as error:  # noqa: BLE001  (a notice that fails must not change how the run ended)
            _log.warning("the end of the run could not be told to %s: %s", name, type(error).__name__)


def _post(address: str, end: dict[str, Any]) -> None:
    import requests

    requests.post(address, json=end, timeout=PATIENCE).raise_for_status()


def _call(command: tuple[str, ...], end: dict[str, Any]) -> None:
    given = json.dumps(end, ensure_ascii=False)
    subprocess.run(command, input=given, text=True, check=True, timeout=PATIENCE, capture_output=True)


def write_metrics(file: Path, end: dict[str, Any]) -> None:
    """Write the end as gauges, in the text format of Prometheus."""
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()
    numbers = {
        "crm_run_timestamp_seconds": ("when the last run ended", time.time()),
        "crm_run_success": ("whether the last run published its report", float(end["status"] != "failure")),
        "crm_run_exit_code": ("exit code of the last run", end["exit_code"]),
        "crm_run_seconds": ("how long the last run took", end["seconds"]),
        "crm_run_warnings": ("warnings of the last run", len(end["warnings"])),
    }
    for name, (meaning, value) in numbers.items():
        Gauge(name, meaning, ["series", "period"], registry=registry).labels(end["series"], end["period"]).set(value)
    write_to_textfile(str(file), registry)
