"""The pages of single stores: one notebook, run once a store on the tables of the report."""

from pathlib import Path
from typing import Final

from crmlib.chapters import Chapter

NOTEBOOK: Final = "store"
SCORECARD: Final = "store_scorecard"
"""The table of chapter 05 that names the stores."""


def store_chapters(run: Path) -> tuple[Chapter, ...]:
    """Give a page for each store that the finished chapters of a run tell of; none where they tell of no store."""
    import pandas as pd

    from crmlib.actions.stores.gathering import STORE
    from crmlib.actions.stores.pages import page_names

    file = run / "tables" / f"{SCORECARD}.parquet"
    if not file.exists():
        return ()
    rows = pd.read_parquet(file, columns=["item", "name", "kind"])
    stores = rows[rows["kind"] == STORE]
    pages = page_names(stores["item"].to_list())
    return tuple(
        Chapter(page.removesuffix(".html"), page, name, notebook=NOTEBOOK, given=(("store", item),))
        for (item, page), name in zip(pages.items(), stores["name"], strict=True)
    )
