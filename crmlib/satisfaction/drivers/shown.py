"""What to fix first, on the page: importance by performance, the chances beside it, and the models folded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from crmlib.reporting import Gated, Shown, estimate, figure, gate, label, palette, record_headlines, show_all
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.drivers.how_sure import how_sure
from crmlib.satisfaction.drivers.key_drivers import RESAMPLES
from crmlib.satisfaction.drivers.priorities import CLEAR, priority_title
from crmlib.satisfaction.evidence import Gap, percent, source
from crmlib.satisfaction.measures import CHAPTER, EXPLAINED
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.drivers.key_drivers import Drivers
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

_DOT, _LETTER, _LINE = 0.012, 0.013, 0.055
"""Half a dot, the width of a letter and the height of a line, as parts of the picture."""


def show_drivers(found: Study, run: Run) -> Shown:
    """Show what to fix first: how much each driver accounts for, how it is done, and what a step of it brings."""
    drivers = found.drivers
    if isinstance(drivers, Gap):
        return drivers.show()
    record_headlines([EXPLAINED.headline(drivers.explained, people=drivers.people)], run, CHAPTER)
    survey = found.survey
    one_scale = len({survey.scales[name] for name in drivers.table["driver"]}) == 1
    gated = _gated(drivers, run, one_scale=one_scale)
    words = _("Bars are 95 % intervals, lines the means of the drivers; all account for {x:share} of the differences.")
    picture = figure(
        partial(_draw, unit=_("Score today") if one_scale else _("Score today, % of its scale")),
        gated,
        title=priority_title(drivers.table, run),
        alt=_("Crosses by score and importance: {dots}.").format(dots=gated.listing("{driver} {mean}, {importance}")),
        read=run.say(words, x=drivers.explained),
        limits=_("What goes together need not cause: an experiment would tell what a better score brings."),
        source=source(run, _("survey answers with scores"), drivers.people, YEAR),
        size=(7.2, 3.9 + 0.15 * max(len(gated) - 8, 0)),
    )
    return show_all(picture, _priorities(gated, survey, run), how_sure(drivers, survey, run))


def _gated(drivers: Drivers, run: Run, *, one_scale: bool) -> Gated:
    place = "mean" if one_scale else "done"
    table = drivers.told("importance", "mean", "priority", place, "gain")
    table = table.loc[:, ~table.columns.duplicated()]
    ends = ("", "_low", "_high")
    at = {f"at{end}": table[f"{place}{end}"] * (1 if one_scale else 100) for end in ends}
    gain = {f"gain{end}": table[f"gain{end}"] * 100 if "gain" in table else float("nan") for end in ends}
    return gate(
        table.assign(**at, **gain).drop(columns=[f"done{end}" for end in ends], errors="ignore"), run,
        label("driver", _("Driver")),
        estimate("importance", _("Accounts for"), of="people"),
        estimate("mean", _("Score today"), "number", of="people", decimals=2),
        estimate("priority", _("Chance to be a priority"), of="people", decimals=0),
        estimate("gain", _("One step brings"), "number", of="people", decimals=1),
        estimate("at", kind="number", of="people", decimals=2),
    )  # fmt: skip


def _priorities(gated: Gated, survey: Survey, run: Run) -> Shown:
    """Show the drivers with their chances, and what a step brings where that is told."""
    caption = _("What each driver accounts for, and what goes with one step of it")
    words = _("Priority: accounts for more and scores less than the mean driver in so many of {n:count} resamples.")
    said = [run.say(words, n=RESAMPLES)]
    if gated.frame["gain"].isna().all():
        return gated.only("driver", "importance", "mean", "priority").table(caption, note=said[0])
    overall = survey.overall is not None
    brings = _("One step: more very satisfied, points") if overall else _("One step: net promoter points")
    said.append(_("One step: a point more for all who scored below the best."))
    return gated.headed(gain=brings).table(caption, note=" ".join(said))


def _draw(axes: Axes, frame: pd.DataFrame, unit: str) -> None:
    """Draw a cross a driver, lines at the means, and in words the quarter in which to look first."""
    frame = percent(frame, "importance")
    for _place, row in frame.iterrows():
        shade = palette.RED if row["priority"] >= CLEAR else palette.ACCENT
        x, y = row["at"], row["importance"]
        axes.plot([row["at_low"], row["at_high"]], [y, y], color=shade, linewidth=1.6, alpha=0.55)
        axes.plot([x, x], [row["importance_low"], row["importance_high"]], color=shade, linewidth=1.6, alpha=0.55)
        axes.scatter([x], [y], s=42, color=shade, zorder=3)
    axes.axvline(frame["at"].mean(), color=palette.CONTEXT, linewidth=1)
    axes.axhline(frame["importance"].mean(), color=palette.CONTEXT, linewidth=1)
    _name(axes, frame)
    axes.margins(x=0.1)
    axes.set_ylim(bottom=0)
    axes.text(0.01, 0.98, _("matters more, scores less"), transform=axes.transAxes, va="top", color=palette.MUTED)
    axes.set_xlabel(unit)
    axes.set_ylabel(_("Accounts for (%)"))


def _name(axes: Axes, frame: pd.DataFrame) -> None:
    """Write each driver's name beside its dot, on that side where it covers least of other dots and names."""
    ends = frame[["at_low", "at_high"]].to_numpy(dtype=float)
    width, height = np.ptp(ends) * 1.2 or 1.0, float(frame["importance_high"].max()) or 1.0
    dots = frame[["at", "importance"]].to_numpy(dtype=float) / [width, height]
    taken = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in dots]
    for name, (x, y) in zip(frame["driver"], dots, strict=True):
        sides = [(right, lines) for lines in (1, -1, 2, -2) for right in (1, -1)]
        boxes = [_box(x, y, right, lines, len(name)) for right, lines in sides]
        best = int(np.argmin([sum(_shared(box, other) for other in taken) + max(-box[1], 0.0) for box in boxes]))
        (right, lines), box = sides[best], boxes[best]
        taken.append(box)
        axes.annotate(
            name, (x * width, y * height), xytext=(5 * right, 4 * lines + 8 * (lines - np.sign(lines))),
            textcoords="offset points", color=palette.INK,
            ha="left" if right > 0 else "right", va="bottom" if lines > 0 else "top",
        )  # fmt: skip


def _box(x: float, y: float, right: int, lines: int, letters: int) -> tuple[float, float, float, float]:
    """Give the corners of a name beside a dot, in parts of the picture."""
    ends = sorted((x + right * _DOT, x + right * (_DOT + letters * _LETTER)))
    bottom = y + _LINE * (lines - 1) if lines > 0 else y + _LINE * lines
    return ends[0], bottom, ends[1], bottom + _LINE


def _shared(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Give the area that two boxes share."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    return max(across, 0.0) * max(min(one[3], other[3]) - max(one[1], other[1]), 0.0)
