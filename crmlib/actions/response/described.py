"""What may tell who responds: a number of each contact for all that was known of the customer the day before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.actions.response.known import BEFORE, Since, known_before
from crmlib.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CHANNELS: Final = 4
"""So many channels are told apart, those with most orders; what is bought elsewhere is the rest."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A number of each contact, since when it is known and how it is made of `contacted_people`."""

    title: str
    since: Since
    of: Callable[[pd.DataFrame], pd.Series]


def _days(rows: pd.DataFrame, name: str) -> pd.Series:
    """Count the days from an earlier day to the contact; who never bought has been silent the longest."""
    days = (rows["day"] - rows[name]).dt.days.astype(float)
    return days.fillna(days.max() if days.notna().any() else 0.0)


def _each(rows: pd.DataFrame, name: str, per: str = "orders") -> pd.Series:
    return rows[name] / rows[per].clip(lower=1)


FEATURES: Final = {
    "silence": Feature(N_("days since the last purchase"), BEFORE, lambda c: np.log1p(_days(c, "last_day"))),
    "tenure": Feature(N_("days since the first purchase"), BEFORE, lambda c: np.log1p(_days(c, "first_day"))),
    "orders": Feature(N_("orders so far"), BEFORE, lambda c: np.log1p(c["orders"])),
    "order_value": Feature(N_("spend an order"), BEFORE, lambda c: np.log1p(_each(c, "spend").clip(lower=0))),
    "order_lines": Feature(N_("lines an order"), BEFORE, lambda c: _each(c, "lines")),
    "promotions": Feature(
        N_("share bought on promotion"), BEFORE, lambda c: _each(c, "promotion_lines", per="lines")
    ),
    "contacts": Feature(N_("contacts before this one"), BEFORE, lambda c: np.log1p(c["past_contacts"])),
    "responses": Feature(N_("purchases after those"), BEFORE, lambda c: np.log1p(c["past_responses"])),
}  # fmt: skip


def describe_contacts(rows: pd.DataFrame) -> pd.DataFrame:
    """Describe each contact (`contacted_people`, `with_past`) by what was known before it; channels are shares."""
    made = {name: feature.of(rows) for name, feature in FEATURES.items()}
    since = {name: feature.since for name, feature in FEATURES.items()}
    channels = rows[[name for name in rows.columns if name.startswith("in_")]].sum()
    most = channels.sort_index().sort_values(ascending=False, kind="stable").index[:MOST_CHANNELS]
    made |= {name: _each(rows, name) for name in most}
    return known_before(pd.DataFrame(made).astype(float), since | dict.fromkeys(most, BEFORE))


def with_past(rows: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """Add how often each customer had been contacted before, and bought in the window after that.

    ``past_contacts, past_responses`` of contacts whose whole window was over on the day of this one.
    """
    told = rows.loc[rows["arm"] != "control", ["customer_id", "day", "bought"]]
    told = told.assign(day=told["day"] + pd.Timedelta(days=window_days + 1), past_responses=told["bought"] > 0)
    told = told.sort_values(["day", "customer_id"], kind="stable")
    grouped = told.groupby("customer_id", sort=False)
    past = told[["customer_id", "day"]].assign(
        past_contacts=grouped.cumcount() + 1, past_responses=grouped["past_responses"].cumsum()
    )
    found = pd.merge_asof(rows, past, on="day", by="customer_id")
    counts = ["past_contacts", "past_responses"]
    return found.assign(**found[counts].astype(float).fillna(0.0))
