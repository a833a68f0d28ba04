"""What every rule and model gives: something learnt once, which predicts any frame of customers of its cutoff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from crmlib.churn.history.slices import Slice


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a rule or model says of each customer: a score, higher where leaving is likelier, at times a probability."""

    score: NDArray[np.float64]
    probability: NDArray[np.float64] | None


class Learnt(Protocol):
    """A rule or model that has learnt what it needs of a cutoff."""

    def predict(self, customers: pd.DataFrame) -> Prediction:
        """Say something of each customer; the frame has the columns of the cutoff's customers, altered as one likes."""


Learn: TypeAlias = "Callable[[Sequence[Slice], Slice], Learnt | None]"
"""Learns from earlier slices, and of the later one from what was known then; ``None`` with too little to learn from."""
