"""What may be said of what is bought together: it rests on enough customers, and nobody paid most of it."""

from typing import Final

import pandas as pd

from crmlib.privacy.rules import DOMINANCE

SHOWN: Final = 10


def sayable(pairs: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Keep the first pairs that rest on enough known customers and of whose money nobody paid more than half.

    Examples
    --------
    >>> pairs = pd.DataFrame({"first": ["a", "b", "c"], "customers": [9, 10, 50], "largest": [0.1, 0.2, 0.6]})
    >>> sayable(pairs, 10)["first"].tolist()
    ['b']
    """
    kept = pairs[(pairs["customers"] >= threshold) & (pairs["largest"] <= DOMINANCE)]
    return kept.head(SHOWN).reset_index(drop=True)
