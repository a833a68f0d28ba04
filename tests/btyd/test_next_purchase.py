import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import BetaGeoNBD, ModifiedBetaGeoCNBD, ParetoNBD, next_purchase_dates
from crmlib.btyd.next_purchase import weeks_to_next_purchase

MODELS = [
    BetaGeoNBD(r=0.243, alpha=4.414, a=0.793, b=2.426),
    ModifiedBetaGeoCNBD(k=2, r=0.5, alpha=3.0, a=0.9, b=1.6),
    ParetoNBD(r=0.5533, alpha=10.578, s=0.6062, beta=11.669),
]


@pytest.fixture
def customers():
    frequency, recency = [20, 5, 1, 0, 3], [38.0, 30.0, 2.0, 0.0, 3.0]
    return pd.DataFrame({"frequency": frequency, "recency": recency, "T": 38.86}, index=list("edcba"))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_quantiles_are_where_the_probability_of_purchase_reaches_them(model, customers):
    table = weeks_to_next_purchase(model, customers, [0.2, 0.6])
    assert table.index.tolist() == list("edcba")
    for quantile, column in table.items():
        for name, weeks in column.items():
            one = customers.loc[[name]]
            if np.isfinite(weeks):
                assert model.probability_of_purchase(one, weeks).item() == pytest.approx(quantile, rel=1e-9)
            else:
                assert model.probability_of_purchase(one, 5200).item() < quantile
    assert (table[0.2] <= table[0.6]).all()
    assert np.isfinite(table[0.2]).any()
    assert np.isinf(table[0.6]).any()


def test_dates_count_from_the_last_day_observed(customers):
    weeks = weeks_to_next_purchase(MODELS[0], customers, [0.5])[0.5]
    dates = next_purchase_dates(MODELS[0], customers, "1997-09-30", [0.5])[0.5]
    assert dates["e"] == pd.Timestamp("1997-09-30") + pd.Timedelta(days=int(np.ceil(weeks["e"] * 7)))
    assert pd.isna(dates["a"])


def test_quantiles_are_probabilities(customers):
    with pytest.raises(ValueError, match="between 0 and 1"):
        weeks_to_next_purchase(MODELS[0], customers, [50])


def test_a_purchase_expected_at_once_is_not_called_unlikely():
    """Somebody who buys thousands of times a week is back within the first step, not never."""
    model = BetaGeoNBD(r=1.0, alpha=1e-6, a=0.01, b=50.0)
    busy = pd.DataFrame({"frequency": [20_000.0], "recency": [1.0], "T": [1.0]})
    assert (weeks_to_next_purchase(model, busy, [0.25, 0.5]) < 0.01).all(axis=None)
    assert next_purchase_dates(model, busy, "2026-10-31", [0.5]).notna().all(axis=None)
