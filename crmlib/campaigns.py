"""What past campaigns did, against the customers who were left out at random: what chapters 03 and 05 both build on."""

from __future__ import annotations

from math import exp
from typing import Final

import pandas as pd

from crmlib.stats import Estimate
from crmlib.stats.comparisons import proportion_difference

ARMS: Final = ["treatment", "control"]
NORMAL_95: Final = 1.959964


def campaign_effects(counts: pd.DataFrame) -> pd.DataFrame:
    """Measure each campaign against its control group; without one the effect is missing: response is not effect.

    Of ``campaign_id, arm, started_at, customers, responses`` come ``campaign_id, started_at, treated, control,
    treated_rate, control_rate, effect, low, high`` (difference of response rates; Newcombe, Statistics in Medicine 17,
    1998, method 10).
    """
    wide = counts.pivot_table(index="campaign_id", columns="arm", values=["customers", "responses"], aggfunc="sum")
    started = counts.groupby("campaign_id").started_at.min()
    rows = [{"campaign_id": name, "started_at": started[name], **_effect(wide.loc[name])} for name in wide.index]
    columns = ["campaign_id", "started_at", *_effect(pd.Series(dtype="float64"))]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["started_at", "campaign_id"]).reset_index(drop=True)


def _effect(row: pd.Series) -> dict[str, float]:
    treated, control = (_of(row, "customers", arm) for arm in ARMS)
    won, base = (_of(row, "responses", arm) for arm in ARMS)
    found = proportion_difference(won, treated, base, control)
    return {
        "treated": treated,
        "control": control,
        "treated_rate": won / treated if treated else float("nan"),
        "control_rate": base / control if control else float("nan"),
        "effect": found.value,
        "low": found.low,
        "high": found.high,
    }


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
