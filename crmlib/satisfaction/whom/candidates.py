"""Whom the team should hear from: one reason a customer, the most pressing, with what is at stake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.features import returns_known
from crmlib.reporting import Shown, estimate, gate, label, note, people
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.scores.places import places_table
from crmlib.satisfaction.service.returns import recent_orders
from crmlib.satisfaction.whom.customers import last_answers, low_limit
from crmlib.surveys import score_name
from crmlib.words import N_, _, formats

if TYPE_CHECKING:
    from datetime import date

    from ibis import Table

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

OPEN_COMPLAINT: Final = "open_complaint"
UNHAPPY: Final = "unhappy"
RETURNED: Final = "returned_and_quiet"
REASONS: Final = {
    OPEN_COMPLAINT: N_("waits for a complaint to be settled"),
    UNHAPPY: N_("gave a low score in the last {days:count} days"),
    RETURNED: N_("took goods back in the last {days:count} days and has bought nothing since"),
}
"""The most pressing first: who has several stands under the first."""
GONE: Final = ("dormant", "lost")
"""Stages of chapter 02 at which a customer has left."""
FRESH: Final = 30.0
"""Days for which an open complaint is as pressing as on its first; then the less, the older."""
COLUMNS: Final = ("customer_id", "reason", "score", "value_ahead", "since", "last_purchase", "why")
"""The columns of the table ``candidates_satisfaction``."""
KNOWN: Final = ("customer_id", "lifecycle", "lifetime_value", "days_since_last")
_PRESSING: Final = ("customer_id", "pressing", "since", "why")


def recent_returners(transactions: Table, as_of: date, days: int) -> pd.DataFrame:
    """Give the customers who took products back in the last so many days and have bought nothing since.

    `customer_id, last_return_at, part` (money taken back over money spent in the window, at most 1).
    """
    orders = recent_orders(transactions, as_of, days)
    customers = orders.group_by("customer_id").agg(
        last_return_at=orders.returned_at.max(),
        last_bought_at=orders.last_at.max(where=orders.amount > 0),
        spend=orders.amount.sum(),
        returned=orders.returned.sum(),
    )
    quiet = customers.filter(
        customers.last_return_at.notnull()
        & (customers.last_bought_at.isnull() | (customers.last_bought_at < customers.last_return_at))
    )
    found: pd.DataFrame = quiet.to_pandas().sort_values("customer_id", ignore_index=True)
    spend, returned = found["spend"].astype(float).fillna(0.0), found["returned"].astype(float)
    part = (returned / spend.where(spend > 0)).fillna(1.0).clip(0.0, 1.0)
    return found[["customer_id", "last_return_at"]].assign(part=part)


def candidates(
    survey: Survey | None, waits: pd.DataFrame | None, returners: pd.DataFrame, known: pd.DataFrame | None, *,
    as_of: date, recent: int,
) -> pd.DataFrame:  # fmt: skip
    """Name the customers to hear from, each for one reason, and what is at stake (:data:`COLUMNS`).

    Parameters
    ----------
    survey, waits, returners
        What there is of answers, complaints (from `waiting`) and `recent_returners`.
    known
        What chapter 02 tells of customers (:data:`KNOWN`), if it has run.
    recent
        An answer or a complaint is recent for so many days.

    Returns
    -------
    pandas.DataFrame
        ``open_complaint`` comes before ``unhappy`` (the last answer is recent and low) and ``returned_and_quiet``. An
        open complaint is put forward while it is recent; one of up to a year only of a customer whom chapter 02 does
        not call gone: with the others a call opens what is closed. Nor is who returned goods and is gone. The score is
        the value ahead times how pressing it is (0 to 1); the latter alone where chapter 02 tells no values.
    """
    about = pd.DataFrame(columns=list(KNOWN)) if known is None else known.reindex(columns=list(KNOWN))
    about = about.astype({"customer_id": "str"}).drop_duplicates("customer_id").set_index("customer_id")
    gone = set(about.index[about["lifecycle"].isin(GONE)])
    parts = {
        OPEN_COMPLAINT: _waiting(waits, set(about.index) - gone, recent),
        UNHAPPY: _unhappy(survey, as_of, recent),
        RETURNED: _quiet(returners, gone),
    }
    found = pd.concat([part.assign(reason=reason) for reason, part in parts.items()], ignore_index=True)
    found = found.drop_duplicates("customer_id").sort_values("customer_id", ignore_index=True)
    told = about.reindex(found["customer_id"]).reset_index(drop=True)
    value = told["lifetime_value"].astype("float64")
    silent = pd.to_timedelta(told["days_since_last"].astype("float64"), unit="D")
    at_stake = value.fillna(0.0) if about["lifetime_value"].notna().any() else 1.0
    last = pd.Timestamp(as_of) - pd.Timedelta(days=1) - silent
    return found.assign(score=found["pressing"] * at_stake, value_ahead=value, last_purchase=last)[list(COLUMNS)]


def _waiting(waits: pd.DataFrame | None, customers: set[str], recent: int) -> pd.DataFrame:
    if waits is None:
        return _pressing([], [], [], [])
    still = waits[~waits["settled"] & (waits["days"] <= YEAR)].dropna(subset=["customer_id"])
    still = still[(still["days"] <= recent) | still["customer_id"].isin(customers)]
    last = still.sort_values(["customer_id", "at"]).drop_duplicates("customer_id", keep="last")
    topics = last["topic"] if "topic" in last else pd.Series(None, index=last.index, dtype="object")
    why = [_complaint_words(days, topic) for days, topic in zip(last["days"], topics, strict=True)]
    return _pressing(last["customer_id"], FRESH / last["days"].clip(lower=FRESH), last["at"], why)


def _complaint_words(days: float, topic: str | None) -> str:
    waits = _("complaint open for {days}").format(days=formats.days(int(days)))
    return (
        waits
        if pd.isna(topic)
        else _("{waits}, about {topic}").format(waits=waits, topic=score_name(str(topic)).lower())
    )


def _unhappy(survey: Survey | None, as_of: date, window_days: int) -> pd.DataFrame:
    if survey is None:
        return _pressing([], [], [], [])
    score, limit = survey.headline, low_limit(survey)
    last = last_answers(survey, score)
    recent = last["answered_at"] >= pd.Timestamp(as_of) - pd.Timedelta(days=window_days)
    low = last[recent & (last[score] <= limit)]
    least = min(survey.scales[score].low, 0.0)
    words, best = _("gave {score} of {best} on {day}"), f"{survey.scales[score].high:g}"
    why = [words.format(score=f"{given:g}", best=best, day=formats.day(at))
           for given, at in zip(low[score], low["answered_at"], strict=True)]  # fmt: skip
    return _pressing(low["customer_id"], (limit + 1 - low[score]) / (limit + 1 - least), low["answered_at"], why)


def _quiet(returners: pd.DataFrame, gone: set[str]) -> pd.DataFrame:
    quiet = returners[~returners["customer_id"].isin(gone)]
    words = _("took back {part} of what was bought, last on {day}")
    why = [words.format(part=formats.share(part, decimals=0), day=formats.day(at))
           for part, at in zip(quiet["part"], quiet["last_return_at"], strict=True)]  # fmt: skip
    return _pressing(quiet["customer_id"], quiet["part"], quiet["last_return_at"], why)


def _pressing(who: object, pressing: object, since: object, why: list[str]) -> pd.DataFrame:
    said = [words.replace(formats.NBSP, " ") for words in why]  # a list is searched
    columns = dict(zip(_PRESSING, (who, pressing, since, said), strict=True))
    frame = pd.DataFrame({name: pd.Series(list(values)) for name, values in columns.items()})  # type: ignore[call-overload]
    return frame.astype({"customer_id": "str", "pressing": "float64", "since": "datetime64[us]", "why": "str"})


def show_candidates(found: Study, run: Run) -> Shown:
    """Write what chapter 05 reads, and show how many customers have which reason."""
    run.write("satisfaction_customers", found.customers, by=["customer_id"])
    run.write("candidates_satisfaction", found.candidates, by=["customer_id"])
    run.write("satisfaction_places", places_table(found), by=["kind", "name"])
    run.write("complaint_rates", found.complaint_rates, by=["kind", "name"])
    if found.candidates.empty:
        words = _("Nobody has a reason to be called: no low score, no open complaint, nothing taken back.")
        if not returns_known(run):
            words = _("Nobody has a reason to be called: no low score, no open complaint; returns are not known.")
        return note(words)
    gated = gate(
        by_reason(found.candidates, run.as_of), run,
        label("reason", _("Reason")), people("customers", _("Customers")),
        estimate("waiting", _("Half since (days)"), "number", of="customers", decimals=0),
    )  # fmt: skip
    days = run.params.satisfaction.window_days
    words_of = {code: run.say(_(words), days=days) for code, words in REASONS.items()}
    waits = found.candidates["reason"].eq(OPEN_COMPLAINT).any()
    words = _("A complaint of more than {days:count} days, up to a year, only of customers not dormant or lost.")
    return gated.worded("reason", words_of).table(
        _("Customers to hear from, each for one reason (chapter 05)"), note=run.say(words, days=days) if waits else ""
    )


def by_reason(chosen: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Count candidates by reason, the most pressing first: `customers, waiting` (median days since)."""
    days = (pd.Timestamp(as_of) - chosen["since"]).dt.days
    counted = (
        chosen.assign(days=days).groupby("reason").agg(customers=("customer_id", "size"), waiting=("days", "median"))
    )
    return counted.reindex([reason for reason in REASONS if reason in counted.index]).reset_index()
