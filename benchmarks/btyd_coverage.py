"""How often nominal 95 % intervals hold the truth, over 200 replications of simulated customers.

For each model: its four parameters, and the expected purchases of each customer and of all together, with the limits
of chapter 02 (the parameters' uncertainty alone). Over 200 replications a coverage of 95 % has a standard error of 1.5
points for one quantity, and somewhat less for the mean over quantities.
"""

import os
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from crmlib.btyd import (
    BetaGeoNBD,
    ModifiedBetaGeoNBD,
    ParetoNBD,
    PurchaseModel,
    simulate,
)
from crmlib.segmentation.value.errors import customer_limits, purchase_swings, total_limits

REPLICATIONS = int(os.environ.get("BTYD_REPLICATIONS", "200"))
CUSTOMERS = 4_000
HORIZON = 26
Z = 1.959964

MODELS: tuple[PurchaseModel, ...] = (
    BetaGeoNBD(r=0.8, alpha=6.0, a=0.8, b=2.5),
    ModifiedBetaGeoNBD(r=0.8, alpha=6.0, a=0.9, b=1.7),
    ParetoNBD(r=0.8, alpha=8.0, s=0.8, beta=12.0),
)


def replicate(task: tuple[int, int]) -> dict[str, float]:
    """Simulate, fit, and say which intervals hold the truth."""
    number, seed = task
    truth = MODELS[number]
    rng = np.random.default_rng([seed, number])
    weeks = pd.DataFrame({"T": rng.integers(30 * 7, 60 * 7, CUSTOMERS) / 7})
    seen = simulate(truth, weeks, rng)
    fitted = type(truth).fit(seen)
    held: dict[str, float] = {}
    for name, error in zip(fitted.params, np.sqrt(np.diag(fitted.found().covariance)), strict=True):
        # On the logarithm, where the likelihood is nearest to normal and limits stay positive.
        distance = abs(np.log(fitted.params[name] / truth.params[name]))
        held[name] = float(distance < Z * error)
    expected, of_truth = (model.expected_purchases(seen, HORIZON) for model in (fitted, truth))
    swings = purchase_swings(seen, fitted, HORIZON)
    held["each customer's expectation"] = float(of_truth.between(*customer_limits(expected.to_numpy(), swings)).mean())
    low, high = total_limits(expected.to_numpy(), swings)
    held["expectation of all"] = float(low <= of_truth.sum() <= high)
    return held


def _told(held: pd.DataFrame) -> None:
    """Print the share of replications in which each interval held the truth."""
    for name, share in held.mean().items():
        error = held[name].std() / np.sqrt(len(held))
        print(f"  {name:28} {100 * share:5.1f}  (standard error {100 * error:.1f})", flush=True)


def main() -> None:
    """Print coverage in per cent, a model a line."""
    start = time.perf_counter()
    every: list[pd.DataFrame] = []
    print(f"{REPLICATIONS} replications of {CUSTOMERS:,} customers; coverage of nominal 95 % intervals, in per cent")
    # threads of linear algebra would wait for one another: each process has one
    with ProcessPoolExecutor(max_workers=os.cpu_count(), initializer=threadpool_limits, initargs=(1,)) as pool:
        for number, model in enumerate(MODELS):
            tasks = [(number, seed) for seed in range(REPLICATIONS)]
            held = pd.DataFrame(list(pool.map(replicate, tasks, chunksize=5)))
            every.append(held.drop(columns=list(model.params)).assign(parameters=held[list(model.params)].mean(axis=1)))
            parameters = held[list(model.params)].mean().mean()
            print(f"\n{type(model).__name__}: mean over the parameters {100 * parameters:.1f}")
            _told(held)
    print(f"\nOver the {len(MODELS)} models")
    _told(pd.concat(every))
    print(f"\n{time.perf_counter() - start:.0f} s in all")


if __name__ == "__main__":
    main()
