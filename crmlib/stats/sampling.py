"""A sample of customers that is the same at every run, for what more customers would tell no better."""

from typing import Final

import numpy as np
import pandas as pd

MOST: Final = 200_000
"""So many customers place a parameter within a few thousandths: more cost time and tell nothing that is shown."""

_KEY: Final = "crm sample of us"
"""Sixteen bytes, other than those of other hashes of pseudonyms: no sample is another one's part."""


def sampled(customers: pd.DataFrame, most: int = MOST) -> pd.DataFrame:
    """Keep at most so many customers, those whose pseudonyms have the smallest hashes, in the order they stand in.

    Parameters
    ----------
    customers
        One row a customer, the pseudonym in ``customer_id`` or in the index.

    Returns
    -------
    pandas.DataFrame
        The frame itself where it has no more rows than that.

    Examples
    --------
    >>> some = sampled(pd.DataFrame({"customer_id": [f"c{number}" for number in range(9)]}), most=3)
    >>> len(some), some.equals(sampled(some.iloc[::-1], most=3).sort_index())
    (3, True)
    """
    if len(customers) <= most:
        return customers
    who = customers.get("customer_id", customers.index)
    hashed = pd.util.hash_array(who.to_numpy(dtype=object), hash_key=_KEY, categorize=False)
    return customers[hashed <= np.partition(hashed, most - 1)[most - 1]]
