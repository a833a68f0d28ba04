"""What customers bought after they answered: whether the satisfied come back, as the data have it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import ibis
import numpy as np
import pandas as pd

from crmlib.features import before, purchases
from crmlib.orders import as_orders
from crmlib.satisfaction.service.returns import buyers_and_returns
from crmlib.stats import Estimate
from crmlib.stats.comparisons import proportion_difference

if TYPE_CHECKING:
    from ibis import Table

    from crmlib.satisfaction.answers.survey import Survey

HISTORY_DAYS: Final = 365
_FEWEST: Final = 20


@dataclass(frozen=True, slots=True)
class Compared:
    """How much oftener one group buys again than another: as observed, and between customers of equal history.

    Whoever bought often before is likelier to be asked, to be satisfied and to buy again.
    """

    plain: Estimate
    adjusted: Estimate


def last_answers(survey: Survey, horizon_days: int) -> pd.DataFrame:
    """Give each customer's last answer whose whole horizon lies before `as_of`."""
    answers = survey.answers()
    end = pd.Timestamp(survey.as_of) - pd.Timedelta(days=horizon_days)
    over = answers[answers["customer_id"].notna() & (answers["answered_at"] <= end)]
    return over.sort_values(["customer_id", "answered_at", "response_id"]).drop_duplicates("customer_id", keep="last")


def purchases_around(transactions: Table, moments: pd.DataFrame, as_of: date, horizon_days: int) -> pd.DataFrame:
    """Count what customers bought in the year before a moment (`customer_id, at`) and in the horizon after it.

    By customer: `days_before` (purchase days in the year up to it), `idle` (days since the last of them, missing for
    none), `days_after, spend_after`. A horizon that ends after `as_of` is refused: not observed is not "did not buy".
    """
    if len(moments) and moments["at"].max() + timedelta(days=horizon_days) > pd.Timestamp(as_of):
        raise ValueError(f"a horizon of {horizon_days} days ends after {as_of}: it has not been observed in full")
    asked = ibis.memtable(
        pd.DataFrame({
            "customer_id": moments["customer_id"].astype(str),
            "starts": moments["at"] - pd.Timedelta(days=HISTORY_DAYS),
            "at": moments["at"],
            "ends": moments["at"] + pd.Timedelta(days=horizon_days),
        })
    )  # fmt: skip
    bought = purchases(before(as_orders(transactions), as_of))
    bought = bought.select("customer_id", "ordered_at", "last_at", "amount")
    around = bought.inner_join(asked, "customer_id")
    around = around.filter((around.ordered_at >= around.starts) & (around.ordered_at < around.ends))
    earlier = around.ordered_at <= around["at"]
    counted: pd.DataFrame = (
        around.group_by("customer_id")
        .agg(
            days_before=around.ordered_at.date().nunique(where=earlier),
            last_before=ibis.least(around.last_at, around["at"]).max(where=earlier),
            days_after=around.ordered_at.date().nunique(where=~earlier),
            spend_after=around.amount.sum(where=~earlier),
        )
        .to_pandas()
        .set_index("customer_id")
        .reindex(moments["customer_id"].to_numpy())
    )
    idle = moments.set_index("customer_id")["at"] - pd.to_datetime(counted["last_before"])
    numbers = counted[["days_before", "days_after", "spend_after"]].astype(float).fillna(0.0)
    return numbers.assign(idle=idle / pd.Timedelta(days=1))


def share_returning(groups: pd.Series, bought: pd.Series) -> pd.DataFrame:
    """Count of each group, in its order, the `people` and those who `returned`."""
    counted = bought.astype(bool).groupby(groups.to_numpy()).agg(people="size", returned="sum")
    return counted.rename_axis("group").reset_index()


def compare_return(satisfied: pd.Series, around: pd.DataFrame) -> Compared:
    """Estimate how much oftener the satisfied buy again than the others, as observed and at equal history.

    Adjusted: the mean over all customers of the fitted chance as satisfied less that as not, from a logistic regression
    on purchases before and days since the last (g-computation, delta-method interval; Hernán & Robins 2020, Causal
    Inference: What If, chapter 13). No causal claim: only history is held equal.
    """
    happy, bought = satisfied.to_numpy(dtype=bool), (around["days_after"] > 0).to_numpy()
    plain = proportion_difference(
        int(bought[happy].sum()), int(happy.sum()), int(bought[~happy].sum()), int((~happy).sum())
    )
    return Compared(plain, _adjusted(happy, bought, around))


def customers_at(transactions: Table, cutoff: date) -> pd.DataFrame:
    """Give those who bought in the year before a date: `customer_id, at` and `returned` (took something back in it)."""
    buyers = buyers_and_returns(transactions, cutoff, HISTORY_DAYS)
    found: pd.DataFrame = buyers.order_by("customer_id").to_pandas()
    return found.assign(at=pd.Timestamp(cutoff), returned=found["returned"].astype(bool))


def _adjusted(happy: np.ndarray, bought: np.ndarray, around: pd.DataFrame) -> Estimate:
    from statsmodels.discrete.discrete_model import Logit

    n = len(bought)
    smallest = min(int((side & kind).sum()) for side in (happy, ~happy) for kind in (bought, ~bought))
    if smallest < _FEWEST:
        return Estimate.unknown(n)
    idle = around["idle"].fillna(HISTORY_DAYS).to_numpy(dtype=float)
    history = np.log1p(around["days_before"].to_numpy(dtype=float))
    known = history > 0
    columns = [happy, history, np.log1p(idle)]
    if min(int(known.sum()), int((~known).sum())) >= _FEWEST:  # a handful alone in a group fit without limit
        columns.append(known)
    design = np.column_stack(columns).astype(float)
    # a column that never varies cannot be told from the constant
    design = np.column_stack([np.ones(n), design[:, np.ptp(design, axis=0) > 0]])
    fitted = Logit(bought.astype(float), design).fit(disp=0, warn_convergence=False)
    if not fitted.mle_retvals["converged"]:
        return Estimate.unknown(n)
    margin = fitted.get_margeff(at="overall", dummy=True)
    low, high = margin.conf_int()[0]
    return Estimate(float(margin.margeff[0]), float(low), float(high), n)
