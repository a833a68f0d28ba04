"""What past campaigns did, on the page: conversion and return, against the customers who were left out at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.actions import measures
from crmlib.reporting import (
    Gated,
    Shown,
    answer,
    estimate,
    exact,
    figure,
    gate,
    insufficient,
    label,
    note,
    palette,
    people,
    record_headlines,
    show_all,
)  # fmt: skip
from crmlib.reporting.figures import dots
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crmlib.actions.study import Study
    from crmlib.stats import Estimate
    from crmlib.workspace import Run


def show_campaigns(found: Study, run: Run) -> Shown:
    """Show what contact changed: of all campaigns together, and conversion and return of each; record the first."""
    if found.effects is None:
        return insufficient(
            needed=_("a contacts table with campaign, customer, arm and time of contact"),
            found=_("no contact before the end of the period"),
            therefore=_("No campaign can be measured."),
        )
    record_headlines([measures.CAMPAIGN_EFFECT.headline(found.effect)], run, measures.CHAPTER)
    gated = _gated(found.effects, run)
    caption = run.say(_("Campaigns against their control groups, to {day:day}"), day=run.as_of)
    return show_all(
        answer(effect_words(found.effect, run)),
        _effects_figure(found.effects, gated, run),
        gated.table(caption),
    )


def _gated(effects: pd.DataFrame, run: Run) -> Gated:
    arms = effects[["treated", "control"]]
    money = {name: effects[name].round(2) for name in ("extra_value", "extra_low", "extra_high", "cost")}
    shares = ["effect", "low", "high", "return_on_cost", "return_low", "return_high"]
    smaller = arms.where(arms > 0).min(axis=1).fillna(0)
    return gate(
        effects[["campaign_id", *arms, *shares]].assign(smaller=smaller, **money), run,
        label("campaign_id", _("Campaign")),
        people("treated", _("Contacted")),
        people("control", _("Left out")),
        estimate("effect", _("Effect"), of="smaller", low="low", high="high"),
        estimate("extra_value", _("Extra sales"), "money", of="smaller", low="extra_low", high="extra_high", decimals=0,
                 exempt="the difference of two means: nobody's own spend"),
        exact("cost", _("Cost"), "money", of="smaller", decimals=0, exempt="what the shop paid, not its customers"),
        estimate("return_on_cost", _("Return on cost"), of="smaller", low="return_low", high="return_high", decimals=0),
    )  # fmt: skip


def _effects_figure(effects: pd.DataFrame, gated: Gated, run: Run) -> Shown:
    """Show the effect of each campaign that kept a control group, with its interval."""
    measured = effects[effects["effect"].notna()]
    if measured.empty:
        return note(_("No campaign kept a control group, so there is no effect to draw."))
    gated = gated.rows(measured.index.to_list())
    title = _("{clear:count} of {all:count} campaigns won more responses than their control groups")
    alt = _("Effect of each campaign on the response, with its interval: {effects}.")
    size = int((measured["treated"] + measured["control"]).sum())
    return figure(
        _effects,
        gated,
        title=run.say(title, clear=int((measured["low"] > 0).sum()), all=len(measured)),
        alt=run.say(alt, effects=gated.listing("{campaign_id} {effect}")),
        read=_("A dot is the most likely effect, its line the 95 % interval; an interval across zero may be chance."),
        limits=_("Response is what the campaign counted as one; effects after it are not seen here."),
        source=run.say(_("contacts before {day:day}, n = {n:people}"), day=run.as_of, n=size),
        size=(7.2, 1.1 + 0.45 * len(measured)),
    )


def _effects(axes: Axes, frame: pd.DataFrame) -> None:
    """Draw the effect of each campaign with its interval, and the line of no effect."""
    points = frame.assign(**{name: frame[name] * 100 for name in ("effect", "low", "high")})
    unit = _("Response of those contacted less that of the control group, points")
    dots(axes, points, label="campaign_id", value="effect", low="low", high="high", unit=unit, written="number1")
    axes.axvline(0, color=palette.MUTED, linewidth=1, zorder=0)


def effect_words(effect: Estimate, run: Run) -> str:
    """Say what contact has changed, and whether chance alone could have done it."""
    if not effect.is_known:
        return _("No campaign kept a control group, so no effect can be told from what would have happened anyway.")
    if not effect.excludes(0):
        words = _("Contact changed the response by {size:gap:point} points at most likely ({effect:gap:interval}): "
                  "chance could do that.")  # fmt: skip
    elif effect.value < 0:
        words = _("Contact lowered the response by {size:gap:point} points ({effect:gap:interval}), "
                  "more than chance does.")  # fmt: skip
    else:
        words = _("Contact raised the response by {size:gap:point} points ({effect:gap:interval}), "
                  "more than chance does.")  # fmt: skip
    return run.say(words, size=abs(effect) if effect.excludes(0) else effect, effect=effect)
