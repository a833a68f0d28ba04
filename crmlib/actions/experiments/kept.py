"""The lists that the series keeps in its state, with who was left out and how it was drawn, and the plan of each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.actions.experiments.arms import CONTROL, draw_arms, keyed_order
from crmlib.params.ranges import as_range

if TYPE_CHECKING:
    from pathlib import Path

    from crmlib.workspace import Run

LIST: Final = "contact_list_"
PLAN: Final = "experiment_plan_"
KEPT: Final = {
    "customer_id": "str", "action": "str", "reason": "str", "channel": "str", "arm": "str", "stratum": "str",
    "control_share": "float64", "value_at_stake": "float64", "churn_probability": "float64", "effect": "float64",
    "expected_gain": "float64", "gain_low": "float64", "gain_high": "float64", "cost": "float64",
}  # fmt: skip
"""What is kept of each row; beside it ``seed, period, listed_on`` (the first day after the period)."""


@dataclass(frozen=True, slots=True)
class PlannedExperiment:
    """What will be measured of a list, when, and what counts as success: written before there is a result.

    `due` is the first day on which the horizon is over; `margin` turns spend into what is gained.
    """

    period: str
    seed: int
    listed_on: str
    due: str
    horizon_days: int
    margin: float
    measured: str = (
        "By the arm drawn, contacted or not: share who buy from listed_on to before due, spend and margin, of each "
        "action and together; plain, and less what spend before explains (CUPED)"
    )
    success: str = "The 95 % interval of the margin gained less the cost of contacts and offers lies above nought"


def with_arms(rows: pd.DataFrame, run: Run, planned: pd.Series | None) -> pd.DataFrame:
    """Draw the arms of this period's list: ``arm, stratum, control_share`` of each row.

    The share to leave out is that of the parameters, else the one that chapter 03 sized, else sized for the list. Who
    was drawn on an earlier list keeps the arm until its horizon is over.
    """
    knobs = run.params.actions
    sized = None if planned is None else planned.get("control_share")
    share = float(sized) if sized is not None and pd.notna(sized) else None
    if knobs.control_share is not None:
        share = knobs.control_share
    drawn = draw_arms(rows, knobs.rules, seed=knobs.seed, period=run.period, share=share, kept=kept_arms(run))
    return rows.assign(**{name: drawn[name] for name in drawn})


def keep_list(listed: pd.DataFrame, run: Run) -> Path:
    """Keep the list of the period and its plan in the series' state, in place of what an earlier try kept."""
    rows = listed.reindex(columns=list(KEPT)).astype(KEPT).sort_values("customer_id", ignore_index=True)
    plan = plan_of(run)
    rows = rows.assign(seed=plan.seed, period=plan.period, listed_on=pd.Timestamp(run.as_of))
    file = run.state_dir / f"{LIST}{run.period}.parquet"
    aside = file.with_suffix(".writing")
    rows.to_parquet(aside, index=False)
    aside.replace(file)
    told = json.dumps(asdict(plan), indent=1, ensure_ascii=False) + "\n"
    (run.state_dir / f"{PLAN}{run.period}.json").write_text(told, encoding="utf-8")
    return file


def plan_of(run: Run) -> PlannedExperiment:
    """Say what will be measured of this period's list, and when."""
    horizon = run.params.churn.horizon_days
    due = run.as_of + timedelta(days=horizon)
    return PlannedExperiment(
        run.period, run.params.actions.seed, run.as_of.isoformat(), due.isoformat(), horizon, margin_of(run)
    )


def margin_of(run: Run) -> float:
    """Give the share of revenue that is margin, as chapter 03 takes it."""
    told = run.params.churn.margin
    return float(as_range(run.params.segmentation.margin if told is None else told)[1])


def earlier_lists(run: Run) -> pd.DataFrame:
    """Read the lists of earlier periods, the oldest first; what came later is not looked at.

    Damaged or foreign files are the reader's to mend: they are named (`ValueError`).
    """
    frames = [_read(file) for file in sorted(run.state_dir.glob(f"{LIST}*.parquet"))]
    known = [frame for frame in frames if len(frame) and frame["listed_on"].iloc[0] < pd.Timestamp(run.as_of)]
    if not known:
        empty = pd.DataFrame(columns=[*KEPT, "seed", "period", "listed_on"]).astype(KEPT)
        return empty.astype({"seed": "int64", "period": "str", "listed_on": "datetime64[us]"})
    return pd.concat(known, ignore_index=True).sort_values(["listed_on", "customer_id"], ignore_index=True)


def _read(file: Path) -> pd.DataFrame:
    try:
        rows = pd.read_parquet(file)
        return rows[[*KEPT, "seed", "period", "listed_on"]].astype(KEPT)
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(
            f"{file} cannot be read as a list that an earlier run kept ({type(error).__name__}). Restore it from a "
            "backup, or delete it: what that list brought is then not told."
        ) from error


def kept_arms(run: Run) -> pd.Series:
    """Give the arm of each customer who was drawn on an earlier list whose horizon is not over."""
    rows = earlier_lists(run)
    ends = rows["listed_on"] + pd.Timedelta(days=run.params.churn.horizon_days)
    going_on = rows[(rows["stratum"] != "") & (ends > pd.Timestamp(run.as_of))]
    return going_on.drop_duplicates("customer_id", keep="first").set_index("customer_id")["arm"]


def is_as_drawn(rows: pd.DataFrame) -> bool:
    """Draw a kept list again: within each stratum those left out come first by the keyed hash.

    So it stays where somebody was forgotten since.
    """
    drawn = rows[rows["stratum"] != ""]
    if drawn.empty:
        return True
    place = keyed_order(drawn["customer_id"], seed=int(drawn["seed"].iloc[0]), period=str(drawn["period"].iloc[0]))
    ordered = drawn.assign(place=place, left=drawn["arm"] == CONTROL).sort_values(["stratum", "place"])
    return bool((ordered["left"].astype("int8").groupby(ordered["stratum"]).diff().fillna(0) <= 0).all())
