"""The survey as a report may see it: who was asked, who answered, which columns are scores."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

import pandas as pd

from crmlib.params.sections import SatisfactionSection
from crmlib.satisfaction.evidence import Gap
from crmlib.surveys import TOP_BOX, ReadScores, Scale, ScaleDoubt, read_scores, where_to_answer
from crmlib.surveys.doubt import Written
from crmlib.tables.vocabulary import SCORE_PREFIX
from crmlib.words import _
from crmlib.workspace import Run


@dataclass(frozen=True, slots=True)
class Survey:
    """Invitations and answers before a date (exclusive).

    `invitations`: `response_id, invited_at, answered_at` (missing: not answered by then), `customer_id, person` (the
    customer, or the response where nobody is named), `touchpoint, store_id, order_id, comment, weight` and the scores,
    without what is no answer, turned where the parameters say so. `recommend, overall` name those two scores, `top` is
    where the best of the second begins: `None` where the survey lacks them or their scale is in doubt.
    """

    invitations: pd.DataFrame
    as_of: date
    recommend: str | None
    overall: str | None
    drivers: tuple[str, ...]
    top: float | None
    scales: Mapping[str, Scale]
    doubts: tuple[ScaleDoubt, ...]

    @property
    def headline(self) -> str:
        """The score that is told by month, place and comment: recommendation, else overall satisfaction."""
        return self.recommend or str(self.overall)

    @property
    def outcome(self) -> str:
        """The score that drivers and behaviour are held against: overall satisfaction, else recommendation."""
        return self.overall or str(self.recommend)

    def answers(self, days: int | None = None) -> pd.DataFrame:
        """Give the answers of the last so many days before `as_of`, or all of them."""
        answered = self.invitations["answered_at"]
        start = pd.Timestamp(self.as_of) - pd.Timedelta(days=days) if days is not None else pd.Timestamp.min
        return self.invitations[answered.notna() & (answered >= start)]

    def at(self, as_of: date) -> Self:
        """Give the survey as it stood at an earlier date: later invitations and answers are unknown there."""
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
    knobs = run.params.satisfaction
    survey = make_survey(
        run.table("surveys").to_pandas(), run.as_of, knobs, written=lambda n: run.say("{n:people}", n=n)
    )
    if not len(survey.answers()):
        return _no_survey(_("a survey table without an answer before this date"), delivered=True)
    if survey.recommend is None and survey.overall is None:
        wanted = _("neither {recommend} nor {overall}").format(recommend=knobs.recommend, overall=knobs.overall)
        doubtful = [doubt.seen for doubt in survey.doubts if doubt.withheld]
        return _no_survey(" ".join([*doubtful, where_to_answer()]) if doubtful else wanted, delivered=True)
    return survey


def make_survey(
    rows: pd.DataFrame, as_of: date, knobs: SatisfactionSection, *, written: Written = "{:,}".format
) -> Survey:
    """Build a survey from the canonical table: invitations after `as_of` are left out, later answers unknown.

    `written` says how a number of answers is written where doubts are told.
    """
    optional = ("invited_at", "customer_id", "touchpoint", "store_id", "order_id", "comment")
    table = rows.assign(**{name: None for name in optional if name not in rows})
    times = {name: pd.to_datetime(table[name]) for name in ("invited_at", "answered_at")}
    person = table["customer_id"].astype("object").fillna(table["response_id"])
    table = table.assign(**times, person=person, weight=1.0).sort_values("response_id", ignore_index=True)
    delivered = [str(name) for name in table.columns if str(name).startswith(SCORE_PREFIX)]
    unknown = sorted(set(knobs.drivers or []) - set(delivered))
    if unknown:
        raise KeyError(f"no driver {', '.join(unknown)} among the scores: {', '.join(sorted(delivered))}")
    seen = _seen(table, as_of)
    # what will be answered later must not decide how answers are read today
    read = read_scores(seen.loc[seen["answered_at"].notna(), delivered], knobs, written)
    return _with_roles(seen.drop(columns=delivered).join(read.scores), as_of, read, knobs)


def _with_roles(invitations: pd.DataFrame, as_of: date, read: ReadScores, knobs: SatisfactionSection) -> Survey:
    """Say which score is which; one whose scale is in doubt is none of the headline scores."""
    scores = [str(name) for name in read.scores.columns]
    headlines = {knobs.recommend, knobs.overall}
    usable = {name for name in headlines if name in scores and name not in read.withheld}
    overall = knobs.overall if knobs.overall in usable else None
    top = knobs.top if knobs.top is not None or overall is None else read.scales[overall].high
    drivers = knobs.drivers if knobs.drivers is not None else [name for name in scores if name not in headlines]
    return Survey(
        invitations=invitations,
        as_of=as_of,
        recommend=knobs.recommend if knobs.recommend in usable else None,
        overall=overall,
        drivers=tuple(name for name in drivers if name in scores),
        top=None if TOP_BOX in read.withheld else top,
        scales=read.scales,
        doubts=read.doubts,
    )


def _seen(table: pd.DataFrame, as_of: date) -> pd.DataFrame:
    end = pd.Timestamp(as_of)
    asked = table["invited_at"].fillna(table["answered_at"])
    known = table[asked < end]
    return known.assign(answered_at=known["answered_at"].where(known["answered_at"] < end))


def _no_survey(found: str, *, delivered: bool = False) -> Gap:
    return Gap(
        needed=_("a survey table with an overall or a recommendation score"),
        found=found,
        therefore=_("What customers think is not reported: the answers do not tell.")
        if delivered
        else _("What customers think is not reported: they were not asked."),
        delivered=delivered,
    )
