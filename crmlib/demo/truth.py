"""What is true of a simulated chain, written down: the answers that the chapters are marked against.

Nothing here is ever read by a chapter: only tests and benchmarks open it.
"""

from dataclasses import dataclass, fields
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from crmlib.demo.assortment import NASTY_NAMES
from crmlib.demo.baskets import AFFINITIES
from crmlib.demo.campaigns import CAMPAIGNS
from crmlib.demo.chain import Chain
from crmlib.demo.experience import DRIVERS, LEAVING_SLOPE
from crmlib.demo.feedback import UNRESOLVED_LOG_ODDS
from crmlib.demo.outlook import outlook
from crmlib.demo.segments import SEGMENTS

Floats = npt.NDArray[np.float64]

HORIZONS = (30, 60, 90, 180)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a chain, one table a question.

    Attributes
    ----------
    people
        One row a person: ``person, segment, prospect, rate, dropout, mean_order_value, first_day, left_day`` (missing:
        not yet), and, for those with a purchase, the true prospects at ``as_of`` (see ``outlook``).
    accounts
        ``person, system, account, second, linked``: which ids are one person, and which of them a key can join.
    segments
        Parameters of each segment's purchase, spend and choice processes.
    leaving
        ``effect, log_odds``: what satisfaction and an unsettled complaint do to the log odds of leaving after it.
    drivers
        ``outcome, driver, importance, share``: LMG in the population of all members' orders before ``as_of``.
    scores
        ``population, measure, value, people``: what full response would have shown before ``as_of``: ``orders``
        (every order alike), ``members`` (every member alike) and ``orders_by_member_tier`` (orders weighted so that
        tiers weigh as among the members, which is what answers raked to tiers estimate). They differ: who leaves
        soon orders little and is less pleased.
    stores
        ``store_id, nps, orders``: the same by store.
    campaigns
        ``campaign_id, contacts, treated, effect, effect_treated, control_rate``: the true effect on the response rate
        over all contacted (both potential outcomes known), and over the treated alone.
    affinities
        ``anchor, companion, probability``: article numbers of the planted pairs.
    sales
        ``month, channel, kind, lines, amount``: exact totals of products sold, returns and services.
    secrets
        ``kind, value``: every phone number and e-mail address, and the articles' names that are script or formula. A
        published page must hold none of the first and only the harmless form of the others.
    """

    people: pd.DataFrame
    accounts: pd.DataFrame
    segments: pd.DataFrame
    leaving: pd.DataFrame
    drivers: pd.DataFrame
    scores: pd.DataFrame
    stores: pd.DataFrame
    campaigns: pd.DataFrame
    affinities: pd.DataFrame
    sales: pd.DataFrame
    secrets: pd.DataFrame

    def write(self, folder: Path) -> None:
        """Write each table to ``<folder>/<name>.parquet``."""
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(self):
            getattr(self, field.name).to_parquet(folder / f"{field.name}.parquet", index=False)


def truth_of(chain: Chain) -> Truth:
    """Work out what is true of a chain."""
    experience = _seen_experience(chain)
    return Truth(
        people=_people(chain),
        accounts=chain.accounts[["person", "system", "account", "second", "linked"]],
        segments=_segments(),
        leaving=pd.DataFrame({
            "effect": ["satisfaction", "unresolved_complaint"],
            "log_odds": [LEAVING_SLOPE, UNRESOLVED_LOG_ODDS],
        }),
        drivers=_drivers(experience),
        scores=_scores(experience, chain.people["tier"]),
        stores=_stores(chain, experience),
        campaigns=_campaigns(chain.contacts),
        affinities=_affinities(chain),
        sales=_sales(chain.sales),
        secrets=_secrets(chain),
    )  # fmt: skip


def _seen_experience(chain: Chain) -> pd.DataFrame:
    """Would-be answers to all members' orders before ``as_of``, with person and store."""
    experience = chain.experience.join(chain.orders[["person", "store", "at"]])
    return experience[experience["at"] < chain.plan.as_of_day]


def _people(chain: Chain) -> pd.DataFrame:
    people = chain.people
    left = chain.visits[chain.visits["leaves"]].set_index("person")["at"]
    shape = np.array([s.p for s in SEGMENTS])[people["segment"]]
    known = pd.DataFrame({
        "person": people.index,
        "segment": np.array([s.name for s in SEGMENTS])[people["segment"]],
        "prospect": people["prospect"],
        "rate": people["rate"],
        "dropout": people["dropout"],
        "mean_order_value": shape / people["scale"],
        "first_day": people["first_day"],
        "left_day": left.reindex(people.index),
    })  # fmt: skip
    return known.join(outlook(chain, chain.plan.as_of_day, HORIZONS))


def _segments() -> pd.DataFrame:
    names = ("name", "share", "r", "alpha", "a", "b", "p", "q", "gamma", "lines", "price_sensitivity", "uplift")
    return pd.DataFrame([{name: getattr(s, name) for name in names} for s in SEGMENTS])


