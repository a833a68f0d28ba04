"""Pictures of the business, of segments, stages and cohorts: what is drawn, on axes that the page provides."""

from typing import Any, Final

import numpy as np
import pandas as pd

from crmlib.reporting import formats, palette
from crmlib.reporting.figures import heatmap
from crmlib.segmentation.lifecycle import stage_label
from crmlib.segmentation.segments import segment_label
from crmlib.words import _

KIND_COLOURS: Final = {"bought_last_month": palette.BLUE, "reactivated": palette.SKY, "new": palette.ORANGE}


def business(axes: Any, data: dict[str, pd.DataFrame], currency: str) -> None:
    """Draw net revenue and, under it, where each month's customers come from."""
    months, kinds = data["months"], data["kinds"]
    places = np.arange(len(months))
    _month_bars(axes[0], places, months["net"], months["partial"])
    title = _("Net revenue, millions of {currency}") if _millions(months["net"]) else _("Net revenue, {currency}")
    axes[0].set_title(title.format(currency=currency), color=palette.MUTED, fontweight="normal")
    bottom = np.zeros(len(months))
    for kind, colour in KIND_COLOURS.items():
        height = kinds.loc[kinds["kind"] == kind, "customers"].fillna(0).to_numpy()
        axes[1].bar(places, height, bottom=bottom, width=0.72, color=colour, label=_kind_label(kind))
        bottom += height
    axes[1].set_title(_("Customers who bought"), color=palette.MUTED, fontweight="normal", pad=22)
    axes[1].legend(ncols=3, loc="lower left", bbox_to_anchor=(-0.01, 0.98), handlelength=1, columnspacing=1.2)
    axes[1].yaxis.set_major_formatter(lambda value, _place: formats.count(value))
    for each in axes:
        _name_months(each, months["month"])


def _kind_label(kind: str) -> str:
    return {
        "bought_last_month": _("also bought the month before"),
        "reactivated": _("back after a pause"),
        "new": _("first purchase"),
    }[kind]


def _millions(values: pd.Series) -> bool:
    return bool(values.abs().max() >= 1e6)


def _month_bars(axes: Any, places: Any, values: pd.Series, partial: pd.Series) -> None:
    """Draw one bar a month, the last one in colour, a partial one hatched."""
    scale = 1e6 if _millions(values) else 1.0
    shades = [palette.CONTEXT] * (len(values) - 1) + [palette.ACCENT]
    bars = axes.bar(places, values / scale, width=0.72, color=shades)
    for bar, cut in zip(bars, partial, strict=True):
        if cut:
            bar.set(fill=False, hatch="////", edgecolor=palette.ACCENT, linewidth=1)
    decimals = 1 if scale > 1 and values.max() < 1e7 else 0
    axes.yaxis.set_major_formatter(lambda value, _place: formats.fixed(value, decimals))


def _name_months(axes: Any, months: pd.Series) -> None:
    """Write every month's short name where they fit, with the year under January and the first."""
    step = max(1, -(-len(months) // 13))
    shown = list(range(len(months) - 1, -1, -step))[::-1]
    texts = []
    for number, place in enumerate(shown):
        when = months.iloc[place]
        name = _(formats.MONTHS[when.month - 1])
        texts.append(f"{name}\n{when.year}" if number == 0 or when.month <= step else name)
    axes.set_xticks(shown, texts)
    axes.set_xlim(-0.6, len(months) - 0.4)


def segment_shares(axes: Any, frame: pd.DataFrame) -> None:
    """Draw each segment's share of customers, of money so far and, where known, of value ahead, side by side."""
    parts = {"share": _("of customers"), "spend_share": _("of revenue so far"), "value_share": _("of value ahead")}
    parts = {name: words for name, words in parts.items() if name in frame}
    names = [segment_label(code) for code in frame["segment"]]
    places = np.arange(len(frame))
    for each, (column, words) in zip(np.atleast_1d(axes), parts.items(), strict=True):
        colours = [palette.colour(code) for code in frame["segment"]]
        each.barh(places, frame[column] * 100, color=colours, height=0.66)
        for place, value in zip(places, frame[column], strict=True):
            text = formats.share(value, decimals=0 if value >= 0.01 else 1) if pd.notna(value) else _("too few")
            each.annotate(
                text,
                (0 if pd.isna(value) else value * 100, place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
            )
        if column == "share":
            each.hlines(places, frame["share_low"] * 100, frame["share_high"] * 100, color=palette.INK, linewidth=1.2)
        each.set_title(words, color=palette.MUTED, fontweight="normal")
        each.set_yticks(places, names if column == "share" else [""] * len(names))
        each.tick_params(axis="y", labelcolor=palette.INK)
        each.set_ylim(len(frame) - 0.4, -0.6)
        each.set_xlim(0, np.nanmax([*(frame[list(parts)].max() * 100), 1]) * 1.25)
        each.set_xticks([])
        each.grid(visible=False)
        each.spines["bottom"].set_visible(False)


def stages(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the customers of each lifecycle stage, with the span that laxer and stricter limits would give."""
    places = np.arange(len(frame))
    axes.barh(places, frame["customers"], color=[palette.colour(code) for code in frame["lifecycle"]], height=0.66)
    axes.hlines(places, frame["span_low"], frame["span_high"], color=palette.INK, linewidth=1.4)
    drawn = frame["span_high"].where(frame["span_low"].notna())
    ends = pd.concat([frame["customers"], drawn], axis=1).max(axis=1)
    for place, count, end in zip(places, frame["customers"], ends, strict=True):
        text = formats.count(count) if pd.notna(count) else _("too few")
        axes.annotate(text, (0 if pd.isna(end) else end, place), xytext=(6, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [stage_label(code) for code in frame["lifecycle"]])
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(frame) - 0.4, -0.6)
    axes.set_xlabel(_("Customers"))
    axes.xaxis.set_major_formatter(lambda value, _place: formats.count(value))
    axes.set_xlim(0, np.nanmax([*ends, 1]) * 1.12)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")


def cohort_grid(axes: Any, frame: pd.DataFrame) -> None:
    """Draw the cohorts: rows by month of the first purchase, columns by months since, unobserved cells blank."""
    names = frame["cohort"].map(formats.month)
    order = list(dict.fromkeys(names))
    shown = frame.assign(cohort=names)[frame["age"].to_numpy() > 0]
    grid = shown.pivot_table(index="cohort", columns="age", values="retention", dropna=False).reindex(order)
    partial = shown.pivot_table(index="cohort", columns="age", values="partial", aggfunc="max", dropna=False).reindex(
        order
    )
    kept = grid.index[grid.notna().any(axis=1)]
    heatmap(
        axes,
        grid.loc[kept],
        unit=_("Bought in the month, % of those won · by months since the first purchase"),
        partial=partial.loc[kept].eq(other=True).astype(bool),
    )
