"""Fit one purchase model to saved histories, ours or lifetimes', in a process of its own; print the result as JSON.

Runs in the project's environment and in that of lifetimes: it imports of each side only what was asked for.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

Histories = dict[str, np.ndarray]
Params = dict[str, float]


def ours(model: str, histories: Histories) -> tuple[float, Params]:
    """Fit with crmlib three times and give the median seconds and the parameters."""
    import pandas as pd

    from crmlib import btyd

    summary = pd.DataFrame(histories)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        fitted = getattr(btyd, model).fit(summary)
        times.append(time.perf_counter() - start)
    return sorted(times)[1], fitted.params


def lifetimes(model: str, histories: Histories) -> tuple[float, Params]:
    """Fit with lifetimes and give the seconds and the parameters."""
    import lifetimes as peer

    names = {
        "BetaGeoNBD": "BetaGeoFitter",
        "ModifiedBetaGeoNBD": "ModifiedBetaGeoFitter",
        "ParetoNBD": "ParetoNBDFitter",
        "BetaGeoBetaBernoulli": "BetaGeoBetaBinomFitter",
    }
    fitter = getattr(peer, names[model])()
    start = time.perf_counter()
    fitter.fit(histories["frequency"], histories["recency"], histories["T"])
    seconds = time.perf_counter() - start
    return seconds, {name: float(value) for name, value in fitter.params_.items()}


def main() -> None:
    """Read side, model and folder from the command line."""
    side, model, folder = sys.argv[1:]
    names = ("frequency", "recency", "T")
    histories = {name: np.load(Path(folder) / f"{name}.npy") for name in names}
    seconds, params = {"ours": ours, "lifetimes": lifetimes}[side](model, histories)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    sys.stdout.write(json.dumps({"seconds": seconds, "params": params, "gigabytes": peak}) + "\n")


if __name__ == "__main__":
    main()
