"""The survey as a report may see it: who was asked, who answered, which columns are scores."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self

import pandas as pd

from crmlib.satisfaction.gaps import Gap
from crmlib.words import _
from crmlib.workspace import Run

PREFIX: Final = "score_"


@dataclass(frozen=True, slots=True)
class Survey:
    """Invitations and answers before a date.

    Attributes
    ----------
    invitations
        One row an invitation: `response_id, invited_at, answered_at` (missing: not answered before `as_of`),
        `customer_id, person` (the customer, or the response where nobody is named), `touchpoint, store_id, order_id,
        comment, weight` and the scores.
    as_of
        Exclusive end of what may be seen.
    recommend, overall
        Names of the 0 to 10 recommendation and of the overall score, `None` where the survey lacks them.
    drivers
        Names of all other scores.
    """

    invitations: pd.DataFrame
    as_of: date
    recommend: str | None
    overall: str | None
    drivers: tuple[str, ...]

    def answers(self, days: int | None = None) -> pd.DataFrame:
        """Give the answers of the last so many days before `as_of`, or all of them."""
        answered = self.invitations["answered_at"]
        start = pd.Timestamp(self.as_of) - pd.Timedelta(days=days) if days is not None else pd.Timestamp.min
        return self.invitations[answered.notna() & (answered >= start)]

    def at(self, as_of: date) -> Self:
        """Give the survey as it stood at an earlier date: later invitations and answers are unknown there.

        Raises
        ------
        ValueError
            If the date is later than what this survey may see.
        """
        if as_of > self.as_of:
            raise ValueError(f"the survey is known up to {self.as_of}, not up to {as_of}")
        return replace(self, invitations=_seen(self.invitations, as_of), as_of=as_of)

    def weighted(self, weights: pd.Series) -> Self:
        """Give the survey with weights of its answers, indexed like them; the others weigh 1."""
        weight = weights.reindex(self.invitations.index, fill_value=1.0)
        return replace(self, invitations=self.invitations.assign(weight=weight))


def read_survey(run: Run) -> Survey | Gap:
    """Read the survey of a run, or say why there is none to read."""
    if not run.has("surveys"):
        return _no_survey(_("no survey table among the sources"))
    rows = run.table("surveys").to_pandas()
    knobs = run.params.satisfaction
    survey = make_survey(rows, run.as_of, recommend=knobs.recommend, overall=knobs.overall, drivers=knobs.drivers)
    if survey.recommend is None and survey.overall is None:
        wanted = _("neither {recommend} nor {overall}").format(recommend=knobs.recommend, overall=knobs.overall)
        return _no_survey(wanted)
    return survey if len(survey.answers()) else _no_survey(_("a survey table without an answer before this date"))


def make_survey(
    rows: pd.DataFrame, as_of: date, *, recommend: str, overall: str, drivers: list[str] | None = None
) -> Survey:
    """Build a survey from the canonical table.

    Parameters
    ----------
    rows
        The clean table `surveys`.
    as_of
        Exclusive end of what may be seen: later invitations are left out, later answers unknown.
    recommend, overall
        Names of the scores that mean recommendation and overall satisfaction.
    drivers
        Names of the driver scores; every other score where not given.

    Raises
    ------
    KeyError
        If a driver is named that is not among the scores.

    Examples
    --------
    >>> scores = {"score_recommend": [9], "score_staff": [4]}
    >>> rows = pd.DataFrame({"response_id": ["1"], "answered_at": ["2026-01-05"], **scores})
    >>> survey = make_survey(rows, date(2026, 2, 1), recommend="score_recommend", overall="score_satisfaction")
    >>> survey.recommend, survey.overall, survey.drivers, len(survey.answers())
    ('score_recommend', None, ('score_staff',), 1)
    """
    optional = ("invited_at", "customer_id", "touchpoint", "store_id", "order_id", "comment")
    table = rows.assign(**{name: None for name in optional if name not in rows})
    scores = sorted(str(n) for n in table.columns if str(n).startswith(PREFIX) and table[n].notna().any())
    given: dict[str, pd.Series] = {
        **{name: pd.to_datetime(table[name]) for name in ("invited_at", "answered_at")},
        **{name: pd.to_numeric(table[name]).astype(float) for name in scores},
    }
    person = table["customer_id"].astype("object").fillna(table["response_id"])
    table = table.assign(**given, person=person, weight=1.0).sort_values("response_id", ignore_index=True)
    unknown = sorted(set(drivers or []) - set(scores))
    if unknown:
        raise KeyError(f"no driver {', '.join(unknown)} among the scores: {', '.join(scores)}")
    others = [name for name in scores if name not in {recommend, overall}]
    return Survey(
        invitations=_seen(table, as_of),
        as_of=as_of,
        recommend=recommend if recommend in scores else None,
        overall=overall if overall in scores else None,
        drivers=tuple(others if drivers is None else drivers),
    )


def _seen(table: pd.DataFrame, as_of: date) -> pd.DataFrame:
    end = pd.Timestamp(as_of)
    asked = table["invited_at"].fillna(table["answered_at"])
    known = table[asked < end]
    return known.assign(answered_at=known["answered_at"].where(known["answered_at"] < end))


def _no_survey(found: str) -> Gap:
    return Gap(
        needed=_("a survey table with an overall or a recommendation score"),
        found=found,
        therefore=_("What customers think is not reported: they were not asked."),
    )
