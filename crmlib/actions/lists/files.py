"""The lists as files for those who work with them: one for the head office, one a store; pseudonyms only."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from crmlib.actions.lists.plan import COLUMNS
from crmlib.params.actions import STORE
from crmlib.reporting import Shown, note
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from crmlib.actions.study import Study
    from crmlib.workspace import Run

DECIMALS: Final = {
    "value_at_stake": 2, "value_low": 2, "value_high": 2, "expected_gain": 2, "effect": 4, "effect_low": 4,
    "effect_high": 4, "churn_probability": 4,
}  # fmt: skip
OF_STORE: Final = "store_"


def show_lists(found: Study, run: Run) -> Shown:
    """Write the lists, and say which are ready and how they become contacts."""
    rows = written(found.listed)
    run.write_list("contact_list", rows)
    stores = store_lists(rows)
    _write(run, stores)
    if rows.empty:
        return note(_("The list is empty this month."))
    words = _("The list for the head office is ready in the run's private folder; crm reveal makes contacts of it.")
    if stores:
        words = _(
            "The lists are ready in the run's private folder: one for the head office, {n:count} for stores; crm "
            "reveal makes contacts of them."
        )
    return note(run.say(words, n=len(stores)))


def written(listed: pd.DataFrame) -> pd.DataFrame:
    """Give the list as it is written: its columns, money in hundredths, shares in hundredths of per cent."""
    rows = listed[list(COLUMNS)]
    return rows.assign(**{name: rows[name].astype("float64").round(digits) for name, digits in DECIMALS.items()})


def store_lists(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Give each store what it has to do, by a file name: who is left alone at random does not stand there."""
    own = rows[(rows["owner"] == STORE) & (rows["arm"] == "contact")]
    parts = {str(store): part for store, part in own.groupby("store_id", sort=True)}
    return {f"{OF_STORE}{name}": parts[store] for store, name in file_names(parts).items()}


def file_names(stores: Iterable[str]) -> dict[str, str]:
    """Give each store a file name of its own, whatever its number holds.

    Examples
    --------
    >>> file_names(["s1", "S1", "../x"])
    {'../x': 'x', 'S1': 'S1', 's1': 's1~2'}
    """
    names: dict[str, str] = {}
    alike: Counter[str] = Counter()
    for store in sorted(stores):
        name = file_name(store)
        key = normalize("NFKC", name).casefold()
        alike[key] += 1
        names[store] = name if alike[key] == 1 else f"{name}~{alike[key]}"
    return names


def _write(run: Run, lists: dict[str, pd.DataFrame]) -> None:
    """Write the stores' lists in place of those of an earlier try, which may have been for others."""
    for old in (run.out_dir / "lists").glob(f"{OF_STORE}*"):
        if not old.name.endswith(".revealed.csv"):
            old.unlink()
    for name, rows in lists.items():
        run.write_list(name, rows)


def file_name(store: str) -> str:
    """Make a file name of a store's number, whatever it holds.

    Examples
    --------
    >>> file_name("S01"), file_name("../上海 01"), file_name("//")
    ('S01', '上海-01', 'store')
    """
    return re.sub(r"[^\w]+", "-", store).strip("-_")[:60] or "store"
