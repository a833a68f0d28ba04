"""The customer journey on the page: step by step, and what the weakest one costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.reporting import Shown, estimate, folded, gate, label, note, people, show_all
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.evidence import Gap
from crmlib.satisfaction.journey.steps import CONSULTATION, ORDER, RETURN, journey, order_cells, touchpoints_of, weakest
from crmlib.satisfaction.scores.every_score import between
from crmlib.satisfaction.scores.groups import headline
from crmlib.satisfaction.scores.scores import mean_score
from crmlib.satisfaction.service.complaints import COMPLAINT
from crmlib.satisfaction.service.followed import ANSWER
from crmlib.stats import Estimate
from crmlib.words import N_, _
from crmlib.workspace import MissingTableError

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.reporting.columns import Column
    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

EFFORT: Final = "score_effort"
NAMES: Final = {
    CONSULTATION: N_("Consultation"), ORDER: N_("Order"), RETURN: N_("Return"), COMPLAINT: N_("Complaint"),
    ANSWER: N_("Survey answer"),
}  # fmt: skip


def score_steps(steps: pd.DataFrame, events: pd.DataFrame, survey: Survey | None) -> pd.DataFrame:
    """Add `answered` (people), `score` with its interval and `effort` from the last year's answers to the steps.

    Those of an order are the answers about its channel or touchpoint; of a consultation and a complaint the answers
    about the same order.
    """
    if survey is None:
        return steps
    answers = survey.answers(YEAR)
    about = events[events["kind"] == ANSWER].dropna(subset=["order_id"]).drop_duplicates("order_id")
    channel = answers["order_id"].map(about.set_index("order_id")["order_channel"])
    rows = []
    for step in steps.itertuples():
        if step.stage == ORDER:
            chosen = (channel == step.channel) | (answers["touchpoint"] == step.name)
        elif step.stage == ANSWER:
            chosen = pd.Series(data=True, index=answers.index)
        else:
            chosen = answers["order_id"].isin(events.loc[events["kind"] == step.stage, "order_id"].dropna())
        rows.append(_scores(survey, answers[chosen]))
    return steps.join(pd.DataFrame(rows, index=steps.index))


def _scores(survey: Survey, answers: pd.DataFrame) -> dict[str, float]:
    score = headline(survey, answers, survey.top)["mean" if survey.recommend is None else "nps"]
    effort = Estimate.unknown()
    if EFFORT in answers:
        effort = mean_score(answers[EFFORT], answers["weight"], people=answers["person"])
    ends = {"score": score.value, "score_low": score.low, "score_high": score.high}
    return {"answered": answers["person"].nunique(), **ends, "effort": effort.value}


def returned(run: Run) -> pd.DataFrame:
    """Give what was taken back as events about the order that it was bought in, where preparation has found it."""
    columns = {"purchase_order_id": "order_id", "returned_at": "at", "customer_id": "customer_id"}
    try:
        matches = run.frame("return_matches")[list(columns)].rename(columns=columns)
    except MissingTableError:
        matches = pd.DataFrame({"order_id": [], "at": pd.to_datetime([]), "customer_id": []}, dtype="object")
    seen = matches[pd.to_datetime(matches["at"]) < pd.Timestamp(run.as_of)].dropna(subset=["order_id", "customer_id"])
    return seen.assign(kind=RETURN)


def way(run: Run, orders: Table, events: pd.DataFrame, survey: Survey | None) -> pd.DataFrame | Gap:
    """Put the steps of the customer journey together, with their scores, or say what is missing for it."""
    days = run.params.satisfaction.horizon_days
    needed = run.say(_("orders by channel, contacts or survey answers, some {days:count} days ago"), days=days)
    therefore = _("The customer journey is not shown.")
    if events.empty:
        return Gap(needed, _("neither contacts nor answers"), therefore)
    events = pd.concat([events, returned(run)], ignore_index=True)
    cells = order_cells(orders, run.table("customer_days"), events, run.as_of, days)
    steps = journey(cells, events, touchpoints_of(events[events["kind"] == ANSWER]), run.as_of)
    if len(steps) < 2:
        return Gap(needed, _("orders of one kind alone"), therefore)
    if steps["people"].map(run.too_few).all():
        return Gap(needed, _("fewer than can be told of"), therefore, delivered=True)
    return score_steps(steps, events, survey)


def show_journey(found: Study, run: Run) -> Shown:
    """Show the steps of the customer journey, and what the weakest of them costs."""
    steps = found.journey
    if isinstance(steps, Gap):
        return steps.show()
    columns = _columns(steps, found, run)
    wanted = [name for column in columns for name in (column.name, f"{column.name}_low", f"{column.name}_high")]
    named = _with_rates(steps, found).assign(step=_names(steps, run))
    gated = gate(named[[name for name in wanted if name in named]], run, *columns)
    table = gated.table(_("The customer journey, step by step, one year"))
    parts = [table]
    if found.now.survey is not None and steps["effort"].isna().all():
        parts.append(note(_("How much trouble a step is was not asked: no answer has an effort score (score_effort).")))
    return show_all(note(_weakest_words(steps, found, run)), folded(_("The customer journey"), *parts))


def _columns(steps: pd.DataFrame, found: Study, run: Run) -> list[Column]:
    survey, days = found.now.survey, run.params.satisfaction.horizon_days
    columns = [label("step", _("Step")), people("people", _("Customers"))]
    if survey is not None:
        kind = "number" if survey.recommend is None else "points"
        heading = _("Mean score") if survey.recommend is None else _("Net promoter score")
        columns += [people("answered"), estimate("score", heading, kind, of="answered")]
        if steps["effort"].notna().any():
            scale = survey.scales[EFFORT]
            heading = _("Effort score ({scores})").format(scores=between(scale.low, scale.high))
            columns.append(estimate("effort", heading, "number", of="answered", decimals=1))
    if not found.complaint_rates.empty:
        heading = _("Complaints per 1,000")
        columns += [people("complained"), estimate("rate", heading, "number", of="complained", decimals=0, missing="–")]
    heading = run.say(_("Orders with no purchase in the {days:count} days after"), days=days)
    return [*columns, estimate("silent", heading, of="people", decimals=0)]


def _with_rates(steps: pd.DataFrame, found: Study) -> pd.DataFrame:
    rates = found.complaint_rates
    told = rates[rates["kind"] == "channel"].set_index("name").reindex(steps["channel"])
    people = told["people"].fillna(0).astype("int64").to_numpy()
    return steps.assign(rate=told["rate"].to_numpy(), complained=people)


def _names(steps: pd.DataFrame, run: Run) -> list[str]:
    words = _("{step}: {name}")
    return [
        _(NAMES[stage]) if pd.isna(name) else run.say(words, step=_(NAMES[stage]), name=name.replace("_", " "))
        for stage, name in zip(steps["stage"], steps["name"], strict=True)
    ]


def _weakest_words(steps: pd.DataFrame, found: Study, run: Run) -> str:
    """Say after which step more fall silent than chance explains, and what an order less of each makes."""
    step = weakest(steps)
    if step is None or run.too_few(step["people"]):
        return _("After no step more customers fall silent than chance explains.")
    gap = Estimate(step["gap"], step["gap_low"], step["gap_high"], int(step["people"]))
    words = _("By what follows, weakest is “{name}”: after {x:gap:point} points more orders ({x:gap:interval}) than "
              "after others as long after the one before nothing is bought in {days:count} days")  # fmt: skip
    [name] = _names(steps.loc[[step.name]], run)
    said = run.say(words, name=name, x=gap, days=run.params.satisfaction.horizon_days)
    if pd.notna(found.order_value):
        words = _("; with one order lost each, at {value:money0}, {low:money0} to {high:money0} a year")
        ends = [float(f"{step['times'] * end * found.order_value:.2g}") for end in (gap.low, gap.high)]
        said += run.say(words, value=found.order_value, low=ends[0], high=ends[1])
    return f"{said}. " + _("Observed, not tried.")
