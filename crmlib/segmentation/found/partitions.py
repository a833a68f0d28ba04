"""Three ways to divide customers, and who belongs where: k-means, a Gaussian mixture, Ward's tree on mixed types."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]

KMEANS: Final = "k-means"
MIXTURE: Final = "Gaussian mixture"
WARD: Final = "Ward's tree, mixed types"
METHODS: Final = (KMEANS, MIXTURE, WARD)

_STEPS: Final = 40
_LEAST_VARIANCE: Final = 1e-2


@dataclass(frozen=True, slots=True)
class Partition:
    """Groups as centres (groups × components), so that customers whom no method has seen find their group too.

    Of a mixture also variances and the groups' shares.
    """

    method: str
    centres: tuple[tuple[float, ...], ...]
    variances: tuple[tuple[float, ...], ...] = ()
    shares: tuple[float, ...] = ()

    @property
    def groups(self) -> int:
        """The number of groups."""
        return len(self.centres)

    def distances(self, placed: Matrix) -> Matrix:
        """Give how far each customer is from each group: squared distance, or minus twice the log density."""
        centres = np.array(self.centres)
        if not self.variances:
            return np.asarray((placed**2).sum(axis=1)[:, None] - 2 * placed @ centres.T + (centres**2).sum(axis=1))
        precision = 1 / np.array(self.variances)
        spread = placed**2 @ precision.T - 2 * placed @ (centres * precision).T + (centres**2 * precision).sum(axis=1)
        return np.asarray(spread - np.log(precision).sum(axis=1) - 2 * np.log(np.array(self.shares)))

    def assign(self, placed: Matrix) -> Labels:
        """Give each customer the nearest group."""
        return self.distances(placed).argmin(axis=1).astype(np.int64)


def partitions(method: str, placed: Matrix, numbers: Sequence[int], seed: int, starts: int = 1) -> dict[int, Partition]:
    """Divide customers into each of several numbers of groups, by the best of so many random starts.

    Rows (customers × components) are sorted by ``customer_id``: their order decides ties. Lloyd (1982), IEEE Trans.
    Information Theory 28; McLachlan & Peel (2000), Finite Mixture Models; Ward (1963), JASA 58, on coordinates for
    mixed types (Pagès 2004, Revue de Statistique Appliquée 52).
    """
    with one_thread():
        if method == WARD:
            return _ward(placed, numbers)
        fit = _kmeans if method == KMEANS else _mixture
        return {number: fit(placed, number, seed, starts) for number in numbers}


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute on one thread: sums of several depend on who finishes first, and waiting threads eat the machine."""
    # libraries loaded within the limits would not be limited
    import sklearn.cluster
    import sklearn.mixture  # noqa: F401
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(limits=1):
        yield


def _kmeans(placed: Matrix, number: int, seed: int, starts: int) -> Partition:
    from sklearn.cluster import KMeans

    found = KMeans(number, n_init=starts, random_state=seed, max_iter=_STEPS).fit(placed)
    return Partition(KMEANS, _rows(found.cluster_centers_))


def _mixture(placed: Matrix, number: int, seed: int, starts: int) -> Partition:
    """Fit a mixture with variances of its own for each component, from the groups of k-means."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    start = _kmeans(placed, number, seed, starts)
    member = np.eye(number)[start.assign(placed)]
    size = member.sum(axis=0)[:, None]
    variance = np.maximum(member.T @ placed**2 / size - np.array(start.centres) ** 2, _LEAST_VARIANCE)
    model = GaussianMixture(
        number, covariance_type="diag", init_params="random_from_data", means_init=np.array(start.centres),
        weights_init=size[:, 0] / size.sum(), precisions_init=1 / variance, random_state=seed, max_iter=_STEPS,
        tol=5e-3, reg_covar=_LEAST_VARIANCE,
    )  # fmt: skip
    with warnings.catch_warnings():
        # a fit cut off after so many steps is judged by its stability like any other
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = model.fit(placed)
    shares = tuple(float(f"{share:.9g}") for share in found.weights_)
    return Partition(MIXTURE, _rows(found.means_), _rows(found.covariances_), shares)


def _ward(placed: Matrix, numbers: Sequence[int]) -> dict[int, Partition]:
    from sklearn.cluster import AgglomerativeClustering

    tree = AgglomerativeClustering(n_clusters=2, compute_full_tree=True).fit(placed)
    labels = _cuts(tree.children_, len(placed), numbers)
    return {
        number: Partition(WARD, _rows(np.array([placed[own == group].mean(axis=0) for group in range(number)])))
        for number, own in labels.items()
    }


def _cuts(merges: NDArray[np.int64], rows: int, numbers: Sequence[int]) -> dict[int, Labels]:
    """Cut a tree of merges where so many groups are left, numbered by their first customer."""
    member = np.arange(rows)
    left = rows
    cuts = {}
    for new, (first, second) in enumerate(merges.tolist(), start=rows):
        if left in numbers:
            cuts[left] = _by_first(member)
        if left <= min(numbers):
            break
        member[(member == first) | (member == second)] = new
        left -= 1
    if left in numbers:
        cuts.setdefault(left, _by_first(member))
    return cuts


def _by_first(member: Labels) -> Labels:
    _names, first, codes = np.unique(member, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[codes].astype(np.int64)


def _rows(values: Matrix) -> tuple[tuple[float, ...], ...]:
    """Keep nine digits, which do not hang on a machine's last bits."""
    return tuple(tuple(float(f"{value:.9g}") for value in row) for row in values)
