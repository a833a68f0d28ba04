"""Do the values hold in money: what the models foresaw of the held-out time against what was spent in it."""

from datetime import date
from typing import Any

import pandas as pd

from crmlib.btyd import GammaGamma
from crmlib.btyd.gamma_gamma import NoSpendModelError
from crmlib.features import next_purchases
from crmlib.segmentation.value.errors import value_swings
from crmlib.segmentation.value.foreseen import foreseen_of_made
from crmlib.segmentation.value.holdout import Judged
from crmlib.stats import Estimate


def held_out_money(judged: Judged, transactions: Any, as_of: date) -> Estimate:
    """Estimate how much money the models foresaw for each unit spent in the held-out time: 1 is right, above too much.

    The chosen purchase model and a spend model, both fitted before the split, foresee the customers known by then;
    what is counted is what the value ahead counts, gross product purchases of the same customers, not discounted.

    Parameters
    ----------
    judged
        From :func:`crmlib.segmentation.value.holdout.judge`.
    transactions
        The clean table (Ibis).
    as_of
        Exclusive end of the held-out time.

    Returns
    -------
    Estimate
        With the 95 % interval of :func:`crmlib.segmentation.value.foreseen.foreseen_of_made`: the luck of customers,
        and the uncertainty of the parameters, unless one of the models has no usable covariance. Unknown where nothing
        was spent, or where what was spent before the split carries no spend model.
    """
    customers = judged.held.summary
    made = money_made(customers.index, transactions, judged.split, as_of).to_numpy()
    try:
        spend = GammaGamma.fit(customers)
        foreseen = (judged.forecasts[judged.chosen] * spend.expected_spend(customers)).to_numpy("float64")
        swings = value_swings(customers, foreseen, judged.models[judged.chosen], spend, judged.held.horizon)
    except NoSpendModelError:
        return Estimate.unknown(len(customers))
    return foreseen_of_made(foreseen, made, swings)


def money_made(customers: pd.Index, transactions: Any, split: date, as_of: date) -> pd.Series:
    """Sum what each of these customers spent on products from a split to ``as_of``, nothing where they did not buy."""
    later = next_purchases(transactions, split, (as_of - split).days)
    spent = later.select("customer_id", spend=later.spend.cast("float64")).to_pandas()
    return spent.set_index("customer_id")["spend"].reindex(customers).fillna(0.0)
