"""One customer across channels: accounts that share a phone, an e-mail address or a card are one person.

Keys are closed transitively: who shares a phone with an account that shares a card with a third is that third. A key
that too many accounts share is no identity, and accounts with different birth dates are never joined.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from crmlib.params.cleaning import IdentityRules
from crmlib.prep.keys import NORMALISE, is_stand_in
from crmlib.prep.persons.guards import Guards, components, without_conflicts
from crmlib.prep.persons.probable import PROBABLE, unambiguous

ACCOUNT_COLUMNS: Final = ("customer_id", "phone", "email", "member_id", "platform_id", "birth_date")


@dataclass(frozen=True, slots=True)
class Identity:
    """Which accounts are one person."""

    # one row an account: ``customer_id`` (as delivered, with its name space) and ``person`` (the customer number that
    # stands for the person)
    people: pd.DataFrame
    # one row a link with its evidence: ``left, right`` (customer numbers), ``key`` (which key they share, or
    # ``probable``) and ``evidence`` (the key's value, or the probability and how the columns compare)
    links: pd.DataFrame
    shared_keys: pd.DataFrame  # keys that too many accounts share, by kind: ``key, keys, accounts``
    conflicts: int  # pairs that a key would have joined and different birth dates kept apart
    # accounts that tell a stand-in instead of a key (noemail@shop.com, 13800000000), which joins nobody
    stand_ins: int = 0


def find_people(
    accounts: pd.DataFrame, others: Sequence[str], rules: IdentityRules, probable: pd.DataFrame | None = None
) -> Identity:
    """Join the accounts of one person, each of which may have several lines of ``ACCOUNT_COLUMNS`` (text).

    ``others`` are numbers that only other tables know. Pairs that are probably one person pass the same guards as those
    that share a key, and give way first.
    """
    numbers = np.array(sorted({*accounts["customer_id"], *others}), dtype=object)
    position = {number: place for place, number in enumerate(numbers)}
    guards = Guards.of(_birth_dates(accounts, position), rules.apart, position)
    keys = pd.concat([_keys(accounts, kind, position) for kind in rules.keys], ignore_index=True)
    keys = keys[~keys["node"].isin(guards.alone)]
    size = keys.groupby(["key", "value"])["node"].transform("nunique")
    too_many = keys[size > rules.shared_by_at_most]
    pairs = _pairs(keys[(size > 1) & (size <= rules.shared_by_at_most)])
    kept = without_conflicts(pairs[_agree(guards, pairs)], guards, rules.keys)
    every = kept if probable is None else _with_probable(kept, probable, guards, position, rules.keys)
    links = {"left": numbers[every["left"]], "right": numbers[every["right"]]}
    return Identity(
        people=_people(numbers, every),
        links=pd.DataFrame(links | {"key": every["key"].to_numpy(), "evidence": every["value"].to_numpy()}),
        shared_keys=too_many.groupby("key", as_index=False).agg(
            keys=("value", "nunique"), accounts=("node", "nunique")
        ),
        conflicts=len(pairs) - len(kept),
        stand_ins=_stand_ins(accounts, rules.keys),
    )


def _stand_ins(accounts: pd.DataFrame, keys: Sequence[str]) -> int:
    """Count the accounts of which a key is a stand-in."""
    return len({
        number
        for kind in keys
        for number, text in accounts.dropna(subset=[kind])[["customer_id", kind]].itertuples(index=False)
        if is_stand_in(kind, text)
    })  # fmt: skip


def _with_probable(
    kept: pd.DataFrame, probable: pd.DataFrame, guards: Guards, position: dict[str, int], keys: Sequence[str]
) -> pd.DataFrame:
    """Add the probable links that pass the guards; where a person breaks one, they are given up first."""
    found = unambiguous(probable, components(len(position), kept), position)
    left, right = (found[side].map(position).to_numpy(dtype=int) for side in ("left", "right"))
    added = pd.DataFrame({"left": left, "right": right, "key": PROBABLE, "value": found["evidence"]})
    every = pd.concat([kept, added[~guards.forbid(left, right)]], ignore_index=True)
    return without_conflicts(every, guards, [*keys, PROBABLE])


def _birth_dates(accounts: pd.DataFrame, position: dict[str, int]) -> pd.Series:
    """Give each account's birth date, empty where its lines disagree or none tells."""
    told = accounts.dropna(subset=["birth_date"])[["customer_id", "birth_date"]].drop_duplicates()
    told = told.drop_duplicates("customer_id", keep=False).set_index("customer_id")["birth_date"]
    by_node = pd.Series(None, index=range(len(position)), dtype=object)
    by_node.loc[[position[number] for number in told.index]] = told.to_numpy()
    return by_node


def _keys(accounts: pd.DataFrame, kind: str, position: dict[str, int]) -> pd.DataFrame:
    """Give one kind of key: ``node, key, value``; a number that is an e-mail address or a card is its own key."""
    normalise = NORMALISE[kind]
    told = accounts.dropna(subset=[kind])[["customer_id", kind]].drop_duplicates()
    value = [normalise(text) for text in told[kind]]
    found = pd.DataFrame({"node": [position[number] for number in told["customer_id"]], "value": value})
    if kind in ("member_id", "email"):
        itself = [(place, normalise(number.rpartition(":")[2])) for number, place in position.items()
                  if (":" not in number if kind == "member_id" else "@" in number)]  # fmt: skip
        found = pd.concat([found, pd.DataFrame(itself, columns=["node", "value"])], ignore_index=True)
    found = found.dropna(subset=["value"]).drop_duplicates().astype({"value": "str"})  # where nobody has one too
    return found.assign(key=kind)[["node", "key", "value"]]


def _pairs(keys: pd.DataFrame) -> pd.DataFrame:
    """Pair all accounts that share a key; a key is shared by a few at most, so the pairs are few."""
    both = keys.merge(keys, on=["key", "value"], suffixes=("_left", "_right"))
    both = both[both["node_left"] < both["node_right"]]
    both = both.rename(columns={"node_left": "left", "node_right": "right"})
    both = both.astype({"left": "int64", "right": "int64"}).sort_values(["left", "right", "key"])
    return both[["left", "right", "key", "value"]].reset_index(drop=True)


def _agree(guards: Guards, pairs: pd.DataFrame) -> pd.Series:
    """Say which pairs a key may join: no two of those who share it have different birth dates, or are said apart."""
    left, right = pairs["left"].to_numpy(dtype=int), pairs["right"].to_numpy(dtype=int)
    disputed = pairs["key"] + "\x1f" + pairs["value"]
    in_dispute = disputed.isin(disputed[guards.differ(left, right)])
    one, other = guards.birth.reindex(left).to_numpy(), guards.birth.reindex(right).to_numpy()
    same = pd.notna(one) & (one == other)
    return pd.Series((~in_dispute | same) & ~guards.forbid(left, right), index=pairs.index)


def _people(numbers: np.ndarray, pairs: pd.DataFrame) -> pd.DataFrame:
    """Name each person by a number: one of the shared name space before others, then the first in order."""
    group = components(len(numbers), pairs)
    frame = pd.DataFrame({"customer_id": numbers, "group": group, "foreign": [":" in number for number in numbers]})
    first = frame.sort_values(["group", "foreign", "customer_id"]).groupby("group")["customer_id"].first()
    frame["person"] = first.reindex(frame["group"]).to_numpy()
    return frame[["customer_id", "person"]]
