"""Names, phone numbers and e-mail addresses of people who do not exist.

No eleven-digit phone number begins with 144 (the block belongs to thirteen-digit device numbers) and ``example.com``
is reserved: neither can reach anybody.
"""

from typing import Final

import numpy as np
import pandas as pd

_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
_SURNAMES_LATIN: Final = (
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin luo gao".split()  # noqa: SIM905
)
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏辉玲燕建文婷雪琳晨浩宇轩梓涵欣怡佳俊喆翀"
_FIRST: Final = [
    "Emma",
    "Olivia",
    "Liam",
    "Noah",
    "Ava",
    "Lucas",
    "Mia",
    "Ethan",
    "Sophie",
    "Daniel",
    "Grace",
    "Oscar",
    "Hannah",
    "Felix",
    "Chloe",
    "Jack",
    "Alice",
    "Henry",
    "Nora",
    "Leo",
]
_LAST: Final = "Smith Brown Taylor Wilson Evans O'Neill Walker Wright Hughes Müller Green Hall Wood Clarke Hill".split()  # noqa: SIM905


def make_identities(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Draw ``name, english, phone, email`` for ``n`` people; phones and e-mails are unique.

    Examples
    --------
    >>> people = make_identities(np.random.default_rng(1), 1000)
    >>> int(people["phone"].nunique()), bool(people["phone"].str.fullmatch("144[0-9]{8}").all())
    (1000, True)
    """
    english = rng.random(n) < 0.12
    surname = rng.integers(0, len(_SURNAMES), n)
    given = rng.integers(0, len(_GIVEN), (n, 2))
    single = rng.random(n) < 0.35
    first, last = rng.integers(0, len(_FIRST), n), rng.integers(0, len(_LAST), n)
    name = [
        f"{_FIRST[f]} {_LAST[k]}" if e else _SURNAMES[s] + _GIVEN[g[0]] + ("" if one else _GIVEN[g[1]])
        for e, f, k, s, g, one in zip(english, first, last, surname, given, single, strict=True)
    ]
    stem = [_FIRST[f].lower() if e else _SURNAMES_LATIN[s] for e, f, s in zip(english, first, surname, strict=True)]
    host = np.array(["example.com", "example.net", "example.org"])[rng.integers(0, 3, n)]
    return pd.DataFrame({
        "name": name,
        "english": english,
        "phone": [f"144{number:08d}" for number in _distinct(rng, n, 10**8)],
        "email": [f"{s}{i:05d}@{h}" for s, i, h in zip(stem, rng.permutation(n), host, strict=True)],
    })  # fmt: skip


def _distinct(rng: np.random.Generator, n: int, below: int) -> np.ndarray:
    """Draw distinct numbers without listing all of them."""
    drawn = np.unique(rng.integers(0, below, int(n * 1.2) + 50))
    return rng.permutation(drawn)[:n]
