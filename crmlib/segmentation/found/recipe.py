"""How what customers did becomes comparable numbers: every feature with its transform and the reason for it."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.segmentation.found.behaviour import AMOUNTS, PARTS, Behaviour
from crmlib.stats.shrinkage import Habit, habit_of, rounded

Matrix = NDArray[np.float64]

SKEWED: Final = 1.0
WINSOR: Final = 0.005
KNOTS: Final = 101
FLAT: Final = 1e-9
NO_HABIT: Final = 0.2
ALIKE: Final = 0.9
KEPT_VARIANCE: Final = 0.8
MOST_COMPONENTS: Final = 8


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature (``category: x`` for a part of a customer's lines) with its transform, fixed on the reference date.

    Transforms are ``log`` (of 1 + x), ``rank`` (normal scores, by the values at even ranks: ``knots``), ``root`` (of a
    share; the Hellinger distance) or ``none``, chosen by the skewness before and ``after``. A share is drawn to the
    population's, which weighs ``prior`` orders, and enters by its reliability, ``habit``. The scale is the deviation
    times the square of the block's weight. ``dropped`` names the feature that says the same, or ``constant`` or
    ``chance``.
    """

    name: str
    block: str
    transform: str
    skewness: float
    after: float
    population: float = 0.0
    prior: float = 0.0
    habit: float = 1.0
    low: float = 0.0
    high: float = 0.0
    knots: tuple[float, ...] = ()
    centre: float = 0.0
    scale: float = 1.0
    dropped: str = ""


def chosen_amount(values: Matrix, name: str, block: str) -> Feature:
    """Choose the transform of an amount: none, the log where that takes the skewness, else normal scores of ranks."""
    before = skewness(values)
    if abs(before) <= SKEWED / 2:
        return Feature(name, block, "none", before, before)
    if abs(skewness(np.log1p(values))) <= SKEWED:
        return Feature(name, block, "log", before, 0.0)
    knots = np.quantile(values, np.linspace(0, 1, KNOTS))
    return Feature(name, block, "rank", before, 0.0, knots=tuple(rounded(float(knot)) for knot in knots))


def transformed(values: Matrix, feature: Feature) -> Matrix:
    """Apply a feature's transform."""
    if feature.transform == "log":
        return np.log1p(values)
    if feature.transform == "root":
        return np.sqrt(values)
    if feature.transform == "rank":
        return _normal_scores(values, np.array(feature.knots))
    return values


def _normal_scores(values: Matrix, knots: Matrix) -> Matrix:
    """Give the normal quantile of each value's rank among the knots; equal values get the middle of their ranks."""
    from scipy.special import ndtri

    # the mean of both sides keeps equal customers equal and in the middle of their ties
    below = np.searchsorted(knots, values, side="left")
    above = np.searchsorted(knots, values, side="right")
    between = np.interp(values, knots, np.arange(len(knots)))
    rank = np.where(above > below, (below + above - 1) / 2, between)
    return np.asarray(ndtri(np.clip((rank + 0.5) / len(knots), 0.5 / len(knots), 1 - 0.5 / len(knots))))


def skewness(values: Matrix) -> float:
    """Measure how one-sided values are spread; 0 where they do not vary."""
    deviation = values - values.mean()
    spread = float(np.sqrt((deviation**2).mean()))
    return rounded(float((deviation**3).mean() / spread**3)) if spread > FLAT else 0.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """All features looked at and the components (features kept × components) that they are summed up in."""

    features: tuple[Feature, ...]
    loadings: tuple[tuple[float, ...], ...]
    explained: float

    @property
    def entering(self) -> tuple[Feature, ...]:
        """The features that enter."""
        return tuple(feature for feature in self.features if not feature.dropped)

    def prepared(self, seen: Behaviour) -> pd.DataFrame:
        """Give every kept feature, transformed, drawn in and scaled; one row a customer."""
        return pd.DataFrame({feature.name: _standard(seen, feature) for feature in self.entering})

    def components(self, seen: Behaviour) -> Matrix:
        """Place customers in the space in which segments are looked for."""
        return np.asarray(self.prepared(seen).to_numpy() @ np.array(self.loadings))


def make_recipe(seen: Behaviour) -> Recipe:
    """Choose transforms, drop what says the same twice, and weigh the blocks, by what customers had done before.

    Blocks of features weigh alike (multiple factor analysis, Escofier & Pagès 1994), by how reliable they are: twelve
    categories do not drown one recency. What rests on few orders is drawn towards the population's share, or else those
    who bought once would form segments by what they happened to buy. Square roots of shares: Legendre & Gallagher
    (2001), Oecologia 129.
    """
    candidates = [_chosen(seen, name, block) for name, block in _names(seen)]
    pruned = _pruned(seen, candidates)
    kept = [feature for feature in pruned if not feature.dropped]
    standard = np.column_stack([_standard(seen, feature) for feature in kept])
    weights = _block_weights(standard, [feature.block for feature in kept])
    weights *= np.sqrt([feature.habit for feature in kept])
    scaled = {feature.name: feature.scale / weight for feature, weight in zip(kept, weights, strict=True)}
    features = tuple(replace(feature, scale=rounded(scaled.get(feature.name, feature.scale))) for feature in pruned)
    loadings, explained = _components(standard * weights)
    return Recipe(features, loadings, explained)


