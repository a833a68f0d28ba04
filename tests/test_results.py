"""Headline numbers past the gate: what results.json may say of people."""

import pytest

from crmlib.privacy.disclosure import DisclosureRules
from crmlib.results import make_result
from crmlib.stats import Estimate
from crmlib.stats.intervals import proportion


def made(value, unit="share", **more):
    said = {"unit": unit, "definition": "d", "period": "2026-10", "rules": DisclosureRules()}
    return make_result("02_segmentation", "rate", value, **said, **more)


def test_a_share_of_people_comes_from_rounded_counts_now_and_before():
    result = made(proportion(616, 1361), previous=proportion(394, 798))
    expected = proportion(615, 1360)
    assert (result.value, result.n) == (pytest.approx(615 / 1360, abs=1e-12), 1360)
    assert (result.low, result.high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert result.previous == pytest.approx(395 / 800, abs=1e-12)


def test_a_share_that_few_people_make_is_hidden():
    result = made(proportion(7, 400), previous=proportion(8, 400))
    assert result.hidden
    assert (result.value, result.low, result.high, result.previous) == (None, None, None, None)


def test_a_share_of_money_keeps_its_digits():
    result = made(0.0284355042048, people=1631, previous=0.0246933739855)
    assert (result.value, result.previous, result.n) == (0.0284355042048, 0.0246933739855, 1630)
    assert made(0.0, people=1631).value == 0.0


def test_what_was_not_observed_is_missing_rather_than_hidden():
    for nothing in (None, float("nan"), Estimate.unknown(400)):
        result = made(nothing)
        assert (result.value, result.hidden) == (None, False)


@pytest.mark.parametrize(
    ("people", "before", "previous"),
    [(40, 9, None), (40, 40, 567.0), (9, 40, 567.0), (40, None, 567.0), (9, None, None)],
)
def test_the_last_period_is_shown_where_enough_people_stood_behind_it(people, before, previous):
    result = made(600.0, unit="money", people=people, previous=567.0, previous_people=before)
    assert (result.hidden, result.previous) == (people == 9, previous)


def test_an_estimate_of_the_last_period_says_itself_whom_it_rests_on():
    few, many = (Estimate(50.0, 40.0, 60.0, n) for n in (9, 40))
    assert made(few, unit="money", previous=many).previous == 50.0
    assert made(many, unit="money", previous=few).previous is None
    assert made(many, unit="money", previous=many, previous_people=9).previous is None


@pytest.mark.parametrize(("people", "shown"), [(9, None), (1_238, 1240.0)])
def test_people_are_rounded(people, shown):
    result = made(people, unit="people", previous=people)
    assert (result.value, result.previous, result.hidden) == (shown, shown, shown is None)