def _drivers(experience: pd.DataFrame) -> pd.DataFrame:
    drivers = experience[[f"score_{d}" for d in DRIVERS]].to_numpy(dtype=float)
    tables = []
    for outcome in ("score_satisfaction", "score_recommend"):
        importance = population_importance(drivers, experience[outcome].to_numpy(dtype=float))
        tables.append(pd.DataFrame({
            "outcome": outcome,
            "driver": [f"score_{d}" for d in DRIVERS],
            "importance": importance,
            "share": importance / importance.sum(),
        }))  # fmt: skip
    return pd.concat(tables, ignore_index=True)


def population_importance(drivers: Floats, outcome: Floats) -> Floats:
    """Split R² of a linear regression among the drivers by LMG (Lindeman, Merenda & Gold, 1980).

    From its definition, the mean contribution to R² over all orders of entry, apart from the chapter's estimator.
    """
    correlation: Floats = np.atleast_2d(np.corrcoef(np.column_stack([drivers, outcome]), rowvar=False))
    k = drivers.shape[1]
    explained = {
        subset: _r_squared(correlation, subset) for size in range(k + 1) for subset in combinations(range(k), size)
    }
    importance = np.zeros(k)
    for driver in range(k):
        others = [d for d in range(k) if d != driver]
        for size in range(k):
            for subset in combinations(others, size):
                gain = explained[tuple(sorted((*subset, driver)))] - explained[subset]
                importance[driver] += gain / (k * comb(k - 1, size))
    return importance


def _r_squared(correlation: Floats, subset: tuple[int, ...]) -> float:
    if not subset:
        return 0.0
    rows = list(subset)
    with_outcome = correlation[rows, -1]
    return float(with_outcome @ np.linalg.solve(correlation[np.ix_(rows, rows)], with_outcome))


def _measures(experience: pd.DataFrame) -> pd.DataFrame:
    """Each order's contribution to the headline measures."""
    recommend, satisfaction = experience["score_recommend"], experience["score_satisfaction"]
    points = 100.0 * ((recommend >= 9).astype(int) - (recommend <= 6).astype(int))
    return pd.DataFrame({
        "nps": points,
        "satisfaction_mean": satisfaction.astype(float),
        "satisfaction_top_box": (satisfaction == 5).astype(float),
    })  # fmt: skip


def _scores(experience: pd.DataFrame, tier: pd.Series) -> pd.DataFrame:
    """Three populations: every order alike, every member alike, and orders weighted to the members' tiers."""
    measures = _measures(experience)
    by_member = measures.groupby(experience["person"]).mean()
    by_tier = measures.groupby(tier.to_numpy()[experience["person"]]).mean()
    shares = tier.value_counts(normalize=True).reindex(by_tier.index)
    values = {
        "orders": measures.mean(),
        "members": by_member.mean(),
        "orders_by_member_tier": by_tier.mul(shares / shares.sum(), axis=0).sum(),
    }
    rows = [
        {"population": population, "measure": measure, "value": float(value), "people": len(by_member)}
        for population, of_measure in values.items()
        for measure, value in of_measure.items()
    ]
    return pd.DataFrame(rows)


def _stores(chain: Chain, experience: pd.DataFrame) -> pd.DataFrame:
    in_store = experience[experience["store"] >= 0]
    grouped = _measures(in_store)["nps"].groupby(chain.stores["store_id"].to_numpy()[in_store["store"]])
    table = grouped.agg(["mean", "size"]).rename_axis("store_id").reset_index()
    return table.rename(columns={"mean": "nps", "size": "orders"})


def _campaigns(contacts: pd.DataFrame) -> pd.DataFrame:
    moved = contacts["buys_treated"].astype(float) - contacts["buys_untreated"].astype(float)
    table = contacts.assign(moved=moved, moved_treated=moved.where(contacts["treated"]))
    table = table.groupby("campaign").agg(
        contacts=("person", "size"),
        treated=("treated", "sum"),
        effect=("moved", "mean"),
        effect_treated=("moved_treated", "mean"),
        control_rate=("buys_untreated", "mean"),
    )
    table.insert(0, "campaign_id", np.array([c.campaign_id for c in CAMPAIGNS])[table.index])
    return table.reset_index(drop=True)


def _affinities(chain: Chain) -> pd.DataFrame:
    number = chain.assortment.products["product_id"].to_numpy()
    rows = [(number[a.products[0]], number[a.products[1]], a.probability) for a in AFFINITIES]
    return pd.DataFrame(rows, columns=["anchor", "companion", "probability"])


def _sales(sales: pd.DataFrame) -> pd.DataFrame:
    kind = np.where(sales["is_return"], "return", np.where(sales["is_product"], "product", "service"))
    month = sales["ordered_at"].dt.strftime("%Y-%m")
    cents = (sales["amount"] * 100).round().astype("int64")
    grouped = cents.groupby([month.rename("month"), sales["channel"], pd.Series(kind, name="kind")])
    table = grouped.agg(["size", "sum"]).reset_index().rename(columns={"size": "lines", "sum": "amount"})
    return table.assign(amount=table["amount"] / 100)


def _secrets(chain: Chain) -> pd.DataFrame:
    values = {"phone": chain.people["phone"], "email": chain.people["email"], "nasty name": pd.Series(NASTY_NAMES)}
    return pd.concat(
        [pd.DataFrame({"kind": k, "value": v.astype(object)}) for k, v in values.items()], ignore_index=True
    )
