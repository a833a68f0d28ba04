"""The page: complete in itself, clean, the same again, and nothing on it that was not shown."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import nbformat
import pytest
from nbformat import v4

from crmlib.reporting import note, nothing
from crmlib.reporting.blocks import UnshowableOutputError
from crmlib.reporting.page import PageLink, Period, chapter_links, render_front_door, render_page
from crmlib.reporting.problems import page_problems

MOST_OVERHEAD = 10 * 1024


def notebook_of(*cells):
    return v4.new_notebook(cells=list(cells))


def text(source):
    return v4.new_markdown_cell(source)


def output(kind="execute_result", **fields):
    made = v4.new_output(kind, **fields)
    return v4.new_code_cell("frame.head()", outputs=[made], execution_count=1)


TITLE = text("# Who is about to leave?")


def test_a_real_page_has_no_problems(page):
    assert page_problems(page) == []


def test_the_same_notebook_gives_the_same_bytes(notebook, context, page):
    assert render_page(notebook, context) == page


def test_the_notebook_is_not_changed(notebook, context):
    before = nbformat.writes(notebook)
    render_page(notebook, context)
    assert nbformat.writes(notebook) == before


def test_the_template_is_lean(context):
    assert len(render_page(notebook_of(TITLE), context).encode()) < MOST_OVERHEAD


def test_the_title_block_says_what_and_when(page):
    head = page[: page.index("<main>")]
    for said in ("Demo chain, customer report", "October 2026", "Data to 31\u00a0Oct\u00a02026", "Run 7f3c91d2"):
        assert said in head
    assert "<title>Who is about to leave? · Demo chain, customer report · October 2026</title>" in head


def test_contents_follow_the_headings(page):
    links = re.findall(r'<a href="(#[^"]+)">([^<]+)</a>', page)
    assert links == [
        ("#which-customers-are-leaving", "Which customers are leaving?"),
        ("#how-has-it-moved", "How has it moved?"),
        ("#when-do-new-customers-come-back", "When do new customers come back?"),
        ("#which-stores-lose-the-most", "Which stores lose the most?"),
        ("#by-store", "By store"),
        ("#would-an-offer-keep-them", "Would an offer keep them?"),
    ]


def test_pages_lead_to_the_ones_before_and_after(page):
    assert re.search(r'rel="prev" href="02_segmentation.html"', page)
    assert re.search(r'rel="next" href="04_satisfaction.html"', page)


@pytest.mark.parametrize(
    ("page_name", "before", "after"),
    [
        ("index.html", None, "01_data_prep.html"),
        ("05_actions.html", "04_satisfaction.html", None),
        ("x.html", None, None),
    ],
)
def test_the_first_and_the_last_page(context, page_name, before, after):
    own = replace(context, page=page_name)
    assert (own.previous and own.previous.page, own.next and own.next.page) == (before, after)


def test_the_summary_is_read_first():
    assert [link.page for link in chapter_links()] == [
        "index.html",
        "01_data_prep.html",
        "02_segmentation.html",
        "03_churn.html",
        "04_satisfaction.html",
        "05_actions.html",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_names_its_language(context, language):
    assert f'<html lang="{language}">' in render_page(notebook_of(TITLE), replace(context, language=language))


def test_code_stands_behind_one_click_and_parameters_not_at_all(page):
    folds = re.findall(
        r'<details class="code"><summary>Code</summary><pre><code>(.*?)</code></pre></details>', page, re.DOTALL
    )
    assert len(folds) == 6  # one a section, whatever its number of cells
    assert '<span class="k">from</span> crmlib.churn' in folds[0]
    assert "params_file" not in page


def test_where_the_run_s_files_are_is_not_on_the_page(context):
    injected = v4.new_code_cell('run_dir = "/home/someone/work"', metadata={"tags": ["injected-parameters"]})
    assert "/home/someone" not in render_page(notebook_of(TITLE, injected), context)


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (output("stream", name="stdout", text="13800138000"), "text on stdout"),
        (output(data={"text/plain": "13800138000"}), "a raw value"),
        (output(data={"text/html": "<table>13800138000</table>", "text/plain": ""}), "a raw table"),
        (output("display_data", data={"image/png": "13800138000"}), "a raw image"),
        (output("error", ename="KeyError", evalue="13800138000", traceback=["13800138000"]), "the error KeyError"),
    ],
)
def test_what_was_not_shown_on_purpose_fails_and_is_named_but_not_repeated(context, cell, what):
    cell["id"] = "cell-7"
    with pytest.raises(UnshowableOutputError) as failure:
        render_page(notebook_of(TITLE, cell), context)
    assert str(failure.value).startswith(f"03_churn, cell 2 (id cell-7): {what}")
    assert "13800138000" not in str(failure.value)


def test_what_a_library_wrote_to_standard_error_costs_no_page_and_stands_on_none(context):
    cell = output("stream", name="stderr", text="RuntimeWarning: divide by zero, 13800138000")
    page = render_page(notebook_of(TITLE, cell), context)
    assert "13800138000" not in page
    assert "RuntimeWarning" not in page


def test_markdown_is_cleaned(context):
    source = (
        "## Hello <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> ![pic](http://example.org/a.png) "
        "[in](javascript:alert(1)) [out](https://example.org) It costs $5 to $10.\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n"
    )
    page = render_page(notebook_of(TITLE, text(source)), context)
    assert "alert(1)" not in page
    assert "<img" not in page
    assert "javascript:" not in page
    assert '<a href="https://example.org" rel="noopener noreferrer">out</a>' in page
    assert "It costs $5 to $10." in page
    assert "MathJax" not in page


def test_words_of_the_context_are_escaped(context):
    page = render_page(
        notebook_of(TITLE), replace(context, series_title="A <b>& B", links=(PageLink("03_churn.html", "<i>"),))
    )
    assert "A &lt;b&gt;&amp; B" in page
    assert "<i>" not in page


def test_a_heading_that_only_announces_the_answer_gives_way_to_it(context, notebook):
    page = render_page(notebook_of(TITLE, text("## The answer"), notebook.cells[3], text("## Why?")), context)
    assert "The answer" not in page
    assert 'href="#why"' in page


def test_numbers_stay_with_their_units(context):
    page = render_page(notebook_of(TITLE, text("At 95 % and £3 M, n = 20.")), context)
    assert "At 95\u00a0% and £3\u00a0M, n\u00a0=\u00a020." in unescape(page)


def test_equal_figures_of_a_page_share_no_ids(notebook, context):
    again = nbformat.from_dict(notebook.cells[5] | {"id": "again"})
    twice = notebook_of(TITLE, notebook.cells[5], again)
    assert page_problems(render_page(twice, context)) == []


def test_a_notebook_without_title_takes_its_name_and_is_a_problem_to_nobody(context):
    assert "<h1>03_churn</h1>" in render_page(notebook_of(text("Hello")), context)


def test_headings_of_the_same_words_have_their_own_anchors(context):
    page = render_page(notebook_of(TITLE, text("## 门店"), text("## 门店")), context)
    assert re.findall(r'<h2 id="([^"]+)">', page) == ["门店", "门店-2"]
    assert page_problems(page) == []


def test_data_to_is_the_day_before_as_of(context):
    assert replace(context, data_as_of=date(2026, 3, 1)).data_to == "28\u00a0Feb\u00a02026"


def test_nothing_is_read_from_a_user_s_configuration(notebook, context, page, tmp_path, monkeypatch):
    (tmp_path / "page.html.j2").write_text("someone else's")
    monkeypatch.chdir(tmp_path)
    assert render_page(notebook, context) == page


PERIODS = [
    Period("2026-09", "September 2026", date(2026, 10, 1), "r1"),
    Period("2026-11-15", "14 November 2026", date(2026, 11, 15), "r3", ("Sales fell & <b>rose</b>.",)),
    Period("2026-10", "October 2026", date(2026, 11, 1), "r2"),
]


def test_periods_stand_newest_first():
    page = render_front_door("连锁店 report", PERIODS)
    assert re.findall(r'<a href="([^"]+)/index.html">', page) == ["2026-11-15", "2026-10", "2026-09"]
    assert "<h1>连锁店 report</h1>" in page


def test_the_front_door_has_no_problems_and_its_text_is_escaped():
    page = render_front_door("Shop", PERIODS, "zh")
    assert page_problems(page) == []
    assert "Sales fell &amp; &lt;b&gt;rose&lt;/b&gt;." in page
    assert '<html lang="zh">' in page


def test_the_same_periods_give_the_same_bytes_in_any_order():
    assert render_front_door("Shop", PERIODS) == render_front_door("Shop", PERIODS[::-1])


def test_nothing_published_is_no_front_door():
    with pytest.raises(ValueError, match="no period"):
        render_front_door("Shop", [])


def test_a_section_with_nothing_to_show_is_left_out_and_one_with_something_is_not(context):
    gap, said = (
        output(data=data, metadata=mark)
        for data, mark in (shown._repr_mimebundle_() for shown in (nothing("no survey"), note("Something.")))
    )
    cells = [
        TITLE,
        text("## Empty"),
        gap,
        text("## Half"),
        v4.new_code_cell(outputs=gap.outputs),
        said,
        text("## Words alone"),
    ]
    page = render_page(notebook_of(*cells), context)
    assert "Empty" not in page
    for words in ("Half", "Something.", "Words alone"):
        assert words in page
