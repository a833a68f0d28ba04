"""What the future of each member looks like to somebody who knows the process: the benchmark no model can beat."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crmlib.demo.chain import Chain
from crmlib.demo.visits import make_season


def outlook(chain: Chain, cutoff_day: int, horizons: Sequence[int]) -> pd.DataFrame:
    """Give each member's true prospects at a cutoff.

    Parameters
    ----------
    chain
        The simulated chain.
    cutoff_day
        Exclusive end of what has been seen, in days since the first day of trading.
    horizons
        Lengths of the time ahead, in days.

    Returns
    -------
    pandas.DataFrame
        Indexed by person, those with a purchase before the cutoff: ``purchases``, ``days_since_last``, ``alive``
        (still a customer, which no shop can see), ``probability_alive`` (given the member's own rates and purchases)
        and, for each horizon ``h``, ``no_purchase_h`` (probability of no purchase within ``h`` days of the member's own
        accord, given the same) and ``expected_purchases_h``.

    Notes
    -----
    With rate ``λ``, probability to leave ``p`` and season time ``g`` gone since the last purchase, Bayes' rule gives
    P(alive) = (1 − p) e^(−λg) / ((1 − p) e^(−λg) + p). A purchase that a campaign brought about is followed by no
    leaving: after it, the member is surely alive. While alive, the number of purchases until leaving is geometric,
    so E[purchases in s] = (1 − e^(−λps)) / p.

    Examples
    --------
    >>> from crmlib.demo.chain import simulate
    >>> from crmlib.demo.plan import Plan
    >>> chain = simulate(Plan(seed=1, members=300))
    >>> ahead = outlook(chain, 600, [90])
    >>> bool(ahead["no_purchase_90"].between(0, 1).all())
    True
    """
    season = make_season(chain.plan)
    seen = chain.visits[chain.visits["at"] < cutoff_day].groupby("person", sort=True)
    last = seen.last()
    people = chain.people.loc[last.index]
    rate, dropout = people["rate"].to_numpy() / 7, people["dropout"].to_numpy()
    leaving = np.where(last["campaign"] >= 0, 0.0, dropout)
    now = float(season.until(float(cutoff_day)))
    stays = (1 - leaving) * np.exp(-rate * (now - season.until(last["at"])))
    alive = stays / (stays + leaving)
    ahead = pd.DataFrame({
        "purchases": seen.size(),
        "days_since_last": cutoff_day - 1 - np.floor(last["at"]).astype(int),
        "alive": ~seen["leaves"].any(),
        "probability_alive": alive,
    })  # fmt: skip
    for horizon in horizons:
        length = float(season.until(float(cutoff_day + horizon))) - now
        ahead[f"no_purchase_{horizon}"] = 1 - alive * -np.expm1(-rate * length)
        ahead[f"expected_purchases_{horizon}"] = alive * -np.expm1(-rate * dropout * length) / dropout
    return ahead
