"""Printing a page to PDF with a headless Chromium, where this machine has one."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.words import _

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
SECONDS: Final = 180
"""What a report may take; the demo's takes five."""

_LOOK: Final = ("--no-pdf-header-footer", "--generate-pdf-document-outline")
_PAGE: Final = re.compile(rb"/Type\s*/Page\b")


def find_browser() -> str:
    """Find a Chromium.

    Raises
    ------
    RunFailureError
        With ``NO_BROWSER`` if there is none.
    """
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        raise RunFailureError(
            Outcome.NO_BROWSER,
            _("there is no Chromium on this machine, which prints the pages"),
            _("install it (Debian: apt-get install chromium), or open the report and print it from your browser"),
        )
    return found


def print_pdf(browser: str, html: str, pdf: Path) -> int:
    """Print a page that needs nothing but itself, and count the sheets; nothing is fetched from anywhere.

    Raises
    ------
    RunFailureError
        With ``NO_BROWSER`` if the browser cannot print it.
    """
    with TemporaryDirectory(prefix="crm-print-", ignore_cleanup_errors=True) as folder:
        page, made = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, encoding="utf-8", newline="\n")
        options = [f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}", *_LOOK]
        try:
            done = subprocess.run(
                [browser, "--headless", "--disable-gpu", *_unboxed(), *options, page.as_uri()],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _failed(_("it took longer than {seconds} s").format(seconds=SECONDS)) from None
        if done.returncode or not made.exists():
            said = done.stderr.strip().splitlines() or [_("it ended with {code}").format(code=done.returncode)]
            raise _failed(said[-1])
        content = made.read_bytes()
    pdf.write_bytes(content)
    return len(_PAGE.findall(content))


def _unboxed() -> list[str]:
    """Give what a browser needs that root starts: its sandbox does not; the pages are our own and fetch nothing."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _failed(why: str) -> RunFailureError:
    return RunFailureError(Outcome.NO_BROWSER, _("the browser could not print the report: {why}").format(why=why))
