"""Clean tables that another period's run made of the very same: taken over, with the account of them, not made again.

Cleaning hardly depends on the end of the report: buyers who resell are marked anew, and where something else might
differ (ages without a date, days far ahead, births and openings after the end), nothing is taken over.
"""

import hashlib
import json
import os
import shutil
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd
from ibis import Table

from crmlib.prep.context_rules import FAR_AHEAD, first_far_ahead
from crmlib.prep.contracts import OUTSIDE
from crmlib.prep.persons.register import map_file, open_register, save_register
from crmlib.prep.staging import keeper
from crmlib.prep.unusual import same_resellers, with_resellers_anew
from crmlib.workspace import Run, private_folder

STAGE: Final = "stage"
_KEPT: Final = ("clean", "quarantine")
_TABLES: Final = ("return_matches.parquet",)
_NOT_READ: Final = ("as_of", "title", "segmentation", "churn", "actions", "running", "chapters")
"""Parameters that cleaning does not read; it reads the scales of the surveys, and tells rules in the language."""

_OF_THIS_END: Final = ("recent",)
"""What is told of the end of the report alone, and so told anew."""


def made_of(run: Run) -> str | None:
    """Hash what clean tables hang on, as the run's manifest has it: inputs, parameters, code, libraries, keys."""
    file = run.run_dir / "manifest.json"
    if run.scratch or not file.exists():
        return None
    manifest = json.loads(file.read_text(encoding="utf-8"))
    parameters = {key: value for key, value in manifest["parameters"].items() if key not in _NOT_READ}
    told = [manifest["inputs"], parameters, manifest["versions"], manifest["keys"]]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def keep_stage(run: Run, account: Any, key: str) -> None:
    """Keep the account of a preparation beside its clean tables."""
    folder = private_folder(run.out_dir / STAGE)
    plain = _write(account, folder, "")
    sizes = {
        str(file.relative_to(run.out_dir)): file.stat().st_size for name in _KEPT for file in _files(run.out_dir / name)
    }
    plain |= {"sizes": sizes, "made_of": key, "as_of": run.as_of.isoformat(), "map": _hash(map_file(run.state_dir))}
    (folder / "account.json").write_text(json.dumps(plain, ensure_ascii=False, sort_keys=True), encoding="utf-8")


def take_stage(run: Run, kind: type[Any], key: str, folder: Path) -> Any | None:
    """Take over the clean tables of another period, and give the account of them; nothing where none fits.

    What the account says of this period's end is still the other's. ``folder`` takes what is written on the way.
    """
    for file in sorted(run.run_dir.parent.glob(f"*/{STAGE}/account.json"), reverse=True):
        plain, other = json.loads(file.read_text(encoding="utf-8")), file.parents[1]
        same = plain["made_of"] == key and plain["map"] == _hash(map_file(run.state_dir))
        whole = plain["sizes"] == {name: _size(other / name) for name in plain["sizes"]}
        if same and whole and other != run.run_dir and _stands_for(run, other, date.fromisoformat(plain["as_of"])):
            _link_stage(run, other, folder)
            _age_contacts(run, plain["as_of"])
            return _read(kind, file.parent, plain, "")
    return None


def _link_stage(run: Run, other: Path, folder: Path) -> None:
    """Give another period's files a second name, the lines' resellers told by what this report sees."""
    for name in _KEPT:
        _link_all(other / name, private_folder(run.out_dir / name))
    for name in _TABLES:
        _link(other / "tables" / name, private_folder(run.out_dir / "tables") / name)
    rules = run.params.cleaning.accounts
    lines = _lines(run, other)
    if rules.wholesale is not None and not same_resellers(lines, rules, run.as_of):
        anew = with_resellers_anew(lines, rules, run.as_of, keeper(run.con, folder))
        run.write_clean("transactions", anew, by=["ordered_at", "source", "file", "line", "is_return"])


def _lines(run: Run, other: Path) -> Table:
    return run.con.read_parquet(str(other / "clean" / "transactions.parquet"), table_name="taken_lines")


