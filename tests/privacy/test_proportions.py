"""Estimates past the gate: a share of people does not give its counts away, other shares keep what a page shows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.privacy.disclosure import DisclosureRules
from crmlib.privacy.proportions import disclosed, rounding_hides
from crmlib.stats import Estimate
from crmlib.stats.intervals import proportion, ratio
from crmlib.words.formats import fixed

RULES = DisclosureRules()


@st.composite
def counts(draw):
    people = draw(st.one_of(st.integers(10, 60), st.integers(10, 200_000)))
    return draw(st.integers(0, people)), people


@given(counts(), st.floats(0.2, 1))
def test_a_share_of_people_is_made_of_counts_on_the_base(found, worth):
    hits, people = found
    shown = disclosed(proportion(hits, people, effective_n=worth * people), "share", RULES)
    if hits * 2 == people and worth < 1:
        assert shown.value == 0.5  # an even interval about a half may be anything: it stays
        return
    if hits < 10:
        assert shown is None
        return
    assert shown.n == RULES.rounded(people)
    assert shown.value * shown.n == pytest.approx(min(RULES.rounded(hits), shown.n), abs=1e-6)
    again = proportion(min(RULES.rounded(hits), shown.n), shown.n, effective_n=worth * shown.n)
    # the effective size is solved from the limits: a few digits are lost where the sample is large
    assert (shown.low, shown.high) == pytest.approx((again.low, again.high), rel=1e-5, abs=1e-9)


@given(counts())
def test_what_was_shown_once_is_shown_alike_again(found):
    once = disclosed(proportion(*found), "share", RULES)
    if once is not None:
        written = Estimate(*(float(f"{each:.12g}") for each in (once.value, once.low, once.high)), once.n)
        twice = disclosed(written, "share", RULES)
        assert (twice.value, twice.low, twice.high) == pytest.approx((once.value, once.low, once.high), abs=1e-8)


@pytest.mark.parametrize(
    ("estimate", "unit", "value"),
    [
        (Estimate(0.5, 0.35, 0.65, n=106), "share", 0.5),  # pairs in the right order: half of them, no half of 106
        (Estimate(0.0457897142328, 0.034255, 0.057325, n=14902), "share", 0.0457),
        (Estimate(-0.1, -0.2, 0.0, n=400), "share", -0.1),
        (Estimate(0.0, 0.0, 0.0, n=400), "share", 0.0),  # no money came back
        (Estimate(14.9635302012, 3.78, 25.64, n=433), "points", 14.96),
        (Estimate(3.36976851852, 3.06, 3.65, n=606), "days", 3.36),
        (Estimate(136.26387234, 129.3, 143.2, n=1631), "money", 136.26387234),
        (ratio([20.0] * 30, [3.0] * 30), "number", 20 / 3),
    ],
)
def test_what_is_no_proportion_of_people_is_not_counted_anew(estimate, unit, value):
    assert disclosed(estimate, unit, RULES).value == pytest.approx(value, abs=1e-12)


def test_too_few_people_are_hidden_whatever_was_estimated():
    assert disclosed(Estimate(20.0, 10.0, 30.0, n=9), "money", RULES) is None


def test_what_is_rounded_again_reads_as_if_it_had_been_rounded_once():
    rng = np.random.default_rng(3)
    for value in [*rng.uniform(0, 1, 3_000), 0.05649, 0.56449, 0.785496, 0.99951, 0.00049]:
        short = disclosed(Estimate(value, value - 0.01, value + 0.01, n=3_001), "share", DisclosureRules()).value
        assert abs(short - value) < 1e-4
        for decimals in (0, 1):
            assert fixed(short * 100, decimals) == fixed(value * 100, decimals)


@pytest.mark.parametrize(("share", "people", "off"), [(85 / 120, 120, 0.029), (0.35, 120, 0), (0.05, None, 0)])
def test_how_far_a_share_of_rounded_counts_may_be_off(share, people, off):
    assert round(rounding_hides(share, people, RULES), 3) == off
