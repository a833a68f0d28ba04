"""What is assumed of a campaign, each from low over likely to high, and where it was taken from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from crmlib.campaigns import NORMAL_95
from crmlib.churn.money.gain import break_even_risk, expected_gain
from crmlib.churn.money.profit import Campaign
from crmlib.params.ranges import as_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from crmlib.churn.money.response import Response
    from crmlib.params.sections import ChurnSection

    Range = tuple[float, float, float]

SHARE_KEPT: Final = (0.1, 0.3, 0.5)
"""The share of leavers that a contact keeps where nothing is known of it: the literature's beta(6, 14), 95 % of it."""
RANGES: Final = ("kept_value", "incentive", "contact", "kept")
LEAST_RISK: Final = 0.5
"""The probability from which somebody is likely to leave, where money cannot say it."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a campaign costs and brings, in money, each as low, likely and high; a known number is thrice the same.

    `kept_value` is the mean of active customers, `margin` what each one's own usual spend is taken times (``None``
    where all are worth the same), `told_by` who says what share of leavers is kept.
    """

    kept_value: Range
    incentive: Range
    contact: Range
    kept: Range
    margin: float | None
    told_by: Literal["campaigns", "parameters", "nobody"]

    @property
    def likely(self) -> Campaign:
        """The campaign at the likely values."""
        value, incentive, contact, kept = (one[1] for one in (self.kept_value, self.incentive, self.contact, self.kept))
        return Campaign(value, incentive, contact, kept, spread=(self.kept[2] - self.kept[0]) / (2 * NORMAL_95))

    def ends(self) -> Iterator[tuple[str, Campaign, Campaign]]:
        """Give the campaign at the low and at the high end of each range, all else likely."""
        for name in ("kept", "kept_value", "incentive", "contact"):
            low, _likely, high = getattr(self, name)
            if low < high:
                yield name, replace(self.likely, **{name: low}), replace(self.likely, **{name: high})

    def values(self, usual_spend: pd.Series) -> NDArray[np.float64]:
        """Say what each customer brings if kept, at the likely values."""
        if self.margin is None:
            return np.full(len(usual_spend), self.kept_value[1])
        return np.asarray(usual_spend.clip(lower=0) * self.margin, dtype=float)


def assume(
    settings: ChurnSection, usual_spend: pd.Series, margin: float, response: Response | None
) -> Assumptions | None:
    """Put together what the parameters, the customers' usual spend and own campaigns say; ``None`` without a value.

    The cost of an offer and of a contact is the same for all: in money, or a share of the likely mean value.
    """
    margins = as_range(margin if settings.margin is None else settings.margin)
    spent = float(usual_spend.clip(lower=0).mean()) if len(usual_spend) else 0.0
    given = settings.kept_value
    value = as_range(given) if given is not None else tuple(spent * one for one in margins)
    if value[0] <= 0:
        return None
    kept, told_by = share_kept(settings, response)
    return Assumptions(
        kept_value=(value[0], value[1], value[2]),
        incentive=_cost(settings.incentive_cost, settings.incentive_share, value[1]),
        contact=_cost(settings.contact_cost, settings.contact_cost_share, value[1]),
        kept=kept,
        margin=margins[1] if given is None else None,
        told_by=told_by,
    )


def assumptions_table(assumed: Assumptions | None) -> pd.DataFrame:
    """Give the table ``campaign_assumptions``: one row with each range and who told the share kept, or none."""
    columns = [f"{name}{end}" for name in RANGES for end in ("", "_low", "_high")]
    if assumed is None:
        return pd.DataFrame(columns=columns, dtype="float64").assign(told_by=pd.Series(dtype="str"))
    ranges = {name: getattr(assumed, name) for name in RANGES}
    values = [ranges[name][place] for name in RANGES for place in (1, 0, 2)]
    return pd.DataFrame([values], columns=columns, dtype="float64").assign(told_by=assumed.told_by)


def share_kept(
    settings: ChurnSection, response: Response | None
) -> tuple[Range, Literal["campaigns", "parameters", "nobody"]]:
    """Say which share of the leavers a contact keeps, and who says so: the parameters, own campaigns, or nobody."""
    if settings.share_kept is not None:
        return as_range(settings.share_kept), "parameters"
    if response is not None:
        kept = response.kept
        return (kept.low, kept.value, kept.high), "campaigns"
    return SHARE_KEPT, "nobody"


def _cost(money: float | Range | None, share: float | Range, value: float) -> Range:
    low, likely, high = as_range(money) if money is not None else (part * value for part in as_range(share))
    return low, likely, high


def least_risk(wanted: float | Literal["money"], assumed: Assumptions | None) -> float:
    """Give the probability above which somebody is likely to leave: a number, or from where on a contact pays."""
    if wanted != "money":
        return wanted
    return LEAST_RISK if assumed is None else break_even_risk(assumed.likely)


def worth_of_contacts(active: pd.DataFrame, assumed: Assumptions | None) -> pd.DataFrame:
    """Say what each customer brings if kept, and what a contact is expected to: ``customer_id, value, gain``.

    At the likely values; missing where no customer has a value.
    """
    if assumed is None:
        return active[["customer_id"]].assign(value=np.nan, gain=np.nan)
    values = assumed.values(active["usual_spend"])
    gain = expected_gain(active["churn_probability"], values, assumed.likely)
    return active[["customer_id"]].assign(value=values, gain=gain)
