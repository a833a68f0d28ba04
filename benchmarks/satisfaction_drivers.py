"""What to fix first: its seconds on 100,000 answers x 14 items, and how often its 95 % intervals hold the truth.

The time is that of all the page shows of the drivers, with 1,000 resamples, on the airline survey beside the project
(0 is "not applicable"); wanted: at most 20 s on two cores. The coverage is over replications of a simulated survey of
six drivers, one to three answers a person, an answer in ten lacking each score; the truth is the same figure of a
population so large that its own error does not matter. A chance of .9 or more to be a priority should be right in nine
of ten replications or more.
"""

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from crmlib.params.sections import SatisfactionSection, ScaleRule
from crmlib.satisfaction.answers.survey import Survey, make_survey
from crmlib.satisfaction.drivers.importance import lmg
from crmlib.satisfaction.drivers.imputation import Whole
from crmlib.satisfaction.drivers.key_drivers import RESAMPLES, Drivers, choose, estimate_drivers
from crmlib.satisfaction.drivers.penalty import penalty_reward
from crmlib.satisfaction.drivers.priorities import CLEAR
from crmlib.satisfaction.drivers.steps import steps
from crmlib.surveys import Scale

AIRLINE: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "airline_survey" / "airline_train.parquet"
ANSWERS, SECONDS = 100_000, 20
REPLICATIONS: Final = int(os.environ.get("DRIVERS_REPLICATIONS", "200"))
PEOPLE, POPULATION = 700, 150_000
NAMES: Final = tuple(f"score_{name}" for name in ("app", "price", "quality", "range", "speed", "staff"))
EFFECTS: Final = (0.05, 0.30, 0.35, 0.10, 0.15, 0.25)
LEVELS: Final = (3.9, 3.5, 3.8, 3.9, 3.85, 3.9)
LACKING: Final = 0.1
AS_OF: Final = date(2026, 11, 1)


def answered(people: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw answers: scores from 1 to 5 that share a mood of the person and of the day."""
    person = np.repeat(np.arange(people), rng.integers(1, 4, people))
    n = len(person)
    mood = rng.normal(size=people)[person] * 0.5 + rng.normal(size=n) * 0.4
    latent = mood[:, np.newaxis] + rng.normal(size=(n, len(NAMES))) * 0.75
    overall = 3.9 + latent @ EFFECTS + rng.normal(size=n) * 0.5
    scores = pd.DataFrame(np.clip(np.rint(LEVELS + 0.9 * latent), 1, 5), columns=list(NAMES))
    return scores.assign(score_satisfaction=np.clip(np.rint(overall), 1, 5), person=person)


def survey_of(scores: pd.DataFrame, **knobs: ScaleRule) -> Survey:
    """Read scores as a survey."""
    names = pd.Series([f"R{number:06}" for number in range(len(scores))], index=scores.index)
    rows = scores.drop(columns="person", errors="ignore").assign(
        response_id=names, answered_at=pd.Timestamp("2026-10-01"), customer_id=scores.get("person", names)
    )
    return make_survey(rows, AS_OF, SatisfactionSection(scales=knobs))


def found_in(survey: Survey) -> Drivers:
    """Compute what the page shows of the drivers."""
    given = survey.answers()
    chosen = choose(given[list(survey.drivers)], given[survey.outcome])
    return estimate_drivers(survey, given, chosen, seed=1)


def truth(seed: int) -> pd.DataFrame:
    """Compute the same figures of the population, where nothing is missing but what cannot be raised."""
    rng = np.random.default_rng(seed)
    scores = answered(POPULATION, rng)
    X, y = scores[list(NAMES)].to_numpy(), scores["score_satisfaction"].to_numpy()
    given = np.where(rng.random(X.shape) < LACKING, np.nan, X)
    whole = Whole(NAMES, (Scale(1, 5),) * len(NAMES), given, (X,), y, np.ones(len(y)), np.arange(len(y)))
    shares = lmg(np.corrcoef(np.column_stack([X, y]), rowvar=False))
    table = pd.DataFrame({"driver": NAMES, "importance": shares, "mean": X.mean(axis=0)})
    told = table.merge(steps(whole, [5.0]).table, on="driver").merge(penalty_reward(whole), on="driver")
    worse = (told["importance"] > shares.mean()) & (told["mean"] < told["mean"].mean())
    return told.assign(priority=worse).set_index("driver")


def replicate(true: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Say driver by driver which intervals of a survey hold the truth, and whether a clear priority is one."""
    rng = np.random.default_rng([seed, 2])
    scores = answered(PEOPLE, rng)
    holes = rng.random((len(scores), len(NAMES))) < LACKING
    found = found_in(survey_of(scores.assign(**scores[list(NAMES)].mask(holes))))
    told = found.table.merge(found.kinds, on="driver").set_index("driver").loc[list(NAMES)]
    names = ("importance", "mean", "gain", "mean_gain", "odds", "penalty", "reward")
    held = {n: (told[f"{n}_low"] <= true[n]) & (true[n] <= told[f"{n}_high"]) for n in names if n in told}
    rank = true["importance"].rank(ascending=False)
    clear = told["priority"] >= CLEAR
    return pd.DataFrame({
        **held,
        "rank": (told["rank_low"] <= rank) & (rank <= told["rank_high"]),
        "clear priority is one": true["priority"].where(clear).astype("float64"),
    })  # fmt: skip


def airline() -> int:
    """Print the seconds of the airline survey; 1 where they are too many."""
    if not AIRLINE.is_file():
        print("speed skipped: the airline survey is not beside the project (../shared/data/airline_survey)")
        return 0
    rows = pd.read_parquet(AIRLINE).head(ANSWERS)
    items = rows.columns[rows.columns.get_loc("Inflight wifi service") : rows.columns.get_loc("Cleanliness") + 1]
    scores = rows[items].astype(float).mask(rows[items] == 0).add_prefix("score_")
    scores = scores.assign(score_satisfaction=(rows["satisfaction"] == "satisfied").astype(float))
    survey = survey_of(scores, score_satisfaction=ScaleRule(low=0, high=1))
    started, busy = time.perf_counter(), time.process_time()
    found = found_in(survey).table
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    size = f"{ANSWERS:,} answers x {len(found)} items, {RESAMPLES:,} resamples"
    print(f"{size}: {seconds:.1f} s ({busy:.1f} s busy), wanted {SECONDS} s; first {found['driver'].iloc[0]}")
    return int(seconds > SECONDS)


def main() -> int:
    """Print the time and the coverage of every interval."""
    slow = airline()
    # threads of linear algebra would wait for one another: each process has one
    with ProcessPoolExecutor(max_workers=2, initializer=threadpool_limits, initargs=(1,)) as pool:
        true = pool.submit(truth, 1).result()
        seeds = range(REPLICATIONS)
        held = pd.concat(pool.map(replicate, [true] * REPLICATIONS, seeds), keys=seeds)
    print(f"{REPLICATIONS} replications of {PEOPLE} people, per cent of the 95 % intervals that hold the truth")
    for name in held:
        cells = held[name].dropna().astype(float)
        each = cells.groupby(level=0).mean()
        error = each.std() / np.sqrt(len(each)) if len(each) > 1 else float("nan")
        print(f"{name:24} {100 * cells.mean():6.1f} ± {100 * error:.1f} ({len(cells)} intervals)")
    return slow


if __name__ == "__main__":
    sys.exit(main())
