"""What is folded stays on the page, escaped, and opens without a script."""

import pytest

from crmlib.reporting import definitions, folded, note


def test_the_parts_stand_behind_the_summary_in_their_order():
    shown = folded("How <this> was counted", note("First."), note("Second."))
    assert shown.kind == "group"
    assert shown.html.startswith('<details class="crm-fold"><summary>How &lt;this&gt; was counted</summary>')
    assert shown.html.index("First.") < shown.html.index("Second.")
    assert "<script" not in shown.html
    assert shown.text == "How <this> was counted\nFirst.\nSecond."


def test_definitions_are_escaped_and_listed():
    shown = definitions("What these figures are", [("A & B", "x < y"), ("Orders", "Distinct numbers.")])
    assert "<li><b>A &amp; B</b>: x &lt; y</li>" in shown.html
    assert shown.html.count("<li>") == 2


@pytest.mark.parametrize("arguments", [("", note("x")), ("  ", note("x")), ("Empty",)])
def test_nothing_is_not_folded(arguments):
    with pytest.raises(ValueError, match="fold something"):
        folded(*arguments)


def test_a_raw_text_is_refused():
    with pytest.raises(TypeError, match="shown objects"):
        folded("Raw", "text")
