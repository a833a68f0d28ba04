"""Members: who joined in a month beside what chance leaves it, and what one list cannot tell."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crmlib.actions.membership.members import Members, activated_share, joined_by_month
from crmlib.actions.membership.page import activation_words, membership_title, points_words
from crmlib.stats import Estimate
from crmlib.workspace import open_run

AS_OF = date(2026, 11, 1)


def joined(a_day, last=1.0):
    """Give so many who join each day, and so many times as many in the last month."""
    days = pd.date_range("2025-09-15", "2026-10-31")
    times = [round(a_day * (last if day >= pd.Timestamp("2026-10-01") else 1)) for day in days]
    return pd.Series(np.repeat(days, times))


def test_months_are_counted_whole_and_compared_by_day():
    months, unusual = joined_by_month(joined(5), AS_OF)
    assert months["month"].iloc[0] == pd.Timestamp("2025-10-01")
    assert months["members"].tolist()[:3] == [155, 150, 155]
    assert months.loc[months["month"] == "2026-02-01", "members"].item() == 140
    assert not unusual


@pytest.mark.parametrize(("last", "said"), [(1.4, "more than chance makes"), (0.6, "fewer than chance makes")])
def test_a_month_beyond_chance_is_named(project, last, said):
    run = open_run(project / "params" / "demo.yaml")
    months, unusual = joined_by_month(joined(5, last), AS_OF)
    assert unusual
    assert said in membership_title(members(months, unusual=unusual), run)


def test_few_months_say_nothing_of_what_is_usual(project):
    months, unusual = joined_by_month(joined(5).loc[lambda at: at > "2026-07-15"], AS_OF)
    assert months["low"].isna().all()
    run = open_run(project / "params" / "demo.yaml")
    assert membership_title(members(months, unusual=unusual), run) == "155 members joined in October 2026"


def members(months, *, unusual=False, **more):
    known = {
        "activated": Estimate(0.63, 0.6, 0.66, 900),
        "ending": 40,
        "points": 50_000.0,
        "redeemed": 5_000.0,
    }
    none = pd.DataFrame()
    return Members(joined=months, sources=none, tiers=none, unusual=unusual, **(known | more))


def test_points_are_worth_what_the_parameters_say(project):
    run = open_run(project / "params" / "demo.yaml", knobs={"actions.point_value": 0.01})
    told = [words.replace("\xa0", " ") for words in points_words(members(pd.DataFrame()), run)]
    assert told == [
        "Members hold 50,000 points, worth ¥500 if all are redeemed.",
        "5,000 were redeemed in the last twelve months, 10 % of those held now.",
    ]
    assert points_words(members(pd.DataFrame(), points=None), run) == []


def test_few_who_end_are_not_told(project):
    run = open_run(project / "params" / "demo.yaml")
    assert len(activation_words(members(pd.DataFrame()), run)) == 2
    assert len(activation_words(members(pd.DataFrame(), ending=4), run)) == 1


def test_second_purchases_are_those_of_chapter_02():
    curve = pd.DataFrame({
        "group": "all", "days": [30.0, 90.0, 120.0], "share": [0.4, 0.63, 0.7], "low": [0.3, 0.6, 0.6],
        "high": [0.5, 0.66, 0.8], "at_risk": [100, 80, 50],
    })  # fmt: skip
    told = activated_share(SimpleNamespace(frame=lambda _name: curve))
    assert (told.value, told.low, told.high) == (0.63, 0.6, 0.66)
    assert not activated_share(SimpleNamespace(frame=lambda _name: curve.iloc[:1])).is_known
    assert not activated_share(SimpleNamespace(frame=lambda _name: curve.iloc[:0])).is_known
