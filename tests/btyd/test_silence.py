import numpy as np
import pandas as pd
import pytest

from crmlib.btyd import ParetoNBD
from crmlib.btyd.silence import silence


@pytest.mark.parametrize("seed", range(3))
def test_no_parameters_that_a_search_may_try_underflow(seed):
    rng = np.random.default_rng(seed)
    p, q, first, second = np.exp(rng.uniform(-25, 25, (4, 2_000)))
    found = silence(p, q, first, second, rng.choice([0.0, 1 / 7, 20.0, 1_000.0], 2_000))
    assert not np.isnan(found.log_integral).any()
    for average in (found.log_first, found.log_second, found.per_first, found.per_second):
        assert np.isfinite(average).all()


@pytest.mark.parametrize("q", [10.0, 1e3, 1e6, 1e9])
def test_a_second_factor_that_dies_at_once_has_the_integral_of_its_own(q):
    one = np.ones(1)
    # (1 + y)**-q decays long before the first factor moves: the integral is 1 / (q - 1)
    found = silence(1e-6 * one, q * one, 1e6 * one, one, 1e3 * one)
    assert np.exp(found.log_integral[0]) * (q - 1) == pytest.approx(1, rel=1e-9)


def test_pareto_nbd_is_fitted_where_all_who_leave_do_so_after_the_same_time():
    rng = np.random.default_rng(3)
    age = rng.uniform(30, 78, 240)
    recency = np.minimum(age, rng.geometric(0.4, 240) * 25 / 7)
    shop = pd.DataFrame({"frequency": np.maximum(np.rint(recency / (25 / 7)), 1), "recency": recency, "T": age})
    model = ParetoNBD.fit(shop)
    assert np.isfinite(model.probability_of_purchase(shop, 13)).all()
