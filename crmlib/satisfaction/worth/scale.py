"""Whether only the very satisfied differ from the others, or every point of the score counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import stats as distributions

from crmlib.adjustment.weighting import fit

if TYPE_CHECKING:
    from crmlib.stats.skewed import Floats

SURE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Shape:
    """How buying again follows the score at equal history, by tests of nested logistic regressions.

    `linked` is the p-value of score and top box together, `line` that of the score beside the top box (do points below
    the top count?), `step` that of the top box beside the score (is the top other than one point more?). The odds rise
    with the score or not, and to the top box more steeply or not.
    """

    linked: float
    line: float
    step: float
    rises: bool
    steeper: bool

    @property
    def kind(self) -> str:
        """What the data support: ``none, falls, scale, top, steeper, flatter, unsettled``."""
        if self.linked >= SURE:
            return "none"
        if not self.rises:
            return "falls"
        if self.line < SURE:
            return "scale" if self.step >= SURE else "steeper" if self.steeper else "flatter"
        return "top" if self.step < SURE else "unsettled"


def shape(scores: Floats, top: float, bought: Floats, history: Floats) -> Shape | None:
    """Test a line over the whole scale against a step at the top box; `None` without two scores below the top."""
    if len(np.unique(scores[scores < top])) < 2 or not (scores >= top).any():
        return None
    line, step = scores - scores.mean(), (scores >= top).astype(float)
    tried = (fit(bought, np.column_stack([history, *more])) for more in ((), (line,), (step,), (line, step)))
    fits = [found for found in tried if found is not None]
    if len(fits) < 4:
        return None
    none, by_line, by_step, both = (float(found.llf) for found in fits)
    return Shape(
        linked=_p_value(both - none, 2),
        line=_p_value(both - by_step, 1),
        step=_p_value(both - by_line, 1),
        rises=bool(fits[1].params[-1] > 0),
        steeper=bool(fits[3].params[-1] > 0),
    )


def _p_value(gain: float, columns: int) -> float:
    """Give the likelihood-ratio test's p-value."""
    return float(distributions.chi2.sf(2 * max(gain, 0.0), columns))
