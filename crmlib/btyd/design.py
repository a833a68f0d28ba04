"""How coefficients become the parameters of each group of customers."""

from dataclasses import dataclass

import numpy as np

from crmlib.btyd.grouping import Array
from crmlib.btyd.histories import Histories


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Log-linear parameters: covariates raise the purchase rate and dropout by a factor.

    Attributes
    ----------
    names : tuple of str
        Parameters of the model.
    columns : tuple of str
        Covariates.
    rate : str
        The parameter that an effect on the purchase rate divides.
    dropout : tuple of str and int
        The parameter that an effect on dropout moves, and its direction.
    """

    names: tuple[str, ...]
    columns: tuple[str, ...]
    rate: str
    dropout: tuple[str, int]

    def params(self, coefficients: Array, histories: Histories) -> Array:
        """Give parameters by histories; by 1 where all histories share them.

        Examples
        --------
        >>> import pandas as pd
        >>> two = pd.DataFrame({"frequency": 0, "recency": 0.0, "T": 1.0, "web": [0, 1]})
        >>> design = Design(names=("r", "alpha"), columns=("web",), rate="alpha", dropout=("r", 1))
        >>> design.params(np.log([1, 10, 2, 1]), Histories.of(two, ["web"])).round(3)
        array([[ 1.,  1.],
               [10.,  5.]])
        """
        by_group: Array = np.exp(self._matrix(histories) @ coefficients).T
        return by_group if not self.columns else by_group[:, histories.group]

    def gradient(self, slopes: Array, histories: Histories) -> Array:
        """Sum slopes in the log parameters (parameters by histories) to slopes in the coefficients."""
        if not self.columns:
            total: Array = slopes.sum(axis=1)
            return total
        matrix = self._matrix(histories)
        groups = len(matrix)
        sums = np.array([np.bincount(histories.group, weights=row, minlength=groups) for row in slopes])
        by_coefficient: Array = np.einsum("gkc,kg->c", matrix, sums)
        return by_coefficient

    def _matrix(self, histories: Histories) -> Array:
        """Give groups by parameters by coefficients."""
        own, m = len(self.names), len(self.columns)
        groups = len(histories.covariates) if m else 1
        matrix = np.zeros((groups, own, own + 2 * m))
        matrix[:, range(own), range(own)] = 1.0
        if m:
            parameter, sign = self.dropout
            matrix[:, self.names.index(self.rate), own : own + m] = -histories.covariates
            matrix[:, self.names.index(parameter), own + m :] = sign * histories.covariates
        return matrix
