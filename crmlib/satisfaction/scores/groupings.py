"""What answers can be told by: what they are about, and who gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import pandas as pd

from crmlib.features import order_categories
from crmlib.satisfaction.answers.population import YEAR
from crmlib.words import N_, _

if TYPE_CHECKING:
    from crmlib.satisfaction.answers.survey import Survey
    from crmlib.workspace import Run

KINDS: Final = {
    "touchpoint": N_("Touchpoint"),
    "store": N_("Store"),
    "channel": N_("Main channel"),
    "category": N_("Category"),
    "tier": N_("Tier"),
    "segment": N_("Segment"),
}
"""Touchpoint, store and category are the answer's, main channel, tier and segment the customer's."""
CODED: Final = frozenset({"channel", "segment"})


def grouped_answers(run: Run, survey: Survey, customers: pd.DataFrame | None) -> pd.DataFrame:
    """Give the year's answers with a column for each of `KINDS` by which they differ, names as a reader knows them."""
    answers = survey.answers(YEAR).rename(columns={"store_id": "store"})
    answers = answers.drop(columns=[kind for kind in ("channel", "category", "tier", "segment") if kind in answers])
    members = pd.DataFrame({"customer_id": []}) if customers is None else customers
    members = members[[name for name in ("customer_id", "channel", "tier") if name in members]]
    segments = run.frame("segments")[["customer_id", "segment"]]
    for more, key in ((members, "customer_id"), (segments, "customer_id"), (_categories(run), "response_id")):
        known = more.set_index(key)
        answers = answers.assign(**{name: answers[key].map(known[name]) for name in known})
    if run.has("stores"):
        named = run.table("stores").select("store_id", "name").to_pandas().dropna().set_index("store_id")["name"]
        answers = answers.assign(store=answers["store"].map(named).fillna(answers["store"]))
    told = [kind for kind in KINDS if kind in answers and len(answers[kind].dropna().unique()) > 1]
    return answers.drop(columns=[kind for kind in KINDS if kind in answers and kind not in told])


def _categories(run: Run) -> pd.DataFrame:
    """Say of each answer about an order in which category most of that order's money went."""
    sold, asked = order_categories(run), run.table("surveys")
    if sold is None or "order_id" not in asked.columns:
        return pd.DataFrame({"response_id": [], "category": []})
    answered = asked.filter(asked.answered_at < ibis.timestamp(run.as_of.isoformat()), asked.order_id.notnull())
    joined = sold.inner_join(answered.select("response_id", "order_id"), "order_id")
    spent = joined.group_by(["response_id", "category"]).agg(amount=joined.amount.sum())
    most = ibis.row_number().over(group_by=spent.response_id, order_by=[spent.amount.desc(), spent.category.asc()])
    first = spent.mutate(place=most).filter(lambda t: t.place == 0)
    found: pd.DataFrame = first.select("response_id", "category").to_pandas()
    return found


def kinds_of(grouped: pd.DataFrame) -> list[str]:
    """Give the kinds by which some answers can be told."""
    return [kind for kind in KINDS if kind in grouped]


def kind_names(kinds: list[str]) -> list[str]:
    """Say the kinds in words, for a sentence."""
    return [_(KINDS[kind]).lower() for kind in kinds]
