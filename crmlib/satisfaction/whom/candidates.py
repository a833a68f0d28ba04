"""Customer by customer: the last score, open complaints, and whom the team should hear from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.features import returns_known
from crmlib.reporting import Shown, gate, label, note, people
from crmlib.satisfaction.answers.population import YEAR
from crmlib.satisfaction.scores.scores import DETRACTOR, PROMOTER
from crmlib.satisfaction.service.returns import recent_orders
from crmlib.words import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ibis import Table

    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.satisfaction.study import Study
    from crmlib.workspace import Run

UNHAPPY: Final = "unhappy"
OPEN_COMPLAINT: Final = "open_complaint"
RETURNED: Final = "returned_and_quiet"
_LOWEST_PART: Final = 0.25
"""The part of a scale that is low: 1 and 2 of 1 to 5."""
_WEEK: Final = 7.0
REASONS: Final = {
    UNHAPPY: N_("gave a low score in the last {days:count} days"),
    OPEN_COMPLAINT: N_("waits for a complaint to be settled"),
    RETURNED: N_("took goods back in the last {days:count} days and has bought nothing since"),
}


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


def satisfaction_customers(survey: Survey | None, complaints: pd.DataFrame | None) -> pd.DataFrame:
    """Give each customer's last score and open complaints (from `waiting`), for the lists of `05_actions`.

    `customer_id, last_score` (overall satisfaction, else recommendation), `last_answered_at, recommends` (`promoter`,
    `passive` or `detractor` by the last recommendation), `open_complaints`; one row for each customer who answered or
    waits.
    """
    last = _last_scores(survey)
    waits = complaints if complaints is not None else pd.DataFrame(columns=["customer_id", "settled"])
    still = waits[~waits["settled"].astype(bool)].dropna(subset=["customer_id"])
    counted = still.groupby("customer_id").size().rename("open_complaints").reset_index()
    joined = last.merge(
        counted.astype({"customer_id": "str", "open_complaints": "int64"}), on="customer_id", how="outer"
    )
    return joined.assign(open_complaints=joined["open_complaints"].fillna(0).astype("int64")).sort_values(
        "customer_id", ignore_index=True
    )


def _last_scores(survey: Survey | None) -> pd.DataFrame:
    if survey is None:
        types = {
            "customer_id": "str",
            "last_score": "float64",
            "last_answered_at": "datetime64[us]",
            "recommends": "str",
        }
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})
    names = {survey.outcome: "last_score", "answered_at": "last_answered_at"}
    last = _last_answers(survey, survey.outcome)
    scores = last[["customer_id", *names]].rename(columns=names)
    return scores.merge(_recommends(survey), on="customer_id", how="outer").astype({"customer_id": "str"})


def _recommends(survey: Survey) -> pd.DataFrame:
    """Say what each customer is by the last recommendation; nobody where the survey does not ask for one."""
    if survey.recommend is None:
        return pd.DataFrame({"customer_id": pd.Series(dtype="str"), "recommends": pd.Series(dtype="str")})
    last = _last_answers(survey, survey.recommend)
    limits, kinds = [-1, DETRACTOR, PROMOTER - 1, 10], ["detractor", "passive", "promoter"]
    return last[["customer_id"]].assign(
        recommends=pd.cut(last[survey.recommend], limits, labels=kinds).astype("str").to_numpy()
    )


def _last_answers(survey: Survey, score: str) -> pd.DataFrame:
    """Give each customer's last answer with a score."""
    given = survey.answers().dropna(subset=["customer_id", score]).sort_values(["answered_at", "response_id"])
    return given.drop_duplicates("customer_id", keep="last")


def candidates(
    survey: Survey | None, complaints: pd.DataFrame | None, returners: pd.DataFrame, as_of: date, window_days: int
) -> pd.DataFrame:
    """Name the customers to hear from, why, and how pressing it is.

    `customer_id, reason, score` (0 to 1, higher is more pressing): `unhappy` (last answer low and not older than the
    window: the lower, the more), `open_complaint` (of the last year; the longer open, the more), `returned_and_quiet`
    (the larger the part taken back, the more).
    """
    parts = [_unhappy(survey, as_of, window_days), _waiting_still(complaints, as_of), _quiet(returners)]
    return pd.concat(parts, ignore_index=True).sort_values(["customer_id", "reason"], ignore_index=True)


def _unhappy(survey: Survey | None, as_of: date, window_days: int) -> pd.DataFrame:
    if survey is None:
        return _candidates([], UNHAPPY, [])
    score = survey.headline
    limit = DETRACTOR if score == survey.recommend else survey.scales[score].upto(_LOWEST_PART)
    last = _last_answers(survey, score)
    recent = last["answered_at"] >= pd.Timestamp(as_of) - pd.Timedelta(days=window_days)
    low = last[recent & (last[score] <= limit)]
    least = min(survey.scales[score].low, 0.0)
    return _candidates(low["customer_id"], UNHAPPY, (limit + 1 - low[score]) / (limit + 1 - least))


def _waiting_still(complaints: pd.DataFrame | None, as_of: date) -> pd.DataFrame:
    if complaints is None:
        return _candidates([], OPEN_COMPLAINT, [])
    # who complained longer ago has given up: a call now would open what is closed
    fresh = complaints["at"] >= pd.Timestamp(as_of) - pd.Timedelta(days=YEAR)
    still = complaints[~complaints["settled"] & fresh].dropna(subset=["customer_id"])
    longest = still.groupby("customer_id")["days"].max()
    return _candidates(longest.index, OPEN_COMPLAINT, longest / (longest + _WEEK))


def _quiet(returners: pd.DataFrame) -> pd.DataFrame:
    return _candidates(returners["customer_id"], RETURNED, returners["part"])


def _candidates(who: Iterable[str], reason: str, score: Iterable[float]) -> pd.DataFrame:
    frame = pd.DataFrame({"customer_id": pd.Series(list(who), dtype="str"), "reason": reason})
    return frame.astype({"reason": "str"}).assign(score=pd.Series(list(score), dtype="float64"))


def show_candidates(found: Study, run: Run) -> Shown:
    """Write `satisfaction_customers` and `candidates_satisfaction`, and show how many customers have which reason."""
    run.write("satisfaction_customers", found.customers, by=["customer_id"])
    run.write("candidates_satisfaction", found.candidates, by=["customer_id", "reason"])
    if found.candidates.empty:
        words = _("Nobody has a reason to be called: no low score, no open complaint, nothing taken back.")
        if not returns_known(run):
            words = _("Nobody has a reason to be called: no low score, no open complaint; returns are not known.")
        return note(words)
    counted = found.candidates.groupby("reason")["customer_id"].nunique().rename("people").reset_index()
    gated = gate(counted, run, label("reason", _("Reason")), people("people", _("Customers")))
    days = run.params.satisfaction.window_days
    words_of = {code: run.say(_(words), days=days) for code, words in REASONS.items()}
    return gated.worded("reason", words_of).table(_("Customers put forward to chapter 05"))
