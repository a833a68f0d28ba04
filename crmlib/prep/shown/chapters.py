"""What can the next chapters say? Facts of the clean tables held against the chapters' limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import ibis
import pandas as pd

from crmlib.chapters import chapter
from crmlib.features import before, purchases
from crmlib.months import whole_months
from crmlib.params import limits
from crmlib.reporting import Shown, gate, label
from crmlib.words import _

if TYPE_CHECKING:
    from crmlib.prep.study import Study
    from crmlib.workspace import Run

Verdict = Literal["enough", "too_little", "absent"]


@dataclass(frozen=True, slots=True)
class Need:
    """What a part of a chapter needs and what there is."""

    chapter: str  # stem of the chapter
    part: str  # what it would say, in words
    # numbers in ``unit``; ``found`` is None where the table is not delivered
    needed: float
    found: float | None
    unit: str  # ``months``, ``days``, ``people`` or ``count``

    @property
    def verdict(self) -> Verdict:
        """Whether the part has what it needs."""
        if self.found is None:
            return "absent"
        return "enough" if self.found >= self.needed else "too_little"


def needs(run: Run) -> list[Need]:
    """Hold the clean tables against the limits of the later chapters, seeing nothing after ``as_of``."""
    sales = _sales(run)
    horizon = run.params.churn.horizon_days
    few = float(run.fewest)
    return [
        Need("02_segmentation", _("segments of customers"), few, sales["customers"], "people"),
        Need("02_segmentation", _("comparison with the year before"), limits.HISTORY_MONTHS, sales["months"], "months"),
        Need("02_segmentation", _("value of customers: repeat buyers"), limits.REPEAT_BUYERS, sales["repeat"],
             "people"),
        Need("02_segmentation", _("next category: products with a category"), 2, _categories(run), "count"),
        Need("03_churn", _("a test of who leaves: days of history"), limits.CHURN_HORIZONS * horizon, sales["days"],
             "days"),
        Need("04_satisfaction", _("scores: answers in the window"), few, _answers(run, window=True), "people"),
        Need("04_satisfaction", _("drivers of satisfaction: answers in a year"), limits.SURVEY_ANSWERS,
             _answers(run, window=False), "people"),
        Need("04_satisfaction", _("complaints"), few, _customers(run, "interactions", "at", "kind", "complaint"),
             "people"),
        Need("05_actions", _("effect of campaigns: customers in a control group"), few,
             _customers(run, "contacts", "contacted_at", "arm", "control"), "people"),
    ]  # fmt: skip


def _sales(run: Run) -> dict[str, float]:
    """Count customers, repeat buyers and the length of the history."""
    bought = purchases(before(run.table("transactions"), run.as_of))
    by_customer = bought.group_by("customer_id").agg(
        first=bought.ordered_at.min(), days=bought.ordered_at.date().nunique()
    )
    known = by_customer.customer_id.notnull()
    found = by_customer.agg(
        first=by_customer["first"].min(), customers=known.sum(), repeat=(known & (by_customer.days > 1)).sum()
    ).to_pandas().iloc[0]  # fmt: skip
    end = pd.Timestamp(run.as_of)
    first = end if pd.isna(found["first"]) else found["first"].normalize()
    people = {name: 0.0 if pd.isna(found[name]) else float(found[name]) for name in ("customers", "repeat")}
    return people | {"days": float((end - first).days), "months": float(whole_months(first, end))}


def _categories(run: Run) -> float | None:
    return float(run.table("products").category.nunique().to_pandas()) if run.has("products") else None


def _answers(run: Run, *, window: bool) -> float | None:
    """Count the people who answered in the window of the scores, or in a year; an unnamed answer is a person."""
    if not run.has("surveys"):
        return None
    rows = before(run.table("surveys"), run.as_of, "answered_at")
    days = run.params.satisfaction.window_days if window else 365
    start = ibis.timestamp((run.as_of - timedelta(days=days)).isoformat())
    person = ibis.coalesce(rows.customer_id, rows.response_id)
    return float(person.nunique(where=rows.answered_at >= start).to_pandas())


def _customers(run: Run, table: str, time: str, column: str, value: str) -> float | None:
    """Count the customers of whom a table has a row with a value of a column."""
    if not run.has(table):
        return None
    rows = before(run.table(table), run.as_of, time)
    return float(rows.customer_id.nunique(where=rows[column] == value).to_pandas())


def show_chapters(found: Study, run: Run) -> Shown:
    """Show for each part of the later chapters what it needs, what there is, and whether that is enough."""
    rows = [
        (need.part, need.chapter, chapter(need.chapter).page, *_written(need, run), need.verdict)
        for need in found.needs
    ]
    gated = gate(
        pd.DataFrame(rows, columns=["part", "chapter", "page", "needed", "found", "verdict"]), run,
        label("part", _("For")),
        label("chapter", _("Chapter"), link="page"),
        label("page"),
        label("needed", _("Needed")),
        label("found", _("Found")),
        label("verdict", _("Verdict")),
    )  # fmt: skip
    verdicts = {"enough": _("has what it needs"), "too_little": _("too little"), "absent": _("not delivered")}
    gated = gated.worded("verdict", verdicts).worded("chapter", lambda stem: _(chapter(stem).title))
    note = _("A part that has too little says so in its chapter and shows nothing. Numbers of people are rounded.")
    return gated.table(_("What the next chapters need and have"), note=note)


def _written(need: Need, run: Run) -> tuple[str, str]:
    """Write what is needed, a limit and nobody's number, and what was found."""
    words = {"months": _("{n:count} months"), "days": "{n:days}", "people": "{n:people}"}.get(need.unit, "{n:count}")
    limit = "{n:count}" if need.unit == "people" else words
    return run.say(limit, n=need.needed), "–" if need.found is None else run.say(words, n=need.found)
