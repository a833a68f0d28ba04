"""A published report as PDF: what it needs, what is in it, and what it says where it cannot be made."""

import shutil
import stat

import pytest

from crmlib.running import browser
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.printing import in_one, print_report
from tests.running.test_cli import crm

PAGE = """<!DOCTYPE html><html lang="en"><head><title>{title}</title></head>
<body><header><a href="../index.html">All periods</a></header><div class="page"><nav class="side"></nav>
<main><h1>{title}</h1><a href="01_first.html">First</a> <a href="#here">here</a></main></div>
<footer></footer></body></html>"""


@pytest.fixture
def with_pages(published):
    for name in ("index", "01_first"):
        (published.reports / "2026-10" / f"{name}.html").write_text(PAGE.format(title=name))
    return published


def a_browser(tmp_path, monkeypatch, does):
    """Put a browser on this machine that does as told."""
    file = tmp_path / "chromium"
    file.write_text(f"#!/bin/sh\n{does}\n")
    file.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(file) if name == "chromium" else None)


def test_pages_become_one_with_links_within_it():
    html = in_one({name: PAGE.format(title=name) for name in ("index.html", "01_first.html")})
    assert html.count("<main") == html.count('href="#01_first"') == 2
    assert html.count("<title>") == html.count("<header>") == 1
    assert "<nav" not in html


def test_a_page_that_is_none_is_refused():
    with pytest.raises(RunFailureError, match="no page of a report"):
        in_one({"index.html": "half a page"})


def test_without_a_browser_it_is_said_and_the_exit_code_tells(monkeypatch, capsys, with_pages):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert crm(monkeypatch, "print", with_pages.request.params_file) == Outcome.NO_BROWSER == 69
    assert capsys.readouterr().err.splitlines() == [
        "there is no Chromium on this machine, which prints the pages",
        "install it (Debian: apt-get install chromium), or open the report and print it from your browser",
    ]


def test_a_period_that_is_not_published_cannot_be_printed(monkeypatch, capsys, tmp_path, with_pages):
    a_browser(tmp_path, monkeypatch, "exit 0")
    assert crm(monkeypatch, "print", with_pages.request.params_file, "--month", "2026-09") == Outcome.BAD_PARAMETERS
    assert "publish the period first: crm run PARAMS --month YYYY-MM" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("does", "why"),
    [("echo it broke >&2; exit 1", "it broke"), ("exit 3", "it ended with 3"), ("exec sleep 9", "it took longer than")],
)
def test_a_browser_that_fails_leaves_nothing_behind(monkeypatch, tmp_path, with_pages, does, why):
    a_browser(tmp_path, monkeypatch, does)
    monkeypatch.setattr(browser, "SECONDS", 0.3)
    with pytest.raises(RunFailureError, match=why) as failed:
        print_report(with_pages.request)
    assert failed.value.outcome is Outcome.NO_BROWSER
    assert not list((with_pages.reports / "2026-10").glob("*pdf*"))


@pytest.mark.browser
def test_the_first_page_and_the_whole_report_are_printed(with_pages):
    if not any(map(shutil.which, browser.NAMES)):
        pytest.skip("no Chromium: apt-get install chromium to print")
    first, whole = print_report(with_pages.request)
    assert (first.file.name, first.sheets) == ("tiny-2026-10-first-page.pdf", 1)
    assert (whole.file.name, whole.sheets) == ("tiny-2026-10.pdf", 2)
    for made in (first, whole):
        content = made.file.read_bytes()
        assert content.startswith(b"%PDF-")
        assert b"file://" not in content
        assert stat.S_IMODE(made.file.stat().st_mode) & 0o444 == 0o444
