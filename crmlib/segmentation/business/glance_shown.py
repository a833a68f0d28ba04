"""The business at a glance, as the page shows it: every figure now and then, side by side, and what it is."""

from typing import Final

import pandas as pd

from crmlib.privacy.disclosure import Disclosed, disclose
from crmlib.reporting import Shown, Shows, definitions, insufficient, note, show_all, table
from crmlib.reporting.wording import returns_not_known
from crmlib.segmentation.business.at_a_glance import Glance
from crmlib.segmentation.business.dictionary import Figure, dictionary
from crmlib.segmentation.business.glance import ALL, PARTS
from crmlib.segmentation.business.parts_shown import legend, show_parts
from crmlib.segmentation.business.windows import Window
from crmlib.segmentation.wording import listed as in_words
from crmlib.words import _, formats
from crmlib.workspace import Run

COUNTS: Final = ("active", "new", "returning", "reactivated", "lost", "before", "again")
MONEY: Final = ("net", "net_per_day", "gross", "orders", "points")
WITH_RANGE: Final = ("average_order_value", "units_per_order")
MEASURES: Final = ("average_order_value", "units_per_order", "price_per_unit", "identified_share", "returned_share",
                   "discount_share")  # fmt: skip


def show_glance(glance: Glance, run: Run) -> Shown:
    """Show every figure now, a month ago and a year ago, and the parts of the business; say what is left out."""
    figures = glance.figures
    if figures.empty or "period" not in set(figures["window"]):
        return insufficient(
            needed=_("purchases in the period"), found=_("none"), therefore=_("The business figures are not shown.")
        )
    whole = figures[figures["part"] == ALL].set_index("window")
    data = _gated(whole, run)
    defined = dictionary(glance.lost_after, run.params.segmentation.lifecycle_quantiles[2])
    delivered = [each for each in defined if not each.needs or whole[each.needs].notna().any()]
    listed = [each for each in delivered if _told(each.code, data)]
    shown = [_side_by_side(data, listed, glance, run)]
    if _has_parts(figures):
        rolling = next(_window_label(each.code, glance, run) for each in glance.windows if each.code == "rolling")
        shown.append(show_parts(glance, rolling, run))
    left_out = [*_not_held(defined, figures, whole), *_not_told([each for each in delivered if each not in listed])]
    meanings = [
        (each.label, _("{definition} From: {source}.").format(definition=each.definition, source=each.source))
        for each in listed
    ]
    folded = definitions(_("What these figures are and where they come from"), meanings)
    return show_all(*shown, *([note(" ".join(left_out))] if left_out else []), folded)


def _has_parts(figures: pd.DataFrame) -> bool:
    return bool(((figures["part"] != ALL) & (figures["window"] == "period")).any())


def _told(code: str, data: Disclosed) -> bool:
    """Say whether any span has a figure, shown or hidden: a row of nothing is left out."""
    return bool(data.frame[code].notna().any() or data.mask[code].any())


def _not_held(defined: list[Figure], figures: pd.DataFrame, whole: pd.DataFrame) -> list[str]:
    """Say in one sentence what the data do not hold, so that its figures are left out."""
    nouns = {"channel": _("channels"), "store": _("stores"), "category": _("categories"), "tier": _("tiers")}
    missing = [each.missing for each in defined if each.needs and not whole[each.needs].notna().any()]
    missing += [nouns[part] for part in PARTS if part not in set(figures["part"])]
    if not missing:
        return []
    *some, last = missing
    names = _("{some} or {last}").format(some=", ".join(some), last=last) if some else last
    words = _("The data hold no {names}, so these figures are left out.")
    return [words.format(names=names)]


def _not_told(left_out: list[Figure]) -> list[str]:
    """Name the figures without any number: returns nobody tells, units unsaid, or a history too short for them."""
    said = [returns_not_known() for each in left_out if each.code == "returned_share"]
    left_out = [each for each in left_out if each.code != "returned_share"]
    for words, which in (
        (_("Lines do not say their units, so {names} are left out."), [e for e in left_out if "quantity" in e.source]),
        (_("The history does not yet tell {names}."), [e for e in left_out if "quantity" not in e.source]),
    ):
        if which:
            names = in_words([_("“{name}”").format(name=each.label) for each in which])
            said.append(words.format(names=names))
    return said


