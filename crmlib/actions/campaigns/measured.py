"""Each campaign against the customers who were left out at random, in people and in money; all of them together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, nan
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from crmlib.stats import Estimate
from crmlib.stats.comparisons import benjamini_hochberg, p_of_interval, proportion_difference
from crmlib.stats.trials import UNLIKE, arms_differ, chance_of_imbalance

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Decision = Literal["repeat", "stop", "measure", "nothing", "broken", "few", "no_control"]

FEWEST: Final = 50
"""Customers an arm needs before any money is told of it."""
POWERED: Final = (2.8016 / 1.959964) ** 2
"""By how much more people show an effect of today's size in eight of ten trials than touch nought with an interval."""
FALSE_DISCOVERIES: Final = 0.05


@dataclass(frozen=True, slots=True)
class Effect:
    """What a contact changed, a customer: the share who bought, spend, and margin less the cost of the contact.

    `won` is plain (Newcombe); `spend` and `gain` are less what spend of the year before explains (CUPED), `plain` is
    the spend without that. `later_share` is the share who bought in the weeks after the window, `full_price` spend
    of orders without promotion; unknown where they cannot be told.
    """

    won: Estimate
    spend: Estimate
    plain: Estimate
    gain: Estimate
    later_share: Estimate
    full_price: Estimate


@dataclass(frozen=True, slots=True)
class Measured:
    """One campaign: whom it reached, what they did, and what that was beyond the others.

    `audience` are all its customers, `contacted` and `left_out` those of the arms; `bought` and `anyway` are who of
    either arm bought in the window, `counted` the responses of the contacted as the campaign counted them, `revenue`
    what the contacted spent, `cost` what the contacts cost. `effect` is ``None`` where it cannot be told; `decision`
    says what follows, `needed` how many customers it would take to tell.
    """

    name: str
    day: pd.Timestamp
    audience: int
    contacted: int
    left_out: int
    counted: int
    bought: int
    anyway: int
    revenue: float
    largest: float
    cost: float
    effect: Effect | None
    decision: Decision
    needed: int | None = None
    chance: float = nan

    @property
    def extra(self) -> Estimate:
        """Customers who bought because of it."""
        return Estimate.unknown() if self.effect is None else self.effect.won.scaled(self.contacted)

    @property
    def gain(self) -> Estimate:
        """Margin beyond what would have come anyway, less the cost of the contacts, of all contacted together."""
        return Estimate.unknown() if self.effect is None else self.effect.gain.scaled(self.contacted)

    @property
    def on_cost(self) -> Estimate:
        """The gain over the cost; unknown where nothing was paid."""
        return self.gain.scaled(1 / self.cost) if self.cost > 0 else Estimate.unknown()


def measure_campaigns(people: pd.DataFrame, margin: float) -> list[Measured]:
    """Measure each campaign of `campaign_people`, the latest first; false discoveries are held down over all of them.

    Parameters
    ----------
    people
        One row a campaign and customer.
    margin
        Share of spend that is margin.

    Returns
    -------
    list of Measured
        ``chance`` is the adjusted p-value of the share who bought (Benjamini & Hochberg). An effect is told where both
        arms hold :data:`FEWEST` and were alike before, as lots leave them (Hansen & Bowers 2008).
    """
    found = [_measured(name, rows, margin) for name, rows in people.groupby("campaign_id", sort=False)]
    plain = {one.name: p_of_interval(one.effect.won) for one in found if one.effect is not None}
    adjusted = dict(zip(plain, benjamini_hochberg(list(plain.values())), strict=True)) if plain else {}
    decided = [one if one.effect is None else _decided(one, one.effect, float(adjusted[one.name])) for one in found]
    return sorted(decided, key=lambda one: (one.day, one.name), reverse=True)


