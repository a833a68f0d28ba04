"""The pictures of chapter 03: plain functions of axes and disclosed frames."""

from typing import Any

import pandas as pd

from crmlib.reporting import palette
from crmlib.reporting.figures import bars, calendar, dots, label_ends
from crmlib.reporting.figures import calibration as calibration_dots
from crmlib.reporting.ticks import write_ticks
from crmlib.words import _, formats

_THIN_SPACE = "\u00a0"
MOST_DATES = 6
"""So many full dates fit under an axis."""


def hidden_or(value: Any, unit: str, currency: str | None = None) -> str:
    """Write a value in the form of its unit, or say that it is hidden.

    Examples
    --------
    >>> hidden_or(float("nan"), "people"), hidden_or(40.0, "people")
    ('hidden', '40')
    """
    return _("hidden") if pd.isna(value) else formats.shown_as(value, unit, currency)


def risk(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the active customers and their usual spend by how likely they are to leave (two panels)."""
    people, money = axes
    shades = {
        name: palette.RED if high > 0.6 else palette.ACCENT
        for name, high in zip(frame["band"], frame["high"], strict=True)
    }
    bars(
        people, frame, label="band", value="customers", unit=_("Active customers"), colour=shades, written=formats.count
    )
    bars(money, frame, label="band", value="usual_spend", unit=_("Usual spend in a horizon"), colour=shades)
    for row, (amount, currency) in enumerate(zip(frame["usual_spend"], frame["currency"], strict=True)):
        written = hidden_or(amount, "money", currency)
        end = 0 if pd.isna(amount) else amount
        money.annotate(written, (end, row), xytext=(6, 0), textcoords="offset points", va="center")
    left, right = money.get_xlim()
    money.set_xlim(left, right * 1.3)
    money.set_yticks([])
    people.set_ylabel(_("Probability to buy nothing"))
    money.locator_params(axis="x", nbins=4)
    write_ticks(money.xaxis, "money", frame["currency"].iloc[0])


def horizon(axes: Any, frames: dict[str, pd.DataFrame]) -> None:
    """Draw the absences that ended, and the churn rate by the horizon (two panels)."""
    absences, rates = axes
    gaps, churn, marks = frames["gaps"], frames["churn"], frames["marks"]
    absences.plot(gaps["gap_days"], gaps["share"], color=palette.ACCENT)
    absences.set_title(_("Absences that had ended"), color=palette.MUTED, fontweight="normal")
    absences.set_xlabel(_("Days between two purchase days"))
    absences.set_ylim(0, 1.02)
    rates.fill_between(
        churn["horizon_days"], churn["low"], churn["high"], color=palette.ACCENT, alpha=0.18, linewidth=0
    )
    rates.plot(churn["horizon_days"], churn["rate"], color=palette.ACCENT, marker="o", markersize=4)
    rates.set_title(_("Customers who count as gone"), color=palette.MUTED, fontweight="normal")
    rates.set_xlabel(_("Horizon, days"))
    rates.set_ylim(0, 1.02)
    for panel, name, beside in ((absences, "share", -16), (rates, "rate", 8)):
        place = float(marks["horizon_days"].iloc[0])
        panel.axvline(place, color=palette.RED, linewidth=1.2)
        height = float(marks[name].iloc[0])
        panel.scatter([place], [height], s=36, color=palette.RED, zorder=4)
        panel.annotate(
            f"{formats.days(place)}: {formats.share(height, decimals=0)}",
            (place, height),
            xytext=(8, beside),
            textcoords="offset points",
            color=palette.RED,
        )
        write_ticks(panel.yaxis, "share")


def comparison(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the AUC of every rule and model with its interval, the chosen one in colour."""
    shades = {
        name: palette.ACCENT if chosen else palette.CONTEXT
        for name, chosen in zip(frame["name"], frame["chosen"], strict=True)
    }
    dots(
        axes,
        frame,
        label="name",
        value="auc",
        low="auc_low",
        high="auc_high",
        unit=_("Pairs of a leaver and a stayer in the right order (AUC); by chance 50 %").replace(
            " %", _THIN_SPACE + "%"
        ),
        reference=0.5,
        colour=shades,
        written=formats.share,
    )
    write_ticks(axes.xaxis, "share")


def calibration(axes: Any, frame: pd.DataFrame) -> None:
    """Draw observed against expected leavers, tenth by tenth."""
    calibration_dots(axes, frame, predicted="expected", observed="observed", low="low", high="high")
    axes.set_xlabel(_("Expected to leave (mean probability of a tenth of the customers)"))
    axes.set_ylabel(_("Left"))
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    axes.annotate(
        _("more left than expected"), (0.05, 0.93), color=palette.MUTED, xycoords="axes fraction", va="center"
    )
    axes.annotate(
        _("fewer left than expected"),
        (0.97, 0.06),
        color=palette.MUTED,
        xycoords="axes fraction",
        va="center",
        ha="right",
    )


def drift(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the churn rate after each cutoff, expected and observed."""
    days = pd.to_datetime(frame["cutoff"])
    axes.vlines(days, frame["low"], frame["high"], color=palette.ACCENT, linewidth=2.2, alpha=0.55)
    axes.plot(days, frame["observed"], color=palette.ACCENT, marker="o")
    known = frame["expected"].notna()
    axes.plot(
        days[known],
        frame.loc[known, "expected"],
        color=palette.ORANGE,
        marker="D",
        markersize=6,
        linestyle=(0, (4, 3)),
    )
    if len(frame) <= MOST_DATES:
        axes.set_xticks(list(days), [formats.day(day) for day in frame["cutoff"]])
    else:
        calendar(axes, days)
    axes.set_title(_("Customers without a purchase in the horizon"), color=palette.MUTED, fontweight="normal")
    low, high = frame["low"].min(), frame[["high", "expected"]].max().max()
    room = max(high - low, 0.05)
    axes.set_ylim(max(low - room, 0), min(high + room, 1))
    last = frame.iloc[-1]
    ends = [(days.iloc[-1], last["observed"], _("left"), palette.ACCENT)]
    if known.iloc[-1]:
        ends.append((days.iloc[-1], last["expected"], _("expected"), palette.ORANGE))
    label_ends(axes, ends)
    write_ticks(axes.yaxis, "share")


def gains(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the share of leavers reached by contacting those at highest risk first, chosen model in colour."""
    axes.plot([0, 1], [0, 1], color=palette.CONTEXT, linewidth=1, linestyle=(0, (4, 3)), label=_("by chance"))
    styles = {
        "chosen": (palette.ACCENT, "-", 2.4),
        "rule": (palette.ORANGE, "-", 1.6),
        "perfect": (palette.MUTED, ":", 1.4),
    }
    for role, (shade, line, width) in styles.items():
        part = frame[frame["role"] == role]
        if part.empty:
            continue
        start = pd.DataFrame({"contacted": [0.0], "gain": 0.0, "low": 0.0, "high": 0.0, "name": part["name"].iloc[0]})
        part = pd.concat([start, part], ignore_index=True)
        if role == "chosen":
            axes.fill_between(part["contacted"], part["low"], part["high"], color=shade, alpha=0.15, linewidth=0)
        axes.plot(
            part["contacted"], part["gain"], color=shade, linestyle=line, linewidth=width, label=part["name"].iloc[0]
        )
    axes.set_xlabel(_("Customers contacted, highest risk first"))
    axes.set_ylabel(_("Reached of those who left"))
    axes.legend(loc="lower right")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    write_ticks(axes.xaxis, "share")
    write_ticks(axes.yaxis, "share")


def odds(axes: Any, frame: pd.DataFrame) -> None:
    """Draw what each feature does to the odds of leaving."""
    axes.set_xscale("log")
    shades = {
        name: palette.RED if low > 1 else palette.ACCENT if high < 1 else palette.CONTEXT
        for name, low, high in zip(frame["name"], frame["low"], frame["high"], strict=True)
    }
    dots(
        axes,
        frame,
        label="name",
        value="odds_ratio",
        low="low",
        high="high",
        unit=_("Odds of leaving, times, for one standard deviation more"),
        reference=1,
        colour=shades,
    )
    for row, value in enumerate(frame["odds_ratio"]):
        axes.annotate(
            "× " + formats.fixed(value, 2),
            (1.02, row),
            xycoords=("axes fraction", "data"),
            va="center",
            color=palette.INK,
            annotation_clip=False,
        )
    _plain_ticks(axes, frame)


def profit(axes: Any, frame: pd.DataFrame) -> None:
    """Draw what contacting would earn by the share contacted, with the range of the assumption."""
    start = pd.DataFrame({"contacted": [0.0], "profit": 0.0, "low": 0.0, "high": 0.0})
    curve = pd.concat([start, frame], ignore_index=True)
    axes.fill_between(curve["contacted"], curve["low"], curve["high"], color=palette.ACCENT, alpha=0.15, linewidth=0)
    axes.plot(curve["contacted"], curve["profit"], color=palette.ACCENT)
    axes.axhline(0, color=palette.MUTED, linewidth=1)
    best = frame.nlargest(1, "profit").iloc[0]
    axes.scatter([best["contacted"]], [best["profit"]], s=42, color=palette.ACCENT, zorder=3)
    axes.annotate(
        _("best at {share}").format(share=formats.share(best["contacted"], decimals=0)),
        (best["contacted"], best["profit"]),
        xytext=(0, 8),
        textcoords="offset points",
        ha="right",
        color=palette.ACCENT,
    )
    axes.set_xlabel(_("Active customers contacted, highest risk first"))
    axes.set_title(_("Profit"), color=palette.MUTED, fontweight="normal")
    write_ticks(axes.xaxis, "share")
    axes.locator_params(axis="y", nbins=4)
    write_ticks(axes.yaxis, "money", frame["currency"].iloc[0])


def _plain_ticks(axes: Any, frame: pd.DataFrame) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    ends = (frame["low"].min(), frame["high"].max())
    ticks = [
        tick for tick in (0.1, 0.2, 0.33, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10) if ends[0] * 0.8 <= tick <= ends[1] * 1.25
    ]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: "× " + f"{value:g}"))
