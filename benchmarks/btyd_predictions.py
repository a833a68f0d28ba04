"""Predictions with intervals for 1,000,000 customers, each model: 30 seconds and 2 GB are the aim.

One process a model, so that the peak of memory is its own. Expected purchases over 39 weeks with the 95 % intervals of
chapter 02, a customer; lifetime value with intervals for BG/NBD.
"""

import os
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from crmlib.btyd import (
    BetaGeoNBD,
    GammaGamma,
    ModifiedBetaGeoCNBD,
    ModifiedBetaGeoNBD,
    ParetoNBD,
    PurchaseModel,
    lifetime_value,
    simulate,
)
from crmlib.segmentation.value.errors import customer_limits, purchase_swings, value_swings

CUSTOMERS = int(os.environ.get("BTYD_CUSTOMERS", "1000000"))
HORIZON = 39

MODELS: dict[str, PurchaseModel] = {
    "BetaGeoNBD": BetaGeoNBD(r=0.25, alpha=4.5, a=0.8, b=2.5),
    "ModifiedBetaGeoNBD": ModifiedBetaGeoNBD(r=0.5, alpha=6.0, a=0.9, b=1.7),
    "ParetoNBD": ParetoNBD(r=0.55, alpha=10.5, s=0.6, beta=11.5),
    "ModifiedBetaGeoCNBD": ModifiedBetaGeoCNBD(k=2, r=0.5, alpha=3.0, a=0.9, b=1.7),
}


def customers(model: PurchaseModel, rng: np.random.Generator) -> pd.DataFrame:
    """Simulate customers of a 39-week window at day resolution, with spend."""
    ages = (HORIZON * 7 - rng.integers(0, 84, CUSTOMERS)) / 7
    seen = simulate(model, pd.DataFrame({"T": ages}), rng, days=True)
    x = np.maximum(seen["frequency"].to_numpy(), 1)
    spend = rng.gamma(6.25 * x) / (rng.gamma(3.74, size=CUSTOMERS) / 15.44) / x
    return seen.assign(monetary_value=np.where(seen["frequency"] > 0, spend, np.nan))


def measure(name: str) -> None:
    """Fit and predict with one model, and print its line."""
    rng = np.random.default_rng(20261122)
    seen = customers(MODELS[name], rng)
    start = time.perf_counter()
    fitted = type(MODELS[name]).fit(seen)
    fit_seconds = time.perf_counter() - start
    start = time.perf_counter()
    expected = fitted.expected_purchases(seen, HORIZON)
    customer_limits(expected.to_numpy(), purchase_swings(seen, fitted, HORIZON))
    seconds = time.perf_counter() - start
    line = f"{name:22}{fit_seconds:8.1f}{seconds:12.1f}"
    if name == "BetaGeoNBD":
        spend = GammaGamma.fit(seen)
        start = time.perf_counter()
        value = lifetime_value(seen, fitted, spend, HORIZON, discount_rate=0.1, margin=0.3).to_numpy()
        customer_limits(value, value_swings(seen, value, fitted, spend, HORIZON))
        line += f"{time.perf_counter() - start:12.1f}"
    else:
        line += f"{'':12}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{line}{peak:7.2f}   {expected.sum():,.0f}", flush=True)


def main() -> None:
    """Print the table, one process a model."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    print(f"{CUSTOMERS:,} simulated customers, 39 weeks at day resolution")
    print("model                   fit s  intervals s     value s     GB   purchases expected in 39 weeks", flush=True)
    for name in MODELS:
        subprocess.run([sys.executable, __file__, name], check=True)


if __name__ == "__main__":
    main()
