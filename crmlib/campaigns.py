"""What past campaigns did, against the customers who were left out at random: what chapters 03 and 05 both build on."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final

import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from crmlib.features import before
from crmlib.stats import Estimate

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

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


def share_won(effects: pd.DataFrame) -> Estimate:
    """Estimate what share of those who would not have responded a contact won over: one less the pooled risk ratio.

    The pooled effect over the share of the control groups without a response (Mantel–Haenszel); interval on the log
    scale (Greenland & Robins, Biometrics 41, 1985). Unknown where all of an arm responded.
    """
    both = effects[(effects.treated > 0) & (effects.control > 0)]
    n = both.treated + both.control
    away, left = (1 - both.treated_rate) * both.treated, (1 - both.control_rate) * both.control
    contacted, alone = float((away * both.control / n).sum()), float((left * both.treated / n).sum())
    if not (contacted > 0 and alone > 0):
        return Estimate.unknown(int(n.sum()))
    spread = float((((away + left) * both.treated * both.control - away * left * n) / n**2).sum())
    half = NORMAL_95 * (spread / (contacted * alone)) ** 0.5
    ratio = contacted / alone
    return Estimate(1 - ratio, 1 - ratio * exp(half), 1 - ratio * exp(-half), int(n.sum()))