def _decided(one: Measured, effect: Effect, chance: float) -> Measured:
    """Say what follows: money decides where it can, else whether customers were won over beyond chance."""
    gain = effect.gain
    if gain.excludes(0):
        return replace(one, chance=chance, decision="repeat" if gain.value > 0 else "stop")
    if chance >= FALSE_DISCOVERIES or effect.won.value <= 0:
        return replace(one, chance=chance, decision="nothing")
    half, people = (gain.high - gain.low) / 2, one.contacted + one.left_out
    needed = ceil(people * POWERED * (half / gain.value) ** 2) if gain.value > 0 else None
    return replace(one, chance=chance, decision="measure", needed=needed)


def _measured(name: object, rows: pd.DataFrame, margin: float) -> Measured:
    treated, control = rows["arm"].eq("treatment"), rows["arm"].eq("control")
    reached = rows[~control]
    money = float(reached["spend"].sum())
    effect, decision = _effect(rows[treated | control], margin)
    return Measured(
        name=str(name), day=rows["day"].min(), audience=len(rows), contacted=len(reached), left_out=int(control.sum()),
        counted=int(reached["responded"].sum()), bought=int((reached["bought"] > 0).sum()),
        anyway=int((rows.loc[control, "bought"] > 0).sum()), revenue=money,
        largest=float(reached["spend"].max() / money) if money > 0 else 1.0, cost=float(reached["cost"].sum()),
        effect=effect, decision=decision,
    )  # fmt: skip


def _effect(rows: pd.DataFrame, margin: float) -> tuple[Effect | None, Decision]:
    """Estimate what the contact changed, or say why that is not told."""
    treated = rows["arm"].eq("treatment").to_numpy()
    if not (~treated).any():
        return None, "no_control"
    if min(treated.sum(), (~treated).sum()) < FEWEST:
        return None, "few"
    known = rows[["spend_before", "bought_before", "idle"]].fillna(rows["idle"].max()).fillna(0.0).clip(lower=0)
    if chance_of_imbalance(np.log1p(known.to_numpy(dtype=float)), treated) < UNLIKE:
        return None, "broken"
    return _estimated(rows, treated, margin), "nothing"


def _estimated(rows: pd.DataFrame, treated: NDArray[np.bool_], margin: float) -> Effect:
    spent = np.log1p(rows["spend_before"].clip(lower=0).to_numpy(dtype=float))
    cost = float(rows.loc[treated, "cost"].mean())

    def share(name: str) -> Estimate:
        yes = rows[name].to_numpy(dtype=float) > 0
        sizes = treated.sum(), (~treated).sum()
        return proportion_difference(yes[treated].sum(), sizes[0], yes[~treated].sum(), sizes[1])

    def money(name: str) -> Estimate:
        return arms_differ(rows[name].to_numpy(dtype=float), treated, spent)

    spend, later = money("spend"), rows["bought_later"].notna().all()
    ends = {name: getattr(spend, name) * margin - cost for name in ("value", "low", "high")}
    unknown = Estimate.unknown()
    promoted = bool((rows["full_price"] < rows["spend"]).any())
    return Effect(
        won=share("bought"), spend=spend, plain=arms_differ(rows["spend"].to_numpy(dtype=float), treated),
        gain=Estimate(**ends, n=len(rows)),
        later_share=share("bought_later") if later else unknown,
        full_price=money("full_price") if promoted else unknown,
    )  # fmt: skip


def together(campaigns: list[Measured]) -> Estimate:
    """Sum the gains of all campaigns whose effect is told; each drew its own lots, so that their errors are apart."""
    gains = [one.gain for one in campaigns if one.gain.is_known and one.gain.has_interval]
    if not gains:
        return Estimate.unknown()
    value = sum(gain.value for gain in gains)
    below, above = (
        sum((getattr(gain, end) - gain.value) ** 2 for gain in gains) ** 0.5 for end in ("low", "high")
    )  # fmt: skip
    return Estimate(value, value - below, value + above, sum(one.contacted + one.left_out for one in campaigns))
