"""How often the 95 % interval of what six months of lists brought holds the truth, and a null is called an effect.

The retailer of `tests/actions/retailer.py`: two actions, one of which does nothing, or both; spend is log-normal, arms
are drawn as in the report.
"""

import os
import sys
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "actions"))
from retailer import follow_six_months

from crmlib.actions.experiments.effects import measure

REPLICATIONS: Final = int(os.environ.get("EXPERIMENT_REPLICATIONS", "200"))
EFFECTS: Final = {"planted": {"call": 0.4, "letter": 0.0}, "null": {"call": 0.0, "letter": 0.0}}
SIZES: Final = ((600, 0.2), (200, 0.5), (200, 0.1))
"""Customers on a list, and the share left out."""


def main() -> None:
    """Print coverage, the bias in standard errors, and the share of nulls that are called an effect."""
    for name, effects in EFFECTS.items():
        for n, share in SIZES:
            rng = np.random.default_rng(n)
            told = []
            for _replication in range(REPLICATIONS):
                shop = follow_six_months(rng, effects=effects, n=n, share=share)
                found = measure(shop.rows, 1.0)
                told.append((
                    found.gain.low <= shop.truth <= found.gain.high,
                    (found.gain.value - shop.truth) / (found.cuped.error * found.cuped.contacted),
                    found.bought.p < 0.05,
                    found.cuped.error / found.spend.error,
                ))  # fmt: skip
            covered, off, called, narrower = np.array(told, dtype=float).T
            sys.stdout.write(
                f"{name:<8} {n:>4} a month, {share:.0%} left out: covers {covered.mean():.3f}, off {off.mean():+.2f} "
                f"standard errors (spread {off.std():.2f}), called an effect {called.mean():.3f}, "
                f"CUPED's error {narrower.mean():.2f} of the plain\n"
            )


if __name__ == "__main__":
    main()
