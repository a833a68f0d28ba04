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
    means = sum(lost.mean() for lost in losses) / len(losses)
    best = means.idxmin()
    worse = [lost.sub(lost[best], axis=0) for lost in losses]
    pulls = pd.concat([(each - each.mean()) / (len(each) * len(losses)) for each in worse])
    errors = np.sqrt((pulls.groupby(level=0).sum() ** 2).sum())
    return str((means - means[best] <= errors).idxmax())
