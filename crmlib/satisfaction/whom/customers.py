"""Customer by customer: the last scores, the open complaints, and who gave a low score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from crmlib.satisfaction.scores.scores import DETRACTOR, PROMOTER

if TYPE_CHECKING:
    from crmlib.satisfaction.answers.survey import Survey

_LOWEST_PART: Final = 0.25
"""The part of a scale that is low: 1 and 2 of 1 to 5."""


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
    last = last_answers(survey, survey.outcome)
    scores = last[["customer_id", *names]].rename(columns=names)
    return scores.merge(_recommends(survey), on="customer_id", how="outer").astype({"customer_id": "str"})


def _recommends(survey: Survey) -> pd.DataFrame:
    """Say what each customer is by the last recommendation; nobody where the survey does not ask for one."""
    if survey.recommend is None:
        return pd.DataFrame({"customer_id": pd.Series(dtype="str"), "recommends": pd.Series(dtype="str")})
    last = last_answers(survey, survey.recommend)
    limits, kinds = [-1, DETRACTOR, PROMOTER - 1, 10], ["detractor", "passive", "promoter"]
    return last[["customer_id"]].assign(
        recommends=pd.cut(last[survey.recommend], limits, labels=kinds).astype("str").to_numpy()
    )


def last_answers(survey: Survey, score: str) -> pd.DataFrame:
    """Give each customer's last answer with a score."""
    given = survey.answers().dropna(subset=["customer_id", score]).sort_values(["answered_at", "response_id"])
    return given.drop_duplicates("customer_id", keep="last")


def low_limit(survey: Survey) -> float:
    """Give the score up to which a customer is unhappy: a detractor's, else that of the lowest part of the scale."""
    score = survey.headline
    return float(DETRACTOR) if score == survey.recommend else survey.scales[score].upto(_LOWEST_PART)


def low_scores(survey: Survey) -> pd.DataFrame:
    """Give the answers of known customers with a low score: `customer_id, answered_at`."""
    given = survey.answers().dropna(subset=["customer_id", survey.headline])
    return given.loc[given[survey.headline] <= low_limit(survey), ["customer_id", "answered_at"]]
