"""What last month's list brought, and all lists of the series together: by action, and what to do with each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.actions.experiments.arms import CONTACT
from crmlib.actions.experiments.checks import Checks, check
from crmlib.actions.experiments.effects import Measured, measure
from crmlib.actions.experiments.kept import earlier_lists, margin_of
from crmlib.actions.experiments.outcomes import outcomes
from crmlib.features import before
from crmlib.stats.comparisons import benjamini_hochberg

if TYPE_CHECKING:
    from crmlib.stats import Estimate
    from crmlib.workspace import Run

REPEAT: Final = "repeat"
STOP: Final = "stop"
MEASURE: Final = "measure"
CHANCE: Final = 0.05
LEAST_REACHED: Final = 0.2
"""A list of whose customers a smaller share was contacted was not carried out."""


@dataclass(frozen=True, slots=True)
class LastList:
    """What the lists of the series brought, of which the latest stands first.

    `rows` are its customers who were drawn, `checks` how its arms stand, `whole` what it changed and `actions` the same
    by action with what to do (`by_action`); `total` pools all lists with sound arms, of which there are `sound`.
    Without a sound list there is no `total`, with broken arms no `whole`.
    """

    rows: pd.DataFrame
    checks: Checks
    whole: Measured | None
    actions: pd.DataFrame
    total: Measured | None
    horizon_days: int
    reached: pd.Series | None

    @property
    def days_seen(self) -> int:
        """How many days of the horizon are seen."""
        return int(self.rows["days_seen"].max())

    @property
    def contacts(self) -> tuple[int, int]:
        """How many of those to contact have a contact since on record, and how many there are."""
        arm = self.rows.set_index("customer_id")["arm"] == CONTACT
        return 0 if self.reached is None else int(self.reached[arm].sum()), int(arm.sum())

    @property
    def carried_out(self) -> bool:
        """Whether it was, as far as contacts are delivered: else nobody's doing is measured."""
        reached, to_contact = self.contacts
        return self.reached is None or reached >= LEAST_REACHED * to_contact

    @property
    def over(self) -> bool:
        """Whether the whole horizon is seen."""
        return self.days_seen >= self.horizon_days


def follow(run: Run) -> pd.DataFrame:
    """Follow those who were drawn on earlier lists: each counts on the list that drew them, until its horizon ends."""
    lists = earlier_lists(run)
    drawn = lists[lists["stratum"] != ""].reset_index(drop=True)
    if drawn.empty:
        return drawn
    return outcomes(drawn, run.customer_days(), pd.Timestamp(run.as_of), run.params.churn.horizon_days)


def last_list(
    rows: pd.DataFrame, margin: float, horizon_days: int, contacts: pd.Series | None = None
) -> LastList | None:
    """Judge the latest of the lists followed, and all of them together; ``None`` where nobody was drawn yet."""
    if rows.empty:
        return None
    by_period = dict(list(rows.groupby("period", sort=False)))
    checked = {period: check(part) for period, part in by_period.items()}
    latest = rows["period"].iloc[-1]
    sound = rows[rows["known"] & rows["period"].map({period: not one.broken for period, one in checked.items()})]
    last = sound[sound["period"] == latest]
    whole = measured_or_none(last, margin)
    return LastList(
        by_period[latest], checked[latest], whole, by_action(last, sound, margin) if whole else pd.DataFrame(),
        measured_or_none(sound, margin), horizon_days, contacts,
    )  # fmt: skip


def measured_or_none(rows: pd.DataFrame, margin: float) -> Measured | None:
    """Measure rows, where there is a contacted customer and one left out to compare."""
    if rows.empty:
        return None
    found = measure(rows, margin)
    return found if found.gain.is_known else None


def by_action(last: pd.DataFrame, sound: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Say by action what the last list changed, and what to do by all lists of the series, chance shared out.

    ``action, contacted, left_out, contacted_bought, left_out_bought, smaller`` (the smaller arm), ``bought`` (a gap of
    shares), ``spend`` (a customer, CUPED), ``gain`` (net of cost), ``expected``, each with its ends, ``decision``.
    """
    rows = []
    for action, part in last.groupby("action"):
        found, pooled = (measured_or_none(some, margin) for some in (part, sound[sound["action"] == action]))
        if found is not None and pooled is not None:
            rows.append(_row(str(action), part, found) | _ends("pooled", pooled.gain) | {"p": pooled.p})
    frame = pd.DataFrame(rows)
    if frame.empty:
        return frame
    sure = benjamini_hochberg(frame["p"].to_numpy()) < CHANCE
    frame["decision"] = [decide(gain, certain=bool(one)) for gain, one in zip(frame["pooled"], sure, strict=True)]
    return frame.sort_values("contacted", ascending=False, kind="stable", ignore_index=True)


def decide(gain: float, *, certain: bool) -> str:
    """Say what to do with an action whose net gain is beyond chance, or not."""
    if not certain:
        return MEASURE
    return REPEAT if gain > 0 else STOP


def _row(action: str, part: pd.DataFrame, found: Measured) -> dict[str, object]:
    contacted = part["arm"] == CONTACT
    counts = {
        "contacted": int(contacted.sum()), "left_out": int((~contacted).sum()),
        "contacted_bought": int((contacted & part["bought"]).sum()),
        "left_out_bought": int((~contacted & part["bought"]).sum()),
    }  # fmt: skip
    told = {
        "bought": found.bought.estimate(), "spend": found.cuped.estimate(), "gain": found.gain,
        "plain_gain": found.plain_gain, "expected": found.expected,
    }  # fmt: skip
    ends = {name: number for what, one in told.items() for name, number in _ends(what, one).items()}
    return {"action": action, **counts, "smaller": min(counts["contacted"], counts["left_out"]), **ends}


def _ends(name: str, told: Estimate) -> dict[str, float]:
    return {name: told.value, f"{name}_low": told.low, f"{name}_high": told.high}


def reached_since(run: Run, rows: pd.DataFrame) -> pd.Series | None:
    """Say of each customer of the last list whether ``contacts`` has one since; ``None`` without the table."""
    if rows.empty or not run.has("contacts"):
        return None
    last = rows[rows["period"] == rows["period"].iloc[-1]]
    first = last["listed_on"].iloc[0]
    ends = (first + timedelta(days=run.params.churn.horizon_days)).isoformat()
    seen = before(run.table("contacts"), run.as_of, "contacted_at")
    made = seen.filter(
        seen.contacted_at >= ibis.timestamp(first.isoformat()), seen.contacted_at < ibis.timestamp(ends),
        seen.arm.fill_null("treatment") != "control",
    )  # fmt: skip
    told = set(run.frame(made.select("customer_id").distinct())["customer_id"])
    return last.set_index("customer_id")["arm"].index.to_series().isin(told)


def judge(run: Run) -> LastList | None:
    """Judge the lists that the series kept before this period."""
    rows = follow(run)
    return last_list(rows, margin_of(run), run.params.churn.horizon_days, reached_since(run, rows))
