"""Suppression: who was erased stays erased when the next delivery names them again.

Nothing but keyed hashes of a person's identifiers is kept (HMAC-SHA256 under a key that the identity map holds, so that
it outlives the project's keys). They recognise a person who comes again, and tell nobody who that was.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from crmlib.prep.keys import NORMALISE, normalise_email, normalise_number
from crmlib.prep.persons.register import Register


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
    found = {each for each in numbers if _hash(pepper, "number", normalised("number", each)) in known.get("number", ())}
    if "email" in known:  # a number that is an address was entered as an address too
        emails = ((each, normalise_email(each.rpartition(":")[2])) for each in {*numbers} - found)
        found |= {each for each, plain in emails if plain and _hash(pepper, "email", plain) in known["email"]}
    for column, kind in (("phone", "phone"), ("email", "email"), ("member_id", "number")):
        if kind in known:
            told = accounts.dropna(subset=[column])
            found |= {
                number
                for number, text in zip(told["customer_id"], told[column], strict=True)
                if _hash(pepper, kind, normalised(kind, text)) in known[kind]
            }
    return frozenset(found)


def _hash(pepper: bytes, kind: str, plain: str | None) -> str:
    return hmac.new(pepper, f"{kind}\x1f{plain or ''}".encode(), hashlib.sha256).hexdigest()
