"""What customers bought after they answered, and after a year with a return: held against others of equal history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.adjustment.around import purchases_around
from crmlib.adjustment.compared import Compared, compare
from crmlib.adjustment.doubly_robust import per_point
from crmlib.adjustment.history import FEWEST
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.scores.scores import DETRACTOR, PROMOTER
from crmlib.satisfaction.worth.behaviour import customers_at, last_answers
from crmlib.satisfaction.worth.scale import Shape, shape
from crmlib.stats.sampling import sampled
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

FEWEST_CUSTOMERS: Final = 50
"""Customers with a horizon behind them, of each kind where kinds are compared, below which nothing is told."""

KINDS: Final = ("detractors", "passives", "promoters")
ENDS: Final = ("promoters", "detractors")
TOP, REST = "top", "rest"
TOOK, KEPT = "took", "kept"


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What customers bought after an answer of theirs.

    `scores` compares them by score given, `top` the top box with the others (`TOP, REST`), `kinds` promoters, passives
    and detractors where a recommendation was asked; `shape` says whether only the top box differs, `point` what one
    point more of the score `score` goes with in money, at equal behaviour before.
    """

    score: str
    scores: Compared
    top: Compared
    kinds: Compared | None
    shape: Shape | None
    point: Estimate


def after_answers(run: Run, survey: Survey | None) -> Afterwards | Gap:
    """Follow each customer from the last answer whose horizon is over, or say what is missing for it."""
    days = run.params.satisfaction.horizon_days
    therefore = _("Whether the satisfied come back is not shown.")
    words = _("{n:count} customers who answered at least {days:count} days ago")
    needed = run.say(words, n=FEWEST_CUSTOMERS, days=days)
    if survey is None:
        return Gap(needed, _("no survey"), therefore)
    top = survey.top if survey.overall is not None else PROMOTER
    if top is None:
        return Gap(_("where the best score begins"), _("a scale in doubt"), therefore, delivered=True)
    last = sampled(last_answers(survey, days).dropna(subset=[survey.outcome]))
    if len(last) < FEWEST_CUSTOMERS:
        return Gap(needed, _("fewer than that"), therefore, delivered=True)
    moments = last.rename(columns={"answered_at": "at"})[["customer_id", "at"]]
    last = last.set_index("customer_id")
    around = purchases_around(run.table("orders"), moments, run.as_of, days)
    compared = compare(_sides(last[survey.outcome] >= top, TOP, REST), around)
    return _by_score(last, compared, survey, top) if compared.bought else _not_comparable(compared, run, therefore)


def _by_score(last: pd.DataFrame, compared: Compared, survey: Survey, top: float) -> Afterwards:
    """Follow the scores and kinds of customers whose top box could be compared."""
    around, held = compared.around, compared.held
    bought, spend = around["days_after"] > 0, around["spend_after"].to_numpy(dtype=float)
    scores = last[survey.outcome].astype(float)
    given, asked = scores.to_numpy(), last[survey.recommend].dropna() if survey.recommend else scores.iloc[:0]
    return Afterwards(
        score=survey.outcome,
        scores=compare(joined(scores, bought), around),
        top=compared,
        kinds=compare(kinds_of(asked), around.loc[asked.index]) if len(asked) else None,
        shape=shape(given, top, bought.to_numpy(dtype=float), held),
        point=per_point(given, spend, held),
    )


def after_returns(run: Run) -> Compared | Gap:
    """Follow last year's customers through one horizon: those who took something back, and the others."""
    days = run.params.satisfaction.horizon_days
    therefore = _("Whether customers come back after a return is not shown.")
    customers = sampled(customers_at(run.table("orders"), run.as_of - timedelta(days=days)))
    returned = customers.set_index("customer_id")["returned"]
    if min(int(returned.sum()), int((~returned).sum())) < FEWEST_CUSTOMERS:
        needed = run.say(_("{n:count} customers who took something back, and as many who did not"), n=FEWEST_CUSTOMERS)
        return Gap(needed, _("fewer than that"), therefore, delivered=bool(returned.any()))
    around = purchases_around(run.table("orders"), customers, run.as_of, days)
    found = compare(_sides(returned, TOOK, KEPT), around)
    return found if found.bought else _not_comparable(found, run, therefore)


def _not_comparable(found: Compared, run: Run, therefore: str) -> Gap:
    """Say that there are too few of a kind, or that the groups are too unlike, for a comparison at equal history."""
    if found.is_large:
        return Gap(
            _("groups of customers with similar purchases before"), _("groups too unlike to be compared"), therefore,
            delivered=True,
        )  # fmt: skip
    needed = run.say(_("in each group {n:count} customers who bought again, and as many who did not"), n=FEWEST)
    return Gap(needed, _("fewer than that"), therefore, delivered=True)


def _sides(inside: pd.Series, one: str, other: str) -> pd.Series:
    return pd.Series(pd.Categorical(inside.map({True: one, False: other}), [one, other]), index=inside.index)


def kinds_of(recommended: pd.Series) -> pd.Series:
    """Name detractors, passives and promoters by the recommendation they gave."""
    cut = pd.cut(recommended.astype(float), [-1, DETRACTOR, PROMOTER - 1, 10], labels=list(KINDS))
    return pd.Series(cut, index=recommended.index)


def joined(scores: pd.Series, bought: pd.Series) -> pd.Series:
    """Join scores that too few customers gave to the next one up, so that the dissatisfied are not all hidden.

    Enough are those whom the gate shows and a comparison needs: some who bought again and some who did not.
    """
    groups, waiting, hits, misses = list[list[float]](), list[float](), 0, 0
    for score, again in bought.groupby(scores):
        waiting.append(float(str(score)))
        hits, misses = hits + int(again.sum()), misses + int((~again).sum())
        if min(hits, misses) >= FEWEST:
            groups.append(waiting)
            waiting, hits, misses = [], 0, 0
    if waiting:  # the best scores alone are too few: they join those below
        groups = [*groups[:-1], [*(groups[-1] if groups else []), *waiting]]
    names = {score: _span(group) for group in groups for score in group}
    return pd.Series(pd.Categorical(scores.map(names), [_span(group) for group in groups]), index=scores.index)


def _span(scores: list[float]) -> str:
    first, last = (f"{score:g}" for score in (scores[0], scores[-1]))
    return first if first == last else _("{first} to {last}").format(first=first, last=last)