def _side_by_side(data: Disclosed, listed: list[Figure], glance: Glance, run: Run) -> Shown:
    """Turn the spans into columns: one row a figure, each with its own unit."""
    codes = [each.code for each in glance.windows if each.code in data.frame.index]
    frame, mask = data.frame.loc[codes].T, data.mask.loc[codes].T
    names = [each.code for each in listed]
    ends = {end: frame["period"].reindex([f"{name}_{end}" for name in names]).to_numpy() for end in ("low", "high")}
    units = [each.unit for each in listed]
    turned = frame.loc[names].assign(figure=[each.label for each in listed], unit=units, **ends).reset_index(drop=True)
    hidden = mask.loc[names].assign(figure=False, unit=False, low=False, high=False).reset_index(drop=True)
    columns = {"figure": Shows(_("Figure"))}
    for code in codes:
        low, high = ("low", "high") if code == "period" else (None, None)
        columns[code] = Shows(_window_label(code, glance, run), "number", low, high, kind_from="unit", missing="–")
    gated = Disclosed(turned, hidden[turned.columns], dict.fromkeys(codes), run.rules)
    said = " ".join(filter(None, [legend(gated, codes), _missing_spans(codes)]))
    return table(gated, _caption(codes), columns, currency=run.params.currency, note=said)


def _caption(codes: list[str]) -> str:
    if "year_ago" in codes:
        return _("The business beside the month before and a year ago")
    return _("The business beside the month before") if "before" in codes else _("The business in figures")


def _missing_spans(codes: list[str]) -> str:
    """Say which comparisons the history is too short for."""
    if "year_ago" not in codes:
        return _("The history is too short for a comparison with a year ago.")
    if "rolling_year_ago" not in codes:
        return _("The history is too short for the twelve months before.")
    return ""


def _gated(whole: pd.DataFrame, run: Run) -> Disclosed:
    """Let the figures through the gate, one row a span; the frame is indexed by span."""
    ends = [f"{name}_{end}" for name in WITH_RANGE for end in ("low", "high")]
    known = [name for name in COUNTS if whole[name].notna().any()]
    measures = [*MEASURES, *ends]
    told = {"again", "before"} <= set(known)
    frame = whole.reset_index()[["window", *known, *measures, *MONEY, "buyers"]]
    data = disclose(
        frame, labels=["window"], counts=known, measures=measures, exact=list(MONEY),
        based_on=dict.fromkeys([*measures, *MONEY], "buyers") | {"identified_share": "active"},
        shares={"repurchase_rate": ("again", "before")} if told else None,
        ranges=["repurchase_rate"] if told else [], rules=run.rules,
    )  # fmt: skip
    rate = [f"repurchase_rate{end}" for end in ("", "_low", "_high")]
    wanted = [*COUNTS, *MEASURES, *ends, *MONEY, *rate]
    index = frame["window"].to_list()
    shown = data.frame.drop(columns="window").set_axis(index).reindex(columns=wanted)
    mask = data.mask.drop(columns="window").set_axis(index).reindex(columns=wanted, fill_value=False)
    return Disclosed(shown, mask, data.totals, data.rules)


def _window_label(code: str, glance: Glance, run: Run) -> str:
    window = next(each for each in glance.windows if each.code == code)
    return {
        "period": run.period_label,
        "before": _("Month before") if run.as_of.day == 1 else _("Same days of the month before"),
        "year_ago": _("A year ago"),
        "rolling": _rolling_label(window),
        "rolling_before": _("The same a month ago"),
        "rolling_year_ago": _("Twelve months before"),
    }[code]


def _rolling_label(window: Window) -> str:
    """Name the longest span: whole months back from its end or, of a younger history, its first day."""
    months = (window.end.year - window.start.year) * 12 + window.end.month - window.start.month
    if months > 1 and window.start == (pd.Timestamp(window.end) - pd.DateOffset(months=months)).date():
        return _("Last {n} months").format(n=months)
    return _("Since {day}").format(day=formats.day(window.start))
