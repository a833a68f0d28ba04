"""Chapters: their order, and who writes what."""

import pytest

from crmlib.chapters import chapter, chapters_of, maker


def test_a_chapter_of_the_shop_s_own_comes_before_the_summary():
    chapters = chapters_of({"07_weather": "What the weather did"})
    assert [chapter.stem for chapter in chapters][-2:] == ["07_weather", "06_summary"]
    assert chapters[-1].needs[-1] == "07_weather"


def test_a_chapter_is_found_by_its_stem_or_those_that_exist_are_named():
    assert chapter("06_summary").page == "index.html"
    with pytest.raises(KeyError, match="there are 01_data_prep"):
        chapter("08_moon")


def test_who_writes_a_table():
    assert (maker("churn_scores"), maker("transactions")) == ("03_churn", "01_data_prep")
