"""What models learn from: the features of several cutoffs under one another, those that can teach anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.churn.history.features import SEASON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from crmlib.churn.history.slices import Slice

TWO_YEARS: Final = 730
"""Days that cutoffs and windows have to span before a season counts: one year cannot tell season from trend."""

OWN_PART: Final = 0.1
"""So much of a feature's variance the features before it have to leave open: a variance inflation factor of 10."""


def stacked(past: Sequence[Slice]) -> tuple[pd.DataFrame, NDArray[np.bool_], NDArray[np.object_]]:
    """Put the customers of several cutoffs under one another: features, labels, and whose row it is."""
    names = learnable(past)
    features = pd.concat([piece.customers[names] for piece in past], ignore_index=True)
    churned = np.concatenate([piece.churned for piece in past])
    whose = np.concatenate([piece.customers["customer_id"].to_numpy(dtype=object) for piece in past])
    return features[useful_features(features)], churned, whose


def learnable(past: Sequence[Slice]) -> list[str]:
    """Name the features that every cutoff has, seasons only where two years were seen."""
    common = [name for name in past[0].features if all(name in piece.customers for piece in past)]
    span = (past[-1].cutoff - past[0].cutoff).days + past[-1].horizon_days
    return [name for name in common if name not in SEASON or span >= TWO_YEARS]


def useful_features(features: pd.DataFrame) -> list[str]:
    """Keep the features that differ between customers, and of those that say nearly the same the first.

    Weights of features that say the same are large, against one another, and wrong as soon as these part company.
    """
    kept: list[str] = []
    varying = [name for name in features.columns if np.ptp(features[name].to_numpy()) > 0]
    together = np.corrcoef(features[varying].to_numpy(), rowvar=False).reshape(len(varying), len(varying))
    alike = pd.DataFrame(together, varying, varying)
    for name in varying:
        to_others = alike.loc[kept, name].to_numpy()
        told = to_others @ np.linalg.solve(alike.loc[kept, kept].to_numpy(), to_others) if kept else 0.0
        if 1 - told > OWN_PART:
            kept.append(name)
    return kept


def can_teach(past: Sequence[Slice]) -> bool:
    """Say whether some customers of earlier cutoffs left and some stayed."""
    return len({bool(value) for piece in past for value in np.unique(piece.churned)}) > 1
