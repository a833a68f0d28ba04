"""What past campaigns did: conversion and return, against the customers who were left out at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from crmlib.actions import measures
from crmlib.features import before
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
from crmlib.stats import Estimate
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table
    from matplotlib.axes import Axes

    from crmlib.actions.study import Study
    from crmlib.workspace import Run

ARMS: Final = ["treatment", "control"]
NORMAL_95: Final = 1.959964


def campaign_counts(contacts: Table, as_of: date) -> pd.DataFrame:
    """Count contacts, responses, cost and value for each campaign and arm, as known before a date.

    ``campaign_id, arm, started_at, customers, responses, cost, value, value_squares`` (the sum of the squared values,
    from which their spread is divided), sorted.
    """
    import ibis

    seen = before(contacts, as_of, "contacted_at")
    answered = (seen.responded_at < ibis.timestamp(as_of.isoformat())).fill_null(ibis.literal(value=False))
    grouped = seen.group_by(["campaign_id", "arm"]).agg(
        started_at=seen.contacted_at.min(),
        customers=seen.customer_id.nunique(),
        responses=seen.customer_id.nunique(where=answered),
        cost=seen.cost.sum(),
        value=seen.response_value.sum(where=answered),
        value_squares=(seen.response_value * seen.response_value).sum(where=answered),
    )
    frame: pd.DataFrame = grouped.order_by(["started_at", "campaign_id", "arm"]).to_pandas()
    money = ["cost", "value", "value_squares"]
    return frame.assign(**{name: frame[name].astype("float64").fillna(0) for name in money})


def campaign_effects(counts: pd.DataFrame) -> pd.DataFrame:
    """Measure each campaign against its control group; without one the effect is missing: response is not effect.

    ``campaign_id, started_at, treated, control, treated_rate, control_rate, effect, low, high`` (difference of response
    rates; Newcombe, Statistics in Medicine 17, 1998, method 10), ``extra_responses`` (effect × treated), ``extra_value,
    extra_low, extra_high`` (value per treated less value per control, × treated, Welch's interval), ``cost,
    return_on_cost, return_low, return_high``.
    """
    numbers = ["customers", "responses", "cost", "value", "value_squares"]
    wide = counts.pivot_table(index="campaign_id", columns="arm", values=numbers, aggfunc="sum")
    started = counts.groupby("campaign_id").started_at.min()
    rows = [{"campaign_id": name, "started_at": started[name], **_effect(wide.loc[name])} for name in wide.index]
    columns = ["campaign_id", "started_at", *_effect(pd.Series(dtype="float64"))]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["started_at", "campaign_id"]).reset_index(drop=True)


def _effect(row: pd.Series) -> dict[str, float]:
    treated, control = (_of(row, "customers", arm) for arm in ARMS)
    won, base = (_of(row, "responses", arm) for arm in ARMS)
    cost = _of(row, "cost", "treatment")
    effect = low = high = float("nan")
    extra = Estimate.unknown()
    if treated and control:
        effect = won / treated - base / control
        low, high = confint_proportions_2indep(won, treated, base, control, method="newcomb")
        extra = _extra_value(row, treated, control)
    gains = {"value": extra.value, "low": extra.low, "high": extra.high}
    return {
        "treated": treated,
        "control": control,
        "treated_rate": won / treated if treated else float("nan"),
        "control_rate": base / control if control else float("nan"),
        "effect": effect,
        "low": float(low),
        "high": float(high),
        "extra_responses": effect * treated,
        **{f"extra_{name}": gain for name, gain in gains.items()},
        "cost": cost,
        "return_on_cost": (extra.value - cost) / cost if cost else float("nan"),
        "return_low": (extra.low - cost) / cost if cost else float("nan"),
        "return_high": (extra.high - cost) / cost if cost else float("nan"),
    }


def _extra_value(row: pd.Series, treated: float, control: float) -> Estimate:
    """Estimate what the treated bought beyond the control group's level, with Welch's interval (large samples)."""
    means, variances = [], []
    for arm, n in zip(ARMS, (treated, control), strict=True):
        mean = _of(row, "value", arm) / n
        spread = _of(row, "value_squares", arm) - n * mean**2
        means.append(mean)
        variances.append(max(spread, 0.0) / (n - 1) / n if n > 1 else float("nan"))
    extra = (means[0] - means[1]) * treated
    half = NORMAL_95 * sum(variances) ** 0.5 * treated
    return Estimate(extra, extra - half, extra + half, int(treated + control))


def _of(row: pd.Series, what: str, arm: str) -> float:
    value = row.get((what, arm), 0.0)
    return 0.0 if pd.isna(value) else float(value)


def overall_effect(effects: pd.DataFrame) -> Estimate:
    """Pool the campaigns that have a control group, each weighted by its size (Mantel–Haenszel risk difference).

    Greenland & Robins, Estimation of a common effect parameter from sparse follow-up data, Biometrics 41, 1985.
    """
    both = effects[(effects.treated > 0) & (effects.control > 0)]
    if both.empty:
        return Estimate.unknown()
    n = both.treated + both.control
    weight = both.treated * both.control / n
    difference = float((weight * both.effect).sum() / weight.sum())
    won, base = both.treated_rate * both.treated, both.control_rate * both.control
    spread = won * (both.treated - won) * both.control**3 + base * (both.control - base) * both.treated**3
    variance = float((spread / (both.treated * both.control * n**2)).sum() / weight.sum() ** 2)
    half = NORMAL_95 * variance**0.5
    return Estimate(difference, difference - half, difference + half, int(n.sum()))


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
        answer(effect_words(found.effect, run)), _effects_figure(found.effects, gated, run), gated.table(caption)
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
