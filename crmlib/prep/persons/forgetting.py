"""Forgetting a person: out of the map and every kept period, known again by keyed hashes alone, proved by a search.

The hashes (HMAC-SHA256 under a key that the identity map holds, so that it outlives the project's keys) recognise a
person who comes again, and tell nobody who that was.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from crmlib.params import Parameters
from crmlib.prep.keys import NORMALISE, normalise_email, normalise_number
from crmlib.prep.landing.sources import delivered_files
from crmlib.prep.persons import audit
from crmlib.prep.persons.erasing import SEALED, Change, as_text, contents_of, erase_from, is_table
from crmlib.prep.persons.finding import Person, Traces, find_person, found_in, texts_of, traces_of
from crmlib.prep.persons.register import Register, map_file, open_known_register, open_register, save_register
from crmlib.privacy.pseudonyms import load_key


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many numbers were erased from which files, and what a search of so many files still found."""

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
    register = open_known_register(params, state_dir)
    person = find_person(register, told)
    traces, token = traces_of(person), f"x{secrets.token_hex(8)}"
    files = list(kept_files(series_dir, params))
    changes = [change for file in files if (change := erase_from(file, person, traces, token)) is not None]
    save_register(erased_from_map(register, person, at), params, state_dir)
    searched = [*kept_files(series_dir, params), *(file for file in sorted(reports_dir.rglob("*")) if file.is_file())]
    left = [file for file in searched if holds(file, traces)]
    if _map_holds(open_register(params, state_dir), person):
        left.append(map_file(state_dir))
    audit.note(
        state_dir, key, at=at, who=who, what="forget", numbers=len(person.numbers), files=len(changes),
        searched=len(searched) + 1, left=len(left),
    )  # fmt: skip
    return Forgotten(len(person.numbers), tuple(changes), len(searched) + 1, tuple(left))


def kept_files(series_dir: Path, params: Parameters) -> Iterator[Path]:
    """List all that stands in the private folder of a series, but for the map, the audit log and delivered files.

    A folder that holds delivered files and is no run's is the source's, with all in it; links hold nothing themselves.
    """
    delivered = set(delivered_files(params))
    theirs = {
        folder
        for folder in series_dir.iterdir()
        if folder.is_dir() and any(file.is_relative_to(folder.resolve()) for file in delivered) and not _is_ours(folder)
    }
    for file in sorted(series_dir.rglob("*")):
        ours = file.is_file() and not file.is_symlink() and file.parent != map_file(series_dir / "state").parent
        if ours and file.resolve() not in delivered and theirs.isdisjoint(file.parents):
            yield file


def _is_ours(folder: Path) -> bool:
    """Say whether a folder is the state's, an experiment's or a run's."""
    return folder.name in {"state", "scratch"} or (folder / "parameters.json").exists() or (folder / "clean").is_dir()


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
    return suppress(without, known, at[:10])


def holds(file: Path, traces: Traces) -> bool:
    """Search one file for a person, also within an archive; what cannot be read is taken to hold them."""
    if is_table(file):
        try:
            return _table_holds(file, traces)
        except pa.ArrowInvalid:
            return True
    pattern = traces.fields if file.suffix == ".csv" else traces.quoted
    return any(
        content.startswith(SEALED) or re.search(pattern, as_text(content)) is not None for content in contents_of(file)
    )


def _table_holds(file: Path, traces: Traces) -> bool:
    with pq.ParquetFile(file) as table:
        return any(
            pc.any(found_in(batch[name], traces.in_column(table.schema_arrow, name))).as_py()
            for batch in table.iter_batches(columns=texts_of(table.schema_arrow))
            for name in batch.schema.names
        )


def _map_holds(register: Register, person: Person) -> bool:
    gone = person.numbers | person.pseudonyms
    texts = [frame.select_dtypes(["str", "object"]) for frame in register.tables.values()]
    return any(bool(frame.isin(gone).to_numpy().any()) for frame in texts)


def normalised(kind: str, text: str) -> str | None:
    """Write an identifier one way, as the matching of accounts does."""
    return NORMALISE[kind](text) if kind in NORMALISE else normalise_number(text)


def suppress(register: Register, identifiers: Mapping[str, Iterable[str]], period: str) -> Register:
    """Enter a person's identifiers, by kind (``number, phone, email``), as keyed hashes."""
    meta = {"pepper": secrets.token_hex(32), **register.meta}
    pepper = bytes.fromhex(meta["pepper"])
    rows = [
        (_hash(pepper, kind, plain), kind, period)
        for kind, texts in identifiers.items()
        for plain in sorted({normalised(kind, text) or "" for text in texts} - {""})
    ]
    added = pd.DataFrame(rows, columns=["hash", "kind", "period"])
    every = pd.concat([register.suppressed, added], ignore_index=True).drop_duplicates("hash")
    return replace(register, meta=meta).with_tables(suppressed=every.sort_values("hash", ignore_index=True))


def suppressed_numbers(numbers: Iterable[str], accounts: pd.DataFrame, register: Register) -> frozenset[str]:
    """Find the customer numbers that are an erased person's, by the number itself or what the account tells.

    ``accounts`` has ``customer_id, phone, email, member_id``; an account that is bound to an erased person's card is
    theirs.
    """
    if register.suppressed.empty:
        return frozenset()
    pepper = bytes.fromhex(register.meta["pepper"])
    known = {kind: set(rows["hash"]) for kind, rows in register.suppressed.groupby("kind")}
    by_number = known.get("number", ())
    found = {number for number in numbers if _hash(pepper, "number", normalised("number", number)) in by_number}
    if "email" in known:  # a number that is an address was entered as an address too
        emails = ((number, normalise_email(number.rpartition(":")[2])) for number in {*numbers} - found)
        found |= {number for number, plain in emails if plain and _hash(pepper, "email", plain) in known["email"]}
    for column, kind in (("phone", "phone"), ("email", "email"), ("member_id", "number")):
        if kind in known:
            filled = accounts.dropna(subset=[column])
            found |= {
                number
                for number, text in zip(filled["customer_id"], filled[column], strict=True)
                if _hash(pepper, kind, normalised(kind, text)) in known[kind]
            }
    return frozenset(found)


def _hash(pepper: bytes, kind: str, plain: str | None) -> str:
    return hmac.new(pepper, f"{kind}\x1f{plain or ''}".encode(), hashlib.sha256).hexdigest()
