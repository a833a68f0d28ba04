"""Turning the pseudonyms of a list into contacts, for whoever has the key."""

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from crmlib.params import Parameters
from crmlib.prep.errors import InputRejectedError
from crmlib.prep.keys import normalise_phone
from crmlib.prep.persons import audit
from crmlib.prep.persons.finding import PSEUDONYM
from crmlib.prep.persons.register import Register, open_known_register
from crmlib.privacy.pseudonyms import load_key
from crmlib.privacy.safe_csv import write_safe_csv
from crmlib.privacy.sealed_files import SUFFIX, keys_of, read_sealed

CONTACT: Final = ("name", "phone", "email", "customer_numbers")
CONTROL: Final = "control"
_ID: Final = "customer_id"


@dataclass(frozen=True, slots=True)
class Revealed:
    """A list with contacts: its file, its customers, and how many of them have a contact."""

    file: Path
    customers: int
    with_contact: int


def reveal_list(file: Path, params: Parameters, series_dir: Path, *, who: str, at: str) -> Revealed:
    """Write a list with contacts beside it, readable by its owner alone, and note it in the audit log.

    Who is in the control arm is to be left alone, so no contact of theirs is given.

    Parameters
    ----------
    file
        A list with a column ``customer_id`` of pseudonyms, encrypted or not.
    series_dir
        The private folder of the series, ``work/<series>``.
    who, at
        For the audit log.

    Raises
    ------
    crmlib.params.ParameterError
        If there is no key, or it does not open the identity map.
    crmlib.prep.InputRejectedError
        If the file is no such list, or holds pseudonyms that the map of the series does not know.
    """
    key = load_key(params.privacy, params.root)
    state_dir = series_dir / "state"
    register = open_known_register(params, state_dir)
    sealed = file.suffix == SUFFIX
    listed = _read(file, read_sealed(file, keys_of(params), params.series) if sealed else None)
    contacts = contacts_of(register, listed[_ID])
    unknown = contacts.index[~contacts["known"]]
    if len(unknown):
        raise InputRejectedError.at(
            file,
            f"{len(unknown)} of {contacts.index.size} customers are not of the series {params.series}",
            "give the list of this series, unchanged; who was erased stands in no list any more",
        )
    left_alone = _left_alone(listed)
    contacts.loc[contacts.index.isin(listed.loc[left_alone, _ID]), list(CONTACT)] = None
    revealed = listed.assign(**{name: contacts[name].reindex(listed[_ID]).to_numpy() for name in CONTACT})
    beside = file.with_name(f"{file.name.removesuffix(SUFFIX).removesuffix('.csv')}.revealed.csv")
    write_safe_csv(revealed, beside)
    reached = int((contacts[["phone", "email"]].notna().any(axis=1)).sum())
    audit.note(
        state_dir, key, at=at, who=who, what="reveal", list=_inside(file, series_dir), customers=len(contacts),
        with_contact=reached, sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
    )  # fmt: skip
    return Revealed(beside, len(contacts), reached)


def contacts_of(register: Register, pseudonyms: pd.Series) -> pd.DataFrame:
    """Look up the contacts of customers, by pseudonym; one that gave way to an older one is followed.

    Indexed by pseudonym: ``name, phone, email, customer_numbers`` (several joined by ``"; "``) and ``known``: whether
    the map knows the pseudonym. Who has refused since is known and has no contact.
    """
    wanted = pd.Index(pseudonyms.unique(), name=_ID)
    contacts = register.contacts
    led = register.numbers.drop_duplicates("pseudonym").set_index("pseudonym")["number"]
    number = pd.Series(led.reindex(wanted).to_numpy(), index=wanted)
    person = number.map(contacts.set_index("number")["pseudonym"])
    person = person.where(~wanted.isin(contacts["pseudonym"]), wanted.to_series())
    together = contacts.assign(phone=contacts["phone"].map(_plain_phone, na_action="ignore"))
    together = together.rename(columns={"number": "customer_numbers"}).groupby("pseudonym")[list(CONTACT)].agg(_joined)
    found = together.reindex(person.to_numpy()).set_axis(wanted)
    return found.assign(known=number.notna() | person.notna())


def _left_alone(listed: pd.DataFrame) -> "pd.Series[bool]":
    """Say which rows are left out at random, by a list that has arms."""
    return listed["arm"] == CONTROL if "arm" in listed else pd.Series(data=False, index=listed.index)


def _plain_phone(written: str) -> str:
    return normalise_phone(written) or written


def _joined(values: pd.Series) -> str | None:
    return "; ".join(dict.fromkeys(values.dropna())) or None


def _read(file: Path, opened: bytes | None) -> pd.DataFrame:
    """Read a list as text, as it stands or as it was decrypted, and refuse what is none."""
    try:
        text = (file.read_bytes() if opened is None else opened).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except (OSError, UnicodeDecodeError):
        raise InputRejectedError.at(file, "is no list that can be read", "give a CSV file of a run's lists/") from None
    if not rows or _ID not in rows[0]:
        raise InputRejectedError.at(file, f"has no column {_ID}", "give a CSV file of a run's lists/", 1)
    place = rows[0].index(_ID)
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]) or not PSEUDONYM.fullmatch(row[place]):
            raise InputRejectedError.at(
                file, f"{_ID} is no pseudonym here", "give the list as the run wrote it", number
            )
    return pd.DataFrame(rows[1:], columns=rows[0], dtype="str")


def _inside(file: Path, series_dir: Path) -> str:
    """Name a list by its place in the series, or by its name alone where it was copied elsewhere."""
    whole = file.resolve()
    return whole.relative_to(series_dir).as_posix() if whole.is_relative_to(series_dir) else file.name
