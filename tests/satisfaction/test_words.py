"""What the numbers of chapter 04 say, in words computed from them."""

from types import SimpleNamespace

import pandas as pd
import pytest

from crmlib.privacy.rules import DisclosureRules
from crmlib.satisfaction.answer import change_words
from crmlib.satisfaction.answers.population import Raked
from crmlib.satisfaction.answers.response import weighting_words
from crmlib.satisfaction.drivers.priorities import priority_title
from crmlib.satisfaction.scores.trend import slope_words, trend_title
from crmlib.satisfaction.worth.afterwards import answers_title, left_words, returns_title
from crmlib.satisfaction.worth.behaviour import Compared
from crmlib.stats import Estimate
from crmlib.words.saying import Speaker

MORE, LESS = Estimate(0.12, 0.07, 0.16, n=900), Estimate(-0.12, -0.16, -0.07, n=900)
CHANCE, UNKNOWN = Estimate(0.02, -0.02, 0.06, n=900), Estimate.unknown()


@pytest.fixture(scope="module")
def run():
    knobs = SimpleNamespace(satisfaction=SimpleNamespace(horizon_days=90))
    rules = DisclosureRules()
    return SimpleNamespace(rules=rules, params=knobs, say=lambda words, **what: Speaker(rules, "EUR").say(words, what))


def test_a_change_is_said_with_its_sign_and_whether_chance_makes_it(run):
    said = change_words(Estimate(3.0, -8.0, 14.0, n=900), run, 90)
    assert said == "Against the 90 days before, the score moved by +3 points (−8 to 14): no more than chance does."


def test_nothing_known_of_customers_leaves_the_answers_unweighted(run):
    raked = Raked(pd.Series(dtype=float), (), 1.0, 1.0, 800.0, 0.0)
    assert weighting_words(raked, run) == [
        "The answers are not weighted: nothing is known of customers by which they could be."
    ]


def test_weighting_says_what_it_costs_and_whom_it_leaves_out(run):
    raked = Raked(pd.Series(1.0, index=range(803)), ("tier", "own_column"), 0.9, 2.0, 401.6, 0.03)
    cost, covered, gap = weighting_words(raked, run)
    assert "so that tier and own column are spread" in cost
    assert "805 answers are worth 402 equal ones" in cost
    assert covered.startswith("They speak for 90.0\u00a0% of these customers")
    assert gap.endswith("leaves some group 3.0 points off.")


@pytest.mark.parametrize(
    ("first", "priority", "said"),
    [
        (
            [0.95, 0.02, 0.0],
            [0.97, 0.5, 0.0],
            "Staff first: it matters more than the average driver and scores less (chance 97\u00a0%)",
        ),
        ([0.6, 0.3, 0.0], [0.91, 0.93, 0.0], "Staff and price first: they matter more than the average driver and"),
        ([0.5, 0.3, 0.1], [0.6, 0.4, 0.3], "Staff, price or app: which of them to fix first is not settled"),
        ([0.3, 0.1, 0.0], [0.3, 0.15, 0.0], "Staff may be what to fix first: not settled (chance 30\u00a0%)"),
        ([0.1, 0.1, 0.1], [0.1, 0.15, 0.1], "What to fix first is not settled"),
        ([0.05, 0.0, 0.0], [0.05, 0.0, 0.0], "Nothing that matters more than the average driver scores less than it"),
    ],
)
def test_the_title_of_drivers_names_what_to_fix_only_where_that_is_clear(run, first, priority, said):
    rows = pd.DataFrame({"driver": ["score_staff", "score_price", "score_app"], "first": first, "priority": priority})
    assert priority_title(rows, run).startswith(said)


@pytest.mark.parametrize(
    ("plain", "answered", "returned"),
    [
        (MORE, "bought again within 90 days 12.0 points more often than", "within 90 days 12.0 points more often"),
        (LESS, "bought again within 90 days 12.0 points less often than", "within 90 days 12.0 points less often"),
        (CHANCE, "did not buy again within 90 days more often than chance", "within 90 days as often as the others"),
    ],
)
def test_titles_say_who_bought_again_more_often(run, plain, answered, returned):
    assert answered in answers_title(Compared(plain, UNKNOWN), run)
    assert returned in returns_title(Compared(plain, UNKNOWN), run)


def test_what_is_left_at_equal_history_is_said_with_its_interval(run):
    assert left_words(Compared(MORE, CHANCE), run) == (
        "Between customers with equal purchases before, 2.0 points are left (−2.0 to 6.0): chance could do that."
    )
    assert left_words(Compared(MORE, UNKNOWN), run).startswith("Too few answered")
    assert answers_title(Compared(UNKNOWN, UNKNOWN), run).startswith("Too few answered")


@pytest.mark.parametrize(
    ("slope", "title"),
    [
        (Estimate(0.8, 0.2, 1.4, n=500), "Customers grow more satisfied"),
        (Estimate(-0.8, -1.4, -0.2, n=500), "Customers grow less satisfied"),
        (Estimate(0.1, -0.2, 0.4, n=500), "Satisfaction has not clearly moved"),
    ],
)
def test_the_trend_is_said_where_it_is_clear(slope, title):
    assert trend_title(slope) == title


def test_the_slope_is_told_in_points_of_its_score(run):
    said = slope_words(Estimate(0.1, -0.2, 0.4, n=500), "score_satisfaction", run)
    assert said == (
        'A line through all answers moves by 0.10 points of the score "Satisfaction" in a year (−0.20 to 0.40).'
    )
    assert slope_words(UNKNOWN, "score_satisfaction", run) == "Too few answers for a line through them."
