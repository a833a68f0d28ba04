"""Do the values hold in money: what the models foresaw of the held-out time against what was spent in it."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from crmlib.btyd import GammaGamma
from crmlib.btyd.gamma_gamma import NoSpendModelError
from crmlib.features import next_purchases
from crmlib.segmentation.value.holdout import RESAMPLES, Judged
from crmlib.stats import Estimate, bootstrap


def held_out_money(judged: Judged, transactions: Any, as_of: date, rng: np.random.Generator) -> Estimate:
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
    rng
        The source of randomness.

    Returns
    -------
    Estimate
        With the 95 % percentile interval over customers drawn again; unknown where nothing was spent, or where what
        was spent before the split carries no spend model.
    """
    customers = judged.held.summary
    made = money_made(customers.index, transactions, judged.split, as_of).to_numpy()
    try:
        each = GammaGamma.fit(customers).expected_spend(customers)
    except NoSpendModelError:
        return Estimate.unknown(len(customers))
    if made.sum() == 0:
        return Estimate.unknown(len(customers))
    foreseen = (judged.forecasts[judged.chosen] * each).to_numpy(dtype="float64")
    return bootstrap.interval(_ratio, foreseen, made, rng=rng, n_resamples=RESAMPLES)


def money_made(customers: pd.Index, transactions: Any, split: date, as_of: date) -> pd.Series:
    """Sum what each of these customers spent on products from a split to ``as_of``, nothing where they did not buy."""
    later = next_purchases(transactions, split, (as_of - split).days)
    spent = later.select("customer_id", spend=later.spend.cast("float64")).to_pandas()
    return spent.set_index("customer_id")["spend"].reindex(customers).fillna(0.0)


def _ratio(foreseen: np.ndarray, made: np.ndarray) -> float:
    total = float(made.sum())
    return float(foreseen.sum()) / total if total > 0 else float("nan")
