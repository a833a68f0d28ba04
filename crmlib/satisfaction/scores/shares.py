"""Promoters, passives and detractors, or the best and the worst answers: what a score is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Gated, estimate, gate, label, palette, people
from crmlib.satisfaction.scores.every_score import between, worst
from crmlib.satisfaction.scores.scores import standings
from crmlib.words import _, formats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

PARTS: Final = ("low", "middle", "high")
_SHADES: Final = {"low": palette.RED, "middle": palette.LINE, "high": palette.BLUE}
_WIDE: Final = 0.06


def windows(now: Survey, before: Survey, days: int) -> pd.DataFrame:
    """Give the shares of the last days' answers and of those of as many before: ``window, people`` and `PARTS`."""
    both = {"now": now, "before": before}
    return pd.DataFrame([{"window": name, **_shares(survey, survey.answers(days))} for name, survey in both.items()])


def _shares(survey: Survey, answers: pd.DataFrame) -> dict[str, float]:
    """Give the weighted shares of promoters, passives and detractors, else of the best, the worst and the others."""
    if survey.recommend is not None:
        side = pd.Series(standings(answers[survey.recommend]), answers.index)
    else:
        score, scale = answers[str(survey.overall)], survey.scales[str(survey.overall)]
        side = ((score >= survey.top).astype(float) - (score <= worst(scale))).where(score.notna())
    known = answers[side.notna()]
    weight = known["weight"].groupby(side[side.notna()]).sum() / max(known["weight"].sum(), 1e-12)
    shares = {name: float(weight.get(sign, 0.0)) for name, sign in zip(PARTS, (-1, 0, 1), strict=True)}
    return {"people": known["person"].nunique(), **shares}


def shares_shown(found: Study, run: Run) -> Gated:
    """Let the shares of both windows through the gate, those of few people hidden."""
    days = run.params.satisfaction.window_days
    names = {"now": run.say(_("last {days:count} days"), days=days), "before": _("as many before")}
    frame = windows(found.window, found.window_before, days)
    shares = [estimate(name, kind="share", of="people") for name in PARTS]
    return gate(frame.assign(window=frame["window"].map(names)), run, label("window"), people("people"), *shares)


def part_names(survey: Survey) -> dict[str, str]:
    """Say what the parts of the bar are, in the words of the survey's scale."""
    if survey.recommend is not None:
        return {"low": _("detractors (6 or less)"), "middle": _("passives (7, 8)"), "high": _("promoters (9, 10)")}
    scale = survey.scales[str(survey.overall)]
    return {
        "low": _("dissatisfied ({scores})").format(scores=between(scale.low, worst(scale))),
        "middle": _("in between"),
        "high": _("very satisfied ({scores})").format(scores=between(survey.top or scale.high, scale.high)),
    }


def stacked(axes: Axes, frame: pd.DataFrame, names: dict[str, str]) -> None:
    """Draw each window's shares as one bar, the parts named over the first."""
    for row, (_window, *shares) in enumerate(frame[["window", *PARTS]].itertuples(index=False)):
        if any(map(formats.is_missing, shares)):
            continue
        for part, share, left in zip(PARTS, shares, (0, shares[0], shares[0] + shares[1]), strict=True):
            axes.barh(row, share, left=left, height=0.62, color=_SHADES[part])
            ink = palette.INK if part == "middle" else palette.SURFACE
            if share >= _WIDE:
                words = formats.share(share, decimals=0)
                axes.text(left + share / 2, row, words, ha="center", va="center", color=ink)
    for part, place, side in zip(PARTS, (0, 0.5, 1), ("left", "center", "right"), strict=True):
        axes.text(place, -0.55, names[part], ha=side, va="bottom", color=palette.MUTED)
    axes.set_yticks(range(len(frame)), frame["window"].tolist())
    axes.set(xlim=(0, 1), ylim=(len(frame) - 0.5, -0.5), xticks=[])
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
