"""How a run ended is told to whom the parameters name, without personal data, and never changes how it ended."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crmlib.running.outcomes import RunFailureError
from crmlib.running.run import run

EVERY = {"running.notices.on": "[success, warning, failure]"}
FAILING = "name = ' '.join(['Li', 'Wei'])\nint(name)"


def metrics(file):
    families = text_string_to_metric_families(file.read_text())
    return {sample.name: sample.value for family in families for sample in family.samples}


@pytest.fixture
def by_command(series):
    """Give what a command was told, after a run; the command writes its standard input to a file."""
    file = series.folder / "told.json"
    write = f"import sys; open({str(file)!r}, 'w').write(sys.stdin.read())"
    command = json.dumps([sys.executable, "-c", write])
    return {"running.notices.command": command}, lambda: json.loads(file.read_text()) if file.exists() else None


def test_a_command_is_told_of_warnings_and_failures_but_not_of_what_nobody_wants(series, printer, by_command):
    options, told = by_command
    run(series.asked(overrides={**options, "running.notices.on": "[failure]"}), printer)
    assert told() is None
    run(series.asked(overrides=options), printer)
    assert (told()["status"], told()["period"]) == ("warning", "2026-10")
    assert told()["warnings"] == ["customers' pseudonyms were made with the published demo key"]


def test_a_failure_is_told_without_values_of_the_data(series, printer, by_command):
    options, told = by_command
    series.write("01_first", FAILING)
    with pytest.raises(RunFailureError):
        run(series.asked(overrides=options), printer)
    assert (told()["status"], told()["exit_code"]) == ("failure", 4)
    assert "Wei" not in json.dumps(told()).replace("['Li', 'Wei']", "")


def test_a_missing_input_is_told_as_well(series, printer, by_command):
    options, told = by_command
    (series.folder / "data" / "orders.csv").unlink()
    with pytest.raises(RunFailureError):
        run(series.asked(overrides=options), printer)
    assert told()["exit_code"] == 2


def test_a_webhook_gets_json_and_its_address_stands_nowhere(series, printer, monkeypatch):
    posted = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HOOK", f"http://127.0.0.1:{server.server_port}/secret-token")
    try:
        run(series.asked(overrides={"running.notices.webhook_env": "HOOK"}), printer)
    finally:
        server.shutdown()
        server.server_close()
    assert [each["status"] for each in posted] == ["warning"]
    kept = [each for each in (*series.work.rglob("*"), *series.reports.rglob("*")) if each.is_file()]
    assert not [each for each in kept if b"secret-token" in each.read_bytes()]


def test_metrics_are_written_at_every_end(series, printer):
    options = {"running.notices.metrics_file": "../crm.prom"}
    run(series.asked(overrides=options), printer)
    published = metrics(series.folder / "crm.prom")
    assert (published["crm_run_success"], published["crm_run_exit_code"], published["crm_run_warnings"]) == (1, 0, 1)
    series.write("01_first", FAILING)
    with pytest.raises(RunFailureError):
        run(series.asked(overrides=options), printer)
    failed = metrics(series.folder / "crm.prom")
    assert (failed["crm_run_success"], failed["crm_run_exit_code"]) == (0, 4)


@pytest.mark.parametrize(
    "options",
    [{"running.notices.command": '["no-such-program"]'}, {"running.notices.webhook_env": "NOT_SET"},
     {"running.notices.metrics_file": "no/such/folder/crm.prom"}],
)  # fmt: skip
def test_who_cannot_be_told_does_not_change_how_the_run_ended(series, printer, options, caplog):
    assert run(series.asked(overrides=options | EVERY), printer).exists()
    assert "could not be told" in caplog.text
