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
from crmlib.satisfaction.scores.groups import by_group, score_columns
from crmlib.satisfaction.scores.stores import place_score, score_words, show_stores
from crmlib.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

_SHADES: Final = {ABOVE: palette.BLUE, BELOW: palette.RED}
_NAMED: Final = 4


def compare_places(survey: Survey, grouped: pd.DataFrame) -> pd.DataFrame:
    """Estimate the scores of each group and hold it against the others of its kind, all kinds at once.

    One row a group, the best of its kind first by the score drawn together (`ranked`): ``kind, name, people, answers``,
    the scores with their intervals, ``difference`` (points, with its ends), ``p, q`` and ``stands``.
    """
    given, rows = told_by_place(survey, grouped), []
    for kind in kinds_of(grouped):
        scores = by_group(survey, grouped, kind, survey.top).rename(columns={kind: "name"}).assign(kind=kind)
        compared = compare_groups(given, grouped[kind])
        rows.append(scores.join(compared, on="name").sort_values("ranked", ascending=False, kind="stable"))
    if not rows:
        return pd.DataFrame(columns=["kind", "name", "people"])
    found = pd.concat(rows, ignore_index=True)
    q = adjusted(found["p"])
    return found.assign(q=q, stands=stands(found["difference"], q))


def show_places(found: Study, run: Run) -> Shown:
    """Show what stands apart from the others of its kind; all groups, and the stores over time, are folded."""
    if found.now.survey is None:
        return found.missing.show_briefly()
    if found.survey.recommend is None and found.survey.top is None:
        return note(_("Not shown: where the best score begins is in doubt."))
    if found.places.empty:
        return note(_("Not shown: the answers do not say which touchpoint, store or segment they are about."))
    gated = _gated(found, run)
    if not gated.frame["people"].notna().any():
        return note(_("Not shown: no touchpoint, store or segment has enough answers."))
    score = place_score(found.survey)[0]
    apart = gated.rows(lambda frame: frame["stands"] != ALIKE).ordered([score])
    first = _figure(apart, score, found, run) if len(apart) else note(_nowhere(found, run))
    parts = [folded(_("All groups"), _table(gated, found, run)), *show_stores(found, run)]
    return show_all(first, *parts)


def _gated(found: Study, run: Run) -> Gated:
    """Let all groups through, named as a reader knows them; what is hidden stands alike and last of its kind."""
    places = found.places
    few = places["people"].map(run.too_few).to_numpy(dtype=bool)
    names = [
        run.say("{name:name}", name=name) if kind in CODED else str(name)
        for kind, name in zip(places["kind"], places["name"], strict=True)
    ]
    # several groups of one name, a store and a tier, say, stay apart by what they are
    kinds = places["kind"].map(lambda kind: _(KINDS[kind]))
    shown = places.assign(name=names, by=kinds, stands=places["stands"].mask(few, ALIKE), few=few)
    order = shown.assign(place=[list(KINDS).index(kind) for kind in shown["kind"]])
    shown = shown.loc[order.sort_values(["place", "few"], kind="stable").index]
    _score, unit, decimals = place_score(found.survey)
    return gate(
        shown.drop(columns=["kind", "few", "p", "q", "ranked"]), run,
        label("by", _("By")), label("name", _("Group")), label("stands"),
        people("people", _("Customers")), people("answers", _("Answers")), *score_columns(found.survey),
        estimate("difference", _("Against the others"), unit, of="people", decimals=decimals),
    )  # fmt: skip


def _table(gated: Gated, found: Study, run: Run) -> Shown:
    kinds = kind_names(kinds_of(found.grouped))
    caption = run.say(_("Scores by {kinds:list}, last {days:count} days"), kinds=kinds, days=YEAR)
    score = "nps" if found.survey.recommend is not None else "mean"
    shown = ["by", "name", "people", "answers", score, "top_box", "difference"]
    return gated.only(*shown).table(caption, note=_("Within a kind by score, scores of few answers drawn to the mean."))


def _figure(apart: Gated, score: str, found: Study, run: Run) -> Shown:
    """Show the score of each group that stands apart, beside that of all."""
    given = told_by_place(found.survey, found.grouped).dropna(subset=["value"])
    overall = float((given["weight"] * given["value"]).sum() / given["weight"].sum())
    tested = int(found.places["q"].notna().sum())
    limits = _(
        "{n:count} groups were compared, false discoveries held to 5 % over all; customers were not assigned to groups "
        "at random."
    )
    return figure(
        lambda axes, frame: _dots(axes, frame, score, overall, found.survey),
        apart,
        title=_title(apart.frame, run),
        alt=run.say(_("Dots with intervals: {values}."), values=apart.listing(f"{{name}} {{{score}}}")),
        read=_("Dot and line: the score and its 95 % interval, red below the others of its kind, blue above; the thin "
               "line is the score of all."),
        limits=run.say(limits, n=tested),
        source=source(run, _("survey answers"), int(found.grouped["person"].nunique()), YEAR),
        size=(7.2, 1.0 + 0.34 * len(apart)),
    )  # fmt: skip


def _title(frame: pd.DataFrame, run: Run) -> str:
    """Say which groups stand below the others, else which stand above."""
    below, above = (frame.loc[frame["stands"] == way, "name"].astype(str).to_list() for way in (BELOW, ABOVE))
    words = (
        _("Less satisfied than the others: {names:list}")
        if below
        else _("More satisfied than the others: {names:list}")
    )
    names = below or above
    more = [run.say(_("{n:count} more"), n=len(names) - _NAMED)] if len(names) > _NAMED else []
    return run.say(words, names=[*names[:_NAMED], *more])


def _nowhere(found: Study, run: Run) -> str:
    """Say that no group stands apart, and how many were compared."""
    words = _("Nowhere are customers more, or less, satisfied than chance explains: {n:count} groups by {kinds:list}.")
    return run.say(words, n=int(found.places["q"].notna().sum()), kinds=kind_names(kinds_of(found.grouped)))


def _dots(axes: Axes, frame: pd.DataFrame, score: str, overall: float, survey: Survey) -> None:
    """Draw each group's score with its interval, in colour by the side on which it stands apart."""
    named = frame.assign(name=[f"{name} ({by.lower()})" for name, by in zip(frame["name"], frame["by"], strict=True)])
    sides = zip(named["name"], named["stands"], strict=True)
    shades = {name: _SHADES.get(side, palette.CONTEXT) for name, side in sides}
    _score, written, decimals = place_score(survey)
    dots(axes, named, label="name", value=score, low=f"{score}_low", high=f"{score}_high", colour=shades,
         unit=score_words(survey), written=f"{written}{decimals or ''}", reference=overall)  # fmt: skip
