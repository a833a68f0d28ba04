"""The identity map of a series: which customer number has which pseudonym since when, and how to reach the person.

It lives in the series' state, apart from every table (``state/identity``, mode 0700), encrypted under a key of its own.
Preparation and the commands ``reveal`` and ``forget`` open it; no notebook does.
"""

import io
import json
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from crmlib.params import ParameterError
from crmlib.params.model import Parameters
from crmlib.prep.errors import InputRejectedError
from crmlib.privacy.pseudonyms import load_key, load_previous_key
from crmlib.privacy.vault import seal, sealed_with, unseal, write_private
from crmlib.workspace import private_folder

PURPOSE: Final = "identity map"
FILE: Final = "map.vault"

_TABLES: Final[dict[str, dict[str, str]]] = {
    "numbers": {
        "number": "str", "pseudonym": "str", "key": "str", "version": "int64", "period": "str", "first": "str",
    },
    "aliases": {"alias": "str", "pseudonym": "str", "period": "str"},
    "contacts": {
        "number": "str", "pseudonym": "str", "name": "str", "phone": "str", "email": "str", "as_of": "str",
    },
    "links": {"left": "str", "right": "str", "key": "str", "evidence": "str"},
    "suppressed": {"hash": "str", "kind": "str", "period": "str"},
}  # fmt: skip


def _empty(table: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _TABLES[table].items()})


@dataclass(frozen=True, slots=True)
class Register:
    """The identity map, open; its tables have the columns of ``_TABLES``.

    A row of ``numbers`` is never changed once written: its own ``pseudonym``, the id of the ``key`` that made it, the
    ``version`` of the map and the ``period`` in which it came, and the pseudonym it ``first`` stood under. ``aliases``
    gave way to an older pseudonym when persons merged; ``contacts`` are as last known, under the person's pseudonym;
    ``links`` are those of the latest period; ``suppressed`` holds keyed hashes of who was erased, their ``pepper`` in
    ``meta``.
    """

    numbers: pd.DataFrame = field(default_factory=lambda: _empty("numbers"))
    aliases: pd.DataFrame = field(default_factory=lambda: _empty("aliases"))
    contacts: pd.DataFrame = field(default_factory=lambda: _empty("contacts"))
    links: pd.DataFrame = field(default_factory=lambda: _empty("links"))
    suppressed: pd.DataFrame = field(default_factory=lambda: _empty("suppressed"))
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """How often new numbers came."""
        return int(self.meta.get("version", 0))

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by their names."""
        return {name: getattr(self, name) for name in _TABLES}

    def with_tables(self, **tables: pd.DataFrame) -> "Register":
        """Give the map with other tables, each with its own columns and types."""
        typed = {name: frame[list(_TABLES[name])].astype(_TABLES[name]) for name, frame in tables.items()}
        return replace(self, **typed)  # type: ignore[arg-type]


def map_file(state_dir: Path) -> Path:
    """Say where the map of a series stands."""
    return state_dir / "identity" / FILE


def open_register(params: Parameters, state_dir: Path) -> Register:
    """Open the identity map of a series with the key or the one before it; an empty one where there is none yet."""
    key = load_key(params.privacy, params.root)
    file = map_file(state_dir)
    if not file.exists():
        return Register()
    sealed = file.read_bytes()
    made_with = sealed_with(sealed)
    held = [candidate for candidate in (key, load_previous_key(params.privacy, params.root)) if candidate is not None]
    fitting = next((candidate for candidate in held if candidate.id == made_with), None)
    if fitting is None:
        raise ParameterError(
            f"privacy: the identity map of {params.series} was made with the key {made_with}, this one is {key.id}. "
            "Give the key before as privacy.previous_key_env or privacy.previous_key_file"
        )
    return _unpacked(unseal(sealed, fitting, PURPOSE, params.series))


def open_known_register(params: Parameters, state_dir: Path) -> Register:
    """Open the identity map of a series, and refuse one that has none yet."""
    if not map_file(state_dir).exists():
        raise InputRejectedError(f"the series {params.series} has no identity map yet; run its report first")
    return open_register(params, state_dir)


def save_register(register: Register, params: Parameters, state_dir: Path) -> Path:
    """Encrypt the map under the present key and write it where only its owner can read it; no change, no writing."""
    key = load_key(params.privacy, params.root)
    file = map_file(state_dir)
    content = _packed(register)
    if file.exists():
        sealed = file.read_bytes()
        if sealed_with(sealed) == key.id and unseal(sealed, key, PURPOSE, params.series) == content:
            return file
    private_folder(file.parent).chmod(0o700)
    write_private(file, seal(content, key, PURPOSE, params.series))
    return file


def _packed(register: Register) -> bytes:
    """Pack the tables into one archive; equal maps give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, frame in register.tables.items():
            table = io.BytesIO()
            frame.to_parquet(table, index=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.parquet"), table.getvalue())
        archive.writestr(zipfile.ZipInfo("meta.json"), json.dumps(register.meta, sort_keys=True))
    return out.getvalue()


def _unpacked(content: bytes) -> Register:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tables = {name: pd.read_parquet(io.BytesIO(archive.read(f"{name}.parquet"))) for name in _TABLES}
        meta = json.loads(archive.read("meta.json"))
    return Register(meta=meta).with_tables(**tables)
