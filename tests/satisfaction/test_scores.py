"""What answers say."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from crmlib.satisfaction import mean_score, net_promoter_score, top_box
from crmlib.satisfaction.scores.scores import effective_answers, standings
from crmlib.stats import intervals


@pytest.mark.parametrize(
    ("counts", "value", "low", "high"),
    # Rocks (2016), The American Statistician 70(4): adjusted Wald, printed to two digits
    [((60, 25, 15), 45, 29.34, 58.04), ((450, 300, 250), 20, 14.91, 24.97)],
)
def test_net_promoter_score_equals_the_published_intervals(counts, value, low, high):
    promoters, passives, detractors = counts
    scores = [10, 9] * (promoters // 2) + [7] * passives + [0] * detractors
    estimate = net_promoter_score(scores)
    assert estimate.value == pytest.approx(value)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=0.0051)
    assert estimate.n == promoters + passives + detractors


@pytest.mark.parametrize(("score", "expected"), [(10, 100), (9, 100), (8, 0), (7, 0), (6, -100), (0, -100)])
def test_the_limits_between_promoters_passives_and_detractors(score, expected):
    estimate = net_promoter_score([score])
    assert estimate.value == expected
    assert estimate.low <= expected <= estimate.high


def test_equal_weights_change_nothing_and_unequal_ones_widen():
    scores = np.tile([10, 8, 3, 9], 50)
    plain = net_promoter_score(scores)
    assert net_promoter_score(scores, np.full(200, 7.0)) == plain
    uneven = net_promoter_score(scores, np.tile([1, 1, 1, 1, 3, 3, 3, 3], 25))
    assert uneven.value == pytest.approx(plain.value)
    assert uneven.high - uneven.low > plain.high - plain.low


def test_weights_count():
    assert net_promoter_score([10, 0], [3, 1]).value == pytest.approx(50)
    assert top_box([5, 1], 5, [3, 1]).value == pytest.approx(0.75)
    assert mean_score([5, 1], [3, 1]).value == pytest.approx(4)


def test_answers_of_one_person_count_as_one_in_the_interval():
    scores = [5, 5, 3, 4, 2, 5, 4, 4]
    single = top_box(scores, 5)
    doubled = top_box(scores * 2, 5, people=list(range(8)) * 2)
    assert (doubled.low, doubled.high) == pytest.approx((single.low, single.high))
    assert doubled.n == 16
    repeated = mean_score(scores * 2, people=list(range(8)) * 2)
    assert repeated.low == pytest.approx(mean_score(scores).low)


def test_intervals_of_worked_examples():
    assert f"{top_box([5, 5, 4, 3, 5, 2, 5, 4, 5, 5], top=5):.2f}" == "0.60 [0.31, 0.83] (95 %, n = 10)"
    assert f"{mean_score([5, 4, 3, 5]):.2f}" == "4.25 [2.73, 5.77] (95 %, n = 4)"


def test_missing_scores_are_left_out():
    assert net_promoter_score([10, np.nan, 0, 10]).n == 3
    assert top_box([5, np.nan], 5).value == 1
    assert mean_score([4, np.nan, 2], people=["a", "b", "c"]).value == 3


@pytest.mark.parametrize("estimate", [net_promoter_score([]), top_box([np.nan], 5), mean_score([])])
def test_no_answers_are_unknown(estimate):
    assert not estimate.is_known
    assert estimate.n == 0


def test_another_scale_is_not_taken_for_a_recommendation():
    with pytest.raises(ValueError, match="0 to 10"):
        net_promoter_score([50, 90])


def test_top_box_is_wilson_on_the_effective_n():
    weights = np.array([1.0] * 50 + [3.0] * 50)
    scores = np.array([5] * 25 + [3] * 25 + [5] * 25 + [3] * 25)
    worth = weights.sum() ** 2 / (weights**2).sum()
    # both groups answer alike, so that the spread within them is Kish's; Student's limits for as many answers
    effective = worth * (distributions.norm.ppf(0.975) / distributions.t.ppf(0.975, worth - 1)) ** 2
    expected = intervals.proportion(effective / 2, effective)
    estimate = top_box(scores, 5, weights)
    assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high))


def test_net_promoter_interval_covers_the_truth():
    # 2,000 samples of 80 answers; 95 % ± 4 standard errors (.0049) of a coverage over 2,000
    rng = np.random.default_rng(3)
    chances = [0.5, 0.3, 0.2]
    covered = 0
    for _ in range(2_000):
        estimate = net_promoter_score(rng.choice([10, 8, 2], 80, p=chances))
        covered += estimate.low <= 30 <= estimate.high
    assert 0.930 <= covered / 2_000 <= 0.970


@pytest.mark.parametrize("n_people", [12, 100])
def test_net_promoter_interval_covers_the_truth_with_weights_and_several_answers_a_person(n_people):
    # 600 samples of people with one to many correlated answers and weights that spread: 95 % ± 4 standard errors
    rng = np.random.default_rng(4)
    true = 100 * (distributions.norm.sf(0.25) - distributions.norm.cdf(-0.6))
    covered = 0
    for _ in range(600):
        person = np.repeat(np.arange(n_people), rng.geometric(0.5, n_people))
        weight = rng.lognormal(0, 0.9, n_people)[person]
        mood = (rng.normal(size=n_people)[person] + rng.normal(size=len(person))) / np.sqrt(2)
        scores = np.select([mood > 0.25, mood < -0.6], [10, 3], 8)
        estimate = net_promoter_score(scores, weight, people=person)
        covered += estimate.low <= true <= estimate.high
    assert 0.914 <= covered / 600 <= 0.986


def test_equal_answers_of_as_many_people_are_worth_what_they_are():
    scores = [10, 8, 3, 9, 7, 0]
    assert effective_answers(standings(scores), np.ones(6), np.arange(6)) == pytest.approx(6)
    assert effective_answers(standings(scores * 2), np.ones(12), np.tile(np.arange(6), 2)) == pytest.approx(6)


def test_people_who_answer_alike_are_worth_what_their_weights_are():
    assert effective_answers(np.ones(4), np.array([3.0, 1, 1, 1]), np.array([0, 1, 1, 2])) < 36 / (9 + 4 + 1)


def test_the_mobile_survey_has_its_net_promoter_score(shared_data):
    # CUSL3: would you recommend the operator to friends, 1 to 10
    scores = pd.read_csv(shared_data / "mobile_survey" / "mobi.csv")["CUSL3"]
    assert ((scores >= 9).sum(), (scores <= 6).sum(), len(scores)) == (95, 60, 250)
    assert net_promoter_score(scores).value == pytest.approx(14.0)
