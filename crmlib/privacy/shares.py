"""Percentages of people and means a person in a table: made inside the gate, from numbers already rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def add_shares(
    shown: pd.DataFrame,
    mask: pd.DataFrame,
    shares: Mapping[str, str | tuple[str, str]],
    totals: Mapping[str, int | None],
) -> None:
    """Compute percentages of people from numbers that are already rounded."""
    for name, of in shares.items():
        count, whole = (of, None) if isinstance(of, str) else of
        unknown = [c for c in (count, whole) if c is not None and c not in totals]
        if unknown:
            raise ValueError(f"the share {name} is made of counts; {', '.join(unknown)} is not declared as one")
        if whole is None:
            # the rounded parts may add up to a little more or less than the rounded total: never above 1
            shown[name] = (shown[count] / (totals[count] or float("nan"))).clip(upper=1.0)
            mask[name] = mask[count]
        else:
            shown[name] = (shown[count] / shown[whole]).clip(upper=1.0)
            mask[name] = mask[count] | mask[whole]


def add_means(shown: pd.DataFrame, mask: pd.DataFrame, means: Mapping[str, tuple[str, str]]) -> None:
    """Divide totals by numbers of people that are already rounded: an exact mean would give the exact number away."""
    for name, (total, people) in means.items():
        shown[name] = shown[total] / shown[people]
        mask[name] = mask[total] | mask[people]


def add_range(
    shown: pd.DataFrame,
    mask: pd.DataFrame,
    name: str,
    of: str | tuple[str, str],
    totals: Mapping[str, int | None],
) -> None:
    """Put the interval of a share beside it, as uncertain as its rounded counts."""
    import numpy as np

    from crmlib.stats.intervals import proportions

    whole = (
        np.full(len(shown), totals[of], dtype="float64") if isinstance(of, str) else shown[of[1]].to_numpy("float64")
    )
    share = shown[name].to_numpy("float64")
    sizes = np.where(np.isnan(share), 0.0, whole)
    ends = proportions(np.where(np.isnan(share), 0.0, share * sizes), sizes)
    for end in ("low", "high"):
        shown[f"{name}_{end}"] = ends[end].to_numpy()
        mask[f"{name}_{end}"] = mask[name]
