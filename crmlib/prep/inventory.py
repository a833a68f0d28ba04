"""What is there this time and was not, or was and is not: stores, channels, categories, columns beside the last run."""

import re
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from crmlib.prep.landing import Landed
from crmlib.prep.recent import Recent
from crmlib.workspace import Run

TABLE: Final = "prep_inventory"
KINDS: Final = ("store_id", "channel", "category", "column", "header")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def headers(landed: list[Landed]) -> pd.DataFrame:
    """List the columns that the files hold, whether mapped or not: ``kind`` (``header``), ``name``."""
    names = sorted({f"{each.name}: {column}" for each in landed for column in each.columns})
    return pd.DataFrame({"kind": "header", "name": names}, dtype="str")


def take_inventory(recent: Recent, delivered: pd.DataFrame) -> pd.DataFrame:
    """List what the last month holds: ``kind, name``."""
    mix = recent.mix[(recent.mix["now"] > 0) & recent.mix["kind"].isin(KINDS)]
    filled = recent.filled.loc[recent.filled["now"] > 0, ["column"]]
    columns = filled.rename(columns={"column": "name"}).assign(kind="column")
    frame = pd.concat([mix[["kind", "name"]], columns[["kind", "name"]], delivered], ignore_index=True).astype("str")
    return frame.sort_values(["kind", "name"], ignore_index=True)


def compare(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Say what is new and what vanished: ``kind, name, change`` (``new`` or ``vanished``)."""
    both = now.merge(before, on=["kind", "name"], how="outer", indicator=True)
    changed = both[both["_merge"] != "both"]
    change = changed["_merge"].map({"left_only": "new", "right_only": "vanished"}).astype("str")
    return changed[["kind", "name"]].assign(change=change).sort_values(["kind", "name"], ignore_index=True)


def previous_inventory(run: Run) -> tuple[str, pd.DataFrame] | None:
    """Read what the latest earlier run of the series kept, with the name of its period; None for a first run."""
    found = [
        (end, folder)
        for folder in run.run_dir.parent.iterdir()
        if (end := period_end(folder.name)) is not None
        and end < run.as_of
        and (folder / "tables" / f"{TABLE}.parquet").exists()
    ]
    if not found:
        return None
    _end, folder = max(found)
    return folder.name, pd.read_parquet(_file(folder))


def _file(folder: Path) -> Path:
    return folder / "tables" / f"{TABLE}.parquet"


def period_end(name: str) -> date | None:
    """Give the exclusive end of a period by the name of its folder; None for other folders."""
    if month := _MONTH.fullmatch(name):
        year, number = int(month[1]), int(month[2])
        return date(year + number // 12, number % 12 + 1, 1) if 1 <= number <= 12 else None
    return date.fromisoformat(name) if _DAY.fullmatch(name) else None
