"""`crm check` and `crm run` refuse secrets and persons in the parameters before anything runs, and repeat none."""

import json

import pytest

from crmlib.running.run import run

PHONE = "13812345678"
PASSWORD = "s3cret-Zq9"
SOURCE = "    path: ../data/*.csv\n"
WRONG = {
    "title": ("title: Tiny", f"title: Tiny, ask {PHONE}", ":2: title: holds a phone number"),
    "chapter": ("sources:", f"chapters: {{07_x: Ask {PHONE}}}\nsources:", ":6: chapters.07_x: holds a phone"),
    "password": (
        SOURCE,
        f"    url: postgresql://crm:{PASSWORD}@db/shop\n    table: x\n",
        ":8: sources.transactions.url",
    ),
    "token": (
        SOURCE,
        f"    url: postgresql://db/shop?token={PASSWORD}\n    table: x\n",
        ":8: sources.transactions.url",
    ),
    "query": (
        SOURCE,
        "    query: SELECT * FROM read_csv('/etc/passwd')\n",
        ":8: sources.transactions.query: reads with",
    ),
}


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("name", WRONG)
def test_bad_parameters_end_with_2_file_and_line(crm, series, command, name):
    old, new, told = WRONG[name]
    file = series.request.params_file
    text = file.read_text().replace(old, new)
    file.write_text(text + ("files: {lines: {path: ../data/orders.csv}}\n" if name == "query" else ""))
    code, said, wrong = crm(command, file)
    assert (code, f"{file}{told}" in wrong) == (2, True), wrong
    assert not any(secret in said + wrong for secret in (PHONE, PASSWORD))
    assert list(series.work.glob("2026-10")) == []


def test_no_secret_stands_in_what_a_run_writes(series, printer, monkeypatch):
    monkeypatch.setenv("SHOP_PASSWORD", PASSWORD)
    file = series.request.params_file
    more = (
        "  customers:\n    url: postgresql://crm:${SHOP_PASSWORD}@db/shop?sslpassword=${SHOP_PASSWORD}\n    table: x\n"
        "    columns: {customer_id: who}\n"
        "cleaning: {identity: {apart: ['web:ann@example.com', '100007']}}\n"
    )
    file.write_text(file.read_text() + more)
    page = run(series.request, printer)
    written = [path for folder in (series.reports, series.work) for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in written if PASSWORD.encode() in path.read_bytes()] == []
    manifest = (page.parent / "manifest.json").read_text()
    assert [each for each in ("ann@example", "100007", "crm:", "sslpassword") if each in manifest] == []
    source = json.loads(manifest)["parameters"]["sources"]["customers"][0]
    assert source["url"] == "postgresql://…@db/shop?…"
