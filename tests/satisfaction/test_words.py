"""What the numbers of chapter 04 say, in words computed from them."""

from types import SimpleNamespace

import pandas as pd
import pytest

from crmlib.privacy.rules import DisclosureRules
from crmlib.satisfaction.answer import change_words
from crmlib.satisfaction.answers.population import Raked
from crmlib.satisfaction.answers.response import weighting_words
from crmlib.satisfaction.drivers.key_drivers import driver_title, varying
from crmlib.satisfaction.scores.comparison import ABOVE, BELOW
from crmlib.satisfaction.scores.movement import Movement, movement_title, movement_words
from crmlib.satisfaction.scores.places import places_title
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


def test_the_title_of_drivers_says_whether_the_lead_is_sure(run):
    rows = pd.DataFrame({"driver": ["score_staff", "score_price"], "importance": [0.3, 0.1], "rank_low": [1, 2]})
    assert driver_title(rows, run) == "Staff matters most for satisfaction"
    unsure = driver_title(rows.assign(rank_low=1), run)
    assert unsure == "Staff and price matter most for satisfaction; which of them comes first is not settled"


def test_on_answers_that_are_all_alike_nothing_can_hang():
    answers = pd.DataFrame({"staff": [1, 2, 3], "range": [3, 3, 3]})
    assert varying(answers, pd.Series([4, 5, 4])) == ["staff"]


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
