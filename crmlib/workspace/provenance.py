"""With which knobs each table was made, so that no chapter puts an experiment's numbers beside the run's."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from crmlib.params import Parameters
from crmlib.workspace.folders import private_folder

SECTIONS: Final = ("segmentation", "churn", "satisfaction")
"""Whose knobs decide what the tables hold that other chapters read."""


class MixedRunError(RuntimeError):
    """A table was made with other parameters than the run that reads it has."""


def note_parameters(folder: Path, table: str, params: Parameters) -> None:
    """Write the knobs that a table was made with beside it."""
    file = private_folder(folder / "made_with") / f"{table}.json"
    file.write_text(json.dumps(_knobs(params), ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8")


def note_cleaning(folder: Path, params: Parameters) -> None:
    """Write the rules of cleaning that the clean tables of an experiment were made with."""
    file = private_folder(folder / "made_with") / "clean.json"
    file.write_text(params.cleaning.model_dump_json(), encoding="utf-8")


def is_cleaned_alike(folder: Path, params: Parameters) -> bool:
    """Say whether an experiment has clean tables made by the same rules."""
    file = folder / "made_with" / "clean.json"
    return file.exists() and file.read_text(encoding="utf-8") == params.cleaning.model_dump_json()


def is_made_alike(folder: Path, table: str, params: Parameters) -> bool:
    """Say whether a table is there and was made with the same knobs."""
    made = _made_with(folder, table)
    return made == _knobs(params) and (folder / "tables" / f"{table}.parquet").exists()


def check_made_alike(folder: Path, table: str, params: Parameters) -> None:
    """Refuse a table that was made with other knobs; one without a note of them is taken.

    Raises
    ------
    MixedRunError
        Naming the table, the knobs that differ and what to run again.
    """
    made = _made_with(folder, table)
    if made is None:
        return
    other = differing_values(made, _knobs(params))
    if other:
        told = "; ".join(f"{key}: {then} there, {now} here" for key, (then, now) in other.items())
        raise MixedRunError(
            f"tables/{table}.parquet was made with other parameters than this run has ({told}). Run its chapter again "
            "with these, or everything with `crm run`."
        )


def differing(params: Parameters, other: Parameters) -> dict[str, tuple[Any, Any]]:
    """List the parameters in which two runs differ, by dotted name."""
    return differing_values(params.model_dump(mode="json"), other.model_dump(mode="json"))


def differing_values(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """List the values in which two nested mappings differ, by dotted name; a list is one value.

    Examples
    --------
    >>> differing_values({"churn": {"horizon_days": 60}}, {"churn": {"horizon_days": 90}})
    {'churn.horizon_days': (60, 90)}
    """
    return _differing(_flat(then), _flat(now))


def _knobs(params: Parameters) -> dict[str, Any]:
    dumped = params.model_dump(mode="json", include=set(SECTIONS))
    return json.loads(json.dumps({"as_of": str(params.as_of), **dumped}))


def _made_with(folder: Path, table: str) -> dict[str, Any] | None:
    file = folder / "made_with" / f"{table}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def _differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = sorted({*then, *now})
    return {name: (then.get(name), now.get(name)) for name in names if then.get(name) != now.get(name)}


def _flat(tree: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in tree.items():
        found |= _flat(value, f"{before}{key}.") if isinstance(value, dict) else {before + key: value}
    return found
