"""The members: who they are, which planted segment they belong to and the rates they live by."""

from typing import Final

import numpy as np
import pandas as pd

from crmlib.demo.plan import Plan
from crmlib.demo.segments import SEGMENTS, make_stores

PROSPECTS: Final = 0.04
"""Share of members who joined and never bought."""

OCCUPATIONS: Final = (
    "office", "teacher", "engineer", "retired", "student", "self-employed", "homemaker", "health care",
)  # fmt: skip

_AGE: Final = {
    "family_stock_up": (38, 7), "convenience_regular": (46, 14), "deal_hunter": (42, 12),
    "digital_young": (26, 5), "gift_occasional": (44, 11),
}  # fmt: skip
_WOMEN: Final = {
    "family_stock_up": 0.66, "convenience_regular": 0.48, "deal_hunter": 0.62,
    "digital_young": 0.60, "gift_occasional": 0.42,
}  # fmt: skip

_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
_SURNAMES_LATIN: Final = (
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin luo gao".split()  # noqa: SIM905
)
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红鹏辉玲燕建文婷雪琳晨浩宇轩梓涵欣怡佳俊喆翀"
_FIRST: Final = (
    "Emma Olivia Liam Noah Ava Lucas Mia Ethan Sophie Daniel "  # noqa: SIM905
    "Grace Oscar Hannah Felix Chloe Jack Alice Henry Nora Leo".split()
)
_LAST: Final = "Smith Brown Taylor Wilson Evans O'Neill Walker Wright Hughes Müller Green Hall Wood Clarke Hill".split()  # noqa: SIM905


def make_people(plan: Plan) -> pd.DataFrame:
    """Draw the members, one row a person, indexed by ``person`` (0, 1, …).

    Beside what a membership form asks it holds what only a simulation knows: ``segment`` (number in ``SEGMENTS``),
    ``rate`` (purchases a week while a customer), ``dropout`` (probability to leave after a purchase), ``scale``
    (mean of the order values is ``p / scale``), ``temper`` (a lasting disposition to be satisfied), ``first_day``
    (of the first purchase; of joining for a prospect) and ``prospect``.
    """
    rng = plan.stream("people")
    n = plan.members
    segment = rng.choice(len(SEGMENTS), n, p=[s.share for s in SEGMENTS])
    people = _identities(rng, n)
    people.index.name = "person"
    people["segment"] = segment
    _add_process(rng, people)
    people["prospect"] = rng.random(n) < PROSPECTS
    people["first_day"] = _first_days(plan, rng, n)
    _add_home(plan, rng, people)
    _add_form(plan, rng, people)
    return people


def _identities(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Draw ``name, english, phone, email`` for ``n`` people; phones and e-mails are unique."""
    # no eleven-digit number begins with 144 and example.com is reserved: neither can reach anybody
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


def _each(attribute: str, segment: np.ndarray) -> np.ndarray:
    """Give every person a number of their segment."""
    return np.asarray(np.array([getattr(s, attribute) for s in SEGMENTS])[segment])


def _add_process(rng: np.random.Generator, people: pd.DataFrame) -> None:
    segment = people["segment"].to_numpy()
    people["rate"] = rng.gamma(_each("r", segment), 1 / _each("alpha", segment))
    people["dropout"] = rng.beta(_each("a", segment), _each("b", segment))
    people["scale"] = rng.gamma(_each("q", segment), 1 / _each("gamma", segment))
    # Those who are soon gone are also those who are less pleased to begin with.
    mean = _each("a", segment) / (_each("a", segment) + _each("b", segment))
    people["temper"] = 0.35 * rng.standard_normal(len(people)) - 1.5 * (people["dropout"] - mean)


def _first_days(plan: Plan, rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw a launch wave, then a steady inflow up to the last day of the extract."""
    launch = rng.exponential(25.0, n)
    steady = rng.random(n) * plan.horizon
    day = np.where(rng.random(n) < 0.22, np.minimum(launch, plan.horizon - 1.0), steady)
    # Nobody joins on the extract's last day, so that everybody's first purchase is in it.
    return np.minimum(day, plan.horizon - 1.001)


def _add_home(plan: Plan, rng: np.random.Generator, people: pd.DataFrame) -> None:
    stores = make_stores()
    home = rng.choice(len(stores), len(people), p=stores["share"])
    opened = np.array([max(plan.day(d), 0) for d in stores["opened_at"]])
    # A store that opens late has its own visitors only from then on; earlier members belong to the store next to it.
    home = np.where(opened[home] > people["first_day"], 6, home)
    people["home"] = home
    people["city"] = stores["city"].to_numpy()[home]
    people["region"] = stores["region"].to_numpy()[home]


def _add_form(plan: Plan, rng: np.random.Generator, people: pd.DataFrame) -> None:
    n = len(people)
    codes = [SEGMENTS[s].name for s in people["segment"]]
    age = np.clip(rng.normal([_AGE[c][0] for c in codes], [_AGE[c][1] for c in codes]), 18, 85)
    born = np.datetime64(plan.as_of) - (age * 365.25).astype("timedelta64[D]")
    people["birth_date"] = pd.Series(born, index=people.index).dt.date
    people["gender"] = np.where(rng.random(n) < [_WOMEN[c] for c in codes], "F", "M")
    job = rng.integers(0, len(OCCUPATIONS), n)
    job = np.where(age > 62, OCCUPATIONS.index("retired"), np.where(age < 22, OCCUPATIONS.index("student"), job))
    people["occupation"] = np.array(OCCUPATIONS)[job]
    people["acquired_by"] = rng.choice(["store", "web", "friend", "advert"], n, p=[0.55, 0.2, 0.15, 0.1])
    people["consent"] = rng.random(n) >= 0.03
