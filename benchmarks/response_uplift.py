"""How often the nominal 95 % intervals of "who responds" hold the truth, and how often a difference is found in none.

Two campaigns reach the same people, each leaves a half out at random. What a contact does depends on nothing, on one
of four known numbers, or harms a half. The truth of an area is that of the very scores that were learnt. Then the demo:
what the models find of the uplift that is planted by segment, and what knowing the segment would.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pandas as pd

from crmlib.actions.response.contacted import CONTACT, contacted_people, contacts_over
from crmlib.actions.response.described import describe_contacts, with_past
from crmlib.actions.response.finding import SEED, WINDOW_DAYS, trial_of
from crmlib.actions.response.qini import Ranked
from crmlib.actions.response.uplift import Trial, learn_uplift
from crmlib.actions.response.won import SPLITS, judge_uplift
from crmlib.demo.canonical import perfect_tables
from crmlib.demo.chain import simulate
from crmlib.demo.plan import Plan
from crmlib.demo.segments import SEGMENTS
from crmlib.engine import connect
from crmlib.orders import as_orders

REPLICATIONS: Final = int(os.environ.get("RESPONSE_REPLICATIONS", "100"))
PEOPLE: Final = (1_500, 4_000)
EFFECTS: Final = {
    "no effect": lambda x: np.zeros(len(x)),
    "one for all": lambda x: np.full(len(x), 0.08),
    "by silence": lambda x: np.where(x[:, 0] < 0, 0.16, 0.0),
    "half harmed": lambda x: np.where(x[:, 1] < 0, 0.12, -0.12),
}


def trial(rng: np.random.Generator, people: int, effect: str) -> tuple[Trial, np.ndarray]:
    """Draw contacts, and what each would do to the chance of a purchase."""
    person = np.tile(np.arange(people), 2)
    known = rng.standard_normal((people, 4))[person]
    usual = 0.15 + 0.1 / (1 + np.exp(2 * known[:, 0]))
    uplift = EFFECTS[effect](known)
    treated = rng.random(2 * people) < 0.5
    bought = rng.random(2 * people) < usual + treated * uplift
    frame = pd.DataFrame(known, columns=["silence", "orders", "value", "tenure"])
    campaign = np.repeat([0, 1], people)
    return Trial(frame, bought.astype(float), treated, campaign, person, np.full(2 * people, 0.5)), uplift


def covered(rng: np.random.Generator, people: int, effect: str) -> dict[str, bool]:
    """Say of one draw which intervals hold the truth, and whether a difference was found."""
    drawn, uplift = trial(rng, people, effect)
    seed = int(rng.integers(1_000_000))
    learnt = [learn_uplift(drawn, seed + split) for split in range(SPLITS)]
    found = judge_uplift(drawn, learnt, drawn.known["silence"].to_numpy(), 40.0)
    silence = drawn.known["silence"].to_numpy()
    true = []
    for one in learnt:
        score = -silence[one.judged] if found.by == "recent" else one.scores["both"]
        true.append((Ranked.of(score, one.strata), uplift[one.judged]))
    area = np.mean([ranked.area(gain).value for ranked, gain in true])
    half = np.mean([ranked.beyond(gain, 0.5).value for ranked, gain in true])
    curve = found.curve.loc[5]
    riskiest = np.mean((drawn.known["silence"] > drawn.known["silence"].median()) * (uplift * 40.0 - 0.5))
    worth, everybody = found.worth("riskiest"), found.worth("all")
    return {
        "effect": found.effect.low <= uplift.mean() <= found.effect.high,
        "area": found.area.low <= area <= found.area.high,
        "half of the curve": curve["low"] <= curve["random"] + half <= curve["high"],
        "all": everybody.low <= np.mean(uplift * 40.0 - 0.5) <= everybody.high,
        "riskiest": worth.low <= riskiest <= worth.high,
        "told": found.is_told,
    }


def planted() -> dict[str, float]:
    """Measure Qini's areas in the demo, in extra buyers for every 100 customers: as found, and in truth."""
    chain = simulate(Plan())
    tables = perfect_tables(chain)
    with TemporaryDirectory() as folder:
        con = connect("duckdb", Path(folder))
        named = {name: Path(folder) / f"{name}.parquet" for name in ("contacts", "transactions")}
        for name, path in named.items():
            tables[name].to_parquet(path, index=False)
        contacts, lines = (con.read_parquet(str(path)) for path in named.values())
        over = contacts_over(contacts, chain.plan.as_of, WINDOW_DAYS)
        rows = contacted_people(over, as_orders(lines), WINDOW_DAYS)
    moved = chain.contacts["buys_treated"].astype(float) - chain.contacts["buys_untreated"]
    segment = np.array([one.uplift for one in SEGMENTS])[chain.people.loc[chain.contacts["person"], "segment"]]
    truth = tables["contacts"][CONTACT].assign(moved=moved.to_numpy(), segment=segment)
    known = describe_contacts(with_past(rows, WINDOW_DAYS))
    merged = rows.merge(truth, on=CONTACT, validate="one_to_one")
    drawn = trial_of(rows, known)
    learnt = learn_uplift(drawn, SEED)
    true, parts = merged["moved"].to_numpy()[learnt.judged], learnt.parts
    orders = {name: learnt.scores[name].to_numpy() for name in learnt.scores}
    orders |= {"latest purchase first": -known["silence"].to_numpy()[learnt.judged]}
    orders |= {"planted segment": merged["segment"].to_numpy()[learnt.judged]}
    ranked = {name: Ranked.of(score, learnt.strata) for name, score in orders.items()}
    return {
        f"{name}, {what}": 100 * order.area(gains).value
        for name, order in ranked.items()
        for what, gains in (("found", parts), ("true", true))
    }


def main() -> None:
    """Print coverage, and how often a difference was told, by size and effect; then what the demo's models find."""
    for people in PEOPLE:
        for effect in EFFECTS:
            rng = np.random.default_rng([people, len(effect)])
            found = pd.DataFrame([covered(rng, people, effect) for _ in range(REPLICATIONS)])
            shares = "   ".join(f"{name} {share:.3f}" for name, share in found.mean().items())
            sys.stdout.write(f"{people:>6,} people  {effect:<12} {shares}\n")
    for name, area in planted().items():
        sys.stdout.write(f"demo  {name:<32} {area:.2f}\n")


if __name__ == "__main__":
    main()
