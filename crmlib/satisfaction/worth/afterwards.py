"""Whether the satisfied, and those who took something back, buy again: what the data say, not the slogan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from crmlib.reporting import Shown, figure, gate, label, note, people, rate, record_headlines, show_all
from crmlib.reporting.figures import dots
from crmlib.satisfaction.evidence import Gap, percent, source
from crmlib.satisfaction.measures import BOUGHT_AGAIN, CHAPTER
from crmlib.satisfaction.scores.scores import PROMOTER
from crmlib.satisfaction.worth.behaviour import (
    Compared,
    compare_return,
    customers_at,
    last_answers,
    purchases_around,
    share_returning,
)
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

FEWEST_CUSTOMERS: Final = 50
"""Customers of each kind with a horizon behind them, below which nothing is told."""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What customers bought after a moment of theirs: `group, people, returned`, and one group against the rest."""

    groups: pd.DataFrame
    compared: Compared


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
        return Gap(_("where the best score begins"), _("a scale in doubt"), therefore)
    last = last_answers(survey, days).dropna(subset=[survey.outcome])
    if len(last) < FEWEST_CUSTOMERS:
        return Gap(needed, _("fewer than that"), therefore)
    moments = last.rename(columns={"answered_at": "at"})[["customer_id", "at"]]
    around = purchases_around(run.table("orders"), moments, run.as_of, days)
    scores = last.set_index("customer_id")[survey.outcome]
    groups = share_returning(_groups(scores, run), around["days_after"] > 0)
    return Afterwards(groups, compare_return(scores >= top, around))


def after_returns(run: Run) -> Afterwards | Gap:
    """Follow last year's customers through one horizon: those who took something back, and the others."""
    days = run.params.satisfaction.horizon_days
    customers = customers_at(run.table("orders"), run.as_of - timedelta(days=days))
    returned = customers.set_index("customer_id")["returned"]
    if min(int(returned.sum()), int((~returned).sum())) < FEWEST_CUSTOMERS:
        needed = _("{n:count} customers who took something back, and as many who did not")
        return Gap(
            run.say(needed, n=FEWEST_CUSTOMERS),
            _("fewer than that"),
            _("Whether customers come back after a return is not shown."),
        )
    around = purchases_around(run.table("orders"), customers, run.as_of, days)
    names = returned.map({True: _("took something back"), False: _("took nothing back")})
    return Afterwards(share_returning(names, around["days_after"] > 0), compare_return(returned, around))


def _groups(scores: pd.Series, run: Run) -> pd.Series:
    """Join scores that too few customers gave to the next one up, so that the dissatisfied are not all hidden."""
    names: dict[float, str] = {}
    waiting: list[float] = []
    customers = 0
    for score, n in scores.value_counts().sort_index().items():
        waiting.append(float(str(score)))
        customers += int(n)
        if not run.too_few(customers):
            names |= dict.fromkeys(waiting, _span(waiting))
            waiting, customers = [], 0
    return scores.map(names | dict.fromkeys(waiting, _span(waiting)) if waiting else names)


def _span(scores: list[float]) -> str:
    first, last = (f"{score:g}" for score in (scores[0], scores[-1]))
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def show_afterwards(found: Study, run: Run) -> Shown:
    """Show the share that bought again by score, the difference and what is left of it at equal history; record it."""
    if found.now.survey is None:
        return found.missing.show_briefly()
    bought = found.afterwards
    if isinstance(bought, Gap):
        return bought.show()
    if bought.compared.plain.is_known:
        days = f"{run.params.satisfaction.horizon_days}"
        record_headlines([BOUGHT_AGAIN.headline(bought.compared.plain, told={"days": days})], run, CHAPTER)
    return _show(
        bought, run, answers_title(bought.compared, run), _("survey answers and later purchases"),
        alt=_("Dots with intervals, share that bought again by score: {dots}."),
        read=_("Each row is a score given; the dot is the share of these customers who bought within {days:count} "
               "days."),
        limits=_("Each customer's last answer with {days:count} days after it. Satisfaction was not dealt out at "
                 "random."),
        height=1.0 + 0.36 * len(bought.groups),
    )  # fmt: skip


def show_after_returns(found: Study, run: Run) -> Shown:
    """Show whether customers who took something back bought again, as observed and at equal history."""
    bought = found.after_returns
    if isinstance(bought, Gap):
        return bought.show()
    return _show(
        bought, run, returns_title(bought.compared, run), _("order lines of customers of the year before"),
        alt=_("Dots with intervals, share that bought again: {dots}."),
        read=_("The dot is the share of these customers who bought within {days:count} days."),
        limits=_("Whoever buys often takes back often: the sentence below compares customers with equal purchases "
                 "before."),
        height=1.7,
    )  # fmt: skip


def _show(
    bought: Afterwards, run: Run, title: str, what: str, *, alt: str, read: str, limits: str, height: float
) -> Shown:
    gated = gate(
        bought.groups, run, label("group"), people("people"), people("returned"),
        rate("share", per=("returned", "people"), decimals=0),
    )  # fmt: skip
    days = run.params.satisfaction.horizon_days
    picture = figure(
        _dots,
        gated,
        title=title,
        alt=run.say(alt, dots=gated.listing("{group}: {share}")),
        read=run.say(read, days=days),
        limits=run.say(limits, days=days),
        source=source(run, what, int(bought.groups["people"].sum())),
        size=(7.2, height),
    )
    return show_all(picture, note(left_words(bought.compared, run)))


def _dots(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the share that bought again."""
    unit, frame = _("Bought again (% of the customers)"), percent(frame, "share")
    dots(axes, frame, label="group", value="share", low="share_low", high="share_high", unit=unit, written="number0")


def answers_title(compared: Compared, run: Run) -> str:
    """Say whether the very satisfied buy again more often."""
    if not compared.plain.is_known:
        return _("Too few answered to say whether the very satisfied buy again")
    return _title(compared.plain, run, (
        _("The very satisfied bought again within {days:count} days {x:gap:point} points more often than the others"),
        _("The very satisfied bought again within {days:count} days {x:gap:point} points less often than the others"),
        _("The very satisfied did not buy again within {days:count} days more often than chance allows"),
    ))  # fmt: skip


def returns_title(compared: Compared, run: Run) -> str:
    """Say whether customers who took something back buy again more or less often."""
    return _title(compared.plain, run, (
        _("Customers who took something back bought again within {days:count} days {x:gap:point} points more often"),
        _("Customers who took something back bought again within {days:count} days {x:gap:point} points less often"),
        _("Customers who took something back bought again within {days:count} days as often as the others"),
    ))  # fmt: skip


def _title(plain: Estimate, run: Run, words: tuple[str, str, str]) -> str:
    """Say that they bought more often, less often, or that chance may have made the difference."""
    more, less, chance = words
    chosen = chance if not plain.excludes(0) else more if plain.value > 0 else less
    return run.say(chosen, days=run.params.satisfaction.horizon_days, x=abs(plain))


def left_words(compared: Compared, run: Run) -> str:
    """Say what is left of the difference between customers with the same purchases before."""
    if not compared.adjusted.is_known:
        return _("Too few answered to compare customers with equal purchases before.")
    chance = _("more than chance does") if compared.adjusted.excludes(0) else _("chance could do that")
    words = _("Between customers with equal purchases before, {x:gap:point} points are left ({x:gap:interval}): "
              "{chance}.")  # fmt: skip
    return run.say(words, x=compared.adjusted, chance=chance)
