"""Which customers the model got right: purchases made and expected by how often they had bought, and by probability."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from crmlib.reporting import Shown, estimate, figure, gate, insufficient, label, palette, people
from crmlib.reporting.figures import calibration
from crmlib.segmentation.value.holdout import MOST_FREQUENT
from crmlib.segmentation.wording import Words, source_of
from crmlib.stats.skewed import ENOUGH_CUSTOMERS
from crmlib.words import _, plural

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crmlib.segmentation.value.holdout import Judged
    from crmlib.workspace import Run


def means_picture(judged: Judged, run: Run) -> Shown:
    """Show mean purchases in the held-out time, made and expected, by purchases before it."""
    means = judged.by_frequency
    gated = gate(
        means, run,
        label("frequency"), people("customers"), estimate("expected", of="customers"),
        estimate("actual", of="customers", low="low", high="high"),
    )  # fmt: skip
    return figure(partial(draw_means, run=run), gated, **means_words(means, judged, run))


def draw_means(axes: Axes, frame: pd.DataFrame, run: Run) -> None:
    """Draw two dots a group with the interval of what was made, and under each group how many are in it."""
    at, made, expected = frame["frequency"], _("made"), _("expected")
    axes.vlines(at - 0.06, frame["low"], frame["high"], color=palette.CONTEXT, linewidth=3)
    axes.scatter(at - 0.06, frame["actual"], s=44, color=palette.MUTED, zorder=3, label=made)
    axes.scatter(at + 0.06, frame["expected"], s=44, color=palette.ACCENT, marker="D", zorder=3, label=expected)
    last, many = int(at.max()), frame.set_index("frequency")["customers"]
    axes.set_xticks(range(last + 1), [_under(n, last, many.get(n), run) for n in range(last + 1)])
    axes.set_xlabel(_("Repeat purchases before the held-out time"))
    axes.set_title(_("Mean purchases in the held-out time"), color=palette.MUTED, fontweight="normal")
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left")


def _under(n: int, last: int, customers: float | None, run: Run) -> str:
    name = run.say("{n:count}" if n < last else _("{n:count} or more"), n=n)
    known = customers is not None and pd.notna(customers)
    return run.say(_("{name}\nn = {n:people}"), name=name, n=customers) if known else name


def means_words(means: pd.DataFrame, judged: Judged, run: Run) -> Words:
    """Give the words around the held-out means by frequency."""
    return {
        "title": _means_title(means, run),
        "alt": _means_alt(means, judged, run),
        "read": _(
            "Each pair of dots is a group of customers, n the number of them; the line is the 95 % interval of what "
            "was made."
        ),
        "limits": _means_limits(means, judged, run),
        "source": source_of(run, len(judged.held.actual), "customers"),
    }


def _means_title(means: pd.DataFrame, run: Run) -> str:
    """Say which groups lie outside the interval of what they made: one by its name, more by how many."""
    told = means[means["low"].notna()]
    if told.empty:
        return _("The groups are too small to hold the expectation against what was made")
    more, less = told["expected"] < told["low"], told["expected"] > told["high"]
    off, right = told[more | less], int((~(more | less)).sum())
    if off.empty:
        words = plural(
            "In the one group that can be told the expectation lies within the error of what was made",
            "In all {n:count} groups the expectation lies within the error of what was made",
            right,
        )
        return run.say(words, n=right)
    if len(off) == 1:
        return _one_off(off.iloc[0], means, right, run)
    if more.any() and less.any():
        words = _("Of {n:count} groups {more:count} bought more than expected and {less:count} less")
        return run.say(words, n=len(told), more=more.sum(), less=less.sum())
    which = _("{off:count} of {n:count} groups, with {part:part} of the purchases,")
    which = {0: _("All groups"), 1: _("All groups but one")}.get(right, which)
    way = _("{which} bought more than expected") if more.any() else _("{which} bought less than expected")
    part = _part(means, *off["frequency"])
    return way.format(which=run.say(which, off=len(off), n=len(off) + right, part=part))


def _one_off(row: pd.Series, means: pd.DataFrame, right: int, run: Run) -> str:
    words = _("{group} were overrated by {size:part}")
    if row["expected"] < row["actual"]:
        words = _("{group} were underrated by {size:part}")
    said = run.say(words, group=_group(row, means, run), size=abs(row["expected"] / row["actual"] - 1))
    if right == 0:
        return said
    others = plural("{said}; the other group agrees", "{said}; the other {n:count} groups agree", right)
    return run.say(others, said=said, n=right)


def _group(row: pd.Series, means: pd.DataFrame, run: Run) -> str:
    """Name a group by its repeat purchases, with its part of the purchases made."""
    n = int(row["frequency"])
    name = plural(
        "Customers with one repeat purchase ({part:part} of purchases)",
        "Customers with {n:count} repeat purchases ({part:part} of purchases)",
        n,
    )
    if n == 0:
        name = _("Customers without a repeat purchase ({part:part} of purchases)")
    if n == MOST_FREQUENT:
        name = _("The most frequent buyers ({n:count} or more, {part:part} of purchases)")
    return run.say(name, n=n, part=_part(means, n))


def _part(means: pd.DataFrame, *frequencies: int) -> float:
    made = means["actual"] * means["customers"]
    return float(made[means["frequency"].isin(frequencies)].sum() / made.sum())


def _means_alt(means: pd.DataFrame, judged: Judged, run: Run) -> str:
    words = _("Dots by repeat purchases before {day:day}: mean purchases after it, made and expected by {model}.")
    said = run.say(words, day=judged.split, model=judged.label(judged.chosen))
    told = means[means["low"].notna()]
    if told.empty:
        return said
    row = told.loc[(told["actual"] * told["customers"]).idxmax()]
    words = _("{group}: {made:number2} made, {expected:number2} expected.")
    best = run.say(words, group=_group(row, means, run), made=row["actual"], expected=row["expected"])
    return f"{said} {best}"


def _means_limits(means: pd.DataFrame, judged: Judged, run: Run) -> str:
    said = [_("One held-out time of {length}: a season in it moves all groups together.")]
    blank = means["low"].isna()
    if (blank & (means["customers"] < ENOUGH_CUSTOMERS)).any():
        said.append(_("Below {n:count} customers there is no interval."))
    if (blank & (means["customers"] >= ENOUGH_CUSTOMERS)).any():
        said.append(_("Where all did the same there is no interval."))
    return run.say(" ".join(said), length=judged.length(run), n=ENOUGH_CUSTOMERS)


def calibration_picture(judged: Judged, run: Run) -> Shown:
    """Show the share that bought in the held-out time against the probability given, tenth by tenth."""
    curve = judged.calibration
    run.write("forecast_calibration", curve, by=["bin"])
    gated = gate(
        curve, run,
        label("bin"), people("customers"), estimate("expected", of="customers"),
        estimate("observed", of="customers", low="low", high="high"),
    )  # fmt: skip
    shown = gated.frame.dropna(subset="observed")
    if shown.empty:
        return insufficient(
            needed=run.say(_("tenths of {n:count} customers and more"), n=run.fewest),
            found=_("fewer"),
            therefore=_("The probabilities are not held against what customers did."),
        )
    inside = shown["expected"].between(shown["low"], shown["high"]).sum()
    furthest = shown.loc[(shown["observed"] - shown["expected"]).abs().idxmax()]
    alt = _(
        "Dots along a diagonal: probability of a purchase by {model} against the share that bought after {day:day}; "
        "the furthest from it is {observed:part} against {expected:part}."
    )
    return figure(
        _draw_calibration, gated, size=(7.2, 4.0),
        title=run.say(
            _("In {inside:count} of {n:count} groups as many bought as the probabilities said"),
            inside=inside, n=len(shown),
        ),
        alt=run.say(alt, model=judged.label(judged.chosen), day=judged.split, **furthest[["observed", "expected"]]),
        read=_("Each dot is a tenth of the customers with its 95 % interval; on the diagonal the probability holds."),
        limits=_("One held-out time: a season in it moves all dots together."),
        source=source_of(run, len(judged.held.actual), "customers"),
    )  # fmt: skip


def _draw_calibration(axes: Axes, frame: pd.DataFrame) -> None:
    calibration(axes, frame, predicted="expected", observed="observed", low="low", high="high")
    axes.set_xlabel(_("Expected to buy (mean probability of a tenth of the customers)"))
    axes.set_ylabel(_("Bought"))
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
