"""How often the nominal 95 % intervals of "does it matter in money" hold the truth, raw and at equal behaviour before.

Customers who bought often before are more often satisfied, and buy more often and spend more afterwards; being very
satisfied adds a planted amount to the share that buys again and so to spend, a point of the score one to another sum.
Neither regression is the one that the outcomes were drawn from; spend is log-normal with a spread of 0.8.
"""

import os
import sys
from typing import Final

import numpy as np
import pandas as pd

from crmlib.adjustment.compared import Contrast, compare
from crmlib.adjustment.doubly_robust import per_point
from crmlib.adjustment.history import history

REPLICATIONS: Final = int(os.environ.get("SATISFACTION_REPLICATIONS", "200"))
CUSTOMERS: Final = (400, 1_500)
OFTEN: Final = 4.0
"""Purchase days before, on average; each brings so much after:"""
BASKET: Final = 25.0
SHARE: Final = 0.1
MONEY: Final = SHARE * OFTEN * BASKET
POINT: Final = 6.0
TRUTHS: Final = {"share that bought again": SHARE, "spend a customer": MONEY, "spend a point": POINT}


def contrasts(rng: np.random.Generator, n: int) -> dict[str, Contrast]:
    """Draw a shop and estimate what satisfaction goes with in it."""
    often = rng.poisson(OFTEN - 1, n) + 1
    score = np.clip(np.round(2.6 + 0.25 * often + rng.standard_normal(n)), 1, 5)
    bought = rng.random(n) < 0.15 + 0.07 * np.minimum(often, 8) + SHARE * (score == 5)
    baskets = often * BASKET * rng.lognormal(-0.32, 0.8, n)
    around = pd.DataFrame({
        "days_before": often, "spend_before": often * rng.lognormal(3.5, 0.3, n), "idle": rng.integers(0, 200, n),
        "tenure": rng.integers(200, 900, n), "channel": rng.choice(["store", "web"], n), "store": None,
        "at": pd.Timestamp("2026-03-01"), "days_after": bought.astype(int), "spend_after": baskets * bought,
    })  # fmt: skip
    groups = pd.Series(pd.Categorical(np.where(score == 5, "top", "rest"), ["top", "rest"]))
    found, held = compare(groups, around), history(around).to_numpy()
    point = Contrast(*(per_point(score, baskets + POINT * score, columns) for columns in (held[:, :0], held)))
    return dict(zip(TRUTHS, (found.oftener("top", "rest"), found.more("top", "rest"), point), strict=True))


def main() -> None:
    """Print the coverage of each figure, raw and adjusted, with its standard error."""
    for n in CUSTOMERS:
        rng = np.random.default_rng(n)
        found = [contrasts(rng, n) for _ in range(REPLICATIONS)]
        for name, truth in TRUTHS.items():
            raw, adjusted = (
                pd.Series([e.low <= truth <= e.high for e in (getattr(one[name], kind) for one in found) if e.is_known])
                for kind in ("raw", "adjusted")
            )
            mean = np.nanmean([one[name].adjusted.value for one in found])
            sys.stdout.write(
                f"{n:>6,} customers  {name:<24} raw {raw.mean():.3f}   adjusted {adjusted.mean():.3f} "
                f"± {adjusted.sem():.3f} of {len(adjusted)}   mean {mean:.3f}, truth {truth:g}\n"
            )


if __name__ == "__main__":
    main()
