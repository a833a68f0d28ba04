"""Handing a report on: one PDF of its first page and one of all its pages, beside the published report."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from crmlib.reporting.chrome import paper
from crmlib.running.browser import find_browser, print_pdf
from crmlib.running.holding import held
from crmlib.running.outcomes import Outcome, RunFailureError
from crmlib.running.places import Places
from crmlib.running.request import Request, chapters_in, load_checked
from crmlib.running.writing import share

FIRST: Final = "index.html"
_MAIN: Final = re.compile(r"<main>.*</main>", re.DOTALL)
_PAGE: Final = re.compile(r'<div class="page">.*</div>\s*(?=<footer>)', re.DOTALL)
_AWAY: Final = re.compile(r' href="[^"#][^"]*"')
"""A link to another file, which paper has not, and which would tell where the page was printed."""
_LINK: Final = re.compile(r'href="([\w-]+)\.html(#[^"]+)?"')


@dataclass(frozen=True, slots=True)
class Printed:
    """One PDF, and how many sheets it has."""

    file: Path
    sheets: int


def print_report(request: Request) -> list[Printed]:
    """Print the first page, and the whole report, of a published period.

    Raises
    ------
    RunFailureError
        If nothing is published for the period, no Chromium is there, or a run holds the series.
    """
    params = load_checked(request)
    places = Places.of(params, request.out)
    browser = find_browser()
    with held(places), TemporaryDirectory(prefix="crm-print-") as folder:
        pages = _published(places, [chapter.page for chapter in chapters_in(request, params)])
        name = f"{params.series}-{places.period}"
        made = [
            _print(browser, html, Path(folder, file))
            for file, html in ((f"{name}-first-page.pdf", pages[FIRST]), (f"{name}.pdf", in_one(pages)))
        ]
        return [_put(each, places.published) for each in made]


def in_one(pages: Mapping[str, str]) -> str:
    """Put the pages of a report into one, each on a new sheet; links between them lead within it.

    Examples
    --------
    >>> page = '<head></head><div class="page"><nav></nav><main>{}</main></div><footer></footer>'
    >>> print(in_one({"index.html": page.format('<a href="03.html#a">'), "03.html": page.format("Who")}))
    <head></head><div class="page"><main id="index"><a href="#a"></main>
    <main id="03">Who</main></div>
    <footer></footer>
    """
    mains = "\n".join(_chapters(pages))
    return _PAGE.sub(lambda _: f'<div class="page">{mains}</div>\n', pages[FIRST], count=1)


def on_paper(html: str) -> str:
    """Give a page as it is printed: in the style of paper, without links to what is not on it."""
    return _AWAY.sub("", html).replace("</head>", f"<style>{paper()}</style></head>", 1)


def _chapters(pages: Mapping[str, str]) -> Iterator[str]:
    """Give the content of each page, named, so that links find it."""
    for page, html in pages.items():
        found = _MAIN.search(html)
        if found is None:
            raise RunFailureError(Outcome.REPORT_REFUSED, f"{page}: this is no page of a report; run the report again")
        main = found[0].replace("<main>", f'<main id="{page.removesuffix(".html")}">', 1)
        yield _LINK.sub(lambda link: f'href="{link[2] or "#" + link[1]}"', main)


def _published(places: Places, names: Sequence[str]) -> dict[str, str]:
    """Read the published pages in the order they are read: the summary first."""
    order = sorted(names, key=lambda name: name != FIRST)
    files = [places.published / name for name in order]
    missing = [file.name for file in files if not file.exists()]
    if missing:
        raise RunFailureError(
            Outcome.BAD_PARAMETERS,
            f"{places.published}: there is no {missing[0]}",
            "publish the period first: crm run PARAMS --month YYYY-MM",
        )
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def _print(browser: str, html: str, pdf: Path) -> Printed:
    return Printed(pdf, print_pdf(browser, on_paper(html), pdf))


def _put(made: Printed, report: Path) -> Printed:
    """Put a PDF beside the report by a rename, readable for whom the report is."""
    file, aside = report / made.file.name, report / f".{made.file.name}"
    aside.write_bytes(made.file.read_bytes())
    share(aside)
    aside.replace(file)
    return Printed(file, made.sheets)
