"""Where customers are more or less satisfied than elsewhere: one picture of what stands apart, all others folded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Gated, Shown, estimate, figure, folded, gate, label, note, palette, people, show_all
from crmlib.reporting.figures import dots
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.evidence import source
from crmlib.satisfaction.scores.comparison import ABOVE, ALIKE, BELOW, adjusted, compare_groups, stands, told_by_place
from crmlib.satisfaction.scores.groupings import CODED, KINDS, kind_names, kinds_of
from crmlib.satisfaction.scores.groups import PlaceScore, by_group, place_score, score_columns
from crmlib.satisfaction.scores.stores import show_stores
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

_SHADES: Final = {ABOVE: palette.BLUE, BELOW: palette.RED}
MOST: Final = 60
"""Groups of a kind that the table shows, those that score lowest first."""
TABLE: Final = (
    "kind", "name", "people", "answers", "score", "value", "low", "high", "ranked", "difference", "difference_low",
    "difference_high", "p", "q", "stands",
)  # fmt: skip
"""The columns of the table ``satisfaction_places``."""
_NAMED: Final = 4
_LOWEST: Final = 8
_HIGHEST: Final = 4


def compare_places(survey: Survey, grouped: pd.DataFrame) -> pd.DataFrame:
    """Estimate the scores of each group and hold it against the others of its kind, all kinds at once.

    One row a group, the lowest of its kind first by the score drawn together (`ranked`): ``kind, name, people,
    answers``, the scores with their intervals, ``difference`` (points, with its ends), ``p, q`` and ``stands``.
    """
    given, rows = told_by_place(survey, grouped), []
    for kind in kinds_of(grouped):
        scores = by_group(survey, grouped, kind, survey.top).rename(columns={kind: "name"}).assign(kind=kind)
        compared = compare_groups(given, grouped[kind])
        rows.append(scores.join(compared, on="name").sort_values("ranked", kind="stable"))
    if not rows:
        return pd.DataFrame(columns=["kind", "name", "people"])
    found = pd.concat(rows, ignore_index=True)
    q = adjusted(found["p"])
    return found.assign(q=q, stands=stands(found["difference"], q))


def places_table(found: Study) -> pd.DataFrame:
    """Give the table ``satisfaction_places``: the score that places are compared by, as the page tells it.

    :data:`TABLE`; no row without a survey, or where the best score begins is in doubt.
    """
    if found.now.survey is None or (found.survey.recommend is None and found.survey.top is None) or found.places.empty:
        return pd.DataFrame(columns=list(TABLE))
    score = place_score(found.survey).name
    named = found.places.rename(columns={score: "value", f"{score}_low": "low", f"{score}_high": "high"})
    return named.assign(score=score)[list(TABLE)]


def show_places(found: Study, run: Run) -> Shown:
    """Show what stands apart from the others of its kind; all groups, and the stores over time, are folded."""
    if found.now.survey is None:
        return found.missing.leave_out()
    if found.survey.recommend is None and found.survey.top is None:
        return note(_("Not shown: where the best score begins is in doubt."))
    if found.places.empty:
        return note(_("Not shown: the answers do not say which touchpoint, store or segment they are about."))
    gated = _gated(found, run)
    if not gated.frame["people"].notna().any():
        return note(_("Not shown: no touchpoint, store or segment has enough answers."))
    apart = gated.rows(lambda frame: frame["stands"] != ALIKE).ordered([place_score(found.survey).name])
    first = _figure(apart, found, run) if len(apart) else note(_nowhere(found, run))
    parts = [folded(_("All groups"), _table(gated, found, run)), *show_stores(found, run)]
    return show_all(first, *parts)


def _gated(found: Study, run: Run) -> Gated:
    """Let all groups through, named as a reader knows them; what is hidden stands alike and last of its kind."""
    places, score = found.places, place_score(found.survey)
    few = places["people"].map(run.too_few).to_numpy(dtype=bool)
    pairs = list(zip(places["kind"], places["name"], strict=True))
    names = [run.say("{name:name}", name=name) if kind in CODED else str(name) for kind, name in pairs]
    kinds = places["kind"].map(lambda kind: _(KINDS[kind]))
    # a tier and a store may have one name
    both = [f"{name} ({kind.lower()})" for name, kind in zip(names, kinds, strict=True)]
    shown = places.assign(name=names, by=kinds, both=both, stands=places["stands"].mask(few, ALIKE), few=few)
    order = shown.assign(place=[list(KINDS).index(kind) for kind in shown["kind"]])
    shown = shown.loc[order.sort_values(["place", "few"], kind="stable").index]
    return gate(
        shown.drop(columns=["kind", "few", "p", "q", "ranked"]), run,
        label("by", _("By")), label("name", _("Group")), label("both"), label("stands"),
        people("people", _("Customers")), people("answers", _("Answers"), of="people"), *score_columns(found.survey),
        estimate("difference", _("Against the others"), score.unit, of="people", decimals=score.decimals),
    )  # fmt: skip


def _table(gated: Gated, found: Study, run: Run) -> Shown:
    kinds = kind_names(kinds_of(found.grouped))
    caption = run.say(_("Scores by {kinds:list}, last {days:count} days"), kinds=kinds, days=YEAR)
    words = _(
        "Of each kind the lowest first, {n:count} at most; for this order scores of few answers are drawn to the mean."
    )
    shown = ["by", "name", "people", "answers", place_score(found.survey).name, "top_box", "difference"]
    lowest = gated.rows(lambda frame: frame.groupby("by").cumcount() < MOST)
    return lowest.only(*shown).table(caption, note=run.say(words, n=MOST))


def _figure(apart: Gated, found: Study, run: Run) -> Shown:
    """Show the score of each group that stands apart, beside that of all; of many the lowest and the highest."""
    score, n = place_score(found.survey), len(apart)
    drawn = apart.rows([row for row in range(n) if row < _LOWEST or row >= n - _HIGHEST])
    given = told_by_place(found.survey, found.grouped).dropna(subset=["value"])
    overall = float((given["weight"] * given["value"]).sum() / given["weight"].sum())
    tested = int(found.places["q"].notna().sum())
    limits = _(
        "{n:count} groups were compared, false discoveries held to 5 % over all; customers were not assigned to groups "
        "at random."
    )
    return figure(
        lambda axes, frame: _dots(axes, frame, score, overall),
        drawn,
        title=places_title(apart.frame, run),
        alt=run.say(_("Dots with intervals: {values}."), values=drawn.listing(f"{{both}} {{{score.name}}}")),
        read=_("Dot and line: the score and its 95 % interval, red below the others of its kind, blue above; the thin "
               "line is the score of all."),
        limits=run.say(limits, n=tested),
        source=source(run, _("survey answers"), int(found.grouped["person"].nunique()), YEAR),
        size=(7.2, 1.0 + 0.34 * len(drawn)),
    )  # fmt: skip


def places_title(frame: pd.DataFrame, run: Run) -> str:
    """Say which groups stand below the others, else which stand above."""
    below, above = (frame.loc[frame["stands"] == way, "both"].astype(str).to_list() for way in (BELOW, ABOVE))
    less, more = _("Less satisfied than the others: {names:list}"), _("More satisfied than the others: {names:list}")
    names = below or above[::-1]
    rest = [run.say(_("{n:count} more"), n=len(names) - _NAMED)] if len(names) > _NAMED else []
    return run.say(less if below else more, names=[*names[:_NAMED], *rest])


def _nowhere(found: Study, run: Run) -> str:
    """Say that no group stands apart, and how many were compared."""
    words = _("Nowhere are customers more, or less, satisfied than chance explains: {n:count} groups by {kinds:list}.")
    return run.say(words, n=int(found.places["q"].notna().sum()), kinds=kind_names(kinds_of(found.grouped)))


def _dots(axes: Axes, frame: pd.DataFrame, score: PlaceScore, overall: float) -> None:
    """Draw each group's score with its interval, in colour by the side on which it stands apart."""
    sides = zip(frame["both"], frame["stands"], strict=True)
    shades = {name: _SHADES.get(side, palette.CONTEXT) for name, side in sides}
    dots(axes, frame, label="both", value=score.name, low=f"{score.name}_low", high=f"{score.name}_high",
         unit=score.words, colour=shades, written=f"{score.unit}{score.decimals or ''}", reference=overall)  # fmt: skip
