"""The rule by which segments are chosen: stable, more than a cloud, large enough, then useful; or none at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from crmlib.params.found import FoundRules
from crmlib.segmentation.found.partitions import KMEANS, METHODS, WARD, Matrix, Partition, one_thread, partitions
from crmlib.segmentation.found.proof import Afterwards, losses
from crmlib.segmentation.found.structure import silhouettes, silhouettes_without_groups, stability

SAMPLE: Final = 1_000
STARTS: Final = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to divide customers, and what speaks for it.

    ``without_groups`` is the silhouette to beat: of clouds without groups, one in twenty has a candidate that beats its
    own. ``smallest`` is the share of customers in the smallest group, ``useful`` how much of later behaviour it
    explains among the customers who choose. It ``fails`` by being ``small``, like a ``cloud`` or ``unstable``; what was
    then not tried is missing.
    """

    method: str
    groups: int
    silhouette: float
    without_groups: float
    smallest: float
    stability: float | None = None
    stability_low: float | None = None
    useful: float | None = None
    fails: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What was tried and what was chosen; no partition where nothing passed."""

    candidates: tuple[Candidate, ...]
    partition: Partition | None


def choose(
    spaces: Mapping[str, Matrix], rules: FoundRules, seed: int, later: tuple[np.ndarray, Afterwards] | None = None
) -> Choice:
    """Try every method with every number of groups and choose by rule.

    The spaces are the coordinates of all customers by method, sorted by ``customer_id``. `later` says which customers
    choose (positions) and what these did afterwards; without it, the most stable wins. A candidate fails if its
    smallest group is too small, its silhouette not above what the clearest of all candidates reaches in a cloud without
    groups, or if it is not stable in resamples. Of those left the most useful counts, and of all that explain as much
    within one standard error the one with the fewest groups.
    """
    with one_thread():
        samples = {method: _sample(spaces[method], seed) for method in METHODS if method in spaces}
        clouds = _clouds(samples, rules, seed)
        found = {
            method: _tried(method, spaces[method], sample, clouds[method], rules=rules, seed=seed)
            for method, sample in samples.items()
        }
    tried = {candidate: partition for pairs in found.values() for candidate, partition in pairs}
    left = {candidate: partition for candidate, partition in tried.items() if not candidate.fails}
    if not left:
        return Choice(tuple(tried), None)
    useful = {} if later is None else _usefulness(left, spaces, *later)
    best = _best(left, useful)
    totals = {candidate: float(shares.sum()) for candidate, shares in useful.items()}
    judged = (replace(candidate, useful=totals.get(candidate), chosen=candidate is best) for candidate in tried)
    return Choice(tuple(judged), tried[best])


def _sample(placed: Matrix, seed: int) -> Matrix:
    rng = np.random.default_rng(seed)
    return np.asarray(placed[np.sort(rng.permutation(len(placed))[:SAMPLE])])


def _numbers(rules: FoundRules, customers: int) -> range:
    return range(rules.groups[0], min(rules.groups[1], customers - 1) + 1)


def _clouds(samples: Mapping[str, Matrix], rules: FoundRules, seed: int) -> dict[str, dict[int, float]]:
    """Work out what is to be beaten, once where methods share a space: by k-means, the clearest of them in a cloud."""
    spaces: dict[bytes, tuple[str, Matrix]] = {}
    for method, sample in samples.items():
        spaces.setdefault(sample.tobytes(), (WARD if method == WARD else KMEANS, sample))
    numbers = _numbers(rules, min(len(sample) for _method, sample in spaces.values()))
    limits = silhouettes_without_groups(list(spaces.values()), numbers, seed, STARTS)
    known = dict(zip(spaces, limits, strict=True))
    return {method: known[sample.tobytes()] for method, sample in samples.items()}


def _tried(
    method: str, placed: Matrix, sample: Matrix, cloud: Mapping[int, float], *, rules: FoundRules, seed: int
) -> list[tuple[Candidate, Partition]]:
    numbers = _numbers(rules, len(sample))
    found = partitions(method, sample, numbers, seed, STARTS)
    widths = silhouettes(sample, {number: partition.assign(sample) for number, partition in found.items()})
    tried = {}
    for number, partition in found.items():
        smallest = float(np.bincount(partition.assign(placed), minlength=number).min() / len(placed))
        candidate = Candidate(method, number, widths[number], cloud[number], smallest)
        tried[number] = replace(candidate, fails=_fails(candidate, rules))
    going = {number: found[number] for number, candidate in tried.items() if not candidate.fails}
    for number, alike in stability(method, sample, going, seed, least=rules.stability).items():
        unstable = "unstable" if alike.mean < rules.stability else ""
        tried[number] = replace(tried[number], stability=alike.mean, stability_low=alike.low, fails=unstable)
    return [(tried[number], found[number]) for number in numbers]


def _fails(candidate: Candidate, rules: FoundRules) -> str:
    if candidate.smallest < rules.smallest:
        return "small"
    return "cloud" if candidate.silhouette <= candidate.without_groups else ""


def _usefulness(
    left: Mapping[Candidate, Partition], spaces: Mapping[str, Matrix], who: np.ndarray, seen: Afterwards
) -> dict[Candidate, Matrix]:
    """Give each customer's part in what a candidate explains, so that candidates can be compared in pairs."""
    alone = losses(None, seen)
    shares = {}
    for candidate, partition in left.items():
        own = losses(partition.assign(spaces[candidate.method][who]), seen)
        gains = [(alone[name] - own[name]) / alone[name].sum() for name in own if alone[name].sum() > 0]
        shares[candidate] = np.mean(gains, axis=0)
    return shares


def _best(left: Iterable[Candidate], useful: Mapping[Candidate, Matrix]) -> Candidate:
    """Take the most useful, or one with fewer groups that is as useful within one standard error."""
    if not useful:
        return max(left, key=lambda candidate: candidate.stability or 0.0)
    top = max(useful.values(), key=lambda shares: float(shares.sum()))
    behind = {candidate: top - shares for candidate, shares in useful.items()}
    near = [candidate for candidate, by in behind.items() if by.sum() <= np.sqrt(len(by) * by.var())]
    return min(near, key=lambda candidate: (candidate.groups, -float(useful[candidate].sum())))
