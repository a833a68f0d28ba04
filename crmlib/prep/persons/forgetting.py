"""Forgetting a person: out of the map and every kept period, known again by keyed hashes alone, proved by a search."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from crmlib.params import Parameters
from crmlib.prep.comments import SPOKEN
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.persons import audit
from crmlib.prep.persons.erasing import Change, erase_from
from crmlib.prep.persons.finding import Person, find_person
from crmlib.prep.persons.register import Register, map_file, open_register, save_register, table_names
from crmlib.prep.persons.suppression import suppress
from crmlib.prep.persons.traces import Traces, found_in, texts_of, traces_of
from crmlib.privacy.pseudonyms import load_key


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many numbers were erased from which files, and the files in which a search of so many still found something."""

    numbers: int
    changes: tuple[Change, ...]
    searched: int
    left: tuple[Path, ...]


def forget(told: str, params: Parameters, series_dir: Path, reports_dir: Path, *, who: str, at: str) -> Forgotten:
    """Erase a person from the map and every kept period, and search for what may be left.

    Parameters
    ----------
    told
        A customer number, pseudonym, phone number or e-mail address.
    series_dir, reports_dir
        The private and the published folder of the series; what is published is only searched.
    who, at
        For the audit log, which tells nothing of the person.

    Raises
    ------
    crmlib.params.ParameterError
        If there is no key, or it does not open the identity map.
    crmlib.prep.InputRejectedError
        If the map knows nobody by that, or more than one person.
    """
    key = load_key(params.privacy, params.root)
    state_dir = series_dir / "state"
    if not map_file(state_dir).exists():
        raise InputRejectedError(f"the series {params.series} has no identity map yet; run its report first")
    register = open_register(params, state_dir)
    person = find_person(register, told)
    traces, token = traces_of(person), f"x{secrets.token_hex(8)}"
    kept = list(kept_files(series_dir))
    changes = [change for file in kept if (change := erase_from(file, person, traces, token)) is not None]
    save_register(erased_from_map(register, person, at), params, state_dir)
    searched = [*kept_files(series_dir), *(each for each in sorted(reports_dir.rglob("*")) if each.is_file())]
    left = [file for file in searched if holds(file, traces)]
    if _map_holds(open_register(params, state_dir), person):
        left.append(map_file(state_dir))
    audit.note(
        state_dir, key, at=at, who=who, what="forget", numbers=len(person.numbers), files=len(changes),
        searched=len(searched) + 1, left=len(left),
    )  # fmt: skip
    return Forgotten(len(person.numbers), tuple(changes), len(searched) + 1, tuple(left))


def kept_files(series_dir: Path) -> Iterator[Path]:
    """List what runs have left: all files of periods, experiments and the state, but for the map and the audit log.

    A period is a folder with a run's parameters or clean tables. Delivered files may stand beside them; they are the
    source's.
    """
    for folder in sorted(each for each in series_dir.iterdir() if each.is_dir()):
        if folder.name in {"state", "scratch"} or (folder / "parameters.json").exists() or (folder / "clean").is_dir():
            files = sorted(each for each in folder.rglob("*") if each.is_file())
            yield from (each for each in files if each.parent.name != "identity")


def erased_from_map(register: Register, person: Person, at: str) -> Register:
    """Take a person out of every table of the map, and keep keyed hashes of what is theirs alone."""
    links, aliases = register.links, register.aliases
    linked = links["left"].isin(person.numbers) | links["right"].isin(person.numbers)
    aliased = aliases["alias"].isin(person.pseudonyms) | aliases["pseudonym"].isin(person.pseudonyms)
    without = register.with_tables(
        numbers=register.numbers[~register.numbers["number"].isin(person.numbers)].reset_index(drop=True),
        contacts=register.contacts[~register.contacts["number"].isin(person.numbers)].reset_index(drop=True),
        links=links[~linked].reset_index(drop=True),
        aliases=aliases[~aliased].reset_index(drop=True),
    )
    known = {"number": person.numbers, "phone": person.own_phones, "email": person.own_emails}
    return suppress(replace(without), known, at[:10])


def holds(file: Path, traces: Traces) -> bool:
    """Search one file for a person."""
    if file.suffix == ".parquet":
        told = SPOKEN.get(file.stem, ()) if file.parent.name == "clean" else ("original",)
        with pq.ParquetFile(file) as table:
            return any(
                pc.any(found_in(batch[name], traces.fields if name in told else traces.surely)).as_py()
                for batch in table.iter_batches(columns=texts_of(table.schema_arrow))
                for name in batch.schema.names
            )
    text = file.read_bytes().decode("utf-8", errors="surrogateescape")
    return re.search(traces.fields if file.suffix == ".csv" else traces.quoted, text) is not None


def _map_holds(register: Register, person: Person) -> bool:
    gone = person.numbers | person.pseudonyms
    tables = [getattr(register, name) for name in table_names()]
    return any(frame[name].isin(gone).any() for frame in tables for name in frame.select_dtypes(["str", "object"]))
