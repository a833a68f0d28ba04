"""The plan of the month: one action a customer, by expected gain under the limits, and what became of everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.actions.lists.allocation import NOBODY, Limits, Offers, allocate
from crmlib.actions.lists.limits import CUTS, LISTED, cut_offers
from crmlib.actions.lists.offers import make_offers, rules_table
from crmlib.params.actions import STORE
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from crmlib.actions.lists.candidates import Gathered
    from crmlib.params.actions import ActionsSection

COLUMNS: Final = (
    "priority", "customer_id", "store_id", "store", "action", "channel", "owner", "reason", "why", "value_at_stake",
    "value_low", "value_high", "effect", "effect_low", "effect_high", "effect_from", "expected_gain", "since", "due",
    "arm", "segment", "lifecycle", "churn_probability", "last_purchase",
)  # fmt: skip
"""The columns of the list, one row a customer."""
FOR_THE_PAGE: Final = ("rule", "cost", "gain_low", "gain_high", "lifetime_value")
"""What the plan says of each row besides."""
PREFERENCE: Final = 1e-6
"""So much of its gain a later rule for the same reason loses against an earlier one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom to contact, and what became of everybody put forward.

    `offers`: one row a candidate and action for its reason, with what it costs and brings and the limit that ``cut``
    it, if any. `listed`: the list (:data:`COLUMNS` and :data:`FOR_THE_PAGE`). `fates`: one row a customer put forward,
    ``customer_id, fate`` (listed, or the limit at which the last offer fell), ``value`` at stake and ``reason``.
    """

    offers: pd.DataFrame
    listed: pd.DataFrame
    fates: pd.DataFrame


def make_plan(gathered: Gathered, history: pd.DataFrame, knobs: ActionsSection, as_of: date) -> Plan:
    """Pair candidates with actions, take away what limits forbid, and allocate the rest; duties come first."""
    rules = rules_table(knobs.rules, knobs.channels, gathered.assumed)
    offers = make_offers(gathered.candidates, gathered.customers, rules, gathered.assumed)
    offers = offers.drop_duplicates(["customer_id", "reason", "rule"], ignore_index=True)
    offers["weight"] = _weights(offers, valued=bool(gathered.customers["kept_value"].notna().any()))
    offers["cut"] = cut_offers(offers, history, knobs)
    open_offers, limits = offers[offers["cut"] == ""], limits_of(knobs)
    channel = _channel_places(rules, knobs)
    duties = _granted_duties(open_offers, channel, limits)
    waiting = open_offers[(open_offers["kind"] != "duty") & ~open_offers["customer_id"].isin(duties["customer_id"])]
    left = limits.less(channel[duties["rule"]], float(duties["cost"].sum()))
    chosen, left = _allocated(waiting, channel, left)
    offers.loc[open_offers.index, "cut"] = _limit_met(open_offers, channel, left)
    listed = pd.concat([duties, chosen.sort_values(["weight", "customer_id"], ascending=[False, True])])
    offers.loc[listed.index, "cut"] = LISTED
    return Plan(offers, list_rows(listed, as_of), customer_fates(offers))


def limits_of(knobs: ActionsSection) -> Limits:
    """Give the limits of the parameters: by channel, in the order they are named in, and none for one not named."""
    capacity = [np.inf if one.a_day is None else one.a_day * knobs.working_days for one in knobs.channels.values()]
    budget, most = (np.inf if limit is None else float(limit) for limit in (knobs.budget, knobs.at_most))
    return Limits(np.floor([*capacity, np.inf]), budget, most)


def _weights(offers: pd.DataFrame, *, valued: bool) -> pd.Series:
    """Weigh offers by the expected gain; by rule and urgency where no customer has a value.

    Of several rules for one reason the first that pays is preferred: the next ones are for where it does not, or where
    there is no room for it.
    """
    if not valued:
        urgency = offers.sort_values(["rule", "score", "customer_id"], ascending=[True, False, True]).index
        return pd.Series(np.arange(len(offers), 0, -1) / max(len(offers), 1), index=urgency).reindex(offers.index)
    paying = offers["expected_gain"].where(offers["expected_gain"] > 0)
    by_reason = [offers["customer_id"], offers["reason"]]
    earlier = paying.groupby(by_reason, sort=False).cummin().groupby(by_reason, sort=False).shift()
    return offers["expected_gain"].where(~(offers["expected_gain"] >= earlier), earlier * (1 - PREFERENCE))


def _channel_places(rules: pd.DataFrame, knobs: ActionsSection) -> NDArray[np.int64]:
    places = {name: place for place, name in enumerate(knobs.channels)}
    return rules["channel"].map(places).fillna(len(places)).to_numpy(dtype=np.int64)


def _granted_duties(offers: pd.DataFrame, channel: NDArray[np.int64], limits: Limits) -> pd.DataFrame:
    """Grant the duties, the most urgent first, as far as the channels and the list go; no budget stops one."""
    duties = offers[offers["kind"] == "duty"]
    duties = duties.sort_values(["rule", "score", "customer_id"], ascending=[True, False, True], kind="stable")
    duties = duties.drop_duplicates("customer_id")
    places = pd.Series(channel[duties["rule"]], index=duties.index)
    return duties[places.groupby(places).cumcount() < limits.capacity[places]].head(_whole(limits.at_most))


def _whole(most: float) -> int | None:
    return None if np.isinf(most) else int(most)


def _allocated(offers: pd.DataFrame, channel: NDArray[np.int64], limits: Limits) -> tuple[pd.DataFrame, Limits]:
    """Allocate offers to customers, each one at the most; and say what the limits have left."""
    who, customers = pd.factorize(offers["customer_id"], sort=True)
    shape, places = (len(customers), len(channel)), (who, offers["rule"].to_numpy())
    gain, cost, row = np.full(shape, -np.inf), np.zeros(shape), np.full(shape, NOBODY)
    gain[places], cost[places], row[places] = offers["weight"], offers["cost"].fillna(0.0), np.arange(len(offers))
    choice = Offers(gain, cost, channel)
    actions = allocate(choice, limits)
    given = np.flatnonzero(actions != NOBODY)
    return offers.iloc[row[given, actions[given]]], choice.left(limits, actions)


def _limit_met(offers: pd.DataFrame, channel: NDArray[np.int64], left: Limits) -> pd.Series:
    """Say which limit stands in the way of each offer, once all are allocated."""
    full = left.capacity[channel[offers["rule"]]] < 1
    dear = (offers["cost"].fillna(0.0) > left.budget).to_numpy() & (offers["kind"] != "duty").to_numpy()
    return pd.Series(np.select([full, dear], ["capacity", "budget"], default="at_most"), index=offers.index)


def list_rows(listed: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Write the rows of the list; what a store should do for a customer without one the head office does."""
    homeless = (listed["owner"] == STORE) & listed["main_store"].isna()
    rows = listed.assign(
        priority=range(1, len(listed) + 1),
        store_id=listed["main_store"],
        owner=listed["owner"].mask(homeless, _("head office")),
        since=listed["since"].dt.date,
        due=[as_of + timedelta(days=int(days)) for days in listed["days"]],
        arm="contact",
    )
    return rows.reindex(columns=[*COLUMNS, *FOR_THE_PAGE]).reset_index(drop=True)


def customer_fates(offers: pd.DataFrame) -> pd.DataFrame:
    """Say of each customer put forward where the last offer fell, and what is at stake: as listed, else the most."""
    place = {name: number for number, name in enumerate([*CUTS, LISTED])}
    fates = offers[["customer_id", "reason"]].assign(
        fate=offers["cut"], value=offers["value_at_stake"].fillna(0.0), stage=offers["cut"].map(place)
    )
    last = fates.sort_values(["stage", "value"], ascending=False, kind="stable").drop_duplicates("customer_id")
    return last.sort_index(ignore_index=True)[["customer_id", "fate", "value", "reason"]]
