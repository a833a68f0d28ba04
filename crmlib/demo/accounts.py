"""One person, several accounts: the member number of the till, the web shop's e-mail, the mini-programme's open id.

Every account of a person can be traced to the others through a shared phone, e-mail or bound member number, but for the
few that ``UNLINKED`` leaves without any key: these nobody can join, and the truth says which they are.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.orders import MINI, WEB
from crmlib.demo.plan import Plan, only_where

REGISTERED_TWICE: Final = 0.02
"""Share of members who hold two member numbers."""

UNLINKED: Final = 0.012
"""Share of web and mini-programme accounts that share no key with any other account."""

COUPLES: Final = 0.004
"""Share of members who share a phone with a partner; their birth dates differ."""

SHOP_PHONE: Final = "14400000000"
"""A store's own number, given for members who would not tell theirs: a key shared by too many is no identity."""

_NAMELESS: Final = 24


def make_accounts(plan: Plan, people: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Open the accounts that the members' orders need, one row an account.

    ``person, system`` (``till``, ``web``, ``mini``), ``account`` (its id there), ``second`` (a second member number),
    ``phone, email, member_id`` (as it was registered; missing where it was not) and ``linked`` (whether a key leads to
    another account of the person).
    """
    rng = plan.stream("accounts")
    cards = _cards(plan, rng, people)
    shoppers = {system: np.unique(orders.loc[(orders["channel"] == number) & (orders["person"] >= 0), "person"])
                for system, number in (("web", WEB), ("mini", MINI))}  # fmt: skip
    own = cards[~cards["second"]].set_index("person")
    online = [_online(rng, system, people, own, who) for system, who in shoppers.items()]
    accounts = pd.concat([cards, *online], ignore_index=True)
    others = accounts.groupby("person")["account"].transform("size") > 1
    accounts["linked"] = accounts["linked"] & others
    return accounts


def _cards(plan: Plan, rng: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    """Everybody has a member number; some have two, with the same phone."""
    n = len(people)
    twice = np.flatnonzero(rng.random(n) < REGISTERED_TWICE)
    person = np.concatenate([np.arange(n), twice])
    number = 100_001 + rng.permutation(len(person) + 500)[: len(person)]
    phone = people["phone"].to_numpy(dtype=object)[person].copy()
    phone[:n] = _shared_phones(plan, rng, phone[:n], np.setdiff1d(np.arange(n), twice))
    return pd.DataFrame({
        "person": person,
        "system": "till",
        "account": number.astype(str),
        "second": np.arange(len(person)) >= n,
        "phone": phone,
        "email": only_where(people["email"].to_numpy()[person], rng.random(len(person)) < 0.4),
        "member_id": None,
        "linked": True,
    })  # fmt: skip


def _shared_phones(
    plan: Plan, rng: np.random.Generator, phone: npt.NDArray[np.object_], free: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    """Give couples one phone, and some members the shop's."""
    couples, nameless = max(round(len(phone) * COUPLES), 1), max(round(_NAMELESS * plan.scale), 6)
    chosen = rng.permutation(free)[: 2 * couples + nameless]
    first, second, lost = chosen[:couples], chosen[couples : 2 * couples], chosen[2 * couples :]
    phone[second] = phone[first]
    phone[lost] = SHOP_PHONE
    return phone


def _online(
    rng: np.random.Generator, system: str, people: pd.DataFrame, cards: pd.DataFrame, person: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """Open web or mini-programme accounts: most with the phone, many bound to the card, few with neither."""
    n = len(person)
    phone = people["phone"].to_numpy(dtype=object)[person]
    card = cards.loc[person, "account"].to_numpy()
    bound, with_phone, unlinked = rng.random(n) < 0.45, rng.random(n) < 0.85, rng.random(n) < UNLINKED
    unique = ~cards["phone"].duplicated(keep=False).to_numpy()[person]
    usable = unique & (cards.loc[person, "phone"].to_numpy() == phone) & with_phone
    bound = (bound | ~usable) & ~unlinked
    email = people["email"].to_numpy(dtype=object)[person]
    if system == "web":
        account = np.where(unlinked, ["x" + e for e in email], email)
    else:
        account = np.array([f"oW{a:010x}{b:010x}" for a, b in rng.integers(0, 16**10, (n, 2))], dtype=object)
    return pd.DataFrame({
        "person": person,
        "system": system,
        "account": account,
        "second": False,
        "phone": only_where(phone, with_phone & ~unlinked),
        "email": account if system == "web" else None,
        "member_id": only_where(card, bound),
        "linked": ~unlinked,
    })  # fmt: skip
