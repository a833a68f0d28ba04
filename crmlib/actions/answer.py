"""The first screen of chapter 05: what to do, what it brings, what was done, what will be learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmlib.actions import measures
from crmlib.actions.campaigns.words import DECISIONS, latest_words
from crmlib.actions.experiments.arms import CONTACT
from crmlib.actions.experiments.last_shown import is_told, title
from crmlib.actions.lists.plan_shown import by_action, owner_words, plan_title, total_gain
from crmlib.reporting import Shown, answer, show_headlines
from crmlib.words import _

if TYPE_CHECKING:
    import pandas as pd

    from crmlib.actions.study import Study
    from crmlib.workspace import Run


def show_answer(found: Study, run: Run) -> Shown:
    """Answer the chapter's question in up to five sentences."""
    return answer(*answer_words(found, run))


def answer_words(found: Study, run: Run) -> list[str]:
    """Say what the plan costs and brings, who comes first, what was done and what will be learnt."""
    rows = by_action(found.listed)
    if rows.empty:
        return [_("Nobody needs a contact this month."), *_done(found, run)]
    return [plan_title(rows, run) + ".", *_first(rows, run), *_done(found, run), *_learnt(found.listed, run)]


def _first(rows: pd.DataFrame, run: Run) -> list[str]:
    """Say which duty comes first, whatever it brings."""
    duties = {place for place, rule in enumerate(run.params.actions.rules) if rule.kind == "duty"}
    first = rows[rows["rule"].isin(duties)].sort_values("due", kind="stable")
    if first.empty or run.too_few(first["customers"].iloc[0]):
        return []
    row = first.iloc[0]
    words = _("First, whatever it brings: {action} ({n:people} customers, {owner}, until {day:day}).")
    action = row["action"][:1].lower() + row["action"][1:]
    return [run.say(words, action=action, n=row["customers"], owner=owner_words(row["owner"]), day=row["due"])]


def _done(found: Study, run: Run) -> list[str]:
    """Say what last month's list brought, and what the latest campaign did and what follows from it."""
    last = found.last_list
    said = [title(last, last.whole, run) + "."] if last and last.whole and is_told(last, run) else []
    return [*said, *_campaign(found, run)]


def _campaign(found: Study, run: Run) -> list[str]:
    if not found.campaigns:
        return []
    latest = found.campaigns[0]
    words = _("{said}: {decision}.")
    if latest.effect is None or run.too_few(min(latest.contacted, latest.left_out)):
        words = _("{said}.")
    return [run.say(words, said=latest_words(latest, run), decision=_(DECISIONS[latest.decision]))]


def _learnt(listed: pd.DataFrame, run: Run) -> list[str]:
    """Say how many are left alone at random."""
    alone = int((listed["arm"] != CONTACT).sum())
    if run.too_few(alone):
        return []
    return [run.say(_("{n:people} more are left alone at random, to learn what contact changes."), n=alone)]


def show_numbers(found: Study, run: Run) -> Shown | None:
    """Record the headline numbers of the plan and show them."""
    rows, listed = by_action(found.listed), found.listed
    contacted = listed[listed["arm"] == CONTACT]
    headlines = [
        measures.CONTACTED.headline(len(contacted)),
        measures.LEFT_ALONE.headline(len(listed) - len(contacted)),
        measures.PUT_FORWARD.headline(found.gathered.put_forward),
    ]
    if len(rows):
        known = rows["expected_gain"].notna().any()
        horizon = run.say("{days:days}", days=run.params.churn.horizon_days)
        headlines += [
            measures.COST.headline(float(rows["cost"].sum()) if known else None, people=len(contacted)),
            measures.GAIN.headline(total_gain(rows) if known else None, told={"horizon": horizon}),
        ]
    return show_headlines(headlines, run, measures.CHAPTER)
