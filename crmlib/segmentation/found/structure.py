"""Are there groups at all? Stability in resamples, and silhouettes against a population without groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from crmlib.segmentation.found.partitions import Labels, Matrix, Partition, partitions
from crmlib.stats.bootstrap import times_drawn

RESAMPLES: Final = 5
FIRST: Final = 3
HOPELESS: Final = 0.1
STARTS: Final = 3
REFERENCES: Final = 19
CLOUD: Final = 500
_FLAT: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Stability:
    """The mean adjusted Rand index with groups found in resamples, and the lower end of its one-sided 95 % interval."""

    mean: float
    low: float


def stability(
    method: str, placed: Matrix, found: dict[int, Partition], seed: int, least: float = 0.0
) -> dict[int, Stability]:
    """Find the groups again in resampled customers, give every customer their group there, and compare.

    Those that after :data:`FIRST` resamples are further below `least` than :data:`HOPELESS` are not resampled again.
    Fang & Wang (2012), Computational Statistics & Data Analysis 56 (bootstrap); Hubert & Arabie (1985), J.
    Classification 2 (the index); Steinley (2004), Psychological Methods 9 (from 0.8 good, from 0.9 excellent).
    """
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(seed)
    own = {number: partition.assign(placed) for number, partition in found.items()}
    alike: dict[int, list[float]] = {number: [] for number in found}
    going = sorted(found)
    for resample, times in enumerate(times_drawn(len(placed), rng, RESAMPLES)):
        if not going:
            break
        drawn = np.repeat(placed, times, axis=0)
        for number, again in partitions(method, drawn, going, seed + resample, STARTS).items():
            alike[number].append(float(adjusted_rand_score(own[number], again.assign(placed))))
        if resample + 1 == FIRST:
            going = [number for number in going if np.mean(alike[number]) >= least - HOPELESS]
    return {number: _summed_up(indices) for number, indices in alike.items()}


def _summed_up(alike: list[float]) -> Stability:
    from scipy.stats import t

    reach = float(t.ppf(0.95, len(alike) - 1)) * float(np.std(alike, ddof=1)) / np.sqrt(len(alike))
    return Stability(float(np.mean(alike)), float(np.mean(alike)) - reach)


def silhouettes(placed: Matrix, labelled: dict[int, Labels]) -> dict[int, float]:
    """Measure for each grouping how much nearer customers are to their own group than to the next (Rousseeuw 1987)."""
    squares = (placed**2).sum(axis=1)
    far = np.sqrt(np.maximum(squares[:, None] + squares - 2 * placed @ placed.T, 0.0))
    np.fill_diagonal(far, 0.0)
    return {number: _silhouette(far, labels) for number, labels in labelled.items()}


def _silhouette(far: Matrix, labels: Labels) -> float:
    present = np.unique(labels)
    if len(present) < 2:
        return 0.0
    member = (labels[:, None] == present).astype(float)
    size = member.sum(axis=0)
    total = far @ member
    own = member.astype(bool)
    inside = total[own] / np.maximum(size[own.argmax(axis=1)] - 1, 1)
    outside = np.where(own, np.inf, total / size).min(axis=1)
    alone = size[own.argmax(axis=1)] == 1
    widths = np.where(alone, 0.0, (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-300))
    return float(widths.mean())


def silhouettes_without_groups(
    spaces: Sequence[tuple[str, Matrix]], numbers: Sequence[int], seed: int, starts: int = 1
) -> list[dict[int, float]]:
    """Say which silhouettes candidates must beat, so that a population without any groups rarely has one that does.

    The reference is one Gaussian cloud with the same covariance, divided all the same by the method of each space:
    whatever has spread can be divided, and the halves of an elongated cloud are even stable (Liu, Hayes, Nobel & Marron
    2008, JASA 103, with the silhouette in place of their index). Many numbers of groups are tried, and the clearest
    counts; so the limits lie as many deviations above each number's mean as the clearest of a cloud reaches in one case
    of twenty (Westfall & Young 1993). Clouds are of at most :data:`CLOUD` customers; their spread is scaled with the
    root of that.
    """
    reached = [_of_clouds(*space, numbers, seed=seed + place, starts=starts) for place, space in enumerate(spaces)]
    clearest = np.sort(np.max([_beside_the_others(widths).max(axis=1) for widths in reached], axis=0))
    # the largest of nineteen is reached by one more with a probability of one in twenty
    above = float(clearest[-1])
    limits = []
    for widths, (_method, placed) in zip(reached, spaces, strict=True):
        smaller = np.sqrt(min(CLOUD / len(placed), 1.0))
        own = widths.mean(axis=0) + above * smaller * widths.std(axis=0, ddof=1)
        limits.append(dict(zip(numbers, own.tolist(), strict=True)))
    return limits


def _of_clouds(method: str, placed: Matrix, numbers: Sequence[int], *, seed: int, starts: int) -> Matrix:
    """Measure the silhouettes of divided clouds: references × numbers of groups."""
    rng = np.random.default_rng(seed)
    spread = np.linalg.cholesky(np.cov(placed.T) + 1e-9 * np.eye(placed.shape[1]))
    shape = min(len(placed), CLOUD), placed.shape[1]
    rows = []
    for reference in range(REFERENCES):
        cloud = rng.standard_normal(shape) @ spread.T
        found = partitions(method, cloud, numbers, seed + reference, starts)
        widths = silhouettes(cloud, {number: partition.assign(cloud) for number, partition in found.items()})
        rows.append([widths[number] for number in numbers])
    return np.array(rows)


def _beside_the_others(reached: Matrix) -> Matrix:
    """Say how many deviations each cloud lies above the mean of the others, as a population is compared with them."""
    rows = []
    for place, own in enumerate(reached):
        others = np.delete(reached, place, axis=0)
        rows.append((own - others.mean(axis=0)) / np.maximum(others.std(axis=0, ddof=1), _FLAT))
    return np.array(rows)
