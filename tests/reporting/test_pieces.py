"""The pieces of a page: text, code, headings, style."""

import pandas as pd
import pytest
from matplotlib.figure import Figure

from crmlib.reporting.blocks import coloured
from crmlib.reporting.chrome import packed
from crmlib.reporting.markdown import Heading, anchored, clean_html, slug
from crmlib.reporting.statements import together
from crmlib.reporting.svg import Described, page_svg
from crmlib.reporting.ticks import month_ticks


def test_only_harmless_elements_of_markdown_stay():
    source = "Is it **so**? <script>alert(1)</script><img src=x onerror=y>"
    assert clean_html(source).strip() == "<p>Is it <strong>so</strong>? </p>"


def test_a_heading_has_an_anchor_of_its_words():
    html, headings = anchored("<h2>Who left?</h2>", set())
    assert html == '<h2 id="who-left">Who left?</h2>'
    assert headings == [Heading(level=2, anchor="who-left", text="Who left?")]


@pytest.mark.parametrize(
    ("text", "anchor"),
    [("Who left, and why?", "who-left-and-why"), ("谁会离开？", "谁会离开"), ("?!", "section")],
)
def test_letters_of_every_script_stay_in_an_anchor(text, anchor):
    assert slug(text) == anchor


def test_code_is_marked_up_and_escaped():
    assert coloured("x = 'a<b'") == 'x = <span class="s">&#x27;a&lt;b&#x27;</span>'


def test_a_number_stays_with_its_unit():
    assert together("a 95 % interval of £2.3 M, n = 20") == "a 95\xa0% interval of £2.3\xa0M, n\xa0=\xa020"


def test_a_style_sheet_is_packed():
    assert packed("/* quiet */ p { margin: 0; }") == "p{margin: 0}"


def test_colours_of_a_drawing_are_named_by_role():
    raw = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path id="a" style="fill: #0a4688"/></svg>'
    drawn = page_svg(raw, Described("Up", "A square."), (1, 1))
    assert drawn.partition("</desc>")[2] == '<path style="fill:var(--blue,#0a4688)" /></svg>'


def test_the_year_stands_under_january_and_the_first_month():
    axes = Figure().subplots()
    month_ticks(axes, pd.Series(pd.to_datetime(["2025-12-01", "2026-01-01", "2026-02-01"])))
    assert [text.get_text() for text in axes.get_xticklabels()] == ["Dec\n2025", "Jan\n2026", "Feb"]
