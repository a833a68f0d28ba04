"""The front door: every period, newest first."""

import re
from datetime import date

import pytest

from crmlib.reporting.front_door import Period, render_front_door
from crmlib.reporting.page import page_problems

PERIODS = [
    Period("2026-09", "September 2026", date(2026, 10, 1), "r1"),
    Period("2026-11-15", "14 November 2026", date(2026, 11, 15), "r3", ("Sales fell & <b>rose</b>.",)),
    Period("2026-10", "October 2026", date(2026, 11, 1), "r2"),
]


def test_periods_stand_newest_first():
    page = render_front_door("连锁店 report", PERIODS)
    assert re.findall(r'<a href="([^"]+)/index.html">', page) == ["2026-11-15", "2026-10", "2026-09"]
    assert "<h1>连锁店 report</h1>" in page


def test_it_has_no_problems_and_its_text_is_escaped():
    page = render_front_door("Shop", PERIODS, "zh")
    assert page_problems(page) == []
    assert "Sales fell &amp; &lt;b&gt;rose&lt;/b&gt;." in page
    assert '<html lang="zh">' in page


def test_the_same_periods_give_the_same_bytes_in_any_order():
    assert render_front_door("Shop", PERIODS) == render_front_door("Shop", PERIODS[::-1])


def test_nothing_published_is_no_front_door():
    with pytest.raises(ValueError, match="no period"):
        render_front_door("Shop", [])
