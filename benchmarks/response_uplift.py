"""How often the nominal 95 % intervals of "who responds" hold the truth, and how often a difference is found in none.

Two campaigns reach the same people, each leaves a half out at random. What a contact does depends on nothing, on one
of four known numbers, or harms a half. The truth of an area is that of the very scores that were learnt.
"""

import os
import sys
from typing import Final

import numpy as np
import pandas as pd

from crmlib.actions.response.qini import Ranked
from crmlib.actions.response.uplift import Trial, learn_uplift
from crmlib.actions.response.won import SPLITS, judge_uplift

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
    true = [(Ranked.of(one.scores["both"], one.strata), uplift[one.judged]) for one in learnt]
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


def main() -> None:
    """Print coverage, and how often a difference was told, by size and effect."""
    for people in PEOPLE:
        for effect in EFFECTS:
            rng = np.random.default_rng([people, len(effect)])
            found = pd.DataFrame([covered(rng, people, effect) for _ in range(REPLICATIONS)])
            shares = "   ".join(f"{name} {share:.3f}" for name, share in found.mean().items())
            sys.stdout.write(f"{people:>6,} people  {effect:<12} {shares}\n")


if __name__ == "__main__":
    main()
