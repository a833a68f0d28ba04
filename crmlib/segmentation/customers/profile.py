"""What each segment is made of, what it brings and who has bought since; and how unequal customers are in revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.reporting import (
    each,
    estimate,
    exact,
    figure,
    folded,
    gate,
    insufficient,
    label,
    largest_part,
    note,
    palette,
    part,
    people,
    show_all,
)
from crmlib.reporting.figures import bars
from crmlib.reporting.ticks import tick
from crmlib.segmentation.customers.segments import segment_label, segment_profile, with_role
from crmlib.segmentation.customers.stages import bought_since, contrast, differ, since_column
from crmlib.segmentation.wording import Words, source_of
from crmlib.stats.concentration import gini, top_share
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from crmlib.reporting import Gated, Shown
    from crmlib.segmentation.customers.base import CustomerBase
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run


def segment_figures(base: CustomerBase, value: pd.DataFrame | None) -> pd.DataFrame:
    """Join what each segment is made of, what it is worth (`value_by_segment`) and who of it has bought since."""
    figures = segment_profile(base.now)
    if value is not None:
        worth = value.rename(columns={"largest": "value_largest"})
        figures = figures.join(worth.drop(columns=["segment", "customers"]))
    if base.standing is not None:
        figures = figures.join(bought_since(base.standing, "segment"), on="segment")
    return figures


def show_segments(found: Study, run: Run) -> Shown:
    """Show what share of customers, of revenue and of the value ahead each segment has, and what it is made of."""
    customers, nothing = len(found.base.now), _("No segments are shown.")
    if run.too_few(customers):
        needed = run.say(_("at least {n:count} known customers"), n=run.fewest)
        said = run.say("{n:people}", n=customers) if customers else _("none")
        return insufficient(needed=needed, found=said, therefore=nothing)
    figures = found.segments
    run.write("segment_figures", figures.astype({"segment": "str"}), by=["segment"])
    profile = figures[figures["customers"] > 0]
    shares = _shares(profile, run)
    if shares.frame[["share", "spend_share"]].dropna().empty:
        needed = run.say(_("a segment of {n:count} customers or more, with revenue"), n=run.fewest)
        return insufficient(needed=needed, found=_("none"), therefore=nothing)
    panels = (1, 3 if "value_share" in profile else 2)
    picture = figure(_draw, shares, **_words(shares, customers, run), panels=panels, size=(7.2, 3.4))
    nobody = [segment_label(code) for code in figures.loc[figures["customers"] == 0, "segment"]]
    empty = [note(run.say(_("No customer is in {names:list}."), names=nobody))] if nobody else []
    numbers = folded(_("The segments in numbers, and who has bought since"), _table(profile, found.base, run))
    return show_all(picture, numbers, *empty)


def segments_answer(profile: pd.DataFrame, run: Run) -> str:
    """Say how the best segments stand against all: their share of customers and revenue; empty where one is hidden."""
    shown = _shares(profile, run).frame
    best = shown[shown["segment"].isin(with_role(run.params.segmentation.segments, "best"))]
    if best[["share", "spend_share"]].isna().any(axis=None):
        return ""
    return run.say(
        _("{names:list} are {share:part} of all customers and brought {spend:part} of their revenue."),
        names=[segment_label(code) for code in best["segment"]],
        share=best["share"].sum(), spend=best["spend_share"].sum(),
    )  # fmt: skip


def _shares(profile: pd.DataFrame, run: Run) -> Gated:
    """Let the segments' shares through the gate: one place for the picture and for the answer."""
    shares = {"spend_share": "largest"} | ({"value_share": "value_largest"} if "value_share" in profile else {})
    ends = [f"{name}{end}" for name in shares for end in ("", "_low", "_high")]
    return gate(
        profile[["segment", "customers", *ends, *shares.values()]], run,
        label("segment"), people("customers"), part("share", of="customers", interval=True),
        *(estimate(name, of="customers", largest=largest) for name, largest in shares.items()), totals=True,
    )  # fmt: skip


def _words(shares: Gated, customers: int, run: Run) -> Words:
    known = shares.frame.dropna(subset=["share", "spend_share"])
    words = _("{segment} are {share:part} of customers and {spend:part} of revenue so far")
    said = [
        run.say(words, segment=segment_label(row.segment), share=row.share, spend=row.spend_share)
        for row in known.itertuples()
    ]
    return {
        "title": said[int(known["spend_share"].argmax())],
        "alt": _("Bars by segment: {parts}.").format(parts="; ".join(said)),
        "read": _("Every customer is in exactly one segment; the thin lines are 95 % intervals."),
        "limits": _("The segments say what customers have done, not why; revenue so far is all of the history seen."),
        "source": source_of(run, customers, "customers"),
    }