def _names(seen: Behaviour) -> list[tuple[str, str]]:
    amounts = list(AMOUNTS.items())
    habits = [(name, "habits") for name in ("promotion", "weekend") if name in seen.customers]
    parts = [(f"{part}: {value}", PARTS[part]) for part, frame in seen.parts.items() for value in frame.columns]
    return [*amounts, *habits, *parts]


def _raw(seen: Behaviour, feature: Feature) -> Matrix:
    """Give a feature before its transform; a share is drawn to the population's by as many orders as the prior."""
    if feature.name in AMOUNTS:
        return seen.customers[feature.name].to_numpy()
    orders, whole = _share(seen, feature.name)
    # a nominal value has no prior: whoever has none there stands at nothing
    weight = np.maximum(whole + feature.prior, FLAT)
    return np.asarray((orders + feature.prior * feature.population) / weight)


def _share(seen: Behaviour, name: str) -> tuple[Matrix, Matrix]:
    """Give the orders of a share and those it is taken of; a value nobody has any more counts none."""
    if name in seen.customers:
        return seen.customers[name].to_numpy(), seen.customers["orders"].to_numpy()
    part, value = name.split(": ", 1)
    nothing = np.zeros(len(seen))
    if part not in seen.parts:
        return nothing, nothing
    frame = seen.parts[part]
    return frame[value].to_numpy() if value in frame else nothing, frame.to_numpy().sum(axis=1)


def _chosen(seen: Behaviour, name: str, block: str) -> Feature:
    if name in AMOUNTS:
        return _fixed(chosen_amount(seen.customers[name].to_numpy(), name, block), seen)
    orders, whole = _share(seen, name)
    population = rounded(float(orders.sum() / max(whole.sum(), 1.0)))
    own = Habit(0.0, 1.0) if seen.nominal and name not in seen.customers else habit_of(_counts(seen, name))
    share = Feature(name, block, "root", 0.0, 0.0, population=population, prior=own.prior, habit=own.reliability)
    fixed = _fixed(replace(share, skewness=skewness(_raw(seen, share))), seen)
    return replace(fixed, dropped="chance") if own.reliability < NO_HABIT else fixed


def _counts(seen: Behaviour, name: str) -> Matrix:
    """Give the orders of every value beside each other; for a flag, those with and those without."""
    if name in seen.customers:
        yes, whole = _share(seen, name)
        return np.column_stack([yes, whole - yes])
    return seen.parts[name.split(": ", 1)[0]].to_numpy()


def _fixed(feature: Feature, seen: Behaviour) -> Feature:
    values = transformed(_raw(seen, feature), feature)
    low, high = (rounded(float(limit)) for limit in np.quantile(values, [WINSOR, 1 - WINSOR]))
    inside = np.clip(values, low, high)
    scale = float(inside.std())
    flat = scale < FLAT
    return replace(
        feature,
        after=skewness(inside),
        low=low,
        high=high,
        centre=rounded(float(inside.mean())),
        scale=1.0 if flat else rounded(scale),
        dropped="constant" if flat else "",
    )


def _standard(seen: Behaviour, feature: Feature) -> Matrix:
    inside = np.clip(transformed(_raw(seen, feature), feature), feature.low, feature.high)
    return np.asarray((inside - feature.centre) / feature.scale)


def _pruned(seen: Behaviour, candidates: list[Feature]) -> list[Feature]:
    """Drop an amount whose ranks say what an earlier one's say; parts of a whole are left to the components."""
    ranks: dict[str, Matrix] = {}
    pruned = []
    for feature in candidates:
        same = ""
        if feature.name in AMOUNTS and not feature.dropped:
            own = pd.Series(_raw(seen, feature)).rank().to_numpy()
            same = next((name for name, other in ranks.items() if abs(np.corrcoef(own, other)[0, 1]) > ALIKE), "")
            if not same:
                ranks[feature.name] = own
        pruned.append(replace(feature, dropped=same or feature.dropped))
    return pruned


def _block_weights(standard: Matrix, blocks: list[str]) -> Matrix:
    """Divide each block by its first singular value, so that none rules by the number of its columns."""
    names = np.array(blocks)
    weights = np.ones(len(blocks))
    for block in dict.fromkeys(blocks):
        inside = names == block
        cross = standard[:, inside].T @ standard[:, inside] / len(standard)
        weights[inside] = 1 / np.sqrt(np.linalg.eigvalsh(cross)[-1])
    return weights


def _components(weighted: Matrix) -> tuple[tuple[tuple[float, ...], ...], float]:
    """Sum the features up in as few directions as hold most of the variance; signs are fixed, digits rounded."""
    values, vectors = np.linalg.eigh(weighted.T @ weighted / len(weighted))
    values, vectors = values[::-1], vectors[:, ::-1]
    held = np.cumsum(values) / values.sum()
    number = min(int(np.searchsorted(held, KEPT_VARIANCE) + 1), MOST_COMPONENTS, len(values))
    chosen = vectors[:, :number]
    chosen = chosen * np.sign(chosen[np.abs(chosen).argmax(axis=0), np.arange(number)])
    return tuple(tuple(rounded(float(weight)) for weight in row) for row in chosen), rounded(float(held[number - 1]))
