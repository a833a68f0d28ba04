"""Lifecycle stages: where each customer stands, by their own rhythm rather than one number of days for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from crmlib.segmentation.customers.rhythm import before_last, typical_gap
from crmlib.words import N_, _

if TYPE_CHECKING:
    from crmlib.segmentation.customers.base import CustomerBase
    from crmlib.segmentation.customers.limits import LifecycleLimits


@dataclass(frozen=True, slots=True)
class Stage:
    """One lifecycle stage: its stable code, its name on a page, and who is in it."""

    code: str
    label: str
    meaning: str


STAGES: Final = (
    Stage("prospect", N_("Prospect"), N_("a member who has not bought yet")),
    Stage("new", N_("New"), N_("bought on one day, not overdue")),
    Stage("developing", N_("Developing"), N_("came back, not yet a habit")),
    Stage("loyal", N_("Loyal"), N_("buys in a steady rhythm")),
    Stage("back_again", N_("Back again"), N_("had been dormant and returned")),
    Stage("at_risk", N_("At risk"), N_("overdue by their own rhythm")),
    Stage("dormant", N_("Dormant"), N_("long overdue")),
    Stage("lost", N_("Lost"), N_("so long overdue that few return")),
)
"""The stages in the order of a customer's life; every customer is in exactly one."""

OVERDUE: Final = ("at_risk", "dormant")
"""Late by their own rhythm, and not yet lost."""
LAXER: Final = 1.25
"""Limits so many times as long, and as much shorter, show how far the stages hang on them."""
STAGE_CODES: Final = tuple(stage.code for stage in STAGES)


def stage_label(code: str) -> str:
    """Give a stage's name as a reader sees it."""
    return _(next(stage.label for stage in STAGES if stage.code == code))


def stage_meaning(code: str) -> str:
    """Say who is in a stage, in words."""
    return _(next(stage.meaning for stage in STAGES if stage.code == code))


def lifecycle_stages(rhythm: pd.DataFrame, limits: LifecycleLimits | None, loyal_days: int = 4) -> pd.DataFrame:
    """Put every customer of :func:`crmlib.segmentation.customers.rhythm.customer_rhythm` into one stage of life.

    Whether a customer had been dormant before the last purchase is judged by the rhythm before that wait: a long wait
    would else lengthen the limit that it is held against. Without limits every customer is new. Columns: ``lifecycle``
    (ordered category of :data:`STAGE_CODES`), ``typical_gap, limit_at_risk, limit_dormant, limit_lost`` (days).
    """
    own = limits.days(rhythm) if limits is not None else np.full((len(rhythm), 3), np.nan)
    then = limits.days(before_last(rhythm)) if limits is not None else own
    waited = rhythm["days_since_last"].to_numpy(dtype="float64")
    bought = rhythm["purchase_days"].to_numpy()
    came_back = rhythm["last_gap"].to_numpy(dtype="float64", na_value=np.nan) > then[:, 1]
    stage = np.select(
        [
            waited > own[:, 2],
            waited > own[:, 1],
            waited > own[:, 0],
            bought == 1,
            came_back,
            bought >= loyal_days,
        ],
        ["lost", "dormant", "at_risk", "new", "back_again", "loyal"],
        default="developing",
    )
    return pd.DataFrame(
        {
            "lifecycle": pd.Categorical(stage, categories=list(STAGE_CODES), ordered=True),
            "typical_gap": typical_gap(rhythm, limits.typical if limits is not None else np.nan),
            "limit_at_risk": own[:, 0],
            "limit_dormant": own[:, 1],
            "limit_lost": own[:, 2],
        },
        index=rhythm.index,
    )


def lifecycle_counts(base: CustomerBase, loyal_days: int) -> pd.DataFrame:
    """Count the customers of each stage, also with limits a quarter longer and shorter.

    One row a stage, without prospects where they are not known: ``lifecycle, customers, span_low, span_high``.
    """
    columns = ["customers", "span_low", "span_high"]
    if base.measure is None or base.measure.limits is None:
        return pd.DataFrame(columns=["lifecycle", *columns])
    limits = [base.measure.limits.scaled(factor) for factor in (LAXER, 1 / LAXER)]
    stages = [base.now["lifecycle"], *(lifecycle_stages(base.now, each, loyal_days)["lifecycle"] for each in limits)]
    three = pd.concat([each.value_counts().reindex(list(STAGE_CODES), fill_value=0) for each in stages], axis=1)
    counted = pd.concat([three.iloc[:, 0], three.min(axis=1), three.max(axis=1)], axis=1).set_axis(columns, axis=1)
    if base.prospects is None:
        counted = counted.drop(index="prospect")
    else:
        counted.loc["prospect"] = base.prospects
    return counted.rename_axis("lifecycle").reset_index()
