"""Distributions that moved from one month to the next: the population stability index, with a threshold and an effect.

A test would call any shift of many lines significant; the index measures its size. The limits are those in use in
credit scoring since Siddiqi (Credit Risk Scorecards, Wiley 2006): under 0.1 stable, from 0.25 on another population.
"""

from typing import Final, Literal

import numpy as np
import pandas as pd

from crmlib.prep.recent import MEASURES, MIXES, Recent

MOVED: Final = 0.10
MOVED_MUCH: Final = 0.25
FEWEST_LINES: Final = 200
"""Lines that each month needs: with fewer, the index of a dozen bins exceeds a tenth by chance."""

Verdict = Literal["stable", "moved", "moved_much", "too_few"]


def stability_index(now: pd.Series, before: pd.Series) -> float:
    """Measure how far a distribution moved: the sum over its bins of (p − q) · ln(p / q).

    Half a line is added to every bin, so that an empty one does not make the index infinite.

    Examples
    --------
    >>> round(stability_index(pd.Series([500, 500]), pd.Series([500, 500])), 3)
    0.0
    >>> round(stability_index(pd.Series([700, 300]), pd.Series([500, 500])), 2)
    0.17
    """
    p, q = (counts.to_numpy(dtype=float) + 0.5 for counts in (now, before))
    p, q = p / p.sum(), q / q.sum()
    return float(np.sum((p - q) * np.log(p / q)))


def movements(recent: Recent) -> pd.DataFrame:
    """Say of each distribution how far it moved and what that means.

    Returns
    -------
    pandas.DataFrame
        One row a distribution that was delivered: ``kind, index, verdict`` and its effect: for ``amount`` and
        ``quantity`` the means a line ``now`` and ``before``; for a mix the ``name`` whose share changed most and its
        shares.
    """
    rows = []
    for kind in (*MEASURES, *MIXES):
        part = recent.mix[recent.mix["kind"] == kind]
        if len(part) >= (1 if kind in MEASURES else 2):
            rows.append(_movement(recent, kind, part))
    return pd.DataFrame(rows, columns=["kind", "index", "verdict", "name", "now", "before"])


def _movement(recent: Recent, kind: str, part: pd.DataFrame) -> dict[str, object]:
    few = min(part["now"].sum(), part["before"].sum()) < FEWEST_LINES
    index = float("nan") if few else stability_index(part["now"], part["before"])
    told: dict[str, object] = {"kind": kind, "index": index, "verdict": "too_few" if few else _judged(index)}
    if kind in MEASURES:
        return told | {when: _mean(recent.totals, kind, when) for when in ("now", "before")}
    lines = part[["now", "before"]].sum()
    most = (part["now"] / max(lines["now"], 1) - part["before"] / max(lines["before"], 1)).abs().idxmax()
    # of a month without a line there is no share
    shares = part[["now", "before"]] / lines.where(lines > 0)
    return told | {"name": str(part.loc[most, "name"]), **shares.loc[most].to_dict()}


def _judged(index: float) -> Verdict:
    if index < MOVED:
        return "stable"
    return "moved" if index < MOVED_MUCH else "moved_much"


def _mean(totals: pd.Series, kind: str, when: str) -> float:
    lines = totals[f"lines_{when}"]
    return float(totals[f"{kind}_{when}"] / lines) if lines else float("nan")
