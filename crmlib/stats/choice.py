"""Which of several models to take: none that is worse than chance would make the best, and of those the simplest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence


def simplest_of_the_best(losses: Sequence[pd.DataFrame]) -> str:
    """Name the simplest model whose mean loss over the cutoffs is within one standard error of the smallest.

    Losses are of each customer (the index), a column a model, the simplest first. The error is that of the difference
    from the best, customer by customer, who may stand at several cutoffs (the rule: Breiman, Friedman, Olshen & Stone,
    Classification and Regression Trees, 1984).
    """
    gaps, errors = differences(losses, str(mean_losses(losses).idxmin()))
    return str((gaps <= errors).idxmax())


def mean_losses(losses: Sequence[pd.DataFrame]) -> pd.Series:
    """Give each model's mean loss over the cutoffs, each cutoff alike."""
    return pd.concat([lost.mean() for lost in losses], axis=1).mean(axis=1)


def differences(losses: Sequence[pd.DataFrame], other: str) -> tuple[pd.Series, pd.Series]:
    """Give each model's mean loss minus another's, and its standard error: customers are drawn, not their cutoffs."""
    worse = [lost.sub(lost[other], axis=0) for lost in losses]
    pulls = pd.concat([(each - each.mean()) / (len(each) * len(losses)) for each in worse])
    return mean_losses(worse), np.sqrt((pulls.groupby(level=0).sum() ** 2).sum())
