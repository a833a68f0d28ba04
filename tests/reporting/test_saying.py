"""Kinds of numbers in a sentence that read otherwise there than in a table."""

from datetime import date
from types import SimpleNamespace

import pytest

from crmlib.privacy.rules import DisclosureRules
from crmlib.reporting import estimated_on
from crmlib.stats import Estimate
from crmlib.stats.intervals import proportion
from crmlib.words.formats import NBSP
from crmlib.words.saying import Speaker, listed, sentence_start

OFF = Estimate(0.381, 0.312, 0.438, 300)


@pytest.mark.parametrize(
    ("sentence", "value", "said"),
    [
        ("{x:part}", 0.2249, "22 %"),
        ("{x:part}", 0.0432, "4.3 %"),
        ("{x:part}", -0.31, "−31 %"),
        # what is written as ten per cent has no tenths
        ("{x:part}", 0.0997, "10 %"),
        ("{x:part}", float("nan"), "not observed"),
        # the ends have the decimals of the value
        ("{x:part:point} ({x:part:interval})", OFF, "38 % (31 % to 44 %)"),
        ("{x:part}", Estimate(0.07, 0.02, 0.12, 300), "7.0 % (2.0 % to 12.0 %)"),
        ("{x:part:point}", Estimate.unknown(300), "not observed"),
        # of people: made of the rounded counts
        ("{x:part:point}", proportion(616, 1361), "45 %"),
        ("{x:times}", 17.64, "18"),
        ("{x:times}", Estimate(1.26, 0.9, 12.4, 300), "1.3 (0.90 to 12)"),
        ("{x:span}", (date(2026, 5, 3), date(2026, 10, 31)), "3 May to 31 Oct 2026"),
        ("{x:span}", (date(2025, 11, 1), date(2026, 1, 31)), "1 Nov 2025 to 31 Jan 2026"),
    ],
)
def test_shares_factors_and_spans_of_time_in_a_sentence(sentence, value, said):
    assert Speaker(DisclosureRules(), "GBP").say(sentence, {"x": value}).replace(NBSP, " ") == said


def test_names_are_listed_and_sentences_begun():
    assert listed(["new", "loyal", "lost"]) == "new, loyal and lost"
    assert listed(["new"]) == "new"
    assert sentence_start("logistic regression") == "Logistic regression"


def test_a_sample_is_told_only_where_there_is_one():
    run = SimpleNamespace(say=lambda words, **values: Speaker(DisclosureRules(), "GBP").say(words, values))
    assert estimated_on(200_000, run) == []
    (said,) = estimated_on(333_000, run)
    assert said.startswith("Estimated on 200,000 of 333,000 customers, drawn by a hash of their pseudonyms")