def _stands_for(run: Run, other: Path, then: date) -> bool:
    """Say whether clean tables made for another end of the report are those of this one."""
    rules = pd.read_parquet(other / STAGE / "rules.parquet")
    in_future = rules["rule"].isin(
        [FAR_AHEAD, *(f"{OUTSIDE}{name}" for name in ("birth_date", "joined_at", "opened_at"))]
    )
    if rules.loc[in_future, "lines"].sum():
        return False
    if "wholesale" in run.params.cleaning.accounts.as_anonymous:
        return False
    lines = _lines(run, other)
    days = lines.group_by(day=lines.ordered_at.date()).agg(lines=lines.count()).order_by("day").to_pandas()
    if any(first_far_ahead(days, end) is not None for end in (then, run.as_of)):
        return False
    return all(_dated_before(run, other, table, min(then, run.as_of)) for table in ("customers", "stores"))


def _dated_before(run: Run, other: Path, table: str, end: date) -> bool:
    """Say whether births, joining and opening lie before the end of the report, none told by an age without a date."""
    file = other / "clean" / f"{table}.parquet"
    if not file.exists():
        return True
    if any(
        "age" in source.columns and "known_at" not in source.columns for source in run.params.sources.customers or ()
    ):
        return False
    rows = run.con.read_parquet(str(file))
    last = {name: rows[name].max() for name in ("birth_year", "joined_at", "opened_at") if name in rows.columns}
    (told,) = rows.aggregate(**last).to_pandas().to_dict("records")
    years = [told.pop("birth_year")] if "birth_year" in told else []
    return all(pd.isna(day) or pd.Timestamp(day).date() < end for day in told.values()) and all(
        pd.isna(year) or year < end.year for year in years
    )


def _age_contacts(run: Run, then: str) -> None:
    """Let contacts count as known at this period's end, as a preparation of the same delivery would have."""
    register = open_register(run.params, run.state_dir)
    now = run.as_of.isoformat()
    if now > then:
        dates = register.contacts["as_of"].where(register.contacts["as_of"] != then, now)
        meta = register.meta | ({"links_as_of": now} if register.meta.get("links_as_of") == then else {})
        save_register(
            replace(register, contacts=register.contacts.assign(as_of=dates), meta=meta), run.params, run.state_dir
        )


def _write(part: Any, folder: Path, before: str) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for each in (each for each in fields(part) if each.name not in _OF_THIS_END):
        name, value = f"{before}{each.name}", getattr(part, each.name)
        if is_dataclass(value):
            plain |= _write(value, folder, f"{name}.")
        elif isinstance(value, pd.Series):
            value.to_frame("value").to_parquet(folder / f"{name}.parquet")
        elif isinstance(value, pd.DataFrame):
            value.to_parquet(folder / f"{name}.parquet")
        else:
            plain[name] = list(value) if isinstance(value, tuple) else value
    return plain


def _read(kind: type[Any], folder: Path, plain: dict[str, Any], before: str) -> Any:
    values: dict[str, Any] = {}
    for each in fields(kind):
        name, hint = f"{before}{each.name}", each.type
        if name in _OF_THIS_END:
            values[name] = None
        elif isinstance(hint, type) and is_dataclass(hint):
            values[each.name] = _read(hint, folder, plain, f"{name}.")
        elif name in plain:
            values[each.name] = tuple(plain[name]) if isinstance(plain[name], list) else plain[name]
        else:
            frame = pd.read_parquet(folder / f"{name}.parquet")
            values[each.name] = frame["value"] if hint is pd.Series else frame
    return kind(**values)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*") if file.is_file())


def _size(file: Path) -> int | None:
    return file.stat().st_size if file.exists() else None


def _link_all(folder: Path, into: Path) -> None:
    for file in _files(folder):
        _link(file, into / file.name)


def _link(file: Path, to: Path) -> None:
    """Give a file a second name, or a copy where the disk knows no links."""
    if not file.exists():
        return
    to.unlink(missing_ok=True)
    try:
        os.link(file, to)
    except OSError:
        shutil.copy2(file, to)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""
