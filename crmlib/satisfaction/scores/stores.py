"""How each store's score and its answers moved, one half of the year against the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Shown, estimate, folded, gate, label, people
from crmlib.satisfaction.scores.comparison import FALSE_DISCOVERIES, adjusted, told_by_place, weighted_difference
from crmlib.satisfaction.scores.groups import headline, place_score
from crmlib.words import N_, _

if TYPE_CHECKING:
    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

HALF: Final = 182
"""Days of either half: as many weekends in both."""
MOST: Final = 60
"""Groups of a kind that a table shows, those that fall most or score lowest first."""
RISING: Final = N_("rising")
FALLING: Final = N_("falling")
NO_CHANGE: Final = N_("no clear change")


def stores_over_time(survey: Survey, grouped: pd.DataFrame) -> pd.DataFrame:
    """Compare each store's score of the last half year with that of the half year before, all stores at once.

    ``store``, of both halves ``people, answers, score`` (``_before``), ``difference`` (points, with its ends) and
    ``moves``: rising or falling only where that holds among as many comparisons.
    """
    if "store" not in grouped:
        return pd.DataFrame(columns=["store"])
    end = pd.Timestamp(survey.as_of)
    both = grouped[grouped["answered_at"] >= end - pd.Timedelta(days=2 * HALF)]
    recent = both["answered_at"] >= end - pd.Timedelta(days=HALF)
    given, score = told_by_place(survey, both), place_score(survey).name
    rows = []
    for store, part in both.groupby("store", sort=True):
        row: dict[str, object] = {"store": store}
        for half, answers in (("", part[recent[part.index]]), ("_before", part[~recent[part.index]])):
            row |= {f"people{half}": answers["person"].nunique(), f"answers{half}": len(answers),
                    f"score{half}": headline(survey, answers, survey.top)[score].value}  # fmt: skip
        known = given.loc[part.index].dropna(subset=["value"])
        gap, p = weighted_difference(known, recent[known.index])
        rows.append(row | {"difference": gap.value, "difference_low": gap.low, "difference_high": gap.high, "p": p})
    found = pd.DataFrame(rows)
    clear = adjusted(found["p"]) < FALSE_DISCOVERIES
    moves = found["difference"].gt(0).map({True: RISING, False: FALLING})
    return found.assign(moves=moves.where(clear, NO_CHANGE))


def show_stores(found: Study, run: Run) -> list[Shown]:
    """Show the stores over time, folded; nothing where the answers name no stores."""
    if found.stores.empty:
        return []
    stores, score = found.stores, place_score(found.survey)
    least = stores[["people", "people_before"]].min(axis=1)
    moves = stores["moves"].mask(least.map(run.too_few), NO_CHANGE)
    gated = gate(
        stores.drop(columns="p").assign(moves=moves.map(_), both=least), run,
        label("store", _("Store")), people("people"), people("people_before"), people("both"),
        people("answers", _("Answers"), of="people"), people("answers_before", _("before"), of="people_before"),
        estimate("score", score.words, score.unit, of="people", decimals=score.decimals),
        estimate("score_before", _("before"), score.unit, of="people_before", decimals=score.decimals),
        estimate("difference", _("Change"), score.unit, of="both", decimals=score.decimals), label("moves", _("Moves")),
    )  # fmt: skip
    moved = int(moves.ne(NO_CHANGE).sum())
    summary = _("Stores over time: none moved clearly") if not moved else _("Stores over time: {n} moved clearly")
    caption = run.say(_("Stores, last {days:count} days and as many before"), days=HALF)
    told_of = _("Rising or falling: by more than chance, false discoveries held to 5 % over all stores.")
    return [
        folded(
            summary.format(n=moved),
            gated.ordered(["difference"]).rows(list(range(min(len(gated), MOST)))).table(caption, note=told_of),
        )
    ]
