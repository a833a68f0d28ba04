"""Chapter 03's dearest model on 1,000,000 customers of 40 features: learning on its samples, and scoring all.

Three generated cutoffs, none read from files; the combination learns all its parts, at each cutoff from the ones
before. Wanted: at most 90 s and 6 GiB, the generated customers included in the memory.
"""

import os
import resource
import sys
import time
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from crmlib.btyd import ModifiedBetaGeoNBD
from crmlib.churn.history.features import NAMES, SEASON
from crmlib.churn.history.slices import Slice
from crmlib.churn.models.combination import learn_combination
from crmlib.churn.models.purchases import fit_purchases

CUSTOMERS = int(os.environ.get("CHURN_CUSTOMERS", "1000000"))
FEATURES = 40
SECONDS, GIB = 90, 6
CUTOFFS = (date(2026, 2, 1), date(2026, 5, 2), date(2026, 7, 31), date(2026, 11, 1))


def generated(number: int) -> pd.DataFrame:
    """Draw customers whose leaving hangs on a few of their features; histories are those of a purchase model."""
    rng = np.random.default_rng(number)
    named = [name for name in NAMES if name not in SEASON]
    names = [*named, *(f"own_{k}" for k in range(FEATURES - len(named)))]
    drawn = rng.normal(size=(CUSTOMERS, FEATURES))
    left = rng.random(CUSTOMERS) < 1 / (1 + np.exp(-(drawn[:, 0] + 0.5 * drawn[:, 1] - 0.3 * drawn[:, 2])))
    age = rng.integers(7, 700, CUSTOMERS)
    bought = rng.poisson(rng.gamma(1.2, 0.01, CUSTOMERS) * age)
    last = np.where(bought > 0, np.ceil(age * rng.beta(2, 1, CUSTOMERS)), 0)
    histories = {"frequency": bought, "recency": last / 7, "T": age / 7, "churned": left}
    rows = pd.DataFrame(drawn, columns=names).assign(**histories)
    rows.insert(0, "customer_id", [f"c{k:07}" for k in range(CUSTOMERS)])
    return rows


def slice_at(number: int, cutoff: date) -> Slice:
    """Cut generated customers, all of them at the last cutoff and a sample at the others."""
    rows = generated(number)
    own = tuple(name for name in rows.columns if name.startswith("own_"))
    piece = Slice(cutoff, 90, rows, own)
    return piece if cutoff == CUTOFFS[-1] else piece.sampled()


def main() -> int:
    """Print the seconds of learning and of scoring, and the peak of memory."""
    drawn = [slice_at(number, cutoff) for number, cutoff in enumerate(CUTOFFS)]
    started, busy = time.perf_counter(), time.process_time()
    *past, now = [replace(it, purchases=fit_purchases(ModifiedBetaGeoNBD, it.customers)) for it in drawn]
    model = learn_combination(past, now)
    learnt = time.perf_counter()
    probability = model.predict(now.customers).probability
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    held = seconds <= SECONDS and gib <= GIB
    rows = sum(len(it.customers) for it in past)
    print(f"{CUSTOMERS:,} customers, {len(now.features)} features, learnt from {rows:,} rows")
    print(f"learning {learnt - started:.1f} s, with scoring {seconds:.1f} s, {busy:.1f} s busy, peak {gib:.1f} GiB")
    print(f"mean probability {probability.mean():.3f}, {now.churned.mean():.3f} left")
    print(f"wanted at most {SECONDS} s and {GIB} GiB: {'yes' if held else 'NO'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
