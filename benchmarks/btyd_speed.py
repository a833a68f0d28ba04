"""Purchase models on 1,000,000 simulated customers, beside lifetimes 0.11.3 in an environment of its own.

Same customers, same run, one process each; ours is the median of three fits, since it is short. Both log-likelihoods
are computed by the same function from the parameters that each side found. The first call installs lifetimes, with
pinned versions, into the user's cache folder.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np
import pandas as pd

from crmlib.btyd import BetaGeoBetaBernoulli, BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD, PurchaseModel, simulate
from crmlib.btyd.bg_bb import _occasions, _total

CUSTOMERS = int(os.environ.get("BTYD_CUSTOMERS", "1000000"))
TIME_LIMIT = int(os.environ.get("BTYD_PEER_SECONDS", "600"))
PEER = ("lifetimes==0.11.3", "autograd==1.6.2", "numpy==1.26.4", "scipy==1.13.1", "pandas==2.2.3", "dill==0.3.9")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "retail-crm-workbook" / "lifetimes-0.11.3"
WORKER = Path(__file__).with_name("_btyd_fit.py")

TRUTH: dict[str, PurchaseModel | BetaGeoBetaBernoulli] = {
    "BetaGeoNBD": BetaGeoNBD(r=0.25, alpha=4.5, a=0.8, b=2.5),
    "ModifiedBetaGeoNBD": ModifiedBetaGeoNBD(r=0.5, alpha=6.0, a=0.9, b=1.7),
    "ParetoNBD": ParetoNBD(r=0.55, alpha=10.5, s=0.6, beta=11.5),
    "BetaGeoBetaBernoulli": BetaGeoBetaBernoulli(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8),
}


def peer_python() -> Path:
    """Give the Python of the environment with lifetimes, making it on the first call."""
    python = CACHE / "bin" / "python"
    if not (CACHE / "complete").exists():
        print(f"installing lifetimes 0.11.3 into {CACHE} …", flush=True)
        venv.create(CACHE, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER], check=True)
        (CACHE / "complete").touch()
    return python


def save(summary: pd.DataFrame, folder: Path) -> None:
    """Put the histories where both sides read them."""
    for name in ("frequency", "recency", "T"):
        np.save(folder / f"{name}.npy", summary[name].to_numpy(dtype=np.float64))


def fit(python: Path, side: str, model: str, folder: Path) -> dict | None:
    """Fit in a process of its own; None when the time limit was reached."""
    environment = {**os.environ, "PYTHONPATH": str(WORKER.parents[1]), "PYTHONWARNINGS": "ignore"}
    command = [python, WORKER, side, model, folder]
    try:
        done = subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT if side == "lifetimes" else None,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return None
    except subprocess.CalledProcessError as error:
        print(f"  {side} {model} failed: {error.stderr.strip().splitlines()[-1]}")
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def log_likelihood(model: str, params: dict[str, float], summary: pd.DataFrame) -> float:
    """Compute the log-likelihood of either side's parameters by one function."""
    given = type(TRUTH[model])(**params)
    if isinstance(given, BetaGeoBetaBernoulli):
        return _total(_occasions(summary), given.coefficients)[0]
    return given.objective(given.histories(summary))(given.coefficients)[0]


def histories(truth: PurchaseModel | BetaGeoBetaBernoulli, weeks: int) -> pd.DataFrame:
    """Simulate customers who come in over the first twelve weeks, as in CDNOW, in whole days; BG/BB in weeks."""
    rng = np.random.default_rng(20261122)
    if isinstance(truth, BetaGeoBetaBernoulli):
        return truth.simulate(CUSTOMERS, weeks, rng)
    ages = (weeks * 7 - rng.integers(0, 84, CUSTOMERS)) / 7
    return simulate(truth, pd.DataFrame({"T": ages}), rng, days=True)


def compare(python: Path, model: str, weeks: int) -> None:
    """Simulate, fit on both sides, print one line."""
    summary = histories(TRUTH[model], weeks)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save(summary, folder)
        mine = fit(Path(sys.executable), "ours", model, folder)
        peer = fit(python, "lifetimes", model, folder)
    if mine is None:
        raise SystemExit(f"our fit of {model} did not end")
    ll = log_likelihood(model, mine["params"], summary)
    line = f"{model:20}{weeks:6}{mine['seconds']:9.2f}{mine['gigabytes']:8.2f}"
    if peer is None:
        print(
            f"{line}   lifetimes: no result within {TIME_LIMIT} s (at least {TIME_LIMIT / mine['seconds']:.0f} times)"
        )
        return
    theirs = log_likelihood(model, peer["params"], summary)
    difference = (ll - theirs) / abs(theirs)
    print(
        f"{line}{peer['seconds']:11.2f}{peer['gigabytes']:8.2f}{peer['seconds'] / mine['seconds']:8.1f}{ll:17.3f}"
        f"{difference:+12.1e}",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    python = peer_python()
    start = time.perf_counter()
    print(
        f"{CUSTOMERS:,} simulated customers, day resolution; log-likelihood of ours, and relative gain over lifetimes"
    )
    print("model               weeks   ours s      GB  lifetimes s     GB   times   log-likelihood        gain")
    for weeks in (39, 104):
        for model in TRUTH:
            compare(python, model, weeks)
    print(f"{time.perf_counter() - start:.0f} s in all")


if __name__ == "__main__":
    main()
