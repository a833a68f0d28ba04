"""Memberships that end on a date: who lets one end is gone on the day after, however lately they bought."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import ibis
import pandas as pd

from crmlib.reporting import Shown, note
from crmlib.stats.intervals import proportion
from crmlib.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis import Table

    from crmlib.churn.study import Study
    from crmlib.words.saying import Say
    from crmlib.workspace import Run


def count_ended(members: Table, ends: str, cutoffs: Sequence[date], horizon_days: int) -> Table:
    """Count the memberships that ran on each cutoff and those that ended within the horizon (Ibis).

    ``cutoff, members, ended``. An extract tells the last end of a membership alone: one that was renewed had not ended,
    one that began again after a pause counts as running all the time. What the extract could not know yet, as it was
    made before the horizon was over, is left out.
    """
    dates = ibis.memtable(
        pd.DataFrame({"cutoff": list(cutoffs), "until": [day + timedelta(days=horizon_days) for day in cutoffs]}),
        schema={"cutoff": "date", "until": "date"},
    )
    told = members.filter(members[ends].notnull()).select(
        end=members[ends], begun=members.joined_at, known=members.known_at.date()
    )
    ran = told.join(
        dates,
        [
            told.end >= dates.cutoff,
            told.begun.isnull() | (told.begun < dates.cutoff),
            told.known.isnull() | (told.known >= dates.until),
        ],
    )
    return ran.group_by("cutoff").agg(members=ran.count(), ended=ran.count(where=ran.end < ran.until))


def memberships_at(members: Table, ends: str, day: date, horizon_days: int) -> Table:
    """List customers whose membership had ended before a day, or ends within the horizon from it on (Ibis).

    ``customer_id, membership_ends, ended``. An extract tells the last end alone, so that an end that has gone by was
    not renewed, whenever the extract was made; of an end to come it counts only what had been known before the day: a
    later extract knows who has renewed.
    """
    end, known = members[ends].cast("date"), members.known_at.date()
    today = ibis.date(day.isoformat())
    ended = end < today
    coming = (end >= today) & (end < ibis.date((day + timedelta(days=horizon_days)).isoformat()))
    told = members.filter(ended | (coming & (known.isnull() | (known < today))))
    return told.group_by("customer_id").agg(membership_ends=told[ends].cast("date").max()).mutate(
        ended=ibis._.membership_ends < today
    )  # fmt: skip


def ends_in_words(found: Study, customers: pd.Series, say: Say) -> dict[int, str]:
    """Say by row when the membership of a customer ends, before all other reasons; empty where it does not soon."""
    ends = found.leaving.set_index("customer_id")["membership_ends"].reindex(customers)
    words = _("membership ends on {day:day}")
    said = ["" if pd.isna(day) else say(words, day=day.date()) + "; " for day in ends]
    return dict(zip(customers.index, said, strict=True))


def show_memberships(found: Study, run: Run) -> Shown | None:
    """Say how many memberships ended after the last cutoff and the first; nothing where none are told."""
    ends = found.settings.ends_column
    cutoffs = list(found.months["cutoff"])
    if ends is None or not cutoffs or not run.has("customers"):
        return None
    counted = count_ended(run.table("customers"), ends, cutoffs, found.horizon_days).order_by("cutoff").to_pandas()
    if counted.empty:
        return note(_("No membership has a day on which it ends."))
    words = _("Of {n:people} members on {day:day} {ended} let their membership end within {horizon:days}.")
    rows = (counted.iloc[place] for place in sorted({-1, -len(counted)}, reverse=True))
    said = [
        run.say(words, n=row["members"], day=row["cutoff"], ended=_share(row, run), horizon=found.horizon_days)
        for row in rows
    ]
    words = _(
        "Whoever has let it end has left, whatever they buy: {ended:people} active customers, none of them put "
        "forward. That of {soon:people} ends within {horizon:days}, and their reasons begin with it. Scores speak of "
        "purchases."
    )
    left = found.leaving["membership_ends"] < pd.Timestamp(found.plan.scoring)
    soon = int(found.leaving["membership_ends"].notna().sum() - left.sum())
    return note(*said, run.say(words, ended=int(left.sum()), soon=soon, horizon=found.horizon_days))


def _share(row: pd.Series, run: Run) -> str:
    """Say which share ended, or that hardly any did."""
    if run.too_few(row["ended"]):
        return run.say(_("fewer than {n:count}"), n=run.fewest)
    return run.say("{rate:share}", rate=proportion(row["ended"], row["members"]))
