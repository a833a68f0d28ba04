"""Guards of joining: different birth dates are two persons, and what the parameters say is apart stays apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.prep.keys import customer_number


@dataclass(frozen=True, slots=True)
class Guards:
    """What no link may join: birth dates by the place of an account, pairs of places that are two persons, loners."""

    birth: pd.Series
    apart: frozenset[tuple[int, int]]
    alone: frozenset[int]

    @classmethod
    def of(cls, birth: pd.Series, apart: Iterable[str | tuple[str, str]], position: dict[str, int]) -> "Guards":
        """Read the parameters' list: numbers for themselves, and pairs; numbers that nobody delivered are left out."""
        groups = [[customer_number(number) for number in ([one] if isinstance(one, str) else one)] for one in apart]
        alone = frozenset(position[group[0]] for group in groups if len(group) == 1 and group[0] in position)
        pairs = [sorted(group) for group in groups if len(group) == 2 and set(group) <= position.keys()]
        return cls(birth, frozenset((position[one], position[other]) for one, other in pairs), alone)

    def forbid(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Say which pairs of places the parameters keep apart, or two birth dates do."""
        forbidden = np.isin(left, list(self.alone)) | np.isin(right, list(self.alone)) | self.differ(left, right)
        for one, other in self.apart:
            forbidden |= ((left == one) & (right == other)) | ((left == other) & (right == one))
        return forbidden

    def differ(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Say which pairs have different birth dates."""
        one, other = self.birth.reindex(left).to_numpy(), self.birth.reindex(right).to_numpy()
        return np.asarray(pd.notna(one) & pd.notna(other) & (one != other), dtype=bool)

    def broken(self, group: np.ndarray) -> np.ndarray:
        """Name the persons that hold two birth dates, or two accounts that are two persons."""
        known = self.birth.dropna()
        dates = known.groupby(group[known.index.to_numpy(dtype=int)]).nunique()
        joined = [group[one] for one, other in self.apart if group[one] == group[other]]
        return np.union1d(dates.index[dates > 1].to_numpy(dtype=int), np.array(joined, dtype=int))


def without_conflicts(pairs: pd.DataFrame, guards: Guards, kinds: Sequence[str]) -> pd.DataFrame:
    """Give up the least trusted links of a person that the guards do not allow, until nothing is wrong with it.

    ``pairs`` has ``left, right`` (places) and ``key``, one of ``kinds``, the most trusted first.
    """
    for kind in reversed(kinds):
        group = components(len(guards.birth), pairs)
        broken = guards.broken(group)
        if not len(broken):
            break
        pairs = pairs[~(np.isin(group[pairs["left"].to_numpy(dtype=int)], broken) & (pairs["key"] == kind))]
    return pairs


def components(nodes: int, pairs: pd.DataFrame) -> np.ndarray:
    """Give each place the number of its person: who is linked, also through others."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left, right = pairs["left"].to_numpy(dtype=int), pairs["right"].to_numpy(dtype=int)
    graph = coo_array((np.ones(len(pairs), dtype=np.int8), (left, right)), shape=(nodes, nodes))
    return np.asarray(connected_components(graph, directed=False)[1])