def _draw(axes: Sequence[Axes], frame: pd.DataFrame) -> None:
    parts = {"share": _("of customers"), "spend_share": _("of revenue so far"), "value_share": _("of value ahead")}
    parts = {name: words for name, words in parts.items() if name in frame}
    named = frame.assign(segment=frame["segment"].map(segment_label).astype("str"))
    longest = np.nanmax([*named[[f"{name}_high" for name in parts]].max(), 0.01])
    for panel, (name, words) in zip(axes, parts.items(), strict=True):
        bars(
            panel, named, label="segment", value=name, low=f"{name}_low", high=f"{name}_high", unit="", kind="share",
            colour=palette.colours(named["segment"]),
            written=lambda share: tick(round(share, 2 if share >= 0.01 else 3), "share"),
        )  # fmt: skip
        panel.set_title(words, color=palette.MUTED, fontweight="normal")
        panel.set_xlim(0, longest * 1.25)
        panel.set_xticks([])
        panel.grid(visible=False)
        panel.spines["bottom"].set_visible(False)
        if name != "share":
            panel.set_yticklabels([])


def _table(profile: pd.DataFrame, base: CustomerBase, run: Run) -> Shown:
    rules = run.params.segmentation.segments
    frame = profile.assign(
        name=profile["segment"].map(segment_label).astype("str"),
        meaning=[_(rules[code].meaning) for code in profile["segment"]],
    )
    then = [] if base.standing is None else ["were", "again"]
    since = [people(name) for name in then] + [since_column(run) for _one in then[:1]]
    columns = ["name", "meaning", "customers", "spend", "orders", "days_since_last", "order_value", "largest", *then]
    gated = gate(
        frame[columns], run,
        label("name", _("Segment"), swatch=True), label("meaning", _("Who")),
        people("customers", _("Customers")),
        exact("spend", _("Revenue so far"), "money", of="customers", largest="largest"),
        *since,
        estimate("days_since_last", _("Days since last, median"), "number", of="customers", decimals=0),
        exact("orders", of="customers"),
        each("orders_each", _("Orders each"), "number", per=("orders", "customers"), decimals=1),
        estimate("order_value", _("Average order value"), "money", of="customers", largest="largest",
                 decimals=0 if profile["order_value"].max() >= 100 else 2),
        totals=True,
    )  # fmt: skip
    said = "" if base.standing is None else contrast(gated, differ(base.standing, "segment"), run)
    return gated.table(_("The segments and what they are made of"), note=said)


TOPS: Final = (0.01, 0.1, 0.2)


def concentration(spend: pd.Series) -> pd.DataFrame:
    """Estimate how much of revenue the biggest customers brought (``part`` of all) and, last, the Gini coefficient.

    Columns: ``part, people, value, low, high, largest`` (the biggest customer's part of that money).
    """
    money = np.sort(spend.to_numpy())
    rows = [(part, int(part * len(money)), top_share(money, part)) for part in TOPS]
    largest = [largest_part(money[len(money) - people :]) for _part, people, _share in rows]
    frame = pd.DataFrame(
        [(part, people, found.value, found.low, found.high)
         for part, people, found in [*rows, (float("nan"), len(money), gini(money))]],
        columns=["part", "people", "value", "low", "high"],
    )  # fmt: skip
    return frame.assign(largest=[*largest, 0.0])


def show_concentration(found: Study, run: Run) -> Shown:
    """Show how much of revenue the biggest customers brought, and how unequal customers are in all."""
    if run.too_few(len(found.base.now)):
        needed = run.say(_("at least {n:count} known customers"), n=run.fewest)
        return insufficient(needed=needed, found=_("fewer"), therefore=_("No concentration is shown."))
    frame = found.concentration
    tops = [run.say(_("Top {part} % of customers, share of revenue"), part=f"{100 * part:g}") for part in TOPS]
    named = frame.assign(name=[*tops, _("Gini coefficient (0 all equal, 1 all from one)")])
    run.write("concentration", named[["name", "people", "value", "low", "high", "part"]], by=["part"])
    gated = gate(
        named.drop(columns="part").assign(kind=[*("share" for _top in tops), "number"]), run,
        label("name", _("Measure")), label("kind"),
        estimate("value", _("Value"), of="people", largest="largest", low="low", high="high", kind_from="kind"),
    )  # fmt: skip
    tenth = gated.frame["value"].iloc[TOPS.index(0.1)]
    words = _("The tenth of customers with the highest spend brought {share:part} of revenue so far")
    spread = _("How revenue so far is spread over customers")
    finding = run.say(words, share=tenth) if pd.notna(tenth) else spread
    return folded(finding, gated.table(spread))
