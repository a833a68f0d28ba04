"""The comments of a run: where they come from, cleaned so that nothing in them can stop or slow what follows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.features import before
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.scores.scores import DETRACTOR, PROMOTER
from crmlib.words import _

if TYPE_CHECKING:
    from datetime import date

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.workspace import Run

LONGEST: Final = 2_000
"""Characters of a comment that are read."""

_MASKS: Final = re.compile(r"\[(?:phone|e-mail|identity card|bank card|name)\]")
_UNREADABLE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff\ufffd]+"
)
_WRITTEN: Final = ["complaint", "suggestion"]


@dataclass(frozen=True, slots=True)
class Comments:
    """Comments of a year: one row each in `rows`, the earliest first, and where they come from.

    `rows`: `person, at, comment` (as it stands in the clean table), `text` (read for what follows), `low` and `high`
    (the score beside it; neither for one between). `scored`: whether there are scores at all. `cut`: how many
    were longer than is read.
    """

    rows: pd.DataFrame
    scored: bool
    cut: int

    @property
    def people(self) -> int:
        """How many people wrote."""
        return int(self.rows["person"].nunique())


def read_text(comment: str) -> str:
    r"""Give what is read of a comment: one form of each character, nothing unreadable, masks left out, small letters.

    >>> read_text("Ｇood\x00  quality，请回电 [phone]")
    'good quality,请回电'
    """
    plain = unicodedata.normalize("NFKC", _MASKS.sub(" ", comment[: LONGEST * 2]))
    return " ".join(_UNREADABLE.sub(" ", plain).split()).lower()[:LONGEST]


def read_comments(run: Run, survey: Survey | None) -> Comments | Gap:
    """Read the last year of survey comments, else of complaints and suggestions, or say what is missing."""
    answered = _of_survey(survey) if survey is not None else None
    if answered is not None and not run.too_few(answered.people):
        return answered
    written = _of_contacts(run) if run.has("interactions") else None
    if written is not None and not run.too_few(written.people):
        return written
    found = max((given.people for given in (answered, written) if given is not None), default=0)
    return Gap(
        needed=run.say(_("comments or texts of complaints by at least {n:count} customers in a year"), n=run.fewest),
        found=_("fewer than that") if found else _("none"),
        therefore=_("What customers write is not reported."),
        delivered=found > 0,
    )


def scored_comments(survey: Survey) -> pd.DataFrame:
    """Give every comment ever answered with a low or a high score: what sentiment is learnt from."""
    rows = _with_texts(_answers(survey, None)).rows
    return rows[rows["low"] | rows["high"]]


def _of_survey(survey: Survey) -> Comments:
    return _with_texts(_answers(survey, YEAR))


def _answers(survey: Survey, days: int | None) -> pd.DataFrame:
    """Give the comments with their scores: detractors and promoters, else up to the middle of the scale and above."""
    answers = survey.answers(days)
    score = answers[survey.headline]
    middle = survey.scales[survey.headline].middle
    low = score <= (DETRACTOR if survey.recommend is not None else middle)
    high = score >= PROMOTER if survey.recommend is not None else score > middle
    told = answers[["person", "comment"]].assign(at=answers["answered_at"], low=low, high=high)
    return told[answers["comment"].notna() & score.notna()]


def _of_contacts(run: Run) -> Comments:
    """Give what customers wrote to complain or to suggest in the last year; nobody scored it."""
    return _with_texts(contact_texts(run, run.as_of), scored=False)


def contact_texts(run: Run, as_of: date) -> pd.DataFrame:
    """Read the texts of complaints and suggestions of the year before a date."""
    rows = run.table("interactions")
    start = pd.Timestamp(as_of) - pd.Timedelta(days=YEAR)
    kept = before(rows.filter(rows.kind.lower().isin(_WRITTEN)), as_of, "at")
    kept = kept.filter(kept["at"] >= start, kept.text.notnull(), kept.customer_id.notnull())
    found = kept.select(person=kept.customer_id, comment=kept.text, at=kept["at"]).to_pandas()
    return found.assign(low=False, high=False)


def _with_texts(told: pd.DataFrame, *, scored: bool = True) -> Comments:
    """Clean each different comment once; what says nothing at all is no comment."""
    comments = told["comment"].astype("object").map(str)
    clean = {comment: read_text(comment) for comment in comments.unique()}
    rows = told.assign(comment=comments, text=comments.map(clean))
    rows = rows[rows["text"] != ""].sort_values(["at", "person", "text"], kind="stable", ignore_index=True)
    return Comments(rows, scored=scored, cut=int((rows["comment"].str.len() > LONGEST).sum()))
