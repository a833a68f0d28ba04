"""Arrays in which some values are missing."""

import numpy as np
import numpy.typing as npt

Objects = npt.NDArray[np.object_]


def kept(values: npt.ArrayLike, where: npt.ArrayLike) -> Objects:
    """Keep values where a condition holds; elsewhere they are missing (None).

    Examples
    --------
    >>> kept(["a", "b"], [True, False]).tolist()
    ['a', None]
    """
    chosen = np.array(values, dtype=object)
    chosen[~np.asarray(where, dtype=bool)] = None
    return chosen
