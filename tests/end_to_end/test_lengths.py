"""The lengths that pages keep: screens of 900 dots at 1280 wide, and words without folds and pictures."""

import shutil

import pytest

from crmlib.chapters import CHAPTERS
from crmlib.running.browser import NAMES, print_pdf
from crmlib.running.printing import in_one, on_paper

pytestmark = pytest.mark.browser

MOST = {"02_segmentation": (10, 2_100), "03_churn": (8, 1_200), "04_satisfaction": (9, 1_300), "05_actions": (8, 1_000)}


@pytest.mark.parametrize("report", ["demo_report", "online_retail_report"])
@pytest.mark.parametrize("stem", MOST)
def test_a_page_is_no_longer_than_it_may_be(request, browser, report, stem):
    screens, words = MOST[stem]
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    try:
        tab.goto((request.getfixturevalue(report) / f"{stem}.html").as_uri())
        assert tab.evaluate("document.documentElement.scrollHeight") <= screens * 900
        tab.evaluate("document.querySelectorAll('svg, nav').forEach(part => part.remove())")
        assert len(tab.inner_text("main").split()) <= words
    finally:
        tab.close()


@pytest.mark.parametrize("report", ["demo_report", "online_retail_report"])
def test_the_whole_report_prints_on_25_sheets(request, report, tmp_path):
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium to print")
    folder = request.getfixturevalue(report)
    pages = {each.page: (folder / each.page).read_text(encoding="utf-8") for each in (CHAPTERS[-1], *CHAPTERS[:-1])}
    assert len(CHAPTERS) <= print_pdf(found, on_paper(in_one(pages)), tmp_path / "report.pdf") <= 25
