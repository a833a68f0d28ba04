"""Messages without values: whatever another library quotes of the data stays out."""

import pytest

from crmlib.running.faults import blamed_on_input
from crmlib.running.outcomes import Outcome
from crmlib.running.wording import first_line, is_own, masked_error, without_values

SECRETS = ("Li Wei", "13800138000", "li.wei@example.com", "李伟")


@pytest.mark.parametrize(
    "message",
    [
        "could not convert string to float: 'Li Wei'",
        'Conversion Error: Could not convert string "13800138000" to INT32',
        "time data 13800138000 does not match format",
        "invalid address li.wei@example.com given",
        "Binder Error: no `Li Wei` here",
        "未知客户“李伟”",
        "column is fine\n   name  Li Wei",
    ],
)
def test_values_are_left_out(message):
    said = without_values(message)
    assert not any(secret in said for secret in SECRETS)


def test_words_of_the_notebook_stay():
    assert without_values("'segment'", "run.frame('segments')['segment']") == "'segment'"
    assert without_values("'ordered_at'") == "'ordered_at'"
    assert without_values("'Li Wei'", "run.frame('segments')['segment']") == "'…'"


@pytest.mark.parametrize(("message", "line"), [("", "no message"), ("\n  a \n b", "a"), ("x" * 400, "x" * 300 + "…")])
def test_a_message_is_one_line(message, line):
    assert first_line(message) == line


def test_errors_of_our_own_and_rejections_are_known_by_their_classes():
    rejected = {"lineage": ["crmlib.prep.landing.CutOffError", "crmlib.prep.errors.InputRejectedError"]}
    assert blamed_on_input(rejected) is Outcome.INPUT_REJECTED
    nothing_sold = {"lineage": ["crmlib.churn.study.NothingSoldError", "builtins.ValueError"]}
    assert blamed_on_input(nothing_sold) is Outcome.INPUT_REJECTED
    assert is_own(rejected)
    assert is_own({"lineage": ["builtins.ValueError"], "raised_in": "crmlib.churn.who.scoring"})
    assert not is_own({"lineage": ["builtins.ValueError"], "raised_in": "pandas.core.frame"})
    assert blamed_on_input({"lineage": ["other.InputRejectedError"]}) is None
    assert not is_own({})


def test_a_masked_error_keeps_places_and_code_and_drops_what_is_between():
    frames = (
        "\x1b[31m-----\x1b[39m\nValueError   Traceback (most recent call last)\n"
        "Cell \x1b[32mIn[3]\x1b[39m, line 1\n\x1b[32m----> 1\x1b[39m float(name)\n\n"
        "ValueError: could not convert 'Li Wei'\nrow 7: Li Wei\n\n"
        "The above exception was the direct cause\n\n"
        "File ~/lib/python/frame.py:12, in read(path)\n     11 a = 1\n---> 12 b(a)\n\nKeyError: 'Li Wei'"
    )
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'Li Wei'", "traceback": frames.split("\n")}
    masked = masked_error(error, "'…'")
    assert masked["traceback"] == [
        "Cell In[3], line 1\n----> 1 float(name)",
        "File ~/lib/python/frame.py:12, in read(path)\n     11 a = 1\n---> 12 b(a)",
        "KeyError: '…'",
    ]
    assert "Li Wei" not in str(masked)
