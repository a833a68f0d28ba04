"""The business at a glance: every figure of a run now and then, side by side, and what it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.features import before, order_categories, purchases, returns_known
from crmlib.months import earlier, number_of
from crmlib.reporting import Gated, Shown, definitions, folded, insufficient, label, note, show_all
from crmlib.reporting.statements import returns_not_known
from crmlib.segmentation.business.glance import ALL, COLUMNS, PARTS, business_figures
from crmlib.segmentation.business.measures import FIGURES, Figure, fillings, gated_figures, legend
from crmlib.segmentation.business.parts_shown import either, show_parts
from crmlib.segmentation.business.windows import START_COLUMNS, Window, part_starts, report_windows
from crmlib.words import N_, _

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.segmentation.customers.base import CustomerBase
    from crmlib.segmentation.study import Study
    from crmlib.workspace import Run


@dataclass(frozen=True, slots=True)
class Glance:
    """The figures of the business (`business_figures`) for every span of time.

    A customer counts as lost after ``lost_after`` days without a purchase (``None`` where the data do not say);
    ``starts`` has the first day of sale of figure part of the business (`part_starts`).
    """

    figures: pd.DataFrame
    windows: list[Window]
    lost_after: float | None
    starts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(START_COLUMNS)))


def at_a_glance(transactions: Table, base: CustomerBase, run: Run) -> Glance:
    """Work out the business figures of a run, with categories and tiers where the data have them."""
    limits = base.measure.limits if base.measure is not None else None
    lost_after = limits.newcomer[2] if limits is not None else None
    first = purchases(before(transactions, run.as_of)).ordered_at.min().to_pandas()
    if pd.isna(first):
        return Glance(pd.DataFrame(columns=list(COLUMNS)), [], lost_after)
    windows = report_windows(pd.Timestamp(first).date(), run.as_of)
    categories, members = order_categories(run), run.table("customers") if run.has("customers") else None
    figures = business_figures(
        transactions, windows, run.as_of, categories=categories, members=members, lost_after=lost_after
    )
    if not returns_known(run):
        untold = ["returned", *(name for figure in FIGURES if "returned" in figure.per for name in figure.columns)]
        figures = figures.assign(**dict.fromkeys(untold, float("nan")))
    return Glance(figures, windows, lost_after, part_starts(transactions, run.as_of, categories))


NOUNS: Final = {"channel": N_("channels"), "store": N_("stores"), "category": N_("categories"), "tier": N_("tiers")}


def show_glance(found: Study, run: Run) -> Shown:
    """Show every figure now, a month ago and a year ago, and the parts of the business; say what is left out."""
    glance = found.glance
    figures = glance.figures
    if figures.empty or "period" not in set(figures["window"]):
        return insufficient(
            needed=_("purchases in the period"), found=_("none"), therefore=_("The business figures are not shown.")
        )
    whole = figures[figures["part"] == ALL].reset_index(drop=True)
    delivered = [figure for figure in FIGURES if not figure.needs or whole[figure.needs].notna().any()]
    gated = gated_figures(whole, run, delivered, label("window"), missing="–")
    told = [figure for figure in delivered if (gated.frame[figure.column].notna() | gated.hidden[figure.column]).any()]
    beside = _side_by_side(gated.only("window", *(figure.column for figure in told)), glance, run)
    shown = [folded(_("Every figure beside the month before and a year ago"), beside)]
    if ((figures["part"] != ALL) & (figures["window"] == "period")).any():
        rolling = next(_window_label(window, run) for window in glance.windows if window.code == "rolling")
        shown.append(folded(_("By channel, store, tier and category"), show_parts(glance, rolling, run)))
    left_out = [
        *_not_held(figures, whole, run),
        *_not_told([figure for figure in delivered if figure not in told], run),
    ]
    values = fillings(run, glance.lost_after)
    words = _("{definition} From: {source}.")
    meanings = [
        (figure.label, run.say(words, definition=figure.explained(**values), source=figure.source)) for figure in told
    ]
    meant = definitions(_("What these figures are and where they come from"), meanings)
    return show_all(*shown, *([note(" ".join(left_out))] if left_out else []), meant)


def _side_by_side(gated: Gated, glance: Glance, run: Run) -> Shown:
    """Turn the spans into columns: one row a figure, figure with its own unit, intervals beside those of the period."""
    headings = {window.code: _window_label(window, run) for window in glance.windows}
    turned = gated.turned("window", label("figure", _("Figure")), headings, ranged=["period"], missing="–")
    codes = set(gated.frame["window"])
    caption = _("The business beside the month before") if "before" in codes else _("The business in figures")
    short = _("The history is too short for a comparison with a year ago.")
    if "year_ago" in codes:
        caption = _("The business beside the month before and a year ago")
        short = "" if "rolling_year_ago" in codes else _("The history is too short for the twelve months before.")
    return turned.table(caption, note=" ".join(filter(None, [legend(turned), short])))


def _not_held(figures: pd.DataFrame, whole: pd.DataFrame, run: Run) -> list[str]:
    """Say in one sentence what the data do not hold, so that its figures are left out."""
    lacking = [_(figure.lack) for figure in FIGURES if figure.needs and not whole[figure.needs].notna().any()]
    lacking += [_(NOUNS[part]) for part in PARTS if part not in set(figures["part"])]
    words = _("The data hold no {names}, so these figures are left out.")
    return [run.say(words, names=either(list(dict.fromkeys(lacking))))] if lacking else []


def _not_told(left_out: list[Figure], run: Run) -> list[str]:
    """Name the figures without any number: returns nobody tells, units unsaid, or a history too short for them."""
    returned = [figure for figure in left_out if "is_return" in figure.source]
    unsaid = [figure for figure in left_out if "quantity" in figure.source]
    short = [figure for figure in left_out if figure not in returned and figure not in unsaid]
    said = [returns_not_known()] if returned else []
    for words, which in (
        (_("Lines do not say their units, so {names:list} are left out."), unsaid),
        (_("The history does not yet tell {names:list}."), short),
    ):
        if which:
            said.append(run.say(words, names=[run.say(_("“{name}”"), name=figure.label) for figure in which]))
    return said


def _window_label(window: Window, run: Run) -> str:
    return {
        "period": run.period_label,
        "before": _("Month before") if run.as_of.day == 1 else _("Same days of the month before"),
        "year_ago": _("A year ago"),
        "rolling": _rolling_label(window, run),
        "rolling_before": _("The same a month ago"),
        "rolling_year_ago": _("Twelve months before"),
    }[window.code]


def _rolling_label(window: Window, run: Run) -> str:
    months = number_of(window.end) - number_of(window.start)
    if months > 1 and window.start == earlier(window.end, months):
        return run.say(_("Last {n:count} months"), n=months)
    return run.say(_("Since {day:day}"), day=window.start)
