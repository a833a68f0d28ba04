"""Who responds, found from a run: whom contacts win over by arms drawn at random, and who buys after one at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.actions.experiments.kept import margin_of
from crmlib.actions.response.contacted import contacted_people, contacts_over, of_some_people
from crmlib.actions.response.described import describe_contacts, with_past
from crmlib.actions.response.propensity import Round, foretell
from crmlib.actions.response.uplift import Trial
from crmlib.actions.response.won import whom_contacts_win
from crmlib.campaigns import ARMS

if TYPE_CHECKING:
    from crmlib.actions.response.propensity import Propensity
    from crmlib.actions.response.won import Won
    from crmlib.workspace import Run

SEED: Final = 20261101
LEAST_EVENTS: Final = 50
"""So many buyers, and so many who did not buy, either arm needs: of fewer no model of uplift says anything."""


@dataclass(frozen=True, slots=True)
class Response:
    """Who responds.

    Attributes
    ----------
    contacts, looked_at
        Contacts whose window is over, and how many of them were looked at: all, or those of a sample of people.
    campaigns, with_arms
        How many campaigns there are, and how many of them left customers out at random.
    unlike
        Campaigns that say so, though their arms were unlike before: they are left out.
    fewest
        The fewest buyers, or people who did not buy, in an arm.
    won, propensity
        What was found; `None` where nothing can be.
    """

    window_days: int
    contacts: int
    looked_at: int
    campaigns: int
    with_arms: int
    unlike: tuple[str, ...]
    fewest: int
    won: Won | None
    propensity: Propensity | None


def who_responds(run: Run) -> Response | None:
    """Find who responds to contacts; `None` where there is no contact whose window is over."""
    if not run.has("contacts"):
        return None
    days = run.params.actions.window_days
    over = contacts_over(run.table("contacts"), run.as_of, days)
    chosen, there = of_some_people(over)
    if not there:
        return None
    return find_response(contacted_people(chosen, run.orders(), days), there, days, margin_of(run))


def find_response(rows: pd.DataFrame, there: int, window_days: int, margin: float, seed: int = SEED) -> Response:
    """Find who responds from `contacted_people`; ``margin`` is the share of what they spent that is margin."""
    rows = with_past(rows, window_days)
    known = describe_contacts(rows)
    drawn = _has_both_arms(rows)
    unlike = _unlike(rows[drawn], known[drawn])
    used = drawn & ~rows["campaign_id"].isin(unlike)
    trial = trial_of(rows[used], known[used]) if used.any() else None
    fewest = 0 if trial is None else trial.fewest
    won = None
    if trial is not None and fewest >= LEAST_EVENTS:
        spent = rows.loc[rows["bought"] > 0, "spend_after"].mean()
        won = whom_contacts_win(trial, trial.known["silence"].to_numpy(), margin * float(spent), seed)
    return Response(
        window_days=window_days, contacts=there, looked_at=len(rows), campaigns=rows["campaign_id"].nunique(),
        with_arms=rows.loc[drawn, "campaign_id"].nunique(), unlike=tuple(unlike), fewest=fewest, won=won,
        propensity=foretell(_rounds(rows, known, window_days), seed),
    )  # fmt: skip


def _has_both_arms(rows: pd.DataFrame) -> pd.Series:
    """Say which contacts are of campaigns that left somebody out."""
    arms = rows["arm"].where(rows["arm"].isin(ARMS))
    return (arms.groupby(rows["campaign_id"]).transform("nunique") == len(ARMS)) & arms.notna()


def _unlike(rows: pd.DataFrame, known: pd.DataFrame) -> list[str]:
    """Name the campaigns whose arms were unlike before the contact."""
    if rows.empty:
        return []
    names = pd.factorize(rows["campaign_id"])[1]
    return [str(names[number]) for number in trial_of(rows, known).unlike]


def trial_of(rows: pd.DataFrame, known: pd.DataFrame) -> Trial:
    """Take the contacts of campaigns with both arms; to contact costs what it cost on average in the campaign."""
    treated = (rows["arm"] == ARMS[0]).to_numpy()
    cost = rows["cost"].where(treated).groupby(rows["campaign_id"]).transform("mean").fillna(0.0)
    return Trial(
        known.reset_index(drop=True),
        (rows["bought"] > 0).to_numpy(dtype=float),
        treated,
        pd.factorize(rows["campaign_id"])[0],
        pd.factorize(rows["customer_id"])[0],
        cost.to_numpy(dtype=float),
    )


def _rounds(rows: pd.DataFrame, known: pd.DataFrame, window_days: int) -> list[Round]:
    """Give the contacts of each campaign, the latest last; the earlier ones were over when it began."""
    contacted = rows["arm"] != ARMS[1]
    days = rows[contacted].groupby("campaign_id")["day"].agg(["min", "max"]).sort_values("min", kind="stable")
    window = pd.Timedelta(days=window_days)
    over = [name for name in days.index[:-1] if days.loc[name, "max"] + window < days["min"].iloc[-1]]
    found = []
    for name in [*over, *days.index[-1:]]:
        here = contacted & (rows["campaign_id"] == name)
        some, told = rows[here], known[here]
        usual = (some["past_responses"].sum() + 1) / (some["past_contacts"].sum() + 10)
        rules = {
            "latest": -told["silence"],
            "past_rate": (some["past_responses"] + 2 * usual) / (some["past_contacts"] + 2),
            "often": told["orders"],
        }
        bought, who = (some["bought"] > 0).to_numpy(), some["customer_id"].to_numpy(dtype=object)
        found.append(Round(str(name), told, pd.DataFrame(rules), bought, who))
    return found
