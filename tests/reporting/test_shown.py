"""Shown objects: marked for the page, escaped, the same on every machine."""

import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter

from crmlib.reporting import answer, insufficient, note, show_all


def test_a_shown_object_carries_its_mark_into_the_notebook():
    data, metadata = DisplayFormatter().format(answer("Yes."))
    assert metadata == {"crm": {"kind": "answer"}}
    assert data == {"text/html": '<div class="crm-answer"><p>Yes.</p></div>', "text/plain": "Yes."}


@pytest.mark.parametrize(
    "shown",
    [
        answer("<script>alert(1)</script>"),
        note("<script>alert(1)</script>"),
        insufficient(needed="<script>", found="<script>", therefore="<script>"),
    ],
)
def test_text_from_the_data_is_escaped(shown):
    assert "<script" not in shown.html
    assert "&lt;script&gt;" in shown.html


def test_several_are_shown_in_their_order():
    shown = show_all(note("First."), note("Second."))
    assert shown.kind == "group"
    assert shown.html.index("First") < shown.html.index("Second")
    assert repr(shown) == "First.\nSecond."


@pytest.mark.parametrize("raw", [pd.DataFrame({"a": [1]}), "text", None])
def test_a_raw_value_is_refused(raw):
    with pytest.raises(TypeError, match="shown objects"):
        show_all(note("First."), raw)


@pytest.mark.parametrize("sentences", [(), ("",), ("a",) * 6])
def test_an_answer_has_one_to_five_sentences(sentences):
    with pytest.raises(ValueError, match="one to five"):
        answer(*sentences)


def test_what_is_missing_is_said_in_one_line():
    shown = insufficient(needed="answers.", found="none", therefore="No score is shown.")
    assert shown.text == "No score is shown. Needed: answers. Found: none."
