"""Pages of single stores: which there are, what they are called, and what their notebook is given."""

import pandas as pd

from crmlib.actions.stores.pages import page_names
from crmlib.reporting.tables import PAGE
from crmlib.running.stores import store_chapters


def test_each_store_has_a_page_whatever_its_number_holds(tmp_path):
    items = ["S1", "../S1", 'a"b', "上海"]
    rows = pd.DataFrame({"item": [*items, "web"], "name": ["Harbour", "Hill", "<b>", "静安", "Web"],
                         "kind": ["store"] * 4 + ["channel"]})  # fmt: skip
    (tmp_path / "tables").mkdir()
    rows.to_parquet(tmp_path / "tables" / "store_scorecard.parquet")
    pages = store_chapters(tmp_path)
    assert [page.page for page in pages] == ["store_S1~2.html", "store_S1.html", "store_a-b.html", "store_上海.html"]
    # the page of the head office links to them in its own order
    assert page_names(items) == page_names(items[::-1])
    assert [dict(page.given)["store"] for page in pages] == items
    assert {page.notebook for page in pages} == {"store"}
    assert [page.title for page in pages] == ["Harbour", "Hill", "<b>", "静安"]


def test_without_stores_there_is_no_page(tmp_path):
    assert store_chapters(tmp_path) == ()


def test_the_page_of_actions_may_link_to_every_such_page(tmp_path):
    rows = pd.DataFrame({"item": ["S1", "s1", "上海"], "name": "x", "kind": "store"})
    (tmp_path / "tables").mkdir()
    rows.to_parquet(tmp_path / "tables" / "store_scorecard.parquet")
    assert all(PAGE.fullmatch(chapter.page) for chapter in store_chapters(tmp_path))
