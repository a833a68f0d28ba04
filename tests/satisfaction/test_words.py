"""What the numbers of chapter 04 say, in words computed from them."""

from types import SimpleNamespace

import pandas as pd
import pytest

from crmlib.privacy.rules import DisclosureRules
from crmlib.satisfaction.answers.population import Raked
from crmlib.satisfaction.answers.response import weighting_words
from crmlib.satisfaction.drivers.priorities import priority_title
from crmlib.satisfaction.scores.comparison import ABOVE, BELOW
from crmlib.satisfaction.scores.movement import Movement, movement_title, movement_words
from crmlib.satisfaction.scores.places import places_title
from crmlib.satisfaction.worth.words import answers_title, limits_words, returns_title, spend_words
from crmlib.stats import Estimate
from crmlib.words.saying import Speaker

MORE, LESS = Estimate(0.12, 0.07, 0.16, n=900), Estimate(-0.12, -0.16, -0.07, n=900)
CHANCE, UNKNOWN = Estimate(0.02, -0.02, 0.06, n=900), Estimate.unknown()


@pytest.fixture(scope="module")
def run():
    knobs = SimpleNamespace(satisfaction=SimpleNamespace(horizon_days=90))
    rules = DisclosureRules()
    return SimpleNamespace(rules=rules, params=knobs, say=lambda words, **what: Speaker(rules, "EUR").say(words, what))


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
    ("again", "answered", "returned"),
    [
        (MORE, "bought again within 90 days 12.0 points more often than others", "90 days 12.0 points more often"),
        (LESS, "bought again within 90 days 12.0 points less often than others", "90 days 12.0 points less often"),
        (CHANCE, "did not clearly buy again within 90 days more often", "90 days about as often as others"),
    ],
)
def test_titles_say_who_bought_again_more_often(run, again, answered, returned):
    assert answered in answers_title(again, run, "The very satisfied")
    assert returned in returns_title(again, run)


@pytest.mark.parametrize(
    ("money", "said"),
    [
        (Estimate(60, 10, 110, n=900), "Promoters spent €60.00 (€10.00 to €110.00) more than detractors with equal"),
        (Estimate(-60, -110, -10, n=900), "Promoters spent €60.00 (€10.00 to €110.00) less than detractors with equal"),
        (Estimate(20, -5, 45, n=900), "no difference in spend is sure: €20.00 (−€5.00 to €45.00) a customer"),
        (UNKNOWN, "Spend cannot be compared"),
    ],
)
def test_spend_is_called_different_only_where_the_interval_says_so(run, money, said):
    assert said in spend_words(money, run, "Promoters", "detractors")


def test_groups_that_weights_could_not_make_alike_are_said_to_be_so(run):
    left = [
        limits_words(SimpleNamespace(weighting=SimpleNamespace(balance=lambda x=x: pd.DataFrame({"after": [x]}))), run)
        for x in (0.04, 0.3)
    ]
    assert left[1] == left[0] + " The groups stayed 0.30 standard deviations apart."


def test_the_title_of_places_names_four_and_counts_the_rest(run):
    below = pd.DataFrame({"both": [f"shop {n}" for n in range(6)], "stands": BELOW})
    assert places_title(below, run).startswith("Less satisfied than the others: shop 0, shop 1, shop 2, shop 3 and 2")
    above = below.tail(1).assign(stands=ABOVE)
    assert places_title(above, run) == "More satisfied than the others: shop 5"


MAY = (pd.Timestamp("2026-05-01"),)


@pytest.mark.parametrize(
    ("yearly", "outside", "title"),
    [
        (Estimate(8, 2, 14, n=500), (), "Satisfaction has risen over the year"),
        (Estimate(-8, -14, -2, n=500), MAY, "Satisfaction has fallen over the year"),
        (Estimate(7, 0.2, 14, n=500), (), "Satisfaction stayed within its usual range"),
        (CHANCE, MAY, "Over the year satisfaction has not clearly moved; May\u00a02026 stood out"),
        (UNKNOWN, (), "Too few answers to tell whether satisfaction moves"),
    ],
)
def test_a_movement_is_said_where_it_is_clear_as_printed(run, yearly, outside, title):
    assert movement_title(Movement(yearly, outside), run) == title


def test_the_slope_is_told_in_points_and_chance_is_called_so(run):
    said = movement_words(Movement(Estimate(5, -2, 12, n=500), ()), run)
    assert said == "A line through these answers moves by +5 points a year (−2 to 12): no more than chance does."
    said = movement_words(Movement(Estimate(-8, -14, -2, n=500), ()), run)
    assert said == "A line through these answers falls by 8 points a year (2 to 14)."
    assert movement_words(Movement(UNKNOWN, ()), run) == "Too few answers for a line through them."
