"""What every fitted distribution shows: its parameters, how sure they are, how well it fits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np

from crmlib.btyd.histories import Array
from crmlib.btyd.maximum import Maximum


@dataclass(frozen=True, kw_only=True)
class Parametric:
    """A model with positive parameters, given or fitted; it never changes.

    Attributes
    ----------
    effects : mapping
        Effects of covariates, by name; they may be negative.
    maximum : Maximum or None
        How the parameters were found; None when they were given.
    """

    NAMES: ClassVar[tuple[str, ...]]

    effects: Mapping[str, float] = field(default_factory=dict, repr=False)
    maximum: Maximum | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in self.NAMES:
            value = getattr(self, name)
            if not (np.isnan(value) or 0 < value < np.inf):
                raise ValueError(f"{type(self).__name__} needs {name} above 0 and finite; got {value}")

    @property
    def params(self) -> dict[str, float]:
        """The parameters by their names in the literature, then the effects of covariates."""
        return {name: float(getattr(self, name)) for name in self.NAMES} | dict(self.effects)

    @property
    def standard_errors(self) -> dict[str, float]:
        """Standard errors of the parameters, from the observed information; refused where they were given.

        Missing for parameters that the data leave open, such as those of dropout where nobody seems ever to leave.
        """
        errors = np.sqrt(np.diag(self.found().covariance))
        # The coefficients are logarithms: an error of the logarithm times the parameter is the parameter's own.
        scales = [value if name in self.NAMES else 1.0 for name, value in self.params.items()]
        return {name: float(error * scale) for name, error, scale in zip(self.params, errors, scales, strict=True)}

    @property
    def log_likelihood(self) -> float:
        """Log-likelihood at the fitted parameters, all constants included."""
        return self.found().log_likelihood

    @property
    def coefficients(self) -> Array:
        """Logarithms of the parameters, then the effects: the scale on which models are fitted and drawn."""
        self.need_parameters()
        own = np.log([getattr(self, name) for name in self.NAMES])
        return np.concatenate([own, np.array(list(self.effects.values()), dtype=np.float64)])

    def with_coefficients(self, coefficients: Array, maximum: Maximum | None = None) -> Self:
        """Give the same model at other coefficients."""
        own = len(self.NAMES)
        values = dict(zip(self.NAMES, np.exp(coefficients[:own]).tolist(), strict=True))
        effects = dict(zip(self.effects, coefficients[own:].tolist(), strict=True))
        return replace(self, **values, effects=effects, maximum=maximum)

    def found(self) -> Maximum:
        """Give how the parameters were found; refuse where they were given."""
        if self.maximum is None:
            raise ValueError(f"this {type(self).__name__} was given its parameters: only a fitted one has errors")
        return self.maximum

    def need_parameters(self) -> None:
        """Refuse a model with a parameter that was neither given nor fitted."""
        missing = [name for name in self.NAMES if np.isnan(getattr(self, name))]
        if missing:
            raise ValueError(f"{type(self).__name__} has no {', '.join(missing)}: fit it, or give all parameters")
