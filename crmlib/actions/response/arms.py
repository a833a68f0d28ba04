"""Whether the arms of a campaign were alike before the contact, as drawing lots leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.stats.trials import UNLIKE, chance_of_imbalance

if TYPE_CHECKING:
    from crmlib.actions.response.uplift import Trial


def unlike_arms(trial: Trial) -> list[int]:
    """Find the campaigns whose arms were unlike before the contact, all that is known taken together."""
    known = trial.known.to_numpy(dtype=float)
    rows = [trial.campaign == number for number in range(int(trial.campaign.max()) + 1)]
    chances = (chance_of_imbalance(known[these], trial.treated[these]) for these in rows)
    return [number for number, chance in enumerate(chances) if chance < UNLIKE]
