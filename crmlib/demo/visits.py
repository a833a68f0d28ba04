"""When members buy, and when they stop: the MBG/NBD process of each, in season time."""

import pandas as pd

from crmlib.demo.plan import Plan
from crmlib.demo.season import make_season


def make_visits(plan: Plan, people: pd.DataFrame) -> pd.DataFrame:
    """Let every member buy, and after each purchase stay or leave for good.

    Parameters
    ----------
    plan
        Dates and seed.
    people
        From ``make_people``.

    Returns
    -------
    pandas.DataFrame
        One row a purchase, by person and time: ``person``, ``at`` (calendar days since the first day of trading,
        fractional) and ``leaves`` (whether the member never comes back after it).

    Notes
    -----
    MBG/NBD: Batislam, Denizel & Filiztekin, Int. J. Research in Marketing 24(3), 2007. Purchases are a Poisson
    process at the person's rate while a customer; after every purchase, the first included, a coin with the person's
    ``dropout`` decides.

    Examples
    --------
    >>> from crmlib.demo.people import make_people
    >>> plan = Plan(seed=1, members=300)
    >>> visits = make_visits(plan, make_people(plan))
    >>> bool((visits.groupby("person")["leaves"].sum() <= 1).all())
    True
    """
    rng = plan.stream("visits")
    season = make_season(plan)
    buyers = people.index[~people["prospect"]].to_numpy()
    clock = season.until(people.loc[buyers, "first_day"])
    per_day = people.loc[buyers, "rate"].to_numpy() / 7
    dropout = people.loc[buyers, "dropout"].to_numpy()
    end = float(season.until(float(plan.horizon)))
    rows = []
    while len(buyers):
        leaves = rng.random(len(buyers)) < dropout
        rows.append(pd.DataFrame({"person": buyers, "clock": clock, "leaves": leaves}))
        following = clock + rng.exponential(1 / per_day)
        goes_on = ~leaves & (following < end)
        buyers, clock, per_day, dropout = buyers[goes_on], following[goes_on], per_day[goes_on], dropout[goes_on]
    visits = pd.concat(rows, ignore_index=True)
    visits["at"] = season.calendar(visits.pop("clock"))
    return visits.sort_values(["person", "at"], ignore_index=True)[["person", "at", "leaves"]]
